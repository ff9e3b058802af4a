"""Where planting areas count: in a former district, a commune of today, an axis."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from app.models.places import AdminUnit
from app.models.plan import PlanAxisPlace
from app.models.registry import PlantingArea
from app.places.queries import predecessors_of, successor_of
from app.plan.axes import whose_axes


@dataclass(frozen=True)
class Lies:
    """The codes of the places an area lies in, empty where nobody knows."""

    province: str = ""
    former_commune: str = ""
    district: str = ""
    commune: str = ""


class Places:
    """Finds where areas count; each commune is looked up once, however many areas lie in it."""

    def __init__(self, session: Session, today: date) -> None:
        self._session = session
        self._known: dict[tuple[int, int | None], tuple[Lies, Sequence[AdminUnit]]] = {}
        self._whose = whose_axes(session, today)
        self._axes: defaultdict[str, dict[tuple[str, str], str]] = defaultdict(dict)
        rows: Sequence[PlanAxisPlace] = session.execute(select(PlanAxisPlace)).scalars().all()
        for row in rows:
            self._axes[row.plan][row.district, row.former_commune] = row.axis

    def of(self, area: PlantingArea) -> Lies:
        """Where an area counts: by its former commune, else by what its commune was made of."""
        return self._found(area)[0]

    def axes_of(self, area: PlantingArea) -> Callable[[int], str]:
        """In which axis an area counts in a year, by the plan whose axes count then."""
        _, made_of = self._found(area)
        found: dict[str, str] = {}

        def in_year(year: int) -> str:
            plan = self._whose.in_year(year)
            if plan not in found:
                found[plan] = _only({self._axis(plan, unit) for unit in made_of})
            return found[plan]

        return in_year

    def _found(self, area: PlantingArea) -> tuple[Lies, Sequence[AdminUnit]]:
        key = (area.commune_id, area.former_commune_id)
        if key not in self._known:
            self._known[key] = self._look(*key)
        return self._known[key]

    def _look(self, commune_id: int, former_id: int | None) -> tuple[Lies, Sequence[AdminUnit]]:
        commune = self._session.get_one(AdminUnit, commune_id)
        former = self._session.get(AdminUnit, former_id) if former_id else None
        if former is None and commune.valid_to is not None:
            former = commune
        present = successor_of(self._session, commune) or commune
        made_of = [former] if former else predecessors_of(self._session, commune)
        lies = Lies(
            province=_only({unit.province_code for unit in made_of}),
            former_commune=former.code if former else "",
            district=_only({unit.district_code or "" for unit in made_of}),
            commune=present.code,
        )
        return lies, made_of

    def _axis(self, plan: str, unit: AdminUnit) -> str:
        district, axes = unit.district_code or "", self._axes[plan]
        return axes.get((district, unit.code), axes.get((district, ""), ""))


def _only(found: set[str]) -> str:
    """The one thing that is found; empty where there are several, or none."""
    return next(iter(found)) if len(found) == 1 else ""
