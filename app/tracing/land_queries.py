"""Which lots may hold what grew on a plot: those that say so, and those that do not say where they grew."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.diary import PlantingPlot
from app.models.lots import HarvestLot, LotSource
from app.models.registry import Grower, Plot


def lots_of_plots(named: ColumnElement[bool]) -> ColumnElement[bool]:
    """Lots from these plots (`named` speaks of Plot and Grower), for certain or as far as anybody said.

    A part that names a plot, or a planting that stands on plots, is believed. A lot or part of the
    area without either may come from any of its plots, unless it is another grower's.
    """
    plots = (
        select(col(Plot.id), col(Plot.area_id), col(Plot.grower_id))
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(named)
        .subquery()
    )
    return col(HarvestLot.id).in_(union(_said(plots), _not_said(plots)))


def _said(plots: Any) -> Any:
    keys = select(plots.c.id)
    standing = select(col(PlantingPlot.planting_id)).where(col(PlantingPlot.plot_id).in_(keys))
    return select(col(LotSource.lot_id)).where(
        or_(
            col(LotSource.plot_id).in_(keys),
            and_(col(LotSource.plot_id).is_(None), col(LotSource.planting_id).in_(standing)),
        )
    )


def _not_said(plots: Any) -> Any:
    lot, part = aliased(HarvestLot), aliased(LotSource)
    placed = exists().where(col(PlantingPlot.planting_id) == part.planting_id)
    anybody_s = or_(col(part.grower_id).is_(None), col(part.grower_id) == plots.c.grower_id)
    open_part = exists().where(
        col(part.lot_id) == lot.id, col(part.plot_id).is_(None), ~placed, anybody_s
    )
    whole = aliased(LotSource)
    no_parts = ~exists().where(col(whole.lot_id) == lot.id)
    return (
        select(col(lot.id))
        .join(plots, plots.c.area_id == lot.area_id)
        .where(
            or_(col(lot.grower_id).is_(None), col(lot.grower_id) == plots.c.grower_id),
            or_(no_parts, open_part),
        )
    )
