"""Facts to record in tests of the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.ledger import LedgerEntry

CLERK = Actor(UUID(int=7), "staff", UUID(int=9))


def note(session: Session, now: datetime, number: int = 1, **more: object) -> int:
    """Record some fact about `thing`."""
    return record(
        session,
        kind="thing.noted",
        subject="thing",
        by=CLERK,
        now=now,
        facts={"number": number},
        **more,  # type: ignore[arg-type]  # personal, organisation
    )


def entries(session: Session) -> list[LedgerEntry]:
    wanted = select(LedgerEntry).order_by(col(LedgerEntry.position))
    return list(session.execute(wanted).scalars())


def next_position(session: Session) -> int:
    return len(entries(session))
