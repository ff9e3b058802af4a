"""The file of published checkpoints: outside the database, so that an older database is noticed.

A line of JSON a checkpoint, the newest last, written through to the disk before the checkpoint is
published. It belongs on another disk than the database.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.transparency.checkpoints import Checkpoint
from app.transparency.notes import BadNote, Note, read_note

_TAIL_BYTES = 32 * 1024


@dataclass(frozen=True)
class Published:
    """A checkpoint that went out, as a note."""

    note: Note
    checkpoint: Checkpoint

    @classmethod
    def read(cls, whole: str) -> "Published":
        """From a note. Raises BadNote."""
        note = read_note(whole)
        return cls(note, Checkpoint.read(note.text))


def newest_published(file: Path) -> Published | None:
    """The last checkpoint in the file; a last line that was cut off was never published."""
    return next(_backwards(file, _TAIL_BYTES), None)


def all_published(file: Path) -> list[Published]:
    """Every checkpoint in the file, the newest first."""
    return list(_backwards(file, None))


def keep_published(file: Path, note: Note) -> None:
    """Add a checkpoint; on return it is on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"note": str(note)}, ensure_ascii=False) + "\n"
    with file.open("ab+") as opened:
        opened.write((_ending(opened.tell(), file) + line).encode())
        opened.flush()
        os.fsync(opened.fileno())


def _ending(size: int, file: Path) -> str:
    """A line end, where the last line was cut off by a crash."""
    if not size:
        return ""
    with file.open("rb") as opened:
        opened.seek(-1, os.SEEK_END)
        return "" if opened.read() == b"\n" else "\n"


def _backwards(file: Path, tail: int | None) -> Iterator[Published]:
    if not file.exists():
        return
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - tail) if tail else 0)
        lines = opened.read().split(b"\n")
    for line in reversed(lines):
        try:
            yield Published.read(json.loads(line)["note"])
        except (ValueError, LookupError, TypeError, BadNote):
            continue
