"""Telling the province that its log is at fault, once for each fault."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.messages import Message, say
from app.models.registry import Organisation, OrganisationKind
from app.models.transparency import LogBreak, LogCheck
from app.notices.commands import tell_once
from app.transparency.faults import FAULT_WORDS, Fault

PAGE = "/desk/ledger"


def alarm(session: Session, fault: Fault, bad: int | None, *, now: datetime) -> None:
    """Tell every authority what is wrong with the log, and with which entry."""
    why = FAULT_WORDS[fault]
    said = (
        say("The public log is at fault. {why}", why=why)
        if bad is None
        else say("The public log is at fault at entry {entry}. {why}", entry=bad, why=why)
    )
    _tell(session, said, about=f"ledger:{fault.value}:{bad}", now=now)


def alarm_of_check(session: Session, check: LogCheck, *, now: datetime) -> None:
    """Tell what a check found, if it found anything."""
    if check.fault:
        alarm(session, Fault(check.fault), check.bad, now=now)


def alarm_of_break(session: Session, one: LogBreak, *, now: datetime) -> None:
    """Tell that the database is older than what was published."""
    said = say(
        "The database is older than the log that was published: of {size} published records "
        "{kept} still stand. Break number {number} was declared.",
        size=one.size,
        kept=one.kept,
        number=one.number,
    )
    _tell(session, said, about=f"ledger:break:{one.number}", now=now)


def _tell(session: Session, said: Message, *, about: str, now: datetime) -> None:
    for authority in _authorities(session):
        tell_once(
            session,
            organisation=authority,
            kind="ledger.at_fault",
            about=about,
            sentence=said,
            address=PAGE,
            now=now,
        )


def _authorities(session: Session) -> Sequence[Organisation]:
    wanted = select(Organisation).where(col(Organisation.kind) == OrganisationKind.AUTHORITY)
    return list(session.execute(wanted.order_by(col(Organisation.id))).scalars())
