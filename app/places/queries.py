"""Finding places: by code and day, by name old or new, and what became of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlmodel import Session, col

from app.db import once_a_reading
from app.errors import NotFound, refuse
from app.kit.messages import Message, say
from app.kit.text import fold
from app.models.places import AdminSuccession, AdminUnit, Share, UnitLevel
from app.places.rules import address_line, closeness

# Longer and more than any address: every letter is compared, every word is a pattern.
LONGEST_SEARCH = 200
MOST_WORDS = 8


@dataclass(frozen=True)
class CommuneFound:
    """A commune that a search found, with what tells it from its namesakes.

    `former_districts` are the districts it lies in, or lay in before districts ended on
    1 July 2025; `successor` is the commune that stands in its place now, None when it stands.
    """

    unit: AdminUnit
    former_districts: tuple[AdminUnit, ...]
    predecessors: tuple[AdminUnit, ...]
    successor: AdminUnit | None


_UNITS: Any = select(AdminUnit).where(col(AdminUnit.id).in_(bindparam("units", expanding=True)))


def unit_by_id(session: Session, unit_id: int) -> AdminUnit:
    """The unit with this key."""
    unit = session.get(AdminUnit, unit_id)
    if unit is None:
        raise NotFound(say("There is no such place."))
    return unit


def units_by_ids(session: Session, unit_ids: Iterable[int]) -> dict[int, AdminUnit]:
    """Units by their keys; keys of nothing are left out."""
    found = session.execute(_UNITS, {"units": list(set(unit_ids))}).scalars()
    return {unit.pk: unit for unit in found}


def commune_on(session: Session, code: str, day: date) -> AdminUnit:
    """The commune that bore a code on a day: codes are reused (02647 was Kim Tân, is Lào Cai).

    Refuses, in the field `commune`, a code that no commune bore then.
    """
    commune = find_commune_on(session, code, day)
    if commune is None:
        raise refuse("commune", _no_commune(code, day))
    return commune


def commune_found(session: Session, code: str, day: date) -> CommuneFound:
    """The same, with what a search tells of it; raises NotFound."""
    commune = find_commune_on(session, code, day)
    if commune is None:
        raise NotFound(_no_commune(code, day))
    return _told(session, [commune])[0]


def find_commune_on(session: Session, code: str, day: date) -> AdminUnit | None:
    """The commune that bore this code on a day, or None."""
    wanted = _communes(day).where(col(AdminUnit.code) == code)
    return session.execute(wanted).scalar_one_or_none()


def find_former_commune(session: Session, code: str) -> AdminUnit | None:
    """The commune that last bore this code and is no more; None when there was none."""
    wanted = (
        select(AdminUnit)
        .where(
            col(AdminUnit.level) == UnitLevel.COMMUNE,
            col(AdminUnit.code) == code,
            col(AdminUnit.valid_to).is_not(None),
        )
        .order_by(col(AdminUnit.valid_to).desc())
        .limit(1)
    )
    return session.execute(wanted).scalars().first()


def communes_on(session: Session, day: date) -> list[AdminUnit]:
    """Every commune that stood on a day, by name."""
    wanted = _communes(day).order_by(col(AdminUnit.name_key), col(AdminUnit.code))
    return list(session.execute(wanted).scalars())


def provinces_on(session: Session, day: date) -> list[AdminUnit]:
    """Every province that stood on a day, by name."""
    wanted = _standing(UnitLevel.PROVINCE, day).order_by(col(AdminUnit.name_key))
    return list(session.execute(wanted).scalars())


def province_on(session: Session, code: str, day: date) -> AdminUnit | None:
    """The province that bore this code on a day, or None."""
    wanted = _standing(UnitLevel.PROVINCE, day).where(col(AdminUnit.code) == code)
    found: AdminUnit | None = session.execute(wanted).scalar_one_or_none()
    return found


def former_communes(session: Session) -> list[AdminUnit]:
    """Every commune that is no more, by name."""
    wanted = (
        select(AdminUnit)
        .where(
            col(AdminUnit.level) == UnitLevel.COMMUNE,
            col(AdminUnit.valid_to).is_not(None),
        )
        .order_by(col(AdminUnit.name_key), col(AdminUnit.code), col(AdminUnit.valid_from))
    )
    return list(session.execute(wanted).scalars())


def former_commune_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """What communes that are no more were called last, by code."""
    unit = AdminUnit
    wanted = (
        select(col(unit.code), col(unit.name))
        .where(
            col(unit.level) == UnitLevel.COMMUNE,
            col(unit.valid_to).is_not(None),
            col(unit.code).in_(codes),
        )
        .order_by(col(unit.valid_from))
    )
    return dict(map(tuple, session.execute(wanted))) if codes else {}


def search_communes(
    session: Session, text: str, *, day: date | None = None, limit: int = 20
) -> list[CommuneFound]:
    """Communes found by words of their old or new name, district and province; best first.

    Letters are compared without case or diacritics, each word with the beginning of a word.
    With a day, only communes that stood then: a former name finds what its commune became.
    """
    text = text[:LONGEST_SEARCH]
    words = fold(text).split()[:MOST_WORDS]
    if not words:
        return []
    wanted = _communes(day)
    for word in words:
        wanted = wanted.where(_has_word(word))
    found = sorted(session.execute(wanted).scalars(), key=lambda unit: _rank(unit, text))
    return _told(session, found[:limit])


def successor_of(session: Session, unit: AdminUnit) -> AdminUnit | None:
    """The unit that stands in its place, however many changes later.

    None when it still stands, or was divided, so that no one unit stands in its place.
    """
    return _successors(session, [unit]).get(unit.pk)


def predecessors_of(session: Session, unit: AdminUnit) -> list[AdminUnit]:
    """The units that it was directly made of, by code."""
    return _predecessors(session, [unit]).get(unit.pk, [])


@once_a_reading
def former_districts(session: Session, province_code: str | None = None) -> list[AdminUnit]:
    """The districts that ended on 1 July 2025, by code: "10" gives the nine of the plan."""
    wanted = select(AdminUnit).where(col(AdminUnit.level) == UnitLevel.DISTRICT)
    if province_code is not None:
        wanted = wanted.where(col(AdminUnit.province_code) == province_code)
    return list(session.execute(wanted.order_by(col(AdminUnit.code))).scalars())


def address_of(unit: AdminUnit, language: str = "vi") -> str:
    """The unit's address in its own time: "Xã Bảo Nhai, huyện Bắc Hà, tỉnh Lào Cai"."""
    larger = {
        UnitLevel.COMMUNE: (unit.district_name, unit.province_name),
        UnitLevel.DISTRICT: (unit.province_name,),
        UnitLevel.PROVINCE: (),
    }[unit.level]
    return address_line([unit.name, *(name for name in larger if name)], language)


