"""What is behind a number: the areas, the declared seasons and the lots that it was made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, extract, select, union
from sqlmodel import Session, col

from app.kit.cursor import Page, decode, page_of
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.plan_figures import PlanCell, PlanLand
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from app.plan.dimensions import Dimension, FigureRow, Where
from app.plan.figures import figures_from
from app.plan.summing import cell_sums, conditions, knows_crops, land_sums


class Behind(StrEnum):
    """Which rows behind a number are wanted."""

    AREAS = "areas"
    SEASONS = "seasons"
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
class LotBehind:
    """A lot as it was harvested."""

    lot: HarvestLot
    crop: Crop
    area: PlantingArea
    organisation: Organisation


Drilled = AreaBehind | SeasonBehind | LotBehind


def drill(
    session: Session,
    *,
    year: int | None,
    where: Where | None = None,
    behind: Behind = Behind.AREAS,
    after: str | None = None,
    limit: int = 50,
) -> Page[Drilled]:
    """The rows behind a number, in the order in which they were registered."""
    asked = where or {}
    last = 0 if after is None else int(decode(after, int)[0])
    rows: Sequence[Drilled]
    match behind:
        case Behind.AREAS:
            rows = _areas(session, year, asked, last, limit + 1)
            return page_of(rows, limit=limit, key=_key_of_area)
        case Behind.SEASONS:
            wanted = _seasons(session, year, asked, last)
            rows = [SeasonBehind(*row) for row in session.execute(wanted.limit(limit + 1))]
            return page_of(rows, limit=limit, key=_key_of_season)
        case Behind.LOTS:
            wanted = _lots(session, year, asked, last)
            rows = [LotBehind(*row) for row in session.execute(wanted.limit(limit + 1))]
            return page_of(rows, limit=limit, key=_key_of_lot)


def _areas(
    session: Session, year: int | None, where: Where, last: int, limit: int
) -> list[AreaBehind]:
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


def _seasons(session: Session, year: int | None, where: Where, last: int) -> Any:
    return (
        select(SeasonDeclaration, Crop, PlantingArea, Organisation)
        .join(PlanCell, in_cell(SeasonDeclaration, col(SeasonDeclaration.harvest_from)))
        .join(Crop, col(Crop.id) == col(SeasonDeclaration.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(SeasonDeclaration.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(*conditions(session, PlanCell, year, where), col(SeasonDeclaration.id) > last)
        .order_by(col(SeasonDeclaration.id))
    )


def _lots(session: Session, year: int | None, where: Where, last: int) -> Any:
    return (
        select(HarvestLot, Crop, PlantingArea, Organisation)
        .join(PlanCell, in_cell(HarvestLot, col(HarvestLot.harvested_on)))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(HarvestLot.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(
            *conditions(session, PlanCell, year, where),
            col(HarvestLot.id) > last,
            col(HarvestLot.kind) == LotKind.HARVEST,
            col(HarvestLot.state) != LotState.WITHDRAWN,
        )
        .order_by(col(HarvestLot.id))
    )


def in_cell(table: Any, day: Any) -> Any:
    """Whether a row counts in a cell: the same area and crop, and a day of its month."""
    return and_(
        col(PlanCell.area_id) == table.area_id,
        col(PlanCell.crop_id) == table.crop_id,
        col(PlanCell.year) == extract("year", day),
        col(PlanCell.month) == extract("month", day),
    )


def _key_of_area(one: Drilled) -> tuple[int]:
    return (one.area.pk,)


def _key_of_season(one: Drilled) -> tuple[int]:
    return (one.season.pk,) if isinstance(one, SeasonBehind) else (0,)


def _key_of_lot(one: Drilled) -> tuple[int]:
    return (one.lot.pk,) if isinstance(one, LotBehind) else (0,)
