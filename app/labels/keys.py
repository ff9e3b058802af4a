"""The keys of item serials: server secrets kept in the data directory, one key a lot derived with HKDF."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LotKey:
    """The key of one lot's serials and the id of the secret it comes from (kept with a print run)."""

    key_id: str
    key: bytes


@dataclass(frozen=True)
class KeyRing:
    """The secrets of this installation, in `folder` (`<data dir>/label-keys`), newest last."""

    folder: Path

    def lot_key(self, lot_code: str, key_id: str | None = None) -> LotKey:
        """The key of a lot: from the newest secret (made when there is none), or from a given one."""
        raise NotImplementedError

    def read(self, lot_code: str, serial: str) -> int | None:
        """The number of a genuine serial of the lot, by any secret this installation ever had."""
        raise NotImplementedError

    def rotate(self) -> str:
        """Make a new secret that later runs use; the id it has. Old ones stay: labels are out there."""
        raise NotImplementedError
