"""What stands behind a planting: the plots it may take, what stood there before, where plots went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.diary.planting_rules import plot_left, plot_moved
from app.diary.queries import PlantingLine, plots_of_planting, plots_of_plantings
from app.diary.rotation import Grown, rotation_advice
from app.kit.messages import Message
from app.models.catalogue import Crop
from app.models.diary import Planting
from app.models.registry import Grower, GrowerMembership, PlantingArea, Plot

ROTATION_RULE = "rotation.look_back_days"


@dataclass(frozen=True)
class PlotChoice:
    """A plot with the name of who grows on it."""

    plot: Plot
    grower: Grower


def plots_by_uids(
    session: Session, uids: Collection[UUID], *, organisation_id: int
) -> dict[UUID, Plot]:
    """The plots of an organisation with these public ids; others are left out."""
    wanted = select(Plot).where(
        col(Plot.uid).in_(uids), col(Plot.organisation_id) == organisation_id
    )
    return {plot.uid: plot for plot in session.execute(wanted).scalars()}


def plot_choices(session: Session, area_ids: Collection[int]) -> list[PlotChoice]:
    """The plots of areas with their growers, by name."""
    wanted = (
        select(Plot, Grower)
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(Plot.area_id).in_(area_ids))
        .order_by(col(Grower.name_key), col(Plot.name_key), col(Plot.id))
    )
    return [PlotChoice(*row) for row in session.execute(wanted)]


def members_on(
    session: Session, grower_ids: Collection[int], organisation_id: int, day: date
) -> frozenset[int]:
    """Which of these growers were members of an organisation on a day."""
    wanted = select(col(GrowerMembership.grower_id)).where(
        col(GrowerMembership.grower_id).in_(grower_ids),
        col(GrowerMembership.organisation_id) == organisation_id,
        col(GrowerMembership.valid_from) <= day,
        or_(col(GrowerMembership.valid_to).is_(None), col(GrowerMembership.valid_to) >= day),
    )
    return frozenset(session.execute(wanted).scalars())


def growers_named(session: Session, grower_ids: Collection[int]) -> dict[int, Grower]:
    """Growers by their keys."""
    wanted = select(Grower).where(col(Grower.id).in_(grower_ids))
    return {grower.pk: grower for grower in session.execute(wanted).scalars()}


def advice_for(
    session: Session,
    *,
    area: PlantingArea,
    plots: Sequence[Plot],
    crop: Crop,
    sown_on: date,
    besides: Planting | None = None,
) -> list[Message]:
    """What speaks against sowing a crop on this land now, by the dated look-back; nothing without a rule."""
    rule = rule_on(session, ROTATION_RULE, sown_on)
    if rule is None:
        return []
    before = grown_before(session, area, {plot.pk for plot in plots}, besides=besides)
    look_back = timedelta(days=int(value_of(rule)))
    return rotation_advice(crop, sown_on, before, look_back=look_back)


def advice_of_planting(session: Session, line: PlantingLine) -> list[Message]:
    """The same for a planting that is there."""
    planting = line.planting
    return advice_for(
        session,
        area=line.area,
        plots=plots_of_planting(session, planting),
        crop=line.crop,
        sown_on=planting.sown_on,
        besides=planting,
    )


def grown_before(
    session: Session, area: PlantingArea, plot_ids: set[int], *, besides: Planting | None
) -> list[Grown]:
    """What grows or grew on some of the same land: on these plots, or on the area as a whole.

    Plots without a common one lie apart, even within one area.
    """
    wanted = (
        select(Planting, Crop)
        .join(Crop, col(Crop.id) == col(Planting.crop_id))
        .where(col(Planting.area_id) == area.pk)
        .order_by(col(Planting.sown_on), col(Planting.id))
    )
    rows = [(one, crop) for one, crop in session.execute(wanted) if one is not besides]
    taken = plots_of_plantings(session, {one.pk for one, _ in rows})
    return [
        Grown(one.uid, crop.pk, crop.name_vi, crop.family, one.sown_on, one.ended_on)
        for one, crop in rows
        if not plot_ids or not (held := taken.get(one.pk)) or held & plot_ids
    ]


def moved_plots(session: Session, line: PlantingLine) -> list[Message]:
    """A sentence for each plot that belongs to another area now than the planting's."""
    away = [
        plot
        for plot in plots_of_planting(session, line.planting)
        if plot.area_id != line.planting.area_id
    ]
    wanted = select(col(PlantingArea.id), col(PlantingArea.name)).where(
        col(PlantingArea.id).in_([plot.area_id for plot in away])
    )
    names: dict[int, str] = dict(session.execute(wanted).all()) if away else {}
    return [
        plot_moved(plot.name, line.area.name, names[plot.area_id])
        if plot.area_id in names
        else plot_left(plot.name, line.area.name)
        for plot in away
    ]
