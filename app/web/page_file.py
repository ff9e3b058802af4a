"""Stored pages where the database is a file: read by whoever asks, within microseconds and without a thread.

What was recorded last, and about what, is known here as of the last look at the ledger, as the pages
in memory are. A page that is younger than all of that is compared with it in memory, another with
the marks in the file.
"""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Engine

from app.provenance.page_store import MadePage, PageKey

MAPPED_BYTES = 0x7FFF0000  # as much as SQLite maps at most
MOST_MARKS = 100_000
NEWEST_MARKS = 20_000
MOST_SHARED = 4_096
NEVER = -1

# `page_store.find_page` in the words of SQLite, and where the ledger ended.
_PAGE = """
SELECT (SELECT max(position) FROM ledger_entry),
  status, position, fresh_from, fresh_until, etag, subjects, gzip, brotli
FROM stored_page WHERE kind = ? AND code = ? AND language = ? AND build = ?
"""
_MARK = "SELECT position FROM subject_mark WHERE subject = ?"
_NEWEST_MARKS = "SELECT subject, position FROM subject_mark ORDER BY position DESC LIMIT ?"


class _Newest(NamedTuple):
    """What every fact after `since` is about, with the position of the newest."""

    since: int
    marks: dict[str, int]


class PageFile:
    """A connection of its own that only reads; `note` must be told what every look at the ledger found."""

    def __init__(self, path: str, build: str) -> None:
        self._build = build
        self._newest: _Newest | None = None
        self._older: dict[str, int] = {}
        self._shared: dict[str, tuple[tuple[str, ...], int]] = {}
        # No two statements at once: while one is open, the other would see the past it began in.
        self._lock = Lock()
        self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._file.execute("PRAGMA query_only=1")
        self._file.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")

    @classmethod
    def of(cls, engine: Engine, build: str) -> "PageFile | None":
        """None where the database is no file."""
        path = engine.url.database
        return cls(path, build) if engine.dialect.name == "sqlite" and path else None

    def version(self) -> int:
        """Another number whenever another connection has written."""
        version: int = self._row("PRAGMA data_version")[0]
        return version

    def find(self, key: PageKey, language: str, end: int) -> MadePage | None:
        """The page, if the ledger still ends where it was last looked at, and nothing touched it until then."""
        row = self._row(_PAGE, (*key, language, self._build))
        if row is None or row[0] != end:
            return None
        _, status, position, since, until, etag, told, zipped, small = row
        first, _, shared = told.partition("\n")
        newest = self._newest or self._learn_newest()
        subjects, last = self._shared.get(shared) or self._learn_shared(shared, newest.marks)
        if last > position or newest.marks.get(first, NEVER) > position:
            return None
        all_of_them = (first, *subjects)
        if position < newest.since and any(self._mark(one) > position for one in all_of_them):
            return None
        return MadePage(
            *(*key, language, status, self._build, position, _instant(since), _instant(until)),
            *(etag, all_of_them, zipped, small),
        )

    def note(self, touched: Mapping[str, int]) -> None:
        """What facts recorded since the last look are about, with their positions."""
        for subject in self._older.keys() & touched.keys():
            del self._older[subject]
        if not touched or self._newest is None:
            return
        self._newest.marks.update(touched)
        self._shared.clear()
        if len(self._newest.marks) > MOST_MARKS:
            self._newest = None

    def forget(self) -> None:
        """Begin anew: the ledger is another one."""
        self._newest = None
        self._older.clear()
        self._shared.clear()

    def _learn_newest(self) -> _Newest:
        # Asked for after the look at the ledger, so nothing that this found is missing.
        with self._lock:
            rows = self._file.execute(_NEWEST_MARKS, (NEWEST_MARKS,)).fetchall()
        since = rows[-1][1] if len(rows) == NEWEST_MARKS else NEVER
        found = self._newest = _Newest(since, dict(rows))
        self._shared.clear()
        return found

    def _learn_shared(self, shared: str, marks: Mapping[str, int]) -> tuple[tuple[str, ...], int]:
        """What pages have in common, as it stands in each, with the newest fact about any of it."""
        subjects = tuple(shared.split("\n")) if shared else ()
        last = max((marks.get(subject, NEVER) for subject in subjects), default=NEVER)
        if len(self._shared) >= MOST_SHARED:
            self._shared.clear()
        found = self._shared[shared] = subjects, last
        return found

    def _mark(self, subject: str) -> int:
        """The newest fact about a subject, as the file has it."""
        found = self._older.get(subject)
        if found is None:
            row = self._row(_MARK, (subject,))
            if len(self._older) >= MOST_MARKS:
                self._older.clear()
            found = self._older[subject] = row[0] if row else NEVER
        return found

    def _row(self, statement: str, values: tuple[str, ...] = ()) -> Any:
        with self._lock:
            return self._file.execute(statement, values).fetchone()


@lru_cache(maxsize=1024)
def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
