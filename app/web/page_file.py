"""Stored pages where the database is a file: read by whoever asks, within microseconds and without a thread.

Most of what a page depends on (its producer's records, its area, the law) it shares with thousands
of others. The newest facts about that are known here as of the last look at the ledger, as the pages
in memory are; only what the page itself is named by is looked up with it.
"""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from app.provenance.page_store import MadePage, PageKey

MAPPED_BYTES = 0x7FFF0000  # as much as SQLite maps at most
MOST_MARKS = 100_000
MOST_SHARED = 4_096
NEVER = -1

# `page_store.find_page` in the words of SQLite, with the mark of what the page is named by and
# where the ledger ended.
_PAGE = """
SELECT (SELECT max(position) FROM ledger_entry),
  p.status, p.position, p.fresh_from, p.fresh_until, p.etag, p.subjects, p.gzip, p.brotli
FROM stored_page p LEFT JOIN subject_mark m ON m.subject = p.code
WHERE p.kind = ? AND p.code = ? AND p.language = ? AND p.build = ?
  AND p.position >= coalesce(m.position, -1)
"""
_MARK = "SELECT position FROM subject_mark WHERE subject = ?"


class PageFile:
    """A connection of its own that only reads; `note` must be told what every look at the ledger found."""

    def __init__(self, path: str, build: str) -> None:
        self._build = build
        self._marks: dict[str, int] = {}
        self._newest: dict[str, tuple[tuple[str, ...], int]] = {}
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
        subjects, newest = self._newest.get(shared) or self._learn_all(shared)
        if newest > position or (first != key.code and self._mark(first) > position):
            return None
        return MadePage(
            *(*key, language, status, self._build, position, _instant(since), _instant(until)),
            *(etag, (first, *subjects), zipped, small),
        )

    def note(self, touched: Mapping[str, int]) -> None:
        """What facts recorded since the last look are about, with their positions."""
        marks = self._marks
        for subject in marks.keys() & touched.keys():
            marks[subject] = touched[subject]
        if touched:
            self._newest.clear()

    def forget(self) -> None:
        """Begin anew: the ledger is another one."""
        self._marks.clear()
        self._newest.clear()

    def _learn_all(self, shared: str) -> tuple[tuple[str, ...], int]:
        """What pages have in common, as it stands in each, with the newest fact about any of it."""
        subjects = tuple(shared.split("\n")) if shared else ()
        newest = max(map(self._mark, subjects), default=NEVER)
        if len(self._newest) >= MOST_SHARED:
            self._newest.clear()
        found = self._newest[shared] = subjects, newest
        return found

    def _mark(self, subject: str) -> int:
        found = self._marks.get(subject)
        return self._learn(subject) if found is None else found

    def _learn(self, subject: str) -> int:
        row = self._row(_MARK, (subject,))
        if len(self._marks) >= MOST_MARKS:
            self._marks.clear()
        newest = self._marks[subject] = row[0] if row else NEVER
        return newest

    def _row(self, statement: str, values: tuple[str, ...] = ()) -> Any:
        with self._lock:
            return self._file.execute(statement, values).fetchone()


@lru_cache(maxsize=1024)
def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
