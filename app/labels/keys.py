"""The keys of item serials: secrets kept in the data directory, and a key for each lot derived from them.

A secret is a file `<data dir>/label-keys/<id>.key` of 32 random bytes that only the server's user
may read. It is part of the backup: without it, genuine serials can no longer be told from invented
ones. Several servers of one installation share the folder. Secrets are added, never replaced:
labels made with an old one are out there.
"""

import os
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.labels.serials import read_serial, serial_of

FOLDER = "label-keys"
_BYTES = 32
_FOR = b"nguongoc item serial v1\x00"


class UnknownKey(LookupError):
    """No secret has this id: its file is missing from the data directory."""


@dataclass(frozen=True)
class LotKey:
    """The key of one lot's serials, and the id of the secret it comes from (kept with a print run)."""

    key_id: str
    key: bytes


@dataclass(frozen=True)
class KeyRing:
    """The secrets of this installation, in a folder of its data directory."""

    folder: Path

    def lot_key(self, lot_code: str, key_id: str | None = None) -> LotKey:
        """The key of a lot, from the secret of this id, or from the newest (made when there is none).

        HKDF-SHA256 (RFC 5869) with the lot's code as its context. Raises UnknownKey.
        """
        chosen = key_id or self._newest() or self.rotate()
        derived = HKDF(SHA256(), _BYTES, salt=None, info=_FOR + lot_code.encode())
        return LotKey(chosen, derived.derive(self._secret(chosen)))

    def read(self, lot_code: str, serial: str) -> int | None:
        """The number of a genuine serial of the lot, whichever secret it was made with; else None."""
        for key_id in reversed(self.ids()):
            number = read_serial(self.lot_key(lot_code, key_id).key, serial)
            if number is not None:
                return number
        return None

    def rotate(self) -> str:
        """Make a new secret, which later runs use, and say its id."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder / f".{secrets.token_hex(8)}"
        file = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(secrets.token_bytes(_BYTES))
            opened.flush()
            os.fsync(file)
        try:
            return self._named(fresh)
        finally:
            fresh.unlink()

    def ids(self) -> list[str]:
        """The ids of all secrets, oldest first."""
        return sorted((file.stem for file in self.folder.glob("*.key")), key=int)

    def _newest(self) -> str | None:
        return next(reversed(self.ids()), None)

    def _named(self, fresh: Path) -> str:
        # A link fails where the name is taken: of two servers that start at once, one tries again.
        number = int(self._newest() or 0) + 1
        while True:
            try:
                os.link(fresh, self.folder / f"{number}.key")
            except FileExistsError:
                number += 1
            else:
                return str(number)

    def _secret(self, key_id: str) -> bytes:
        file = self.folder / f"{key_id}.key"
        if not key_id.isdigit() or not file.is_file():
            raise UnknownKey(key_id)
        return file.read_bytes()


class LotKeys:
    """The keys of lots whose labels were asked about lately, so that a scan reads no file."""

    def __init__(self, ring: KeyRing, most: int = 4_096) -> None:
        self._ring = ring
        self._most = most
        self._keys: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()

    def read(self, lot_code: str, serial: str) -> str | None:
        """A genuine serial of the lot as it was printed, however it was typed; else None."""
        return self.proven(lot_code, serial) or self._proven_anew(lot_code, serial)

    def proven(self, lot_code: str, serial: str) -> str | None:
        """The same without reading a file: None may mean that this lot was not asked about yet."""
        return _proven(self._keys.get(lot_code, ()), serial)

    def _proven_anew(self, lot_code: str, serial: str) -> str | None:
        ids = reversed(self._ring.ids())
        keys = tuple(self._ring.lot_key(lot_code, one).key for one in ids)
        self._keys[lot_code] = keys
        while len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return _proven(keys, serial)


def _proven(keys: tuple[bytes, ...], serial: str) -> str | None:
    for key in keys:
        number = read_serial(key, serial)
        if number is not None:
            return serial_of(key, number)
    return None
