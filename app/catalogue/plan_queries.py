"""Which plan of the province counts on a day: dated rows, like law."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.db import once_a_reading
from app.models.plan import SAFE_VEGETABLES_2030, ProvincePlan

DECEMBER, LAST_DAY = 12, 31


@once_a_reading
def dated_plans(session: Session) -> list[ProvincePlan]:
    """The plans that came into force or will, the newest first."""
    day = col(ProvincePlan.in_force_on)
    wanted = select(ProvincePlan).where(day.is_not(None))
    return list(session.execute(wanted.order_by(day.desc(), col(ProvincePlan.id).desc())).scalars())


def counting_on(plans: Sequence[ProvincePlan], day: date) -> list[str]:
    """Of plans, the newest first, those in force by a day; before the first of all, that one."""
    begun = [one.plan for one in plans if one.in_force_on is not None and one.in_force_on <= day]
    return begun or [one.plan for one in plans[-1:]] or [SAFE_VEGETABLES_2030]


def plan_on(session: Session, day: date) -> str:
    """The plan in force on a day."""
    return counting_on(dated_plans(session), day)[0]


def plan_of_year(session: Session, year: int, today: date) -> str:
    """The plan that a year is held against: the one in force at its end, or today while it runs."""
    return plan_on(session, min(today, date(year, DECEMBER, LAST_DAY)))
