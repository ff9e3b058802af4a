"""One family after itself on the same land (the plan, IV.3): shown by diaries, proven by declarations."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
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
    later, earlier = aliased(Planting), aliased(Planting)
    crop, crop_before = aliased(Crop), aliased(Crop)
    wanted = (
        select(later, earlier, crop, crop_before)
        .join(crop, col(crop.id) == col(later.crop_id))
        .join(earlier, _before(later, earlier))
        .join(crop_before, col(crop_before.id) == col(earlier.crop_id))
        .where(
            col(crop.family) == col(crop_before.family),
            col(crop.family) != "",
            col(crop.perennial).is_(False),
            col(later.sown_on) > day - A_YEAR,
            col(later.sown_on) <= day,
            # Rows older than any look-back of a year's sowings never meet it.
            or_(col(earlier.ended_on).is_(None), col(earlier.ended_on) > day - A_YEAR - look_back),
            _on_common_land(later, earlier),
        )
    )
    newest: dict[int, Repeated] = {}
    for one, former, grown, grown_before in session.execute(wanted).all():
        if one.area_id not in land or not _soon(former.ended_on, one.sown_on, look_back):
            continue
        known = newest.get(one.pk)
        if known is None or (known.ended_on or date.max) < (former.ended_on or date.max):
            newest[one.pk] = Repeated(
                *(land[one.area_id], grown_before, grown, former.ended_on, one.sown_on),
                *(min(one.area_m2, former.area_m2), one.uid),
            )
    return list(newest.values())


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
    wanted = (
        select(SeasonDeclaration, Crop)
        .join(Crop, col(Crop.id) == col(SeasonDeclaration.crop_id))
        .where(
            col(SeasonDeclaration.harvest_to) > day - A_YEAR - look_back,
            col(Crop.family) != "",
            col(Crop.perennial).is_(False),
        )
        .order_by(col(SeasonDeclaration.starts_on), col(SeasonDeclaration.id))
    )
    by_land: defaultdict[tuple[int, str], list[tuple[SeasonDeclaration, Crop]]] = defaultdict(list)
    for season, crop in session.execute(wanted):
        if season.area_id in land:
            by_land[season.area_id, crop.family].append((season, crop))
    found = []
    for (area_id, _), seasons in by_land.items():
        for (former, crop_before), (season, crop) in pairwise(seasons):
            both = former.area_m2 + season.area_m2 - land[area_id].area_m2
            apart = season.starts_on > former.harvest_to
            soon = _soon(former.harvest_to, season.starts_on, look_back)
            if both > 0 and apart and soon and season.starts_on > day - A_YEAR:
                days = (former.harvest_to, season.starts_on)
                found.append(
                    Repeated(land[area_id], crop_before, crop, *days, both, None, season.uid)
                )
    return found
