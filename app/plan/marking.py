"""In which shares the rows behind a number count, and what they are worth: by the roll-up's own rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from app.plan.axes import A_DAY, counted_on
from app.plan.cells import Flags, flags_of_harvest, flags_of_planting, flags_of_season
from app.plan.drilling import Drilled, LotBehind, PlantingBehind, SeasonBehind
from app.plan.gathering import Gathered, Gatherer
from app.plan.prices import Worth


@dataclass(frozen=True)
class Mark:
    """What a row counts for. `flags`: the shares by name; `worth`: the price of a lot, where it has one."""

    flags: Flags = field(default_factory=dict)
    worth: Worth | None = None


def marks_of(session: Session, rows: Sequence[Drilled]) -> list[Mark]:
    """The marks of some seasons, plantings or lots, in their order; of areas nothing is to be told."""
    lots = [one.lot.pk for one in rows if isinstance(one, LotBehind)]
    areas = sorted({one.area.pk for one in rows})
    gatherer = Gatherer(session, counted_on(session) - A_DAY)
    gathered = {of.area.pk: of for of in gatherer.gather(areas, lots)}
    return [_mark(one, gathered) for one in rows]


def _mark(one: Drilled, gathered: Mapping[int, Gathered]) -> Mark:
    of = gathered[one.area.pk]
    if isinstance(one, SeasonBehind):
        return Mark(flags_of_season(of, one.season))
    if isinstance(one, PlantingBehind):
        return Mark(flags_of_planting(of, one.planting))
    if isinstance(one, LotBehind):
        harvest = next(it for it in of.harvests if it.id == one.lot.pk)
        return Mark(flags_of_harvest(of, harvest), of.prices.find(harvest.crop_id, harvest.day))
    return Mark()
