"""Which areas and plots lie on the same ground, or near: boxes in SQL, then the exact shapes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.finding import AreaTile, PlotTile
from app.models.registry import Organisation, PlantingArea, Plot
from app.registry.geometry import Bounds, Overlap, bounds_of, distance_m, overlap
from app.registry.tiles import tiles_of

# More tiles or keys than any field has are asked for piece by piece: databases bound a statement's values.
_A_PIECE = 500


@dataclass(frozen=True)
class AreaOverlap:
    """An area that lies partly on the same ground, and the ground they share."""

    area: PlantingArea
    organisation: Organisation
    shared: Overlap


@dataclass(frozen=True)
class PlotOverlap:
    """The same of a plot that belongs to another area, or to none."""

    plot: Plot
    organisation: Organisation
    shared: Overlap


@dataclass(frozen=True)
class Near:
    """An area that lies near, and the metres between the two boundaries."""

    area: PlantingArea
    organisation: Organisation
    metres: float


def areas_over(
    session: Session, polygon: str, *, besides: PlantingArea | None = None
) -> list[AreaOverlap]:
    """The open areas that share ground with a boundary, the largest share first."""
    found = [
        AreaOverlap(area, organisation, shared)
        for area, organisation in _areas_in(session, bounds_of(polygon), besides)
        if area.polygon and (shared := overlap(polygon, area.polygon)) is not None
    ]
    return sorted(found, key=lambda one: one.shared.area, reverse=True)


def plots_over(
    session: Session, polygon: str, *, besides: PlantingArea | None = None
) -> list[PlotOverlap]:
    """The plots of other areas, or of none, that share ground with a boundary."""
    found = [
        PlotOverlap(plot, organisation, shared)
        for plot, organisation in _plots_in(session, bounds_of(polygon), besides)
        if plot.polygon and (shared := overlap(polygon, plot.polygon)) is not None
    ]
    return sorted(found, key=lambda one: one.shared.area, reverse=True)


def areas_within(session: Session, area: PlantingArea, metres: float) -> list[Near]:
    """The open areas whose boundary comes within so many metres of an area's, nearest first."""
    return neighbours(session, [area], metres)[area.pk]


def neighbours(
    session: Session, areas: Sequence[PlantingArea], metres: float
) -> dict[int, list[Near]]:
    """The same of several areas, by their keys, in as many statements as one needs."""
    drawn = {area.pk: area.polygon for area in areas if area.polygon}
    boxes = {key: bounds_of(polygon).widened(metres) for key, polygon in drawn.items()}
    pairs = _meeting_boxes(session, boxes)
    others = _open_areas(session, {other for _, other in pairs})
    found: dict[int, list[Near]] = {area.pk: [] for area in areas}
    for key, other in sorted(pairs):
        if other in others:
            area, organisation = others[other]
            apart = distance_m(drawn[key], area.polygon or "")
            if apart <= metres:
                found[key].append(Near(area, organisation, apart))
    return {key: sorted(near, key=lambda one: one.metres) for key, near in found.items()}


def _meeting_boxes(session: Session, boxes: Mapping[int, Bounds]) -> set[tuple[int, int]]:
    """Which of some boxes, by key, meet the box of which open area besides their own."""
    standing: defaultdict[int, list[int]] = defaultdict(list)
    for key, box in boxes.items():
        for tile in tiles_of(box):
            standing[tile].append(key)
    area = PlantingArea
    wanted = (
        select(col(AreaTile.tile), col(area.id), *map(col, _sides(area)))
        .join(area, col(area.id) == col(AreaTile.area_id))
        .where(col(area.closed_on).is_(None), col(area.west).is_not(None))
    )
    return {
        (key, other)
        for tiles in _pieces(list(standing))
        for tile, other, *sides in session.execute(wanted.where(col(AreaTile.tile).in_(tiles)))
        for key in standing[tile]
        if key != other and boxes[key].meets(Bounds(*sides))
    }


def _open_areas(session: Session, keys: set[int]) -> dict[int, Any]:
    wanted = (
        select(PlantingArea, Organisation)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(col(PlantingArea.polygon).is_not(None))
    )
    return {
        row[0].pk: row
        for piece in _pieces(sorted(keys))
        for row in session.execute(wanted.where(col(PlantingArea.id).in_(piece)))
    }


def _sides(table: type[PlantingArea]) -> tuple[Any, ...]:
    return table.west, table.south, table.east, table.north


def _areas_in(session: Session, box: Bounds, besides: PlantingArea | None) -> list[Any]:
    wanted = (
        select(PlantingArea, Organisation)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(col(PlantingArea.closed_on).is_(None), *_meeting(PlantingArea, box))
    )
    if besides is not None and besides.id is not None:
        wanted = wanted.where(col(PlantingArea.id) != besides.pk)
    rows: dict[int, Any] = {}
    for tiles in _pieces(tiles_of(box)):
        keys = select(col(AreaTile.area_id)).where(col(AreaTile.tile).in_(tiles))
        for row in session.execute(wanted.where(col(PlantingArea.id).in_(keys))):
            rows[row[0].pk] = row
    return list(rows.values())


def _plots_in(session: Session, box: Bounds, besides: PlantingArea | None) -> list[Any]:
    wanted = (
        select(Plot, Organisation)
        .join(Organisation, col(Organisation.id) == col(Plot.organisation_id))
        .where(*_meeting(Plot, box))
    )
    if besides is not None and besides.id is not None:
        wanted = wanted.where(col(Plot.area_id).is_(None) | (col(Plot.area_id) != besides.pk))
    rows: dict[int, Any] = {}
    for tiles in _pieces(tiles_of(box)):
        keys = select(col(PlotTile.plot_id)).where(col(PlotTile.tile).in_(tiles))
        for row in session.execute(wanted.where(col(Plot.id).in_(keys))):
            rows[row[0].pk] = row
    return list(rows.values())


def _meeting(table: type[PlantingArea | Plot], box: Bounds) -> list[Any]:
    return [
        col(table.west) <= box.east,
        col(table.east) >= box.west,
        col(table.south) <= box.north,
        col(table.north) >= box.south,
    ]


def _pieces(numbers: list[int]) -> list[list[int]]:
    return [numbers[at : at + _A_PIECE] for at in range(0, len(numbers), _A_PIECE)]
