"""Reminding units of their part before its day, once for each stage, and the province of who is late.

A commune has no account: its link works on, and the authority, which sends it, is told.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.models.places import AdminUnit
from app.models.registry import Organisation
from app.notices.commands import tell_once
from app.plan.part_link_commands import let_work_on
from app.plan.part_link_queries import links_told
from app.plan.report_periods import STALE, Period, periods_offered
from app.plan.report_queries import is_sent
from app.plan.report_term_queries import terms_for
from app.plan.submission_queries import awaited
from app.registry.organisation_queries import authorities

WORK, DESK = "/work/plan-report", "/desk/plan/submissions"


def remind_of_parts(session: Session, *, now: datetime) -> int:
    """Tell every unit whose part is missing, and the authorities once it is late; how many were told."""
    return sum(_remind(session, period, now) for period in periods_offered(day_of(now)))


def _remind(session: Session, period: Period, now: datetime) -> int:
    today, terms = day_of(now), terms_for(session, period)
    due = terms.part_due(period)
    first = due - timedelta(days=max(terms.remind_days, default=0))
    if not first <= today <= due + STALE or is_sent(session, period):
        return 0
    units = awaited(session, period)
    missing = [one.organisation for one in units if one.organisation is not None]
    communes = [one.commune for one in units if one.commune is not None]
    if today > due:
        return _tell_late(session, period, missing, len(units), now)
    near = (days for days in terms.remind_days if today >= due - timedelta(days=days))
    stage = min(near, default=0)
    sentence = say(
        "Your part of the report on {period} is due by {day}.", period=period.words, day=due
    )
    about = f"plan_part.soon {period.key} {stage} {due}"
    told = sum(
        _tell(session, one, about, sentence, f"{WORK}?period={period.key}", now) for one in missing
    )
    return told + _remind_communes(session, period, communes, f"{stage} {due}", now)


def _remind_communes(
    session: Session, period: Period, communes: list[AdminUnit], stage: str, now: datetime
) -> int:
    """Let the links work on that are needed still, and tell who sends them; once a stage."""
    if not communes:
        return 0
    sentence = say(
        "{count} communes have not sent their part of the report on {period}: send them their link.",
        count=len(communes),
        period=period.words,
    )
    about, desk = f"plan_part.communes {period.key} {stage}", f"{DESK}?period={period.key}"
    told = sum(_tell(session, one, about, sentence, desk, now) for one in authorities(session))
    if told:
        wanted = {one.pk for one in communes}
        for link in links_told(session, period):
            if link.commune.pk in wanted:
                let_work_on(session, link, now=now)
    return told


def _tell_late(
    session: Session, period: Period, missing: list[Organisation], count: int, now: datetime
) -> int:
    if not count:
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
        count=count,
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
