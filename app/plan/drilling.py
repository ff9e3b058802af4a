"""What is behind a number: the areas, the declared seasons and the lots that it was made of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, extract, func, or_, select, union
from sqlmodel import Session, col

from app.kit.cursor import Page, UnreadableCursor, decode, page_of
from app.models.catalogue import Crop
from app.models.diary import Planting
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.plan_figures import PlanCell, PlanLand
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from app.plan.cells import belongs
from app.plan.dimensions import Dimension, FigureRow, Where
from app.plan.figures import figures_from
from app.plan.standing import year_days
from app.plan.summing import cell_sums, conditions, knows_crops, land_sums

# Of so many areas the lots are read area by area.
FEW_AREAS = 300


class Behind(StrEnum):
    """Which rows behind a number are wanted."""

    AREAS = "areas"
    SEASONS = "seasons"
    PLANTINGS = "plantings"
    LOTS = "lots"


@dataclass(frozen=True)
class AreaBehind:
    """An area with its part of the number."""

    area: PlantingArea
    organisation: Organisation
    row: FigureRow


@dataclass(frozen=True)
class SeasonBehind:
    """A declared season."""

    season: SeasonDeclaration
    crop: Crop
    area: PlantingArea
    organisation: Organisation


@dataclass(frozen=True)
class PlantingBehind:
    """A planting that is written in a diary and was not declared."""

    planting: Planting
    crop: Crop
    area: PlantingArea
    organisation: Organisation


@dataclass(frozen=True)
class LotBehind:
    """A lot as it was harvested."""

    lot: HarvestLot
    crop: Crop
    area: PlantingArea
    organisation: Organisation


Drilled = AreaBehind | SeasonBehind | PlantingBehind | LotBehind


def drill(
    session: Session,
    *,
    year: int | None,
    where: Where | None = None,
    behind: Behind = Behind.AREAS,
    after: str | None = None,
    limit: int = 50,
) -> Page[Drilled]:
    """The rows behind a number: areas and seasons as they were registered, lots the newest first."""
    asked = where or {}
    if behind is Behind.LOTS:
        lots = _lots(session, year, asked, after, limit + 1)
        return page_of(lots, limit=limit, key=_key_of_lot)
    last = 0 if after is None else int(decode(after, int)[0])
    if behind is Behind.AREAS:
        areas = _areas(session, year, asked, last, limit + 1)
        return page_of(areas, limit=limit, key=_key_of_area)
    if behind is Behind.PLANTINGS:
        plantings = _plantings(session, year, asked, last, limit + 1)
        return page_of(plantings, limit=limit, key=_key_of_planting)
    seasons = _seasons(session, year, asked, last, limit + 1)
    return page_of(seasons, limit=limit, key=_key_of_season)


def _areas(
    session: Session, year: int | None, where: Where, last: int, limit: int
) -> list[Drilled]:
    shared = knows_crops(None, where)
    parts = [
        select(col(table.area_id)).where(
            *conditions(session, table, year, where), col(table.area_id) > last
        )
        for table in ((PlanCell,) if shared else (PlanCell, PlanLand))
    ]
    keys = union(*parts).subquery()
    wanted = (
        select(PlantingArea, Organisation)
        .join(keys, keys.c.area_id == col(PlantingArea.id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .order_by(col(PlantingArea.id))
        .limit(limit)
    )
    found = session.execute(wanted).all()
    some = [area.pk for area, _ in found]
    by = Dimension.AREA
    cells = cell_sums(session, year=year, by=by, where=where, areas=some)
    land = land_sums(session, year=year, by=by, where=where, areas=some)
    return [
        AreaBehind(
            area,
            organisation,
            FigureRow(
                str(area.uid),
                area.name,
                figures_from(cells.get(area.pk), land.get(area.pk), shared=shared),
            ),
        )
        for area, organisation in found
    ]


def _seasons(
    session: Session, year: int | None, where: Where, last: int, limit: int
) -> list[Drilled]:
    season = SeasonDeclaration
    wanted = (
        select(season, Crop, PlantingArea, Organisation)
        .join(Crop, col(Crop.id) == col(season.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(season.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(
            *in_year(col(season.harvest_from), year),
            col(season.id) > last,
            counted(session, season, col(season.harvest_from), where),
        )
        .order_by(col(season.id))
        .limit(limit)
    )
    return [SeasonBehind(*row) for row in session.execute(wanted)]


def _plantings(
    session: Session, year: int | None, where: Where, last: int, limit: int
) -> list[Drilled]:
    """Plantings without a season, but for those that a declared one speaks of: as the figures count."""
    found: list[Drilled] = []
    while len(found) < limit:
        rows = session.execute(_undeclared(session, year, where, last).limit(limit)).all()
        if not rows:
            break
        last = rows[-1][0].pk
        declared = _declared(session, {row[0].area_id for row in rows})
        found += [
            PlantingBehind(*row)
            for row in rows
            if not any(belongs(row[0], one) for one in declared[row[0].area_id])
        ]
    return found[:limit]


def _undeclared(session: Session, year: int | None, where: Where, last: int) -> Any:
    planting = Planting
    day = func.coalesce(col(planting.harvest_from), col(planting.sown_on))
    return (
        select(planting, Crop, PlantingArea, Organisation)
        .join(Crop, col(Crop.id) == col(planting.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(planting.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(
            *in_year(day, year),
            col(planting.id) > last,
            col(planting.season_id).is_(None),
            counted(session, planting, day, where),
        )
        .order_by(col(planting.id))
    )


def _declared(session: Session, areas: set[int]) -> dict[int, list[SeasonDeclaration]]:
    found: defaultdict[int, list[SeasonDeclaration]] = defaultdict(list)
    wanted = select(SeasonDeclaration).where(col(SeasonDeclaration.area_id).in_(areas))
    for one in session.execute(wanted).scalars():
        found[one.area_id].append(one)
    return found


def _lots(
    session: Session, year: int | None, where: Where, after: str | None, limit: int
) -> list[Drilled]:
    lot = HarvestLot
    day, key = col(lot.harvested_on), col(lot.id)
    kept = [
        *in_year(day, year),
        *_of_few_areas(session, year, where),
        col(lot.kind) == LotKind.HARVEST,
        col(lot.state) != LotState.WITHDRAWN,
        counted(session, lot, day, where),
    ]
    if after is not None:
        last_day, last_key = _place_of(after)
        kept += [day <= last_day, or_(day < last_day, key < last_key)]
    # The keys alone first: what is shown beside them is read for a page of them.
    found = select(key).where(*kept).order_by(day.desc(), key.desc()).limit(limit)
    keys = list(session.execute(found).scalars())
    wanted = (
        select(lot, Crop, PlantingArea, Organisation)
        .join(Crop, col(Crop.id) == col(lot.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(lot.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(key.in_(keys))
        .order_by(day.desc(), key.desc())
    )
    return [LotBehind(*row) for row in session.execute(wanted)]


def _of_few_areas(session: Session, year: int | None, where: Where) -> list[ColumnElement[bool]]:
    """Where few areas are asked for, their lots are read by area; else by day, the newest first."""
    areas = select(col(PlanCell.area_id)).where(*conditions(session, PlanCell, year, where))
    found = list(session.execute(areas.distinct().limit(FEW_AREAS + 1)).scalars())
    return [col(HarvestLot.area_id).in_(found)] if len(found) <= FEW_AREAS else []


def in_year(day: Any, year: int | None) -> list[ColumnElement[bool]]:
    """Whether a day is in a year: as a range, so that an index on days serves."""
    return [] if year is None else [day.between(*year_days(year))]


def counted(session: Session, table: Any, day: Any, where: Where) -> ColumnElement[bool]:
    """Whether a row counts in a cell that is asked for: the same area and crop, a day of its month."""
    cell = select(col(PlanCell.id)).where(
        col(PlanCell.area_id) == table.area_id,
        col(PlanCell.crop_id) == table.crop_id,
        col(PlanCell.year) == extract("year", day),
        col(PlanCell.month) == extract("month", day),
        *conditions(session, PlanCell, None, where),
    )
    return cell.correlate(table).exists()


def _place_of(cursor: str) -> tuple[date, int]:
    told, key = decode(cursor, str, int)
    try:
        return date.fromisoformat(str(told)), int(key)
    except ValueError as unreadable:
        raise UnreadableCursor("the cursor does not belong to this list") from unreadable


def _key_of_area(one: Drilled) -> tuple[int]:
    return (one.area.pk,)


def _key_of_season(one: Drilled) -> tuple[int]:
    return (one.season.pk,) if isinstance(one, SeasonBehind) else (0,)


def _key_of_planting(one: Drilled) -> tuple[int]:
    return (one.planting.pk,) if isinstance(one, PlantingBehind) else (0,)


def _key_of_lot(one: Drilled) -> tuple[str, int]:
    return (one.lot.harvested_on.isoformat(), one.lot.pk) if isinstance(one, LotBehind) else ("", 0)
