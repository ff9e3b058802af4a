"""Secret files numbered 1, 2, 3 … in a folder: added, never replaced, readable by their owner only."""

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600


def numbers_in(folder: Path, ending: str) -> list[int]:
    """The numbers of the files with an ending, lowest first."""
    return sorted(int(file.stem) for file in folder.glob(f"*.{ending}") if file.stem.isdecimal())


def add_numbered(folder: Path, ending: str, content: bytes) -> int:
    """Write a file under the next number, whole or not at all, and say which it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{secrets.token_hex(8)}"
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(handle)
        return _named(fresh, folder, ending)
    finally:
        fresh.unlink()


def _named(fresh: Path, folder: Path, ending: str) -> int:
    # A link fails where the name is taken: of two servers that start at once, one tries again.
    number = max(numbers_in(folder, ending), default=0) + 1
    while True:
        try:
            os.link(fresh, folder / f"{number}.{ending}")
        except FileExistsError:
            number += 1
        else:
            return number
