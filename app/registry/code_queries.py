"""Finding planting-area codes, and what their status was on a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import once_a_reading
from app.errors import NotFound
from app.kit.messages import say
from app.models.registry import (
    ENDED,
    AreaCode,
    AreaCodeStep,
    CodeStatus,
    Organisation,
    PlantingArea,
)
from app.registry.codes import key_of
from app.registry.rules import status_on


@dataclass(frozen=True)
class CodeLine:
    """A code with its area and organisation."""

    code: AreaCode
    area: PlantingArea
    organisation: Organisation


def code_line(session: Session, uid: UUID, *, within: Reach) -> CodeLine:
    """The code with this public id."""
    wanted = (
        select(AreaCode, PlantingArea, Organisation)
        .join(PlantingArea, col(PlantingArea.id) == col(AreaCode.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(col(AreaCode.uid) == uid, within.limits(col(PlantingArea.organisation_id)))
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such planting-area code."))
    return CodeLine(*row)


def area_by_code(session: Session, code: str, *, within: Reach) -> PlantingArea:
    """The area that holds, or held, a code, however it was typed."""
    wanted = (
        select(PlantingArea)
        .join(AreaCode, col(AreaCode.area_id) == col(PlantingArea.id))
        .where(
            col(AreaCode.code_key) == key_of(code),
            within.limits(col(PlantingArea.organisation_id)),
        )
        .order_by(col(AreaCode.id).desc())
        .limit(1)
    )
    area: PlantingArea | None = session.execute(wanted).scalars().first()
    if area is None:
        raise NotFound(say("There is no such planting-area code."))
    return area


def find_code(session: Session, code: str) -> AreaCode | None:
    """The code that was given out as this one, under whichever scheme."""
    wanted = select(AreaCode).where(col(AreaCode.code_key) == key_of(code))
    return session.execute(wanted.limit(1)).scalars().first()


def find_newest_code(session: Session, area_id: int, market: str) -> AreaCode | None:
    """The newest code of an area for a market, whatever became of it."""
    wanted = (
        select(AreaCode)
        .where(col(AreaCode.area_id) == area_id, col(AreaCode.market) == market)
        .order_by(col(AreaCode.id).desc())
        .limit(1)
    )
    return session.execute(wanted).scalars().first()


def successor_of(session: Session, code: AreaCode) -> AreaCode | None:
    """The code that followed this one; None when none did."""
    wanted = select(AreaCode).where(col(AreaCode.predecessor_id) == code.pk)
    return session.execute(wanted).scalar_one_or_none()


def find_standing_code(session: Session, area_id: int, market: str) -> AreaCode | None:
    """The code an area holds for a market: in force, warned or suspended."""
    newest = find_newest_code(session, area_id, market)
    return None if newest is None or newest.status in ENDED else newest


def codes_of(session: Session, area: PlantingArea) -> list[AreaCode]:
    """Every code an area ever had, oldest first."""
    return [code for code, _ in steps_of_area(session, area.pk)]


def codes_by_area(session: Session, area_ids: set[int]) -> dict[int, list[AreaCode]]:
    """Every code of several areas, oldest first."""
    wanted = select(AreaCode).where(col(AreaCode.area_id).in_(area_ids)).order_by(col(AreaCode.id))
    found: defaultdict[int, list[AreaCode]] = defaultdict(list)
    for code in session.execute(wanted).scalars():
        found[code.area_id].append(code)
    return dict(found)


def codes_on(session: Session, area_id: int, day: date) -> list[tuple[AreaCode, CodeStatus]]:
    """The codes an area had been given by a day, with their status on that day."""
    told = [(code, status_on(steps, day)) for code, steps in steps_of_area(session, area_id)]
    return [(code, status) for code, status in told if status is not None]


_STEPS_OF_AREA: Any = (
    select(AreaCode, AreaCodeStep)
    .join(AreaCodeStep, col(AreaCodeStep.code_id) == col(AreaCode.id))
    .where(col(AreaCode.area_id) == bindparam("area"))
    .order_by(col(AreaCode.id), col(AreaCodeStep.id))
)


@once_a_reading
def steps_of_area(session: Session, area_id: int) -> list[tuple[AreaCode, list[AreaCodeStep]]]:
    """Every code of an area with its steps, oldest first, in one statement."""
    codes: dict[int, AreaCode] = {}
    steps: defaultdict[int, list[AreaCodeStep]] = defaultdict(list)
    for code, step in session.execute(_STEPS_OF_AREA, {"area": area_id}):
        codes[code.pk] = code
        steps[code.pk].append(step)
    return [(code, steps[key]) for key, code in codes.items()]


def steps_of(session: Session, code: AreaCode) -> list[AreaCodeStep]:
    """The steps of one code, in the order they were recorded."""
    wanted = select(AreaCodeStep).where(col(AreaCodeStep.code_id) == code.pk)
    return list(session.execute(wanted.order_by(col(AreaCodeStep.id))).scalars())
