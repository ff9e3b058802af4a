"""Which areas and plots lie on the same ground, or near: boxes in SQL, then the exact shapes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.finding import AreaTile, PlotTile
from app.models.registry import Organisation, PlantingArea, Plot
from app.registry.geometry import Bounds, Overlap, bounds_of, distance_m, overlap
from app.registry.tiles import tiles_of

# More tiles than any field has are asked for piece by piece: databases bound a statement's values.
_MOST_TILES = 500


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
    if area.polygon is None:
        return []
    box = bounds_of(area.polygon).widened(metres)
    found = [
        Near(other, organisation, distance_m(area.polygon, other.polygon))
        for other, organisation in _areas_in(session, box, area)
        if other.polygon
    ]
    return sorted((one for one in found if one.metres <= metres), key=lambda one: one.metres)


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


def _pieces(tiles: list[int]) -> list[list[int]]:
    return [tiles[at : at + _MOST_TILES] for at in range(0, len(tiles), _MOST_TILES)]
