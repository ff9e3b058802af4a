"""Finding growers' plots."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.places import AdminUnit
from app.models.registry import Grower, Organisation, PlantingArea, Plot


@dataclass(frozen=True)
class PlotLine:
    """A plot with its grower, area, organisation and commune."""

    plot: Plot
    grower: Grower
    area: PlantingArea | None
    organisation: Organisation
    commune: AdminUnit


def plots(
    session: Session,
    *,
    within: Reach,
    area: PlantingArea | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[PlotLine]:
    """Plots, newest first, of one area if given."""
    wanted = _plots(within)
    if area is not None:
        wanted = wanted.where(col(Plot.area_id) == area.pk)
    if after is not None:
        wanted = wanted.where(col(Plot.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Plot.id).desc()).limit(limit + 1)
    rows = [PlotLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.plot.pk,))


def plot_line(session: Session, uid: UUID, *, within: Reach) -> PlotLine:
    """The plot with this public id, with its names."""
    row = session.execute(_plots(within).where(col(Plot.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such plot."))
    return PlotLine(*row)


def find_plot_named(session: Session, grower: Grower, name_key: str) -> Plot | None:
    """The plot of a grower with this folded name."""
    wanted = select(Plot).where(col(Plot.grower_id) == grower.pk, col(Plot.name_key) == name_key)
    return session.execute(wanted).scalar_one_or_none()


def _plots(within: Reach) -> Any:
    return (
        select(Plot, Grower, PlantingArea, Organisation, AdminUnit)
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(Plot.area_id))
        .join(Organisation, col(Organisation.id) == col(Plot.organisation_id))
        .join(AdminUnit, col(AdminUnit.id) == col(Plot.commune_id))
        .where(within.limits(col(Plot.organisation_id)))
    )
