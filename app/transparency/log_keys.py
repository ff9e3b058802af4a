"""The keys of the log: files in a folder that only the server's user may read, never in the database.

`1.pem`, `2.pem` … are Ed25519 keys, and each of them signs: an old one as long as its file is there.
`salts.key` holds 32 random bytes from which the salts of entries come. The folder is part of the
backup, and several servers of one installation share it.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.transparency.entries import SALT_BYTES
from app.transparency.tile_names import WIDTH

_SALTS = "salts.key"
_FOR = b"nguongoc log salts v1\x00"
_SECRET_BYTES = 32
OWNER_ONLY = 0o600
BOTH_SALTS = 2 * SALT_BYTES


@dataclass(frozen=True)
class LogKeys:
    """The folder of this installation's log keys."""

    folder: Path

    def signing_keys(self) -> list[Ed25519PrivateKey]:
        """The keys that sign, the newest first; one is made when there is none."""
        files = [self._file(number) for number in reversed(self._numbers())]
        return [_kept_key(file, file.stat().st_mtime_ns) for file in files] or [self.add()]

    def add(self) -> Ed25519PrivateKey:
        """Make a key that signs from now on; the others go on signing too."""
        made = Ed25519PrivateKey.generate()
        content = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        number = max(self._numbers(), default=0) + 1
        while not self._write(self._file(number), lambda: content):
            number += 1
        return made

    def salts(self, tile: int, breaks: int) -> bytes:
        """The salts of the 256 entries of a tile, 32 bytes each; the same ones whenever it is asked.

        After a break other facts may come to stand at places that were shown: theirs are new.
        """
        secret = self._salt_secret()
        of_tile = secret + _FOR + breaks.to_bytes(8, "big") + tile.to_bytes(8, "big")
        return hashlib.shake_256(of_tile).digest(WIDTH * BOTH_SALTS)

    def _salt_secret(self) -> bytes:
        file = self.folder / _SALTS
        self._write(file, lambda: secrets.token_bytes(_SECRET_BYTES))
        return file.read_bytes()

    def _numbers(self) -> list[int]:
        return sorted(int(file.stem) for file in self.folder.glob("*.pem") if file.stem.isdigit())

    def _file(self, number: int) -> Path:
        return self.folder / f"{number}.pem"

    def _write(self, file: Path, content: Callable[[], bytes]) -> bool:
        """Write a file whole, unless there is one; whether it was written."""
        if file.exists():
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder / f".{secrets.token_hex(8)}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(content())
                opened.flush()
                os.fsync(handle)
            # A link fails where the name is taken: of two that start at once, one file stays.
            os.link(fresh, file)
        except FileExistsError:
            return False
        finally:
            fresh.unlink()
        return True


@cache
def _kept_key(file: Path, _changed: int) -> Ed25519PrivateKey:
    return read_key(file)


def read_key(file: Path) -> Ed25519PrivateKey:
    """The Ed25519 key in a PEM file. Raises ValueError for another kind of key."""
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key")  # noqa: TRY004  # the file is wrong, not the call
    return key
