"""Making the tree anew from the stored facts, and comparing it with what is stored and published.

Never from the stored tree alone: a single flipped bit in a record shows only when the record itself
is hashed again.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.ledger.leaf import leaf_hash
from app.ledger.queries import is_intact
from app.models.ledger import LedgerEntry
from app.models.transparency import LogCheck, LogCheckpoint, LogPart, LogTile
from app.transparency.breaks import signed_by_us
from app.transparency.entries import Salts, entry_of
from app.transparency.faults import Fault
from app.transparency.log_keys import BOTH_SALTS
from app.transparency.merkle import HASH_BYTES, Frontier
from app.transparency.queries import breaks_of, newest_check
from app.transparency.tile_names import HEIGHT, WIDTH
from app.transparency.tiles import StoredTree, folded, log_size


@dataclass(frozen=True)
class Finding:
    """What was wrong, and with which entry, where that can be said."""

    fault: Fault
    bad: int | None = None


@dataclass
class _Walk:
    """A walk over the entries of a tree from one on: what it goes by, and the tree it makes anew."""

    session: Session
    begin: int
    size: int
    tree: StoredTree
    grown: Frontier
    published: Mapping[int, list[LogCheckpoint]] = field(default_factory=dict)


def check_log(session: Session, *, full: bool, now: datetime) -> LogCheck:
    """Look at every entry, or at those since the last look; the result, not written down yet."""
    size, tree = log_size(session), StoredTree(session)
    begin = 0 if full else _seen(session, size)
    walk = _Walk(
        session, begin, size, tree, Frontier.at(tree.read, begin), _published(session, begin)
    )
    found = next(_faults(walk), None)
    return LogCheck(
        begin=begin,
        size=size,
        root=walk.grown.root(),
        fault=found.fault.value if found else "",
        bad=found.bad if found else None,
        checked_at=now,
    )


def _seen(session: Session, size: int) -> int:
    last = newest_check(session)
    return 0 if last is None or last.size > size else last.size


def _published(session: Session, begin: int) -> dict[int, list[LogCheckpoint]]:
    """What must come out at which size: all that was published and is not declared lost."""
    lost = {checkpoint.pk for checkpoint in _lost(session)}
    found: dict[int, list[LogCheckpoint]] = {}
    wanted = select(LogCheckpoint).where(col(LogCheckpoint.size) >= begin)
    for checkpoint in session.execute(wanted.order_by(col(LogCheckpoint.id))).scalars():
        if checkpoint.pk not in lost:
            found.setdefault(checkpoint.size, []).append(checkpoint)
    return found


def _lost(session: Session) -> Iterator[LogCheckpoint]:
    for one in breaks_of(session):
        wanted = select(LogCheckpoint).where(
            col(LogCheckpoint.size) > one.kept, col(LogCheckpoint.signed_at) <= one.declared_at
        )
        yield from session.execute(wanted).scalars()


def _faults(walk: _Walk) -> Iterator[Finding]:
    """Every fault in the order of the entries; the first one is what matters."""
    for number in range(walk.begin // WIDTH, -(-walk.size // WIDTH)):
        yield from _faults_of_tile(walk, number)
    beyond = (size for size in walk.published if size > walk.size)
    if any(beyond):
        yield Finding(Fault.ENTRY_MISSING, walk.size)
    yield from _faults_of_upper_tiles(walk)


def _faults_of_tile(walk: _Walk, number: int) -> Iterator[Finding]:
    session, first = walk.session, max(number * WIDTH, walk.begin)
    last = min((number + 1) * WIDTH, walk.size)
    kept = session.execute(
        select(col(LogTile.hashes), col(LogTile.salts)).where(
            col(LogTile.level) == 0, col(LogTile.number) == number
        )
    ).one_or_none()
    hashes, salts = kept or (b"", b"")
    entries = _rows(session, LedgerEntry, first, last)
    parts = _rows(session, LogPart, first, last)
    for position in range(first, last):
        place = position % WIDTH
        both = Salts.of(salts[place * BOTH_SALTS : (place + 1) * BOTH_SALTS])
        entry, part = entries.get(position), parts.get(position)
        if entry is None:
            yield Finding(Fault.ENTRY_MISSING, position)
            return
        if not is_intact(entry):
            yield Finding(Fault.ENTRY_ALTERED, position)
        leaf = _leaf(entry, both, part)
        if leaf != hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]:
            yield Finding(Fault.ENTRY_ALTERED, position)
        if not _is_true_part(entry, part):
            yield Finding(Fault.PART_ALTERED, position)
        walk.grown.append(leaf)
        yield from _faults_of_checkpoints(walk, position + 1)


def _faults_of_checkpoints(walk: _Walk, size: int) -> Iterator[Finding]:
    for checkpoint in walk.published.get(size, ()):
        if checkpoint.root != walk.grown.root():
            yield Finding(Fault.CHECKPOINT_DIFFERS)
        if not signed_by_us(walk.session, checkpoint.note):
            yield Finding(Fault.CHECKPOINT_FORGED)


def _faults_of_upper_tiles(walk: _Walk) -> Iterator[Finding]:
    """Every full tile's hash must stand in the tile above it; the leaves were compared already."""
    wanted = (
        select(col(LogTile.level), col(LogTile.number))
        .where(col(LogTile.level) > 0)
        .order_by(col(LogTile.level), col(LogTile.number))
    )
    for level, number in walk.session.execute(wanted).all():
        begin, above = number * WIDTH, walk.size >> HEIGHT * level
        if (number + 1) * WIDTH << HEIGHT * level <= walk.begin:
            continue
        for index in range(begin, min(begin + WIDTH, above)):
            if not _stands_on_its_tile(walk, level, index):
                yield Finding(Fault.TREE_ALTERED)


def _stands_on_its_tile(walk: _Walk, level: int, index: int) -> bool:
    try:
        below = b"".join(
            walk.tree.read(HEIGHT * (level - 1), index * WIDTH + place) for place in range(WIDTH)
        )
        return folded(below) == walk.tree.read(HEIGHT * level, index)
    except LookupError:
        return False


def _leaf(entry: LedgerEntry, salts: Salts, part: LogPart | None) -> bytes:
    fact_hash = leaf_hash(entry.body.encode())
    told = (part.part, part.is_open) if part else (None, False)
    return leaf_hash(entry_of(entry.at, entry.kind, fact_hash, salts, told[0], is_open=told[1]))


def _is_true_part(entry: LedgerEntry, part: LogPart | None) -> bool:
    """Whether what is shown of a fact is of the fact. That it belongs to the entry, the hash says."""
    if part is None:
        return True
    try:
        body, told = json.loads(entry.body), json.loads(part.part)
        of_it = told["subject"] == body["subject"]
        return of_it and _is_within(told["facts"], body["facts"])
    except (ValueError, LookupError, TypeError):
        return False


def _is_within(told: Any, whole: Any) -> bool:
    if isinstance(told, dict) and isinstance(whole, dict):
        return all(name in whole and _is_within(told[name], whole[name]) for name in told)
    return bool(told == whole)


def _rows(session: Session, table: Any, first: int, last: int) -> dict[int, Any]:
    # Plain rows, as the database has them now: no object that this process may have in memory.
    columns = table.__table__.c
    wanted = select(*columns).where(columns.position >= first, columns.position < last)
    return {row.position: row for row in session.execute(wanted)}
