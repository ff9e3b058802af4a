"""The plan against what is: every target as stated, as its own figures give it, and as it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.certificates.queries import certificates_of
from app.models.plan import PlanTarget, TargetScope
from app.models.plan_prices import ModelGroup
from app.plan.dimensions import Basis, Dimension, Figures, Measure, permille
from app.plan.figures import figures, total
from app.plan.naming import PLAN_PROVINCE
from app.plan.queries import targets
from app.plan.standing import ACTIVE, year_days
from app.plan.summing import Coarse, coarse

GRAMS_A_KILOGRAM = 1_000


@dataclass(frozen=True)
class Compared:
    """A target with what is; `reached` is the actual in permille of what is stated, cut off.

    `actual` None: nothing is counted for a target of this kind.
    """

    target: PlanTarget
    actual: Measure | None
    reached: int | None


def plan_vs_actual(
    session: Session, plan: str, year: int, known: Coarse | None = None
) -> list[Compared]:
    """A plan's targets against the figures of a year.

    The targets are those of the year itself, else of the next year that the plan names, else of
    its last one: `target.year` says which. `known`: the year's sums, where they were read already.
    """
    everything = targets(session, plan=plan)
    named = sorted({target.year for target in everything})
    if not named:
        return []
    of_year = next((one for one in named if one >= year), named[-1])
    actuals = _Actuals(session, plan, year, known or coarse(session, year))
    return [
        _compared(target, actuals.of(target)) for target in everything if target.year == of_year
    ]


def model_groups(session: Session, plan: str, year: int) -> list[ModelGroup]:
    """The model groups of a plan whose certificate stood on some day of a year on which they counted."""
    first, last = year_days(year)
    wanted = select(ModelGroup).where(col(ModelGroup.plan) == plan, col(ModelGroup.since) <= last)
    rows = session.execute(wanted.order_by(col(ModelGroup.since), col(ModelGroup.id))).scalars()
    return [row for row in rows if (row.until or last) >= first and _certified(session, row, year)]


def _certified(session: Session, group: ModelGroup, year: int) -> bool:
    first, last = year_days(year)
    since, until = max(first, group.since), min(last, group.until or last)
    held = certificates_of(session, group.organisation_id)
    return any(
        one.standing_on(day) == ACTIVE
        for one in held
        if one.id == group.certificate_id
        for day in (since, *(step.effective_on for step in one.steps), one.valid_from)
        if since <= day <= until
    )


class _Actuals:
    """What is, by scope: read once for all targets."""

    def __init__(self, session: Session, plan: str, year: int, known: Coarse) -> None:
        here = {Dimension.PROVINCE: PLAN_PROVINCE}
        self._province = total(session, year=year, where=here, known=known)
        self._districts = _by_key(session, known, Dimension.DISTRICT, here)
        self._groups = _by_key(session, known, Dimension.GROUP, here)
        self._models = len(model_groups(session, plan, year))

    def of(self, target: PlanTarget) -> Measure | None:
        if target.unit == "count":
            return Measure(self._models, Basis.MEASURED, measured=self._models)
        found = self._figures(target)
        tell = _TELLERS.get(target.measure)
        if target.measure == "area_share" and found is not None:
            return self._share_of_land(found)
        return tell(found) if tell and found else None

    def _figures(self, target: PlanTarget) -> Figures | None:
        match target.scope:
            case TargetScope.PROVINCE:
                return self._province
            case TargetScope.DISTRICT:
                return self._districts.get(target.scope_name)
            case TargetScope.CROP_GROUP:
                return self._groups.get(target.scope_name)

    def _share_of_land(self, group: Figures) -> Measure:
        """Of the land on which anything grew: what lay empty belongs to no group."""
        grown = sum(one.land_m2.value or 0 for one in self._groups.values())
        return Measure(permille(group.land_m2.value or 0, grown), Basis.ESTIMATED)


def _by_key(
    session: Session, known: Coarse, by: Dimension, where: Mapping[Dimension, str]
) -> dict[str, Figures]:
    rows = figures(session, year=known.year, by=by, where=where, known=known)
    return {row.key: row.figures for row in rows}


def _output(found: Figures) -> Measure:
    """In whole kilograms, as targets are: cut off once, at the end."""
    grams = found.output_g
    return Measure(
        None if grams.value is None else grams.value // GRAMS_A_KILOGRAM,
        grams.basis,
        grams.measured // GRAMS_A_KILOGRAM,
        grams.declared // GRAMS_A_KILOGRAM,
        grams.estimated // GRAMS_A_KILOGRAM,
    )


def _safe_share(found: Figures) -> Measure:
    return Measure(found.of_sown.safe, found.sown_m2.basis)


_TELLERS: Mapping[str, Callable[[Figures], Measure]] = {
    "area": lambda found: found.land_m2,
    "area_at_least": lambda found: found.land_m2,
    "yield": lambda found: found.yield_kg_per_ha,
    "output": _output,
    "output_at_least": _output,
    "value_at_least": lambda found: found.value_dong,
    "safe_sown_share_at_least": _safe_share,
}


def _compared(target: PlanTarget, actual: Measure | None) -> Compared:
    value = actual.value if actual else None
    reached = None if value is None else permille(value, target.stated)
    return Compared(target, actual, reached)
