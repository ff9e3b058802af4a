"""What happens to recalls by itself: deadlines that pass escalate, lots that turned up are stopped."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.clock import day_of
from app.kit.i18n import language
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.recalls import Recall, RecallState
from app.models.registry import Organisation
from app.notices.commands import tell_once
from app.recalls.clocks import CLOCK_WORDS, RecallClock
from app.recalls.commands import extend_recall
from app.recalls.queries import consignees_of, told_of
from app.recalls.rules import OPEN
from app.recalls.scope_queries import outside_of
from app.recalls.telling import about_late, page_of
from app.registry.organisation_queries import authorities


def tend_recalls(session: Session, *, now: datetime) -> int:
    """Stop what was made of recalled lots meanwhile, and tell whom a missed deadline concerns."""
    wanted = select(Recall).where(col(Recall.state).in_(OPEN)).order_by(col(Recall.id))
    told = 0
    for recall in list(session.execute(wanted).scalars()):
        if recall.state is RecallState.RUNNING and outside_of(session, recall.pk):
            reason = language("vi").say(say("Made of recalled lots."))
            extend_recall(
                session, recall, (), reason=reason, within=Reach.all(), by=Actor.system(), now=now
            )
        told += _escalate(session, recall, now=now)
    return told


def _escalate(session: Session, recall: Recall, *, now: datetime) -> int:
    facility = session.get_one(Organisation, recall.organisation_id)
    told = 0
    for clock in told_of(session, recall).late(now):
        offices = [one for one in authorities(session) if one.pk != facility.pk]
        for organisation in (facility, *offices):
            told += _tell_late(session, recall, clock, organisation, now=now)
    for one in consignees_of(session, recall, within=Reach.all()):
        if one.late(now) and one.organisation is not None:
            told += _remind(session, recall, one.organisation, now=now)
    return told


def _tell_late(
    session: Session,
    recall: Recall,
    clock: RecallClock,
    organisation: Organisation,
    *,
    now: datetime,
) -> int:
    notice = tell_once(
        session,
        organisation=organisation,
        kind="recall.late",
        about=about_late(recall, clock),
        sentence=say(
            "A deadline of a recall has passed on {day}: {what}.",
            day=clock.due_day,
            what=CLOCK_WORDS[clock.name],
        ),
        address=page_of(recall),
        now=now,
    )
    return int(notice is not None)


def _remind(
    session: Session,
    recall: Recall,
    organisation: Organisation,
    *,
    now: datetime,
) -> int:
    notice = tell_once(
        session,
        organisation=organisation,
        kind="recall.unanswered",
        about=f"recall.unanswered {recall.uid} {day_of(now)}",
        sentence=say(
            "You have goods of a recall and have not said how many are left: {reason}",
            reason=recall.reason,
        ),
        address=page_of(recall),
        now=now,
    )
    return int(notice is not None)
