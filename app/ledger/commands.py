"""Appending to the ledger: the last step of every command."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app.db import insert_rows, is_sqlite
from app.ledger.actors import Actor
from app.ledger.leaf import canonical, leaf_hash, personal_hash
from app.ledger.marks import mark, subjects_touched
from app.models.ledger import LedgerEntry, LedgerPersonal

# One lock for the whole log (PostgreSQL): positions are gapless, so appends queue until commit.
LEDGER_LOCK = 0x6C6F67
SALT_BYTES = 16


@dataclass(frozen=True)
class Fact:
    """One fact to be appended; see `record` for what its parts mean."""

    kind: str
    subject: str
    facts: Mapping[str, object]
    personal: Mapping[str, object] | None = None
    organisation: UUID | None = None


def record(
    session: Session,
    *,
    kind: str,
    subject: str,
    by: Actor,
    now: datetime,
    facts: Mapping[str, object],
    personal: Mapping[str, object] | None = None,
    organisation: UUID | None = None,
) -> int:
    """Append one fact and return its position.

    `kind` is `noun.verb` in the past tense (`lot.recorded`); `subject` the public id or code it
    is about; `organisation` the one whose history it belongs to (the actor's unless given).
    `personal` is personal data of people: only its salted hash enters the leaf.
    """
    told = Fact(kind, subject, facts, personal, organisation)
    return record_all(session, [told], by=by, now=now)


def record_all(session: Session, facts: Sequence[Fact], *, by: Actor, now: datetime) -> int:
    """Append many facts in their order, in a few statements; the position of the first."""
    first = _next_position(session)
    entries: list[dict[str, object]] = []
    private: list[dict[str, object]] = []
    touched: dict[str, int] = {}
    for position, fact in enumerate(facts, start=first):
        entry, personal = _written(fact, by, now)
        entries.append({**entry, "position": position})
        if personal is not None:
            private.append({**personal, "position": position})
        owner = fact.organisation or by.organisation
        touched |= dict.fromkeys(subjects_touched(fact.kind, fact.subject, owner), position)
    insert_rows(session, LedgerEntry, entries)
    insert_rows(session, LedgerPersonal, private)
    mark(session, touched)
    return first


def _written(
    fact: Fact, by: Actor, now: datetime
) -> tuple[dict[str, object], dict[str, object] | None]:
    owner = fact.organisation or by.organisation
    leaf: dict[str, object] = {
        "kind": fact.kind,
        "subject": fact.subject,
        "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": {"account": by.account, "role": by.role, "organisation": by.organisation},
        "organisation": owner,
        "facts": fact.facts,
    }
    salt = secrets.token_bytes(SALT_BYTES)
    private = canonical(fact.personal) if fact.personal else None
    if private is not None:
        leaf["personal_hash"] = personal_hash(salt, private)
    body = canonical(leaf)
    entry = {
        "at": now,
        "kind": fact.kind,
        "subject": fact.subject,
        "organisation": owner,
        "body": body.decode(),
        "leaf_hash": leaf_hash(body),
    }
    return entry, None if private is None else {"salt": salt, "body": private.decode()}


def _next_position(session: Session) -> int:
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LEDGER_LOCK})
    newest = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one()
    return 0 if newest is None else int(newest) + 1
