"""Keeping the grid index of boundaries: the box on the row, the tiles beside it."""

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.models.finding import AreaTile, PlotTile
from app.models.registry import PlantingArea, Plot
from app.registry.geometry import bounds_of
from app.registry.tiles import tiles_of

_SIDES = ("west", "south", "east", "north")


def box_of(polygon: str | None) -> dict[str, int | None]:
    """The box around a boundary, as the columns of its row; four times None without one."""
    if polygon is None:
        return dict.fromkeys(_SIDES)
    bounds = bounds_of(polygon)
    return {side: getattr(bounds, side) for side in _SIDES}


def index_area_tiles(session: Session, area: PlantingArea) -> None:
    """Let an area be found where its boundary lies now; the area has its key already."""
    session.execute(delete(AreaTile).where(col(AreaTile.area_id) == area.pk))
    session.add_all(AreaTile(area_id=area.pk, tile=tile) for tile in _tiles(area.polygon))


def index_plot_tiles(session: Session, plot: Plot) -> None:
    """The same for a plot."""
    session.execute(delete(PlotTile).where(col(PlotTile.plot_id) == plot.pk))
    session.add_all(PlotTile(plot_id=plot.pk, tile=tile) for tile in _tiles(plot.polygon))


def ensure_tiles(session: Session) -> None:
    """Index the boundaries that were drawn before there was an index."""
    areas = select(PlantingArea).where(
        col(PlantingArea.polygon).is_not(None), col(PlantingArea.west).is_(None)
    )
    for area in session.execute(areas).scalars():
        area.sqlmodel_update(box_of(area.polygon))
        index_area_tiles(session, area)
    plots = select(Plot).where(col(Plot.polygon).is_not(None), col(Plot.west).is_(None))
    for plot in session.execute(plots).scalars():
        plot.sqlmodel_update(box_of(plot.polygon))
        index_plot_tiles(session, plot)


def _tiles(polygon: str | None) -> list[int]:
    return tiles_of(bounds_of(polygon)) if polygon else []
