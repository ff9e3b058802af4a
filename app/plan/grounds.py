"""The land behind a list of the desk: each open area with its names and the district it counts in."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.accounts.reach import Reach
from app.kit.text import fold
from app.models.places import AdminSuccession, AdminUnit, UnitLevel
from app.models.registry import Organisation, PlantingArea

_MOST_WORDS = 6
# So many statements are kept as they were written: of readers who narrow a list by words, some.
STATEMENTS = 64


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to: a former district's code, words of an area's or its owner's name."""

    district: str = ""
    q: str = ""


EVERYTHING = Narrowed()


@dataclass(frozen=True)
class Ground:
    """An area as lists show it; `district` is None where its commune was made of several."""

    area_id: int
    uid: UUID
    name: str
    area_m2: int
    established_on: date
    organisation: str
    commune: str
    district: str | None


_WIDTH = len(Ground.__dataclass_fields__)


class Land:
    """The areas that stand on a day, as a part of a statement, with the columns of `Ground`."""

    def __init__(self, within: Reach, day: date, narrowed: Narrowed) -> None:
        found = _areas(within, day, narrowed).subquery("land")
        self.found, self.key = found, found.c.area_id
        self.columns = [found.c[name] for name in Ground.__dataclass_fields__]
        # By districts, owners and names; an area whose district is not known comes last.
        self.order = [
            *(found.c.district_code.is_(None), found.c.district_code),
            *(found.c.owner_key, found.c.name_key, found.c.area_id),
        ]


def ground_of(row: Any) -> Ground:
    """The ground of a row that begins with the columns of `Land`."""
    return Ground(*row[:_WIDTH])


def besides(row: Any, several: int) -> Any:
    """So many values that a row holds after them."""
    return row[_WIDTH : _WIDTH + several]


def _areas(within: Reach, day: date, asked: Narrowed) -> Any:
    area, owner, place = PlantingArea, Organisation, aliased(AdminUnit)
    lies, district = districts_by_commune().subquery("lies"), aliased(AdminUnit)
    wanted: Any = (
        select(
            col(area.id).label("area_id"),
            *(col(area.uid), col(area.name), col(area.area_m2), col(area.established_on)),
            col(owner.name).label("organisation"),
            col(place.name).label("commune"),
            col(district.name).label("district"),
            col(district.code).label("district_code"),
            col(owner.name_key).label("owner_key"),
            col(area.name_key),
        )
        .join(owner, col(owner.id) == col(area.organisation_id))
        .join(place, col(place.id) == col(area.commune_id))
        .outerjoin(
            lies,
            lies.c.commune_id == func.coalesce(col(area.former_commune_id), col(area.commune_id)),
        )
        .outerjoin(district, col(district.id) == lies.c.district_id)
        .where(
            within.limits(col(area.organisation_id)),
            col(area.established_on) <= day,
            or_(col(area.closed_on).is_(None), col(area.closed_on) >= day),
        )
    )
    for word in fold(asked.q).split()[:_MOST_WORDS]:
        holds = f"%{word}%"
        wanted = wanted.where(or_(col(owner.name_key).like(holds), col(area.name_key).like(holds)))
    if asked.district:
        wanted = wanted.where(col(district.code) == asked.district)
    return wanted


def districts_by_commune() -> Any:
    """The former district of a commune, old or of today; one that was made of two has none."""
    district, commune = aliased(AdminUnit), aliased(AdminUnit)
    lay_in = (
        select(col(commune.id).label("commune_id"), func.min(col(district.id)).label("district_id"))
        .join(
            district,
            and_(
                col(district.level) == UnitLevel.DISTRICT,
                col(district.province_code) == col(commune.province_code),
                col(district.code) == col(commune.district_code),
            ),
        )
        .where(col(commune.level) == UnitLevel.COMMUNE)
        .group_by(col(commune.id))
        .cte("lay_in")
    )
    new = col(AdminSuccession.new_unit_id)
    made_of = (
        select(new, func.min(lay_in.c.district_id))
        .join(lay_in, lay_in.c.commune_id == col(AdminSuccession.old_unit_id))
        .where(new.not_in(select(lay_in.c.commune_id)))
        .group_by(new)
        .having(func.min(lay_in.c.district_id) == func.max(lay_in.c.district_id))
    )
    return select(lay_in).union_all(made_of)
