"""The plan's annex as it was printed: district by district, year by year, from the stored targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.places import AdminUnit
from app.models.plan import PlanTarget, TargetScope
from app.places.queries import former_districts
from app.plan.queries import targets

# The columns of the annex: Diện tích, Năng suất, Sản lượng.
MEASURES = ("area", "yield", "output")
Figures = Mapping[tuple[int, str], PlanTarget]


@dataclass(frozen=True)
class AnnexLine:
    """A line of the annex: its number (0: the total), whose it is, and its figures by year and measure."""

    number: int
    district: AdminUnit | None
    figures: Figures


@dataclass(frozen=True)
class Annex:
    """The total first, then the districts in their order; `others` are the figures of the text."""

    years: tuple[int, ...]
    lines: tuple[AnnexLine, ...]
    others: tuple[PlanTarget, ...]


def plan_names(session: Session) -> list[str]:
    """The plans that are loaded, by name."""
    wanted = select(col(PlanTarget.plan)).distinct().order_by(col(PlanTarget.plan))
    return list(session.execute(wanted).scalars())


def annex(session: Session, plan: str) -> Annex:
    """The annex of a plan with what its text states beside it."""
    everything = targets(session, plan=plan)
    printed = [
        one
        for one in everything
        if one.measure in MEASURES and one.scope is not TargetScope.CROP_GROUP
    ]
    kept = {one.pk for one in printed}
    return Annex(
        years=tuple(sorted({one.year for one in printed})),
        lines=_lines(printed, {one.code: one for one in former_districts(session)}),
        others=tuple(one for one in everything if one.pk not in kept),
    )


def _lines(
    printed: Sequence[PlanTarget], districts: Mapping[str, AdminUnit]
) -> tuple[AnnexLine, ...]:
    by_place: dict[str, dict[tuple[int, str], PlanTarget]] = {}
    for one in printed:
        place = one.scope_name if one.scope is TargetScope.DISTRICT else ""
        by_place.setdefault(place, {})[one.year, one.measure] = one
    return tuple(
        AnnexLine(number, districts.get(place), figures)
        for number, (place, figures) in enumerate(sorted(by_place.items()), int("" not in by_place))
    )
