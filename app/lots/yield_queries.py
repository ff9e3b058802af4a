"""What land can be believed to give: the plan's yields by former district, the nearest year first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.kit.quantities import Grams, SquareMetres
from app.lots.balance import plausible_output
from app.models.places import AdminUnit
from app.models.plan import SAFE_VEGETABLES_2030, PlanTarget, TargetScope
from app.models.registry import PlantingArea

YIELD = "yield"
PERCENT_RULE = "balance.plausible_percent"
HARVESTS_RULE = "balance.harvests_a_year"


@dataclass(frozen=True)
class Plausible:
    """The most some land is believed to give, and the act the figure rests on."""

    output: Grams
    law: str


def find_plausible(
    session: Session, area: PlantingArea, sown: SquareMetres, day: date, *, a_year: bool = False
) -> Plausible | None:
    """What land of an area gives in a season, or in a whole year, by the plan; None without a yield."""
    target = _yield_of(session, area, day.year)
    percent = rule_on(session, PERCENT_RULE, day)
    if target is None or percent is None:
        return None
    harvests = rule_on(session, HARVESTS_RULE, day) if a_year else None
    output = plausible_output(
        sown,
        kg_per_ha=target.stated,
        percent=int(value_of(percent)),
        harvests=int(value_of(harvests)) if harvests else 1,
    )
    return Plausible(output, target.legal_ref)


def _yield_of(session: Session, area: PlantingArea, year: int) -> PlanTarget | None:
    """The yield of an area's former district: of the latest year that has begun, else of the first."""
    place = session.get(AdminUnit, area.former_commune_id or area.commune_id)
    if place is None or place.district_code is None:
        return None
    wanted = (
        select(PlanTarget)
        .where(
            col(PlanTarget.plan) == SAFE_VEGETABLES_2030,
            col(PlanTarget.measure) == YIELD,
            col(PlanTarget.scope) == TargetScope.DISTRICT,
            col(PlanTarget.scope_name) == place.district_code,
        )
        .order_by(col(PlanTarget.year))
    )
    found = list(session.execute(wanted).scalars())
    begun = [target for target in found if target.year <= year]
    return begun[-1] if begun else next(iter(found), None)
