"""What happens to findings by itself: a reminder before the day, a notice after it, one to the province."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.inspection.terms_queries import Terms, terms_on
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.models.registry import Organisation
from app.models.visit_findings import FindingState, VisitFinding
from app.notices.commands import tell_once
from app.registry.organisation_queries import authorities


def tend_findings(session: Session, *, now: datetime) -> int:
    """Remind of findings that are due soon or overdue, once for each stage; how many were told."""
    today = day_of(now)
    terms = terms_on(session, today)
    wanted = select(VisitFinding).where(
        col(VisitFinding.state) == FindingState.OPEN,
        col(VisitFinding.due_on) <= today + terms.remind,
    )
    offices = authorities(session)
    told = 0
    for finding in session.execute(wanted.order_by(col(VisitFinding.id))).scalars():
        told += _tend(session, finding, offices, terms, now)
    return told


def _tend(
    session: Session,
    finding: VisitFinding,
    offices: list[Organisation],
    terms: Terms,
    now: datetime,
) -> int:
    home = session.get_one(Organisation, finding.organisation_id)
    late = day_of(now) - finding.due_on
    work, desk = f"/work/findings/{finding.uid}", f"/desk/findings/{finding.uid}"
    day = finding.due_on
    if late <= timedelta():
        soon = say("A finding is to be mended by {day}.", day=day)
        return _tell(session, finding, "soon", [(home, work)], soon, now)
    over = say("A finding was to be mended by {day}. Show that it is.", day=day)
    told = _tell(session, finding, "late", [(home, work)], over, now)
    whose = say(
        "{organisation} has not answered a finding that was due on {day}.",
        organisation=home.name,
        day=day,
    )
    told += _tell(session, finding, "late", [(one, desk) for one in offices], whose, now)
    if late >= terms.escalate:
        still = say(
            "{organisation} still has not answered the finding that was due on {day}: decide what"
            " follows.",
            organisation=home.name,
            day=day,
        )
        told += _tell(session, finding, "escalated", [(one, desk) for one in offices], still, now)
    return told


def _tell(
    session: Session,
    finding: VisitFinding,
    stage: str,
    receivers: list[tuple[Organisation, str]],
    sentence: Message,
    now: datetime,
) -> int:
    told = 0
    for organisation, address in receivers:
        notice = tell_once(
            session,
            organisation=organisation,
            kind="finding.due",
            # A finding that was given another day is reminded of anew.
            about=f"finding.{stage} {finding.due_on} {finding.uid}",
            sentence=sentence,
            address=address,
            now=now,
        )
        told += notice is not None
    return told
