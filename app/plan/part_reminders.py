"""Reminding units of their part before its day, once for each stage, and the province of who is late."""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.models.registry import Organisation
from app.notices.commands import tell_once
from app.plan.report_periods import Period, periods_offered
from app.plan.report_queries import is_sent
from app.plan.report_term_queries import terms_for
from app.plan.submission_queries import awaited
from app.registry.organisation_queries import authorities

WORK, DESK = "/work/plan-report", "/desk/plan/submissions"
# What is overdue for longer is not told of any more.
STALE = timedelta(days=30)


def remind_of_parts(session: Session, *, now: datetime) -> int:
    """Tell every unit whose part is missing, and the authorities once it is late; how many were told."""
    return sum(_remind(session, period, now) for period in periods_offered(day_of(now)))


def _remind(session: Session, period: Period, now: datetime) -> int:
    today, terms = day_of(now), terms_for(session, period)
    due = terms.part_due(period)
    first = due - timedelta(days=max(terms.remind_days, default=0))
    if not first <= today <= due + STALE or is_sent(session, period):
        return 0
    missing = awaited(session, period)
    if today > due:
        return _tell_late(session, period, missing, now)
    near = (days for days in terms.remind_days if today >= due - timedelta(days=days))
    stage = min(near, default=0)
    sentence = say(
        "Your part of the report on {period} is due by {day}.", period=period.words, day=due
    )
    about = f"plan_part.soon {period.key} {stage} {due}"
    return sum(
        _tell(session, one, about, sentence, f"{WORK}?period={period.key}", now) for one in missing
    )


def _tell_late(session: Session, period: Period, missing: list[Organisation], now: datetime) -> int:
    if not missing:
        return 0
    due = terms_for(session, period).part_due(period)
    late = say(
        "Your part of the report on {period} was due on {day}. Send it now.",
        period=period.words,
        day=due,
    )
    about = f"plan_part.late {period.key} {due}"
    told = sum(
        _tell(session, one, about, late, f"{WORK}?period={period.key}", now) for one in missing
    )
    who = say(
        "{count} units have not sent their part of the report on {period}.",
        count=len(missing),
        period=period.words,
    )
    desk = f"{DESK}?period={period.key}"
    return told + sum(_tell(session, one, about, who, desk, now) for one in authorities(session))


def _tell(
    session: Session,
    organisation: Organisation,
    about: str,
    sentence: Message,
    address: str,
    now: datetime,
) -> int:
    notice = tell_once(
        session,
        organisation=organisation,
        kind="plan_part.due",
        about=about,
        sentence=sentence,
        address=address,
        now=now,
    )
    return int(notice is not None)