def address_on(session: Session, unit: AdminUnit, day: date, language: str = "vi") -> str:
    """The address on a day of the place a unit names.

    A unit that had ended by then is called by what it became. One that did not exist yet keeps
    its own name: it was made of several units, and nobody can say which of them is meant.
    """
    here = unit
    while here.valid_to is not None and here.valid_to < day:
        following = _next_units(session, [here]).get(here.pk)
        if following is None:
            break
        here = following
    return address_of(here, language)


def _no_commune(code: str, day: date) -> Message:
    return say("There was no commune with code {code} on {day}.", code=code, day=day)


def _communes(day: date | None) -> Select[AdminUnit]:
    return _standing(UnitLevel.COMMUNE, day)


def _standing(level: UnitLevel, day: date | None) -> Select[AdminUnit]:
    wanted = select(AdminUnit).where(col(AdminUnit.level) == level)
    if day is None:
        return wanted
    return wanted.where(
        col(AdminUnit.valid_from) <= day,
        or_(col(AdminUnit.valid_to).is_(None), col(AdminUnit.valid_to) >= day),
    )


def _has_word(word: str) -> ColumnElement[bool]:
    key = col(AdminUnit.search_key)
    return or_(key.like(f"{word}%"), key.like(f"% {word}%"))


def _rank(unit: AdminUnit, text: str) -> tuple[Any, ...]:
    how_well = closeness(unit.name, unit.search_key, text)
    return (how_well, unit.valid_to is not None, unit.name_key, unit.code)


def _told(session: Session, units: list[AdminUnit]) -> list[CommuneFound]:
    successors = _successors(session, units)
    predecessors = _predecessors(session, units)
    districts = {(unit.province_code, unit.code): unit for unit in former_districts(session)}
    return [
        CommuneFound(
            unit=unit,
            former_districts=_districts_of([unit, *predecessors.get(unit.pk, [])], districts),
            predecessors=tuple(predecessors.get(unit.pk, [])),
            successor=successors.get(unit.pk),
        )
        for unit in units
    ]


def _districts_of(
    communes: list[AdminUnit], districts: dict[tuple[str, str], AdminUnit]
) -> tuple[AdminUnit, ...]:
    keys = dict.fromkeys((commune.province_code, commune.district_code) for commune in communes)
    return tuple(districts[province, code] for province, code in keys if code is not None)


def _successors(session: Session, units: list[AdminUnit]) -> dict[int, AdminUnit]:
    last: dict[int, AdminUnit] = {}
    moving = {unit.pk: unit for unit in units}
    while moving:
        following = _next_units(session, moving.values())
        moving = {
            start: following[unit.pk] for start, unit in moving.items() if unit.pk in following
        }
        last |= moving
    return last


def _next_units(session: Session, units: Iterable[AdminUnit]) -> dict[int, AdminUnit]:
    wanted = (
        select(col(AdminSuccession.old_unit_id), AdminUnit)
        .join(AdminUnit, col(AdminUnit.id) == col(AdminSuccession.new_unit_id))
        .where(
            col(AdminSuccession.old_unit_id).in_({unit.pk for unit in units}),
            col(AdminSuccession.share) == Share.WHOLE,
        )
    )
    return dict(session.execute(wanted).all())


def _predecessors(session: Session, units: list[AdminUnit]) -> dict[int, list[AdminUnit]]:
    wanted = (
        select(col(AdminSuccession.new_unit_id), AdminUnit)
        .join(AdminUnit, col(AdminUnit.id) == col(AdminSuccession.old_unit_id))
        .where(col(AdminSuccession.new_unit_id).in_({unit.pk for unit in units}))
        .order_by(col(AdminUnit.code))
    )
    made_of: dict[int, list[AdminUnit]] = {}
    for new, old in session.execute(wanted):
        made_of.setdefault(new, []).append(old)
    return made_of
