"""The land behind a list of the desk: each open area with its names and the district it counts in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.text import fold
from app.models.places import AdminSuccession, AdminUnit, UnitLevel
from app.models.registry import Organisation, PlantingArea
from app.places.queries import former_districts

_MOST_WORDS = 6


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to: a former district's code, words of an area's or its owner's name."""

    district: str = ""
    q: str = ""


@dataclass(frozen=True)
class Ground:
    """An area as lists show it; `district` is None where its commune was made of several."""

    area_id: int
    uid: UUID
    name: str
    area_m2: int
    established_on: date
    organisation_id: int
    organisation_uid: UUID
    organisation: str
    commune: str
    district: AdminUnit | None


def grounds(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed | None = None
) -> dict[int, Ground]:
    """The areas that stand on a day, by key, in the order of districts, owners and names."""
    asked = narrowed or Narrowed()
    districts = districts_by_commune(session)
    area, owner, place = PlantingArea, Organisation, AdminUnit
    wanted: Any = (
        select(
            col(area.id).label("area_id"),
            *(col(area.uid), col(area.name), col(area.area_m2), col(area.established_on)),
            col(owner.id).label("organisation_id"),
            col(owner.uid).label("organisation_uid"),
            col(owner.name).label("organisation"),
            col(place.name).label("commune"),
            col(area.former_commune_id).label("former_id"),
            col(area.commune_id).label("commune_id"),
        )
        .join(owner, col(owner.id) == col(area.organisation_id))
        .join(place, col(place.id) == col(area.commune_id))
        .where(
            within.limits(col(area.organisation_id)),
            col(area.established_on) <= day,
            or_(col(area.closed_on).is_(None), col(area.closed_on) >= day),
        )
        .order_by(col(owner.name_key), col(area.name_key), col(area.id))
    )
    for word in fold(asked.q).split()[:_MOST_WORDS]:
        holds = f"%{word}%"
        wanted = wanted.where(or_(col(owner.name_key).like(holds), col(area.name_key).like(holds)))
    found = [_ground(row, districts) for row in session.execute(wanted)]
    if asked.district:
        found = [one for one in found if one.district and one.district.code == asked.district]
    return {one.area_id: one for one in sorted(found, key=_by_district)}


def districts_by_commune(session: Session) -> Mapping[int, AdminUnit]:
    """The former district of a commune, old or of today, by its key; those made of two have none."""
    by_code = {(one.province_code, one.code): one for one in former_districts(session)}
    communes = select(
        col(AdminUnit.id), col(AdminUnit.province_code), col(AdminUnit.district_code)
    ).where(col(AdminUnit.level) == UnitLevel.COMMUNE)
    lay_in = {
        key: by_code[province, district]
        for key, province, district in session.execute(communes)
        if (province, district) in by_code
    }
    made_of: dict[int, set[int]] = {}
    pairs = select(col(AdminSuccession.old_unit_id), col(AdminSuccession.new_unit_id))
    for old, new in session.execute(pairs):
        if old in lay_in:
            made_of.setdefault(new, set()).add(lay_in[old].pk)
    units = {one.pk: one for one in by_code.values()}
    merged = {new: units[min(kept)] for new, kept in made_of.items() if len(kept) == 1}
    return {**merged, **lay_in}


def _ground(row: Any, districts: Mapping[int, AdminUnit]) -> Ground:
    told: dict[str, Any] = row._asdict()
    former_id, commune_id = told.pop("former_id"), told.pop("commune_id")
    return Ground(**told, district=districts.get(former_id or commune_id))


def _by_district(one: Ground) -> tuple[bool, str]:
    return (one.district is None, one.district.code if one.district else "")
