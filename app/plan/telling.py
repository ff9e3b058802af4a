"""A plan as its checks read it, and what a check finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.messages import Message, say
from app.models.plan import PlanAxisPlace, PlanNamedPlace, PlanTarget, TargetScope
from app.places.queries import former_districts
from app.plan.queries import targets
from app.plan.recomputing import Figure, Stated, agrees, recomputed


class Gravity(StrEnum):
    """What a contradiction is: figures that cannot both be, one that was rounded, or unclear words."""

    CONTRADICTION = "contradiction"
    ROUNDING = "rounding"
    WORDING = "wording"


GRAVITIES: dict[Gravity, Message] = {
    Gravity.CONTRADICTION: say("Contradiction"),
    Gravity.ROUNDING: say("Rounding"),
    Gravity.WORDING: say("Unclear words"),
}


@dataclass(frozen=True)
class Inconsistency:
    """One place where a plan disagrees with itself; figures in `unit`, where it is about figures."""

    gravity: Gravity
    year: int
    sentence: Message
    stated: int | None = None
    recomputed: int | None = None
    unit: str = ""
    legal_ref: str = ""


@dataclass(frozen=True)
class Told:
    """The rows of a plan as its checks read them."""

    rows: Mapping[Figure, PlanTarget]
    stated: Stated
    worked_out: Stated
    districts: Mapping[str, str]
    axes: Sequence[PlanAxisPlace]
    named: Sequence[PlanNamedPlace]
    years: Sequence[int] = field(default=())

    def place(self, figure: Figure) -> str:
        """What a district is called."""
        return self.districts.get(figure.scope_name, figure.scope_name)

    def told(self, figure: Figure, sentence: Message) -> Inconsistency:
        """The finding about a figure: rounding where it agrees within its unit."""
        stated, other = self.stated[figure], self.worked_out[figure]
        near = agrees(figure, stated, other)
        return Inconsistency(
            Gravity.ROUNDING if near else Gravity.CONTRADICTION,
            figure.year,
            sentence,
            stated,
            other,
            self.rows[figure].unit,
            self.rows[figure].legal_ref,
        )


def told_of(session: Session, plan: str) -> Told:
    rows = {_figure(row): row for row in targets(session, plan=plan)}
    stated = {figure: row.stated for figure, row in rows.items()}
    axes = select(PlanAxisPlace).where(col(PlanAxisPlace.plan) == plan)
    named = select(PlanNamedPlace).where(col(PlanNamedPlace.plan) == plan)
    return Told(
        rows,
        stated,
        recomputed(stated),
        {unit.code: unit.name for unit in former_districts(session)},
        session.execute(axes.order_by(col(PlanAxisPlace.id))).scalars().all(),
        session.execute(named.order_by(col(PlanNamedPlace.id))).scalars().all(),
        sorted({figure.year for figure in rows}),
    )


def _figure(row: PlanTarget) -> Figure:
    return Figure(row.measure, row.scope, row.scope_name, row.year)


def of_province(plan: Told, measure: str, *, known: bool = True) -> list[Figure]:
    wanted = (TargetScope.PROVINCE, measure)
    return [
        figure
        for figure in plan.stated
        if (figure.scope, figure.measure) == wanted and (figure in plan.worked_out or not known)
    ]


def areas_in(plan: Told, year: int) -> dict[str, int]:
    return {
        figure.scope_name: value
        for figure, value in plan.stated.items()
        if (figure.scope, figure.measure, figure.year) == (TargetScope.DISTRICT, "area", year)
    }


def in_unit(value: int, unit: int) -> Decimal:
    """A number in a larger unit, without zeros that say nothing."""
    return Decimal(f"{(Decimal(value) / unit).normalize():f}")
