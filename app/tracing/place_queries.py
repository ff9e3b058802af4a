"""A trace by communes: what grew where, and where its kilograms are now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.lots.origin_queries import BATCH
from app.models.movements import HoldingState
from app.models.places import AdminUnit
from app.models.registry import Organisation, PlantingArea
from app.tracing.closure_queries import Closure
from app.tracing.whereabouts import Whereabouts

# Of what was sold, lost or is missing nobody knows a place; who buys has an address and no commune.
_THERE = frozenset({HoldingState.IN_HAND, HoldingState.IN_TRANSIT})


@dataclass(frozen=True)
class TracedPlace:
    """A commune in a trace: lots that were harvested there, and grams that are there now."""

    code: str
    name: str
    grown_lots: int
    grown_g: int
    there_g: int


@dataclass(frozen=True)
class Placed:
    """A trace by communes, and the grams that lie in none: with buyers outside, sold, gone."""

    places: tuple[TracedPlace, ...]
    elsewhere_g: int


def placed(session: Session, found: Closure, whereabouts: Iterable[Whereabouts]) -> Placed:
    """Communes by their codes. Goods on their way count where they came from."""
    areas = _communes(session, PlantingArea, {lot.area_id for lot in found.lots.values()})
    held = list(whereabouts)
    homes = _communes(session, Organisation, {one.organisation_id for one in held})
    lots: defaultdict[int, int] = defaultdict(int)
    grown: defaultdict[int, int] = defaultdict(int)
    there: defaultdict[int, int] = defaultdict(int)
    elsewhere = 0
    for lot in found.lots.values():
        if lot.area_id is not None:
            lots[areas[lot.area_id]] += 1
            grown[areas[lot.area_id]] += lot.quantity_g
    for one in held:
        home = homes.get(one.organisation_id)
        if one.state in _THERE and home is not None:
            there[home] += one.quantity_g
        else:
            elsewhere += one.quantity_g
    units = _units(session, {*grown, *there})
    places = [
        TracedPlace(unit.code, unit.name, lots[key], grown[key], there[key])
        for key, unit in units.items()
    ]
    return Placed(tuple(sorted(places, key=lambda one: one.code)), elsewhere)


def _communes(
    session: Session, model: type[Organisation] | type[PlantingArea], keys: set[int | None]
) -> dict[int, int]:
    found: dict[int, int] = {}
    wanted = sorted(key for key in keys if key is not None)
    for start in range(0, len(wanted), BATCH):
        some = col(model.id).in_(wanted[start : start + BATCH])
        rows = session.execute(select(col(model.id), col(model.commune_id)).where(some))
        found |= {key: commune for key, commune in rows if commune is not None}
    return found


def _units(session: Session, keys: set[int]) -> dict[int, AdminUnit]:
    wanted = select(AdminUnit).where(col(AdminUnit.id).in_(keys))
    return {unit.pk: unit for unit in session.execute(wanted).scalars()}
