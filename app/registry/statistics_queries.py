"""How many areas, hectares and codes: by the nine former districts of the plan, and by commune of today."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.kit.quantities import SquareMetres
from app.models.places import AdminUnit
from app.models.registry import AreaCode, CodeStatus, PlantingArea
from app.places.queries import former_districts, predecessors_of, units_by_ids
from app.registry.register_queries import status_column

Place = tuple[int, int | None]


@dataclass
class Count:
    """What lies in a place on a day: areas, square metres, and codes by their status."""

    areas: int = 0
    area_m2: int = 0
    codes: Counter[CodeStatus] = field(default_factory=Counter)

    @property
    def land(self) -> SquareMetres:
        """The areas together."""
        return SquareMetres(self.area_m2)

    def add(self, other: "Count") -> None:
        """Count what another counted too."""
        self.areas += other.areas
        self.area_m2 += other.area_m2
        self.codes.update(other.codes)


@dataclass(frozen=True)
class Line:
    """A unit with what lies in it."""

    unit: AdminUnit
    count: Count


@dataclass(frozen=True)
class Statistics:
    """Lines by the code of their unit; `unallocated` are communes whose areas no line counts."""

    lines: tuple[Line, ...]
    unallocated: tuple[Line, ...]
    total: Count


def codes_by_district(session: Session, day: date) -> Statistics:
    """By district as it was until 30 June 2025, for the plan: every district, the empty ones too.

    An area counts where its former commune lay. Where nobody said which that was, it counts in
    the district its commune was made of; a commune that was made of two stays apart, with its
    areas, since it is not known in which of them they lie.
    """
    counts = _counts(session, day)
    units = _units(session, counts)
    districts = {(unit.province_code, unit.code): unit for unit in former_districts(session)}
    allocated: defaultdict[tuple[str, str], Count] = defaultdict(Count)
    unallocated: defaultdict[int, Count] = defaultdict(Count)
    known: dict[int, set[tuple[str, str]]] = {}
    for (commune_id, former_id), count in counts.items():
        place = units[former_id or commune_id]
        lies_in = known.setdefault(place.pk, _districts(session, place))
        if len(lies_in) == 1:
            allocated[next(iter(lies_in))].add(count)
        else:
            unallocated[commune_id].add(count)
    lines = tuple(Line(district, allocated[key]) for key, district in sorted(districts.items()))
    return Statistics(lines, _lines(unallocated, units), _sum(counts.values()))


def codes_by_commune(session: Session, day: date) -> Statistics:
    """By commune of today: those where areas lie."""
    counts = _counts(session, day)
    present: defaultdict[int, Count] = defaultdict(Count)
    for (commune_id, _), count in counts.items():
        present[commune_id].add(count)
    return Statistics(_lines(present, _units(session, counts)), (), _sum(counts.values()))


def _counts(session: Session, day: date) -> dict[Place, Count]:
    """By commune of today and former commune: areas that stood on a day, codes given until then."""
    counts: defaultdict[Place, Count] = defaultdict(Count)
    place = (col(PlantingArea.commune_id), col(PlantingArea.former_commune_id))
    land = select(*place, func.count(), func.sum(col(PlantingArea.area_m2))).where(_stood(day))
    for commune_id, former_id, areas, area_m2 in session.execute(land.group_by(*place)):
        counts[commune_id, former_id].add(Count(areas, int(area_m2)))
    coded = (
        select(*place, status_column(day).label("status"))
        .select_from(AreaCode)
        .join(PlantingArea, col(PlantingArea.id) == col(AreaCode.area_id))
        .subquery()
    )
    by_status = select(*coded.c, func.count()).group_by(*coded.c)
    for commune_id, former_id, status, codes in session.execute(by_status):
        if status is not None:
            counts[commune_id, former_id].codes[status] += codes
    return dict(counts)


def _stood(day: date) -> ColumnElement[bool]:
    closed_on = col(PlantingArea.closed_on)
    return and_(col(PlantingArea.established_on) <= day, or_(closed_on.is_(None), closed_on >= day))


def _units(session: Session, places: Iterable[Place]) -> dict[int, AdminUnit]:
    return units_by_ids(session, {key for place in places for key in place if key is not None})


def _districts(session: Session, place: AdminUnit) -> set[tuple[str, str]]:
    """The district of a former commune; those a commune of today was made of."""
    made_of = [place] if place.district_code else predecessors_of(session, place)
    return {(unit.province_code, unit.district_code) for unit in made_of if unit.district_code}


def _lines(counts: dict[int, Count], units: dict[int, AdminUnit]) -> tuple[Line, ...]:
    lines = [Line(units[key], count) for key, count in counts.items()]
    return tuple(sorted(lines, key=lambda line: line.unit.code))


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        total.add(count)
    return total
