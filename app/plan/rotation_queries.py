"""One family after itself on the same land (the plan, IV.3): shown by diaries, proven by declarations."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, case, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.db import days_between
from app.models.catalogue import Crop
from app.models.diary import Planting, PlantingPlot
from app.models.registry import PlantingArea
from app.models.seasons import SeasonDeclaration
from app.plan.advice_law import ROTATION_DAYS, term
from app.plan.grounds import (
    EVERYTHING,
    STATEMENTS,
    Ground,
    Land,
    Narrowed,
    besides,
    ground_of,
)
from app.plan.listings import Found, Listing

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
    session: Session, *, within: Reach, day: date, narrowed: Narrowed = EVERYTHING
) -> Listing[Repeated]:
    """What stands, or was sown or declared within a year, after its own family; the newest first.

    A perennial that stands is no repetition, and what the diary shows is not told again from
    the declarations. Without the rule of the day there is no conflict.
    """
    crops = {crop.pk: crop for crop in list_crops(session)}

    def made(row: Any) -> Repeated:
        before, after, *rest = besides(row, 2 + len(_TOLD))
        return Repeated(ground_of(row), crops[before], crops[after], *rest)

    look_back = term(session, ROTATION_DAYS, day)
    return Listing(session, _conflicts(within, day, narrowed, look_back), made)


@lru_cache(maxsize=STATEMENTS)
def _conflicts(within: Reach, day: date, narrowed: Narrowed, look_back: int | None) -> Found:
    land = Land(within, day, narrowed)
    shown = _from_diaries(day, look_back or 0).cte("shown")
    proven = _from_declarations(day, look_back or 0).subquery("proven")
    told = exists().where(shown.c.area_id == proven.c.area_id, shown.c.family == proven.c.family)
    found = union_all(select(shown), select(proven).where(~told)).subquery("found")
    return Found(
        select(*land.columns, *(found.c[name] for name in ("crop_before", "crop_after", *_TOLD)))
        .join(found, found.c.area_id == land.key)
        .where(literal(look_back is not None))
        # Of one day those of the diaries first, each kind in the order in which it was recorded.
        .order_by(found.c.sown_on.desc(), found.c.season.is_not(None), found.c.id)
    )


_NO_UID = cast(null(), Uuid)
_TOLD = ("ended_on", "sown_on", "land_m2", "planting", "season")


def _from_diaries(day: date, look_back: int) -> Any:
    """Of each planting of a year the latest one before it of the same family on common land."""
    later, earlier = aliased(Planting), aliased(Planting)
    crop, crop_before = aliased(Crop), aliased(Crop)
    smaller = case(
        (col(later.area_m2) < col(earlier.area_m2), col(later.area_m2)),
        else_=col(earlier.area_m2),
    )
    ended_on = col(earlier.ended_on)
    latest = (ended_on.is_not(None), ended_on.desc(), col(earlier.id))
    pairs = (
        select(
            *(col(later.id), col(later.area_id), col(crop.family)),
            col(earlier.crop_id).label("crop_before"),
            col(later.crop_id).label("crop_after"),
            *(ended_on, col(later.sown_on), smaller.label("land_m2")),
            *(col(later.uid).label("planting"), _NO_UID.label("season")),
            func.row_number().over(partition_by=col(later.id), order_by=latest).label("nth"),
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
            or_(ended_on.is_(None), days_between(col(later.sown_on), ended_on) <= look_back),
            _on_common_land(later, earlier),
        )
        .subquery("pairs")
    )
    return select(*list(pairs.c)[:-1]).where(pairs.c.nth == 1)


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


def _from_declarations(day: date, look_back: int) -> Any:
    """Each declared season of a year with the one before it of its family, if the area is too small."""
    season, first = SeasonDeclaration, day - A_YEAR
    land: Any = (col(season.area_id), col(Crop.family))
    turn: Any = (col(season.starts_on), col(season.id))

    def before(column: Any) -> Any:
        return func.lag(column).over(partition_by=land, order_by=turn)

    turns = (
        select(
            *(col(season.id), col(season.area_id), col(Crop.family)),
            before(col(season.crop_id)).label("crop_before"),
            col(season.crop_id).label("crop_after"),
            before(col(season.harvest_to)).label("ended_on"),
            col(season.starts_on).label("sown_on"),
            (before(col(season.area_m2)) + col(season.area_m2)).label("both_m2"),
            *(_NO_UID.label("planting"), col(season.uid).label("season")),
        )
        .join(Crop, col(Crop.id) == col(season.crop_id))
        .where(
            col(season.harvest_to) > first - timedelta(days=look_back),
            *(col(Crop.family) != "", col(Crop.perennial).is_(False)),
        )
        .subquery("turns")
    )
    told = {one.name: one for one in turns.c if one.name != "both_m2"}
    area_m2 = col(PlantingArea.area_m2)
    land_m2 = (turns.c.both_m2 - area_m2).label("land_m2")
    columns = [told.get(name, land_m2) for name in _COLUMNS]
    return (
        select(*columns)
        .join(PlantingArea, col(PlantingArea.id) == turns.c.area_id)
        .where(
            turns.c.both_m2 > area_m2,
            turns.c.sown_on > turns.c.ended_on,
            turns.c.sown_on > first,
            days_between(turns.c.sown_on, turns.c.ended_on) <= look_back,
        )
    )


_COLUMNS = ("id", "area_id", "family", "crop_before", "crop_after", *_TOLD)
