"""Erasing personal parts of facts: what was recorded stays proven, and whom it was about is gone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.errors import NotFound, refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.ledger import LedgerEntry, LedgerPersonal

LONGEST_REASON = 300


def positions_with_personal_part(session: Session, subject: str) -> list[int]:
    """Where the facts about something stand that still have a personal part."""
    wanted = (
        select(col(LedgerPersonal.position))
        .join(LedgerEntry, col(LedgerEntry.position) == col(LedgerPersonal.position))
        .where(col(LedgerEntry.subject) == subject)
        .order_by(col(LedgerPersonal.position))
    )
    return list(session.execute(wanted).scalars())


def erase_personal_parts(
    session: Session, *, positions: Sequence[int], reason: str, by: Actor, now: datetime
) -> int:
    """Erase the personal parts of facts, with the salts that could prove them; how many there were.

    The entries stay, and every proof with them: they hold salted hashes only. The erasure itself is
    a fact, which names positions and no person. Raises NotFound where there is none to erase.
    """
    why = clean(reason, longest=LONGEST_REASON)
    if not why:
        raise refuse("reason", say("Say why, in a few words."))
    there = select(col(LedgerPersonal.position)).where(col(LedgerPersonal.position).in_(positions))
    found = sorted(session.execute(there).scalars())
    if not found:
        raise NotFound(say("There is no personal part to erase."))
    session.execute(
        delete(LedgerPersonal)
        .where(col(LedgerPersonal.position).in_(found))
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        kind="ledger.personal_erased",
        subject="personal",
        by=by,
        now=now,
        facts={"positions": found},
        personal={"reason": why},
    )
    return len(found)
