"""What land can be believed to give: the plan's yields by former district, the nearest year first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.plan_queries import counting_on, dated_plans
from app.catalogue.queries import holds_on, rules_of, value_of
from app.kit.quantities import Grams, SquareMetres
from app.lots.balance import plausible_output
from app.models.catalogue import LegalRule
from app.models.places import AdminUnit
from app.models.plan import PlanTarget, ProvincePlan, TargetScope
from app.models.registry import PlantingArea

YIELD = "yield"
PERCENT_RULE = "balance.plausible_percent"
HARVESTS_RULE = "balance.harvests_a_year"


@dataclass(frozen=True)
class Plausible:
    """The most some land is believed to give, and the act the figure rests on."""

    output: Grams
    law: str


class Yields:
    """The plan's yields and the rules about them, each read once, however many fields are asked for.

    `units`: the communes that were read already.
    """

    def __init__(self, session: Session, units: Mapping[int, AdminUnit] | None = None) -> None:
        self._session = session
        self._units = units or {}
        self._plans: list[ProvincePlan] | None = None
        self._targets: dict[str, list[PlanTarget]] = {}
        self._rules: dict[str, list[LegalRule]] = {}

    def find(
        self, area: PlantingArea, sown: SquareMetres, day: date, *, a_year: bool = False
    ) -> Plausible | None:
        """What land of an area gives in a season, or in a whole year, by the plan; None without a yield."""
        target, percent = self._yield_of(area, day.year), self._rule(PERCENT_RULE, day)
        if target is None or percent is None:
            return None
        harvests = self._rule(HARVESTS_RULE, day) if a_year else None
        output = plausible_output(
            sown,
            kg_per_ha=target.stated,
            percent=int(value_of(percent)),
            harvests=int(value_of(harvests)) if harvests else 1,
        )
        return Plausible(output, target.legal_ref)

    def _rule(self, key: str, day: date) -> LegalRule | None:
        if key not in self._rules:
            self._rules[key] = rules_of(self._session, key)
        return next((rule for rule in self._rules[key] if holds_on(rule, day)), None)

    def _yield_of(self, area: PlantingArea, year: int) -> PlanTarget | None:
        """The yield of an area's former district: of the latest year that has begun, else of the first.

        By the plan that was in force when the year began, else by the newest before it that states one.
        """
        key = area.former_commune_id or area.commune_id
        place = self._units.get(key) or self._session.get(AdminUnit, key)
        if place is None or place.district_code is None:
            return None
        district = place.district_code
        if district not in self._targets:
            self._targets[district] = _targets(self._session, district)
        for plan in self._counting(year):
            stated = [target for target in self._targets[district] if target.plan == plan]
            begun = [target for target in stated if target.year <= year]
            if stated:
                return begun[-1] if begun else stated[0]
        return None

    def _counting(self, year: int) -> list[str]:
        if self._plans is None:
            self._plans = dated_plans(self._session)
        return counting_on(self._plans, date(year, 1, 1))


def find_plausible(
    session: Session, area: PlantingArea, sown: SquareMetres, day: date, *, a_year: bool = False
) -> Plausible | None:
    """The same of one field."""
    return Yields(session).find(area, sown, day, a_year=a_year)


def _targets(session: Session, district: str) -> list[PlanTarget]:
    """The yields that plans state for a former district, the earliest year first."""
    wanted = (
        select(PlanTarget)
        .where(
            col(PlanTarget.measure) == YIELD,
            col(PlanTarget.scope) == TargetScope.DISTRICT,
            col(PlanTarget.scope_name) == district,
        )
        .order_by(col(PlanTarget.year))
    )
    return list(session.execute(wanted).scalars())
