"""Where planting areas count: in a former district, a commune of today, an axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.places import AdminUnit
from app.models.plan import PlanAxisPlace
from app.models.registry import PlantingArea
from app.places.queries import predecessors_of, successor_of
from app.plan.axes import plan_with_axes


@dataclass(frozen=True)
class Lies:
    """The codes of the places an area lies in, empty where nobody knows."""

    province: str = ""
    former_commune: str = ""
    district: str = ""
    commune: str = ""
    axis: str = ""


class Places:
    """Finds where areas count; each commune is looked up once, however many areas lie in it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[int, int | None], Lies] = {}
        wanted = select(PlanAxisPlace).where(col(PlanAxisPlace.plan) == plan_with_axes(session))
        rows: Sequence[PlanAxisPlace] = session.execute(wanted).scalars().all()
        self._axes: Mapping[tuple[str, str], str] = {
            (row.district, row.former_commune): row.axis.value for row in rows
        }

    def of(self, area: PlantingArea) -> Lies:
        """Where an area counts: by its former commune, else by what its commune was made of."""
        key = (area.commune_id, area.former_commune_id)
        if key not in self._known:
            self._known[key] = self._found(*key)
        return self._known[key]

    def _found(self, commune_id: int, former_id: int | None) -> Lies:
        commune = self._session.get_one(AdminUnit, commune_id)
        former = self._session.get(AdminUnit, former_id) if former_id else None
        if former is None and commune.valid_to is not None:
            former = commune
        present = successor_of(self._session, commune) or commune
        made_of = [former] if former else predecessors_of(self._session, commune)
        return Lies(
            province=_only({unit.province_code for unit in made_of}),
            former_commune=former.code if former else "",
            district=_only({unit.district_code or "" for unit in made_of}),
            commune=present.code,
            axis=_only({self._axis(unit) for unit in made_of}),
        )

    def _axis(self, unit: AdminUnit) -> str:
        district = unit.district_code or ""
        whole = self._axes.get((district, ""), "")
        return self._axes.get((district, unit.code), whole)


def _only(found: set[str]) -> str:
    """The one thing that is found; empty where there are several, or none."""
    return next(iter(found)) if len(found) == 1 else ""
