"""Registering growers' plots."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.errors import Conflict, FieldError, NotFound, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import Grower, Organisation, PlantingArea, Plot
from app.registry.area_commands import boundary_of
from app.registry.area_queries import area_by_uid
from app.registry.grower_queries import grower_by_uid, is_member_on
from app.registry.place_queries import placed
from app.registry.plot_queries import find_plot_named
from app.registry.rules import LARGEST_PLOT, require_plausible
from app.registry.tile_commands import box_of, index_plot_tiles
from app.registry.words import name_of


@dataclass(frozen=True)
class PlotDetails:
    """What is written down about a plot (thửa). Communes by code; `polygon` GeoJSON text."""

    name: str
    grower: UUID
    commune: str
    area: SquareMetres
    planting_area: UUID | None = None
    polygon: str | None = None
    former_commune: str | None = None


def register_plot(
    session: Session, *, organisation: Organisation, details: PlotDetails, by: Actor, now: datetime
) -> Plot:
    """Enter the plot of a member, in at most one planting area of the same organisation.

    Raises Refused for what cannot be, Conflict when the grower has a plot of this name: it would
    lie in two areas, or count twice in one. Where it lies and what it is called is personal.
    """
    today = day_of(now)
    name, name_key = name_of("name", details.name, longest=120)
    grower = _member(session, organisation, details.grower, today)
    area = _area(session, organisation, details)
    require_fits(details.area, area)
    place = placed(session, details.commune, former_commune=details.former_commune, today=today)
    _require_new(session, grower, name_key)
    polygon = boundary_of(details.polygon, place.present)
    plot = Plot(
        organisation_id=organisation.pk,
        grower_id=grower.pk,
        area_id=area.pk if area else None,
        name=name,
        name_key=name_key,
        commune_id=place.present.pk,
        former_commune_id=place.former_id,
        area_m2=details.area.value,
        polygon=polygon,
        created_at=now,
    )
    plot.sqlmodel_update(box_of(polygon))
    session.add(plot)
    session.flush()  # the plot's id, for its tiles
    index_plot_tiles(session, plot)
    facts = {"grower": grower.code, "area": area.uid if area else None, **place.facts()}
    _record(session, plot, organisation, facts, by=by, now=now)
    return plot


def _record(
    session: Session,
    plot: Plot,
    organisation: Organisation,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind="plot.registered",
        subject=str(plot.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={**facts, "area_m2": plot.area_m2},
        personal={"name": plot.name, "polygon": plot.polygon},
    )


def _member(session: Session, organisation: Organisation, uid: UUID, today: date) -> Grower:
    try:
        grower = grower_by_uid(session, uid, within=Reach.own(organisation.pk))
    except NotFound as unknown:
        raise refuse("grower", unknown.why) from None
    if not is_member_on(session, grower, organisation, today):
        raise refuse("grower", say("This grower was not a member on {day}.", day=today))
    return grower


def _area(
    session: Session, organisation: Organisation, details: PlotDetails
) -> PlantingArea | None:
    if details.planting_area is None:
        return None
    try:
        area = area_by_uid(session, details.planting_area, within=Reach.own(organisation.pk))
    except NotFound as unknown:
        raise refuse("planting_area", unknown.why) from None
    return area


def require_fits(plot: SquareMetres, area: PlantingArea | None) -> None:
    """Refuse a size that no plot has, or that its planting area, which must be open, has not."""
    require_plausible("area_m2", plot, largest=LARGEST_PLOT)
    if area is not None and area.closed_on is not None:
        closed = say("The planting area was closed on {closed}.", closed=area.closed_on)
        raise refuse("planting_area", closed)
    if area is None or plot.value <= area.area_m2:
        return
    whole = SquareMetres(area.area_m2)
    raise refuse(
        "area_m2",
        say("The plot is larger than its planting area of {area}.", area=whole),
    )


def _require_new(session: Session, grower: Grower, name_key: str) -> None:
    known = find_plot_named(session, grower, name_key)
    if known is not None:
        why = say("This grower has a plot {name} already.", name=known.name)
        raise Conflict(why, FieldError("name", why))
