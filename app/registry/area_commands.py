"""Registering and amending planting areas."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from app.catalogue.queries import crops_by_slugs
from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Crop
from app.models.places import AdminUnit
from app.models.registry import AreaCrop, Organisation, PlantingArea
from app.registry.area_history_commands import record_of_area
from app.registry.area_queries import find_area_named
from app.registry.finding_commands import index_words
from app.registry.geometry import measured, plain_polygon, repaired
from app.registry.place_queries import Placed, placed
from app.registry.rules import LARGEST_AREA, require_past_day, require_plausible
from app.registry.tile_commands import box_of, index_area_tiles
from app.registry.words import name_of

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class AreaDetails:
    """What is written down about a planting area. Communes by code; `polygon` GeoJSON text."""

    name: str
    commune: str
    crops: tuple[str, ...]
    area: SquareMetres
    established_on: date
    polygon: str | None = None
    former_commune: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class _Kept:
    """The same, checked and ready to be kept."""

    columns: dict[str, Any]
    place: Placed
    crops: list[Crop]


def register_area(
    session: Session, *, organisation: Organisation, details: AreaDetails, by: Actor, now: datetime
) -> PlantingArea:
    """Enter a planting area of an organisation in the register.

    Raises Refused for what cannot be, Conflict for a name the organisation uses already.
    """
    kept = _kept(session, details, today=day_of(now))
    _require_new_name(session, organisation.pk, kept.columns["name_key"], besides=None)
    area = PlantingArea(
        organisation_id=organisation.pk,
        former_commune_id=kept.place.former_id,
        created_at=now,
        **kept.columns,
    )
    session.add(area)
    session.flush()  # the area's id, for its crops
    _set_crops(session, area, kept.crops)
    index_words(session, area)
    index_area_tiles(session, area)
    _record(session, area, kept, "area.registered", by=by, now=now)
    return area


def amend_area(
    session: Session, *, area: PlantingArea, details: AreaDetails, by: Actor, now: datetime
) -> PlantingArea:
    """Correct what is written down about an area: the whole of it, as it should be."""
    kept = _kept(session, details, today=day_of(now))
    _require_new_name(session, area.organisation_id, kept.columns["name_key"], besides=area)
    area.former_commune_id = kept.place.former_after(area.commune_id, area.former_commune_id)
    for name, value in kept.columns.items():
        setattr(area, name, value)
    # Other crops alone are another version too, though the row itself stays as it is.
    flag_modified(area, "name")
    session.flush()  # a lost race must fail before the ledger is touched
    _set_crops(session, area, kept.crops)
    index_words(session, area)
    index_area_tiles(session, area)
    _record(session, area, kept, "area.amended", by=by, now=now)
    return area


def draw_boundary(
    session: Session, *, area: PlantingArea, polygon: str, by: Actor, now: datetime
) -> list[Message]:
    """Draw the boundary of an area anew; returns what was mended in it.

    Read leniently (an open ring is closed, spikes go), refused as `repaired` does.
    """
    if not polygon.strip():
        raise refuse("polygon", say("Draw the boundary of the area."))
    commune = session.get_one(AdminUnit, area.commune_id)
    drawn = repaired(polygon, near=commune)
    area.sqlmodel_update({"polygon": drawn.polygon, **box_of(drawn.polygon)})
    session.flush()  # a lost race must fail before the ledger is touched
    index_area_tiles(session, area)
    facts = {"polygon": drawn.polygon, "encloses_m2": measured(drawn.polygon).value}
    record_of_area(session, area, "area.boundary_drawn", facts, by=by, now=now)
    return drawn.changes


def move_area(
    session: Session, *, area: PlantingArea, commune: AdminUnit, by: Actor, now: datetime
) -> PlantingArea:
    """Register an area in another commune of today; which one it was before is no longer known."""
    area.commune_id = commune.pk
    area.former_commune_id = None
    session.flush()  # a lost race must fail before the ledger is touched
    index_words(session, area)
    facts = {"commune": commune.code, "former_commune": None}
    record_of_area(session, area, "area.moved", facts, by=by, now=now)
    return area


def boundary_of(polygon: str | None, commune: AdminUnit) -> str | None:
    """The boundary as it is kept; None when none was drawn."""
    if polygon is None or not polygon.strip():
        return None
    return plain_polygon(polygon, near=commune)


def _kept(session: Session, details: AreaDetails, *, today: date) -> _Kept:
    name, name_key = name_of("name", details.name, longest=120)
    require_plausible("area_m2", details.area, largest=LARGEST_AREA)
    _require_days(details, today)
    former = details.former_commune
    place = placed(session, details.commune, former_commune=former, today=today)
    polygon = boundary_of(details.polygon, place.present)
    columns = {
        "name": name,
        "name_key": name_key,
        "commune_id": place.present.pk,
        "area_m2": details.area.value,
        "established_on": details.established_on,
        "closed_on": details.closed_on,
        "polygon": polygon,
        **box_of(polygon),
    }
    return _Kept(columns, place, _crops(session, details.crops))


def _require_days(details: AreaDetails, today: date) -> None:
    require_past_day("established_on", details.established_on, today=today)
    if details.closed_on is None:
        return
    require_past_day("closed_on", details.closed_on, today=today)
    if details.closed_on < details.established_on:
        raise refuse("closed_on", say("It cannot be closed before it was established."))


def _crops(session: Session, slugs: Sequence[str]) -> list[Crop]:
    if not slugs:
        raise refuse("crops", say("Choose at least one crop."))
    strange = [slug for slug in slugs if not _SLUG.fullmatch(slug)]
    if strange:
        raise refuse("crops", say("This is not one of the choices."))
    return crops_by_slugs(session, slugs)


def _require_new_name(
    session: Session, organisation_id: int, name_key: str, *, besides: PlantingArea | None
) -> None:
    known = find_area_named(session, organisation_id, name_key)
    if known is not None and (besides is None or known.pk != besides.pk):
        why = say("The organisation has an area {name} already.", name=known.name)
        raise Conflict(why, FieldError("name", why))


def _set_crops(session: Session, area: PlantingArea, crops: list[Crop]) -> None:
    session.execute(delete(AreaCrop).where(col(AreaCrop.area_id) == area.pk))
    session.add_all(AreaCrop(area_id=area.pk, crop_id=crop.pk) for crop in crops)


def _record(
    session: Session, area: PlantingArea, kept: _Kept, kind: str, *, by: Actor, now: datetime
) -> None:
    organisation = session.get_one(Organisation, area.organisation_id)
    columns = ("name", "area_m2", "established_on", "closed_on", "polygon")
    record(
        session,
        kind=kind,
        subject=str(area.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={
            **{name: kept.columns[name] for name in columns},
            **kept.place.facts(),
            "crops": [crop.slug for crop in kept.crops],
        },
    )
