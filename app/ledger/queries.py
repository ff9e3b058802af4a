"""Reading the ledger: facts by subject or organisation, newest first or in order."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.ledger.leaf import leaf_hash, personal_hash
from app.models.accounts import Account
from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.registry import Organisation


@dataclass(frozen=True)
class Fact:
    """An entry as a reader wants it: who, what, when, where in the log, whether it still fits."""

    position: int
    at: datetime
    kind: str
    subject: str
    role: str
    account_name: str | None
    organisation_name: str | None
    facts: dict[str, Any]
    leaf_hash: str
    intact: bool


def history_of(session: Session, subject: str) -> list[Fact]:
    """Every fact about one subject, oldest first."""
    return _facts(session, [subject])


def histories_of(session: Session, subjects: list[str]) -> list[Fact]:
    """Every fact about several subjects, oldest first."""
    return _facts(session, subjects)


def newest_facts(session: Session, *, after: str | None = None, limit: int = 50) -> Page[Fact]:
    """All facts, newest first."""
    wanted = select(LedgerEntry).order_by(col(LedgerEntry.position).desc()).limit(limit + 1)
    if after is not None:
        wanted = wanted.where(col(LedgerEntry.position) < decode(after, int)[0])
    facts = _told(session, list(session.execute(wanted).scalars()))
    return page_of(facts, limit=limit, key=lambda fact: (fact.position,))


def entry_at(session: Session, position: int) -> LedgerEntry:
    """The entry at a position."""
    entry = session.get(LedgerEntry, position)
    if entry is None:
        raise NotFound(say("There is no ledger entry {position}.", position=position))
    return entry


def personal_part_is_intact(session: Session, entry: LedgerEntry) -> bool | None:
    """Whether the personal part still matches its hash; None when there is none (any more)."""
    part = session.get(LedgerPersonal, entry.position)
    expected = _read(entry).get("personal_hash")
    if part is None or expected is None:
        return None
    return personal_hash(part.salt, part.body.encode()) == str(expected)


def is_intact(entry: LedgerEntry) -> bool:
    """Whether an entry's body still gives its leaf hash, and its columns still say what it says."""
    body = _read(entry)
    return (
        leaf_hash(entry.body.encode()) == entry.leaf_hash
        and body.get("kind") == entry.kind
        and body.get("subject") == entry.subject
        and body.get("at") == entry.at.isoformat(timespec="microseconds")
        and body.get("organisation") == (str(entry.organisation) if entry.organisation else None)
    )


def _read(entry: LedgerEntry) -> dict[str, Any]:
    """What a body says; nothing when somebody made it unreadable: that must be shown, not fail."""
    try:
        body = json.loads(entry.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _facts(session: Session, subjects: list[str]) -> list[Fact]:
    wanted = (
        select(LedgerEntry)
        .where(col(LedgerEntry.subject).in_(subjects))
        .order_by(col(LedgerEntry.position))
    )
    return _told(session, list(session.execute(wanted).scalars()))


def _told(session: Session, entries: list[LedgerEntry]) -> list[Fact]:
    bodies = [_read(entry) for entry in entries]
    actors = [body.get("by") or {} for body in bodies]
    accounts = _names(session, {actor.get("account") for actor in actors})
    organisations = _organisation_names(session, {actor.get("organisation") for actor in actors})
    return [
        Fact(
            position=entry.position,
            at=entry.at,
            kind=entry.kind,
            subject=entry.subject,
            role=actor.get("role", ""),
            account_name=accounts.get(str(actor.get("account"))),
            organisation_name=organisations.get(str(actor.get("organisation"))),
            facts=body.get("facts", {}),
            leaf_hash=entry.leaf_hash.hex(),
            intact=is_intact(entry),
        )
        for entry, body, actor in zip(entries, bodies, actors, strict=True)
    ]


def _names(session: Session, uids: set[str | None]) -> dict[str, str]:
    known = [UUID(uid) for uid in uids if uid]
    rows = session.execute(
        select(col(Account.uid), col(Account.display_name)).where(col(Account.uid).in_(known))
    )
    return {str(uid): name for uid, name in rows}


def _organisation_names(session: Session, uids: set[str | None]) -> dict[str, str]:
    known = [UUID(uid) for uid in uids if uid]
    rows = session.execute(
        select(col(Organisation.uid), col(Organisation.name)).where(
            col(Organisation.uid).in_(known)
        )
    )
    return {str(uid): name for uid, name in rows}
