"""Appending to the ledger: the last step of every command."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlmodel import Session, col

from app.db import is_sqlite
from app.ledger.actors import Actor
from app.ledger.leaf import canonical, leaf_hash, personal_hash
from app.ledger.marks import mark, subjects_touched
from app.models.ledger import LedgerEntry, LedgerPersonal

# One lock for the whole log (PostgreSQL): positions are gapless, so appends queue until commit.
LEDGER_LOCK = 0x6C6F67
SALT_BYTES = 16


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
    owner = organisation or by.organisation
    fact: dict[str, object] = {
        "kind": kind,
        "subject": subject,
        "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": {"account": by.account, "role": by.role, "organisation": by.organisation},
        "organisation": owner,
        "facts": facts,
    }
    salt = secrets.token_bytes(SALT_BYTES)
    private = canonical(personal) if personal else None
    if private is not None:
        fact["personal_hash"] = personal_hash(salt, private)
    body = canonical(fact)
    entry = {"at": now, "kind": kind, "subject": subject, "organisation": owner}
    position = _append(session, entry, body)
    mark(session, subjects_touched(kind, subject, owner), position)
    if private is not None:
        part = {"position": position, "salt": salt, "body": private.decode()}
        session.execute(insert(LedgerPersonal).values(**part))
    return position


def _append(session: Session, entry: dict[str, object], body: bytes) -> int:
    position = _next_position(session)
    leaf = {"position": position, "body": body.decode(), "leaf_hash": leaf_hash(body)}
    session.execute(insert(LedgerEntry).values(**entry, **leaf))
    return position


def _next_position(session: Session) -> int:
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LEDGER_LOCK})
    newest = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one()
    return 0 if newest is None else int(newest) + 1
