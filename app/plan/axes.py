"""The axes of a plan: what they are called, which places lie in them, which crops lead; whose count when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.plan_queries import DECEMBER, LAST_DAY, counting_on, dated_plans
from app.kit.messages import Message, say
from app.models.plan import (
    SAFE_VEGETABLES_2030,
    Axis,
    PlanAxis,
    PlanAxisCrop,
    PlanAxisPlace,
    ProvincePlan,
)
from app.models.plan_figures import PlanCursor

A_DAY = timedelta(days=1)
AXES: dict[str, Message] = {
    Axis.WEST.value: say("Western axis"),
    Axis.NORTH_EAST.value: say("North-eastern axis"),
    Axis.SOUTH.value: say("Southern axis"),
}


@dataclass(frozen=True)
class AxisTold:
    """An axis: whole former districts, single former communes, and slugs of crops."""

    axis: str
    name: str | Message
    districts: tuple[str, ...]
    communes: tuple[str, ...]
    crops: tuple[str, ...]


@dataclass(frozen=True)
class WhoseAxes:
    """Whose axes count in a year: of the plans in force at its end, or by today, the newest with any."""

    plans: Sequence[ProvincePlan]
    having: frozenset[str]
    today: date

    def in_year(self, year: int) -> str:
        """The plan whose axes count in a year."""
        day = min(self.today, date(year, DECEMBER, LAST_DAY))
        there = (one for one in counting_on(self.plans, day) if one in self.having)
        return next(there, SAFE_VEGETABLES_2030)


def whose_axes(session: Session, today: date) -> WhoseAxes:
    """Whose axes count, read once for many years."""
    having = select(col(PlanAxisPlace.plan)).distinct()
    return WhoseAxes(dated_plans(session), frozenset(session.execute(having).scalars()), today)


def counted_on(session: Session) -> date:
    """The day on which the figures were brought up to date; before they ever were, the first of all."""
    wanted = select(col(PlanCursor.scanned_until))
    found: date | None = session.execute(wanted).scalar_one_or_none()
    return date.min if found is None else found + A_DAY


def plan_with_axes(session: Session, plan: str, today: date) -> str:
    """The plan whose axes stand for a plan's: its own, else those that count today."""
    whose = whose_axes(session, today)
    return plan if plan in whose.having else whose.in_year(today.year)


def axis_names(session: Session) -> Mapping[str, str | Message]:
    """What axes are called: by the product's words, by those of the newest plan that has its own."""
    newest = {one.plan: at for at, one in enumerate(dated_plans(session))}
    rows = list(session.execute(select(PlanAxis)).scalars())
    rows.sort(key=lambda row: newest.get(row.plan, len(newest)), reverse=True)
    return {**{row.axis: row.name for row in rows}, **AXES}


def axes_of(session: Session, plan: str) -> list[AxisTold]:
    """The axes of a plan, in the order in which the plan names them."""
    places = select(PlanAxisPlace).where(col(PlanAxisPlace.plan) == plan)
    crops = select(PlanAxisCrop).where(col(PlanAxisCrop.plan) == plan)
    own = select(PlanAxis).where(col(PlanAxis.plan) == plan)
    lie = session.execute(places.order_by(col(PlanAxisPlace.id))).scalars().all()
    lead = session.execute(crops.order_by(col(PlanAxisCrop.id))).scalars().all()
    names = {**{row.axis: row.name for row in session.execute(own).scalars()}, **AXES}
    return [
        AxisTold(
            axis,
            names.get(axis, axis),
            tuple(one.district for one in lie if one.axis == axis and not one.former_commune),
            tuple(one.former_commune for one in lie if one.axis == axis and one.former_commune),
            tuple(one.crop for one in lead if one.axis == axis),
        )
        for axis in dict.fromkeys([*AXES, *(one.axis for one in lie)])
        if any(one.axis == axis for one in lie)
    ]
