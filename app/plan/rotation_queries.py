"""One family after itself on the same land (the plan, IV.3): shown by diaries, proven by declarations."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.models.catalogue import Crop
from app.models.diary import Planting, PlantingPlot
from app.models.seasons import SeasonDeclaration
from app.plan.advice_law import ROTATION_DAYS, term
from app.plan.grounds import Ground, Narrowed, grounds

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Repeated:
    """Two crops of one family on the same land, one not long enough after the other.

    `planting` leads to the diary; without one two declared seasons say it: together they are
    larger than the area, so that at least `land_m2` bore both.
    """

    ground: Ground
    before: Crop
    after: Crop
    ended_on: date | None
    sown_on: date
    land_m2: int
    planting: UUID | None = None
    season: UUID | None = None


def rotation_conflicts(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed | None = None
) -> list[Repeated]:
    """What stands, or was sown or declared within a year, after its own family; the newest first.

    A perennial that stands is no repetition, and what the diary shows is not told again from
    the declarations.
    """
    days = term(session, ROTATION_DAYS, day)
    if days is None:
        return []
    land = grounds(session, within=within, day=day, narrowed=narrowed)
    shown = _from_diaries(session, land, day, timedelta(days=days))
    told = {(one.ground.area_id, one.after.family) for one in shown}
    proven = [
        one
        for one in _from_declarations(session, land, day, timedelta(days=days))
        if (one.ground.area_id, one.after.family) not in told
    ]
    return sorted([*shown, *proven], key=lambda one: one.sown_on, reverse=True)


def _from_diaries(
    session: Session, land: dict[int, Ground], day: date, look_back: timedelta
) -> list[Repeated]:
    crops = {crop.pk: crop for crop in list_crops(session)}
    newest: dict[UUID, Repeated] = {}
    for row in session.execute(_pairs(day, look_back)):
        if row.area_id not in land or not _soon(row.ended_on, row.sown_on, look_back):
            continue
        known = newest.get(row.uid)
        if known is None or (known.ended_on or date.max) < (row.ended_on or date.max):
            newest[row.uid] = Repeated(
                *(land[row.area_id], crops[row.crop_before], crops[row.crop_id]),
                *(row.ended_on, row.sown_on, row.both_m2, row.uid),
            )
    return list(newest.values())


def _pairs(day: date, look_back: timedelta) -> Any:
    """Plantings of a year with an earlier one of the same family on common land."""
    later, earlier = aliased(Planting), aliased(Planting)
    crop, crop_before = aliased(Crop), aliased(Crop)
    smaller = case(
        (col(later.area_m2) < col(earlier.area_m2), col(later.area_m2)),
        else_=col(earlier.area_m2),
    )
    return (
        select(
            *(col(later.uid), col(later.area_id), col(later.crop_id), col(later.sown_on)),
            col(earlier.crop_id).label("crop_before"),
            col(earlier.ended_on).label("ended_on"),
            smaller.label("both_m2"),
        )
        .join(crop, col(crop.id) == col(later.crop_id))
        .join(earlier, _before(later, earlier))
        .join(crop_before, col(crop_before.id) == col(earlier.crop_id))
        .where(
            col(crop.family) == col(crop_before.family),
            col(crop.family) != "",
            col(crop.perennial).is_(False),
            col(later.sown_on) > day - A_YEAR,
            col(later.sown_on) <= day,
            # What was over earlier than any look-back of a year's sowings never meets it.
            or_(col(earlier.ended_on).is_(None), col(earlier.ended_on) > day - A_YEAR - look_back),
            _on_common_land(later, earlier),
        )
    )


def _before(later: Any, earlier: Any) -> Any:
    return and_(
        col(earlier.area_id) == col(later.area_id),
        col(earlier.id) != col(later.id),
        col(earlier.sown_on) < col(later.sown_on),
    )


def _on_common_land(later: Any, earlier: Any) -> Any:
    """Both on a plot, or one of them on the area as a whole."""
    held, held_before = aliased(PlantingPlot), aliased(PlantingPlot)
    common = (
        select(col(held.planting_id))
        .join(held_before, col(held_before.plot_id) == col(held.plot_id))
        .where(
            col(held.planting_id) == col(later.id), col(held_before.planting_id) == col(earlier.id)
        )
    )
    return or_(~_has_plots(later), ~_has_plots(earlier), common.exists())


def _has_plots(planting: Any) -> Any:
    held = aliased(PlantingPlot)
    return select(col(held.planting_id)).where(col(held.planting_id) == col(planting.id)).exists()


def _soon(ended_on: date | None, sown_on: date, look_back: timedelta) -> bool:
    return ended_on is None or ended_on >= sown_on - look_back


def _from_declarations(
    session: Session, land: dict[int, Ground], day: date, look_back: timedelta
) -> list[Repeated]:
    crops = {crop.pk: crop for crop in list_crops(session)}
    season = SeasonDeclaration
    wanted = (
        select(
            *(col(season.uid), col(season.area_id), col(season.crop_id), col(season.area_m2)),
            *(col(season.starts_on), col(season.harvest_to)),
        )
        .where(col(season.harvest_to) > day - A_YEAR - look_back)
        .order_by(col(season.starts_on), col(season.id))
    )
    by_land: defaultdict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in session.execute(wanted):
        crop = crops[row.crop_id]
        if crop.family and not crop.perennial and row.area_id in land:
            by_land[row.area_id, crop.family].append(row)
    found = []
    for (area_id, _), seasons in by_land.items():
        for before, after in pairwise(seasons):
            both = before.area_m2 + after.area_m2 - land[area_id].area_m2
            apart = after.starts_on > before.harvest_to
            soon = _soon(before.harvest_to, after.starts_on, look_back)
            if both > 0 and apart and soon and after.starts_on > day - A_YEAR:
                grown = (crops[before.crop_id], crops[after.crop_id])
                days = (before.harvest_to, after.starts_on)
                found.append(Repeated(land[area_id], *grown, *days, both, None, after.uid))
    return found
