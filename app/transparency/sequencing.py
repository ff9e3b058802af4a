"""The sequencer: takes committed facts into the tree, in their order, one process at a time.

It may be run by anybody, any number of times, and be killed at any point: a run is one transaction,
and what it would write for a fact is the same whenever it is run.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app.db import insert_rows, is_sqlite
from app.ledger.leaf import canonical, leaf_hash
from app.models.ledger import LedgerEntry
from app.models.transparency import LogBreak, LogGrowth, LogPart
from app.transparency.entries import Salts, entry_of
from app.transparency.faults import Fault, LogAtFault
from app.transparency.log_keys import BOTH_SALTS
from app.transparency.showing import LONGEST_OPEN, is_of_a_lot, is_open, shown_facts
from app.transparency.the_log import TheLog
from app.transparency.tile_names import WIDTH
from app.transparency.tiles import Growing

# Whoever extends the tree or publishes holds it (PostgreSQL). It is taken before the ledger's, never after.
LOG_LOCK = 0x74726565
AT_ONCE = 2_000


class Sequenced(NamedTuple):
    """What the sequencer reads of a fact."""

    position: int
    at: datetime
    kind: str
    subject: str
    leaf_hash: bytes
    body: str


def lock_log(session: Session) -> None:
    """Be the only one who writes to the log until the transaction ends."""
    if not is_sqlite(session):  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOG_LOCK})


def extend_log(session: Session, log: TheLog, *, now: datetime, most: int = AT_ONCE) -> int:
    """Take at most so many facts that are not in the tree yet into it; how many there were.

    Raises LogAtFault when a fact is missing that should come next.
    """
    lock_log(session)
    growing = Growing(session)
    facts = _facts_from(session, growing.size, most)
    if not facts:
        return 0
    parts = _parts_of(session, facts)
    breaks: int = session.execute(select(func.count(col(LogBreak.id)))).scalar_one()
    salts = cache(lambda tile: log.keys.salts(tile, breaks))
    growing.append([_leaf(fact, salts(fact.position // WIDTH), parts) for fact in facts])
    growing.write(salts)
    insert_rows(session, LogPart, [part._asdict() for part in parts.values()])
    insert_rows(session, LogGrowth, [{"size": growing.size + len(facts), "at": now}])
    return len(facts)


class Part(NamedTuple):
    """What is shown of a fact; `is_open`: in the log itself."""

    position: int
    part: str
    is_open: bool


def part_of(fact: Sequenced, previous: int | None) -> Part | None:
    """What is shown of a fact to somebody; None when nothing is to anybody."""
    facts = _told(fact)
    if is_open(fact.kind):
        part = canonical({"facts": facts, "subject": fact.subject}).decode()
        return Part(fact.position, part, True) if len(part) < LONGEST_OPEN else None
    told = {"facts": shown_facts(fact.kind, facts), "previous": previous, "subject": fact.subject}
    return Part(fact.position, _in_order(told), False)


# What is shown is told as it is written here, whoever reads it: made fast, not by RFC 8785.
_in_order = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _told(fact: Sequenced) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(fact.body)["facts"]
    except (ValueError, LookupError, TypeError) as unreadable:
        raise LogAtFault(Fault.ENTRY_ALTERED, fact.position) from unreadable
    return facts


def _facts_from(session: Session, size: int, most: int) -> list[Sequenced]:
    columns = [col(getattr(LedgerEntry, name)) for name in Sequenced._fields]
    wanted = (
        select(*columns)
        .where(col(LedgerEntry.position) >= size)
        .order_by(col(LedgerEntry.position))
        .limit(most)
    )
    facts = [Sequenced(*row) for row in session.execute(wanted)]
    for expected, fact in enumerate(facts, start=size):
        if fact.position != expected:
            raise LogAtFault(Fault.ENTRY_MISSING, expected)
    return facts


def _leaf(fact: Sequenced, salts: bytes, parts: dict[int, Part]) -> bytes:
    place = fact.position % WIDTH * BOTH_SALTS
    part = parts.get(fact.position)
    both = Salts.of(salts[place : place + BOTH_SALTS])
    told = (part.part, part.is_open) if part else (None, False)
    entry = entry_of(fact.at, fact.kind, fact.leaf_hash, both, told[0], is_open=told[1])
    return leaf_hash(entry)


def _parts_of(session: Session, facts: Sequence[Sequenced]) -> dict[int, Part]:
    told = [fact for fact in facts if is_open(fact.kind) or is_of_a_lot(fact.subject)]
    if not told:
        return {}
    newest = _newest_before(session, told)
    parts = {}
    for fact in told:
        previous = newest.get(fact.subject)
        newest[fact.subject] = fact.position
        part = part_of(fact, previous)
        if part is not None:
            parts[fact.position] = part
    return parts


def _newest_before(session: Session, facts: Sequence[Sequenced]) -> dict[str, int]:
    subjects = {fact.subject for fact in facts if is_of_a_lot(fact.subject)}
    wanted = (
        select(col(LedgerEntry.subject), func.max(col(LedgerEntry.position)))
        .where(
            col(LedgerEntry.subject).in_(subjects), col(LedgerEntry.position) < facts[0].position
        )
        .group_by(col(LedgerEntry.subject))
    )
    return {str(subject): int(position) for subject, position in session.execute(wanted)}
