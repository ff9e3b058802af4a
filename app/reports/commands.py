"""What the offices do with a report: look at it, answer, ask, mark what was done, close it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.errors import Refused, refuse
from app.kit.codes import grouped
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.commands import require_reason
from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.models.reports import (
    MessageKind,
    ReportContact,
    ReportMessage,
    ReportPhoto,
    ReportState,
    ShopperReport,
)
from app.notices.commands import tell
from app.registry.organisation_queries import authorities
from app.reports.rules import may_become, read_words

OFFICIALS = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN})


def look_at(session: Session, *, report: ShopperReport, caller: Caller, now: datetime) -> None:
    """Take a report on: the shopper sees that somebody looks. An inspector's name stays with it."""
    _require_open(report)
    if caller.role in OFFICIALS:
        report.assigned_id = caller.account_id
    if report.state is ReportState.RECEIVED:
        _become(report, ReportState.LOOKING)
        report.looked_at = now
    _record(session, report, "report.looked_at", {"state": report.state}, by=caller.actor, now=now)


def answer_report(
    session: Session, *, report: ShopperReport, words: str, caller: Caller, now: datetime
) -> None:
    """Say something to the shopper, for everybody who holds the ticket to read."""
    said = read_words(words)
    _become(report, ReportState.ANSWERED)
    report.looked_at = report.looked_at or now
    report.answered_at = now
    _say(session, report, MessageKind.ANSWER, said, caller, now)
    _record_words(session, report, "report.answered", said, by=caller.actor, now=now)


def note_done(
    session: Session, *, report: ShopperReport, words: str, caller: Caller, now: datetime
) -> None:
    """Write down what was done about it; the other office reads it, the shopper does not."""
    _require_open(report)
    said = read_words(words)
    _say(session, report, MessageKind.DONE, said, caller, now)
    if caller.role not in OFFICIALS:
        for authority in authorities(session):
            _tell(session, report, authority, "report.done", now=now)
    _record_words(session, report, "report.done", said, by=caller.actor, now=now)


def ask_cooperative(
    session: Session, *, report: ShopperReport, words: str, caller: Caller, now: datetime
) -> None:
    """Ask the cooperative whose lot it is; it is told."""
    _require_open(report)
    if report.organisation_id is None:
        raise Refused(say("No cooperative is known for this report."))
    said = read_words(words)
    _say(session, report, MessageKind.ASK, said, caller, now)
    home = session.get_one(Organisation, report.organisation_id)
    _tell(session, report, home, "report.asked", now=now)
    _record_words(session, report, "report.asked", said, by=caller.actor, now=now)


def close_report(
    session: Session, *, report: ShopperReport, reason: str, caller: Caller, now: datetime
) -> None:
    """Nothing more is to be done; why is for the offices to read. What personal it holds goes later."""
    report.closed_reason = require_reason(reason)
    _become(report, ReportState.CLOSED)
    report.closed_at = now
    _record(
        session,
        report,
        "report.closed",
        {"answered": report.answered_at is not None},
        by=caller.actor,
        now=now,
        personal={"reason": report.closed_reason},
    )


def forget_contact(session: Session, *, report: ShopperReport, by: Actor, now: datetime) -> None:
    """Erase how the shopper may be reached: they asked for it, or it is needed no more."""
    gone = session.execute(delete(ReportContact).where(col(ReportContact.report_id) == report.pk))
    if getattr(gone, "rowcount", 0):
        _record(session, report, "report.contact_erased", {}, by=by, now=now)


def forget_photo(session: Session, *, report: ShopperReport, by: Actor, now: datetime) -> None:
    """Erase the photograph that was sent with a report."""
    gone = session.execute(delete(ReportPhoto).where(col(ReportPhoto.report_id) == report.pk))
    if getattr(gone, "rowcount", 0):
        _record(session, report, "report.photo_erased", {}, by=by, now=now)


def _require_open(report: ShopperReport) -> None:
    if report.state is ReportState.CLOSED:
        raise Refused(say("This report is closed."))


def _become(report: ShopperReport, state: ReportState) -> None:
    _require_open(report)
    if not may_become(report.state, state):
        raise refuse("state", say("A report cannot go back like this."))
    report.state = state


def _say(
    session: Session,
    report: ShopperReport,
    kind: MessageKind,
    words: str,
    caller: Caller,
    now: datetime,
) -> None:
    session.add(
        ReportMessage(
            report_id=report.pk,
            kind=kind,
            organisation_id=caller.organisation_id,
            words=words,
            said_at=now,
        )
    )


def _tell(
    session: Session, report: ShopperReport, receiver: Organisation, kind: str, *, now: datetime
) -> None:
    lot = session.get(HarvestLot, report.lot_id) if report.lot_id else None
    code = grouped(lot.code) if lot else report.typed_code
    asked = kind == "report.asked"
    sentence = (
        say("The authority asks about a shopper's report on lot {code}.", code=code)
        if asked
        else say("The cooperative wrote what it did about a report on lot {code}.", code=code)
    )
    tell(
        session,
        organisation=receiver,
        kind=kind,
        about=f"{kind} {report.uid}",
        sentence=sentence,
        address=f"/{'work' if asked else 'desk'}/reports/{report.uid}",
        now=now,
    )


def _record_words(
    session: Session, report: ShopperReport, kind: str, words: str, *, by: Actor, now: datetime
) -> None:
    _record(
        session, report, kind, {"state": report.state}, by=by, now=now, personal={"words": words}
    )


def _record(
    session: Session,
    report: ShopperReport,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
    personal: dict[str, object] | None = None,
) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    record(
        session,
        kind=kind,
        subject=str(report.uid),
        by=by,
        now=now,
        organisation=_owner(session, report),
        facts=facts,
        personal=personal,
    )


def _owner(session: Session, report: ShopperReport) -> UUID | None:
    if report.organisation_id is None:
        return None
    return session.get_one(Organisation, report.organisation_id).uid
