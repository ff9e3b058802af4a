"""What a copy holds already and what each page was made from, in a small database inside its folder.

It is no part of the copy: without it everything is made again, to the same bytes.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.provenance.page_store import PageKey

NAME = ".copy-state.db"
_TABLES = """
CREATE TABLE IF NOT EXISTS page (
  kind TEXT, code TEXT, build TEXT, position INTEGER, fresh_until TEXT, keys TEXT, assets TEXT,
  listed TEXT, run INTEGER, PRIMARY KEY (kind, code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
  path TEXT PRIMARY KEY, sha256 TEXT, size INTEGER, stem TEXT, run INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_stem ON file (stem);
CREATE TABLE IF NOT EXISTS asset (url TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class CopiedPage:
    """A page as it was last made. `keys`: the surrogate keys of what it speaks of.

    `assets`: the pictures and stylesheets it shows; `listed`: by language, what lists say of it.
    """

    key: PageKey
    build: str
    position: int
    fresh_until: datetime
    keys: frozenset[str]
    assets: frozenset[str]
    listed: dict[str, str]


class CopyState:
    """The database of one copy, in one run. Runs are numbered: what a run did not meet is gone."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / NAME)
        self._db.executescript(_TABLES)
        newest = self._db.execute("SELECT max(run) FROM file").fetchone()[0]
        self.run = (newest or 0) + 1

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def part(self) -> Iterator[None]:
        """Keep what is written inside, all of it, when it ends well."""
        with self._db:
            yield

    def lowest_position(self) -> int:
        """Up to which fact every page was looked at; -1 in a new copy."""
        found = self._db.execute("SELECT min(position) FROM page").fetchone()[0]
        return -1 if found is None else int(found)

    def find(self, key: PageKey) -> CopiedPage | None:
        row = self._db.execute(
            "SELECT build, position, fresh_until, keys, assets, listed FROM page WHERE kind=? AND code=?",
            (str(key.kind), key.code),
        ).fetchone()
        if row is None:
            return None
        build, position, until, keys, assets, listed = row
        return CopiedPage(
            key=key,
            build=build,
            position=position,
            fresh_until=datetime.fromisoformat(until),
            keys=frozenset(keys.split()),
            assets=frozenset(assets.split()),
            listed=json.loads(listed),
        )

    def keep(self, page: CopiedPage) -> None:
        row = (
            str(page.key.kind),
            page.key.code,
            page.build,
            page.position,
            page.fresh_until.isoformat(),
            " ".join(sorted(page.keys)),
            " ".join(sorted(page.assets)),
            json.dumps(page.listed, ensure_ascii=False, sort_keys=True),
            self.run,
        )
        self._db.execute("INSERT OR REPLACE INTO page VALUES (?,?,?,?,?,?,?,?,?)", row)

    def meet(self, page: CopiedPage, stem: str, position: int) -> None:
        """Note that a page still says the same at a later fact, and its files with it."""
        self._db.execute(
            "UPDATE page SET run=?, position=? WHERE kind=? AND code=?",
            (self.run, position, str(page.key.kind), page.key.code),
        )
        self._db.execute("UPDATE file SET run=? WHERE stem=?", (self.run, stem))
        for path in page.assets:
            self._db.execute("UPDATE file SET run=? WHERE path=?", (self.run, path))

    def files_of(self, stem: str) -> dict[str, int]:
        """The files of a page with their sizes."""
        wanted = "SELECT path, size FROM file WHERE stem=?"
        return {str(path): int(size) for path, size in self._db.execute(wanted, (stem,))}

    def hash_of(self, path: str) -> str | None:
        row = self._db.execute("SELECT sha256 FROM file WHERE path=?", (path,)).fetchone()
        return None if row is None else str(row[0])

    def keep_file(self, path: str, sha256: str, size: int, stem: str = "") -> None:
        row = (path, sha256, size, stem, self.run)
        self._db.execute("INSERT OR REPLACE INTO file VALUES (?,?,?,?,?)", row)

    def asset(self, url: str) -> str | None:
        """Where in the copy a picture or stylesheet is; met by this, it stays."""
        row = self._db.execute("SELECT path FROM asset WHERE url=?", (url,)).fetchone()
        if row is None:
            return None
        self._db.execute("UPDATE file SET run=? WHERE path=?", (self.run, row[0]))
        return str(row[0])

    def keep_asset(self, url: str, path: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO asset VALUES (?,?)", (url, path))

    def listed(self, kind: str, start: str = "") -> Iterator[tuple[str, dict[str, str]]]:
        """The pages of a kind whose code begins so, by code, with what lists say of them."""
        wanted = "SELECT code, listed FROM page WHERE kind=? AND code>=? AND run=? ORDER BY code"
        for code, listed in self._db.execute(wanted, (str(kind), start, self.run)):
            if not code.startswith(start):
                return
            yield str(code), json.loads(listed)

    def count(self, kind: str) -> int:
        wanted = "SELECT count(*) FROM page WHERE kind=? AND run=?"
        return int(self._db.execute(wanted, (str(kind), self.run)).fetchone()[0])

    def shards(self) -> list[tuple[str, int]]:
        """The folders of lots with how many each holds."""
        wanted = "SELECT substr(code, 3, 2) AS shard, count(*) FROM page WHERE kind='lot' AND run=?"
        wanted += " GROUP BY shard ORDER BY shard"
        return [(str(shard), int(count)) for shard, count in self._db.execute(wanted, (self.run,))]

    def files(self) -> Iterable[tuple[str, str, int]]:
        """Every file of the copy by its path, with hash and size."""
        return self._db.execute(
            "SELECT path, sha256, size FROM file WHERE run=? ORDER BY path", (self.run,)
        )

    def forget_unmet(self) -> list[str]:
        """Forget the pages and files that this run did not meet; the paths of the files."""
        with self._db:
            self._db.execute("DELETE FROM page WHERE run<?", (self.run,))
            gone = self._db.execute("SELECT path FROM file WHERE run<?", (self.run,)).fetchall()
            self._db.execute("DELETE FROM file WHERE run<?", (self.run,))
            self._db.execute("DELETE FROM asset WHERE path NOT IN (SELECT path FROM file)")
        return [str(path) for (path,) in gone]
