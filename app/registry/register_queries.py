"""The public register of planting-area codes: nothing personal, no position finer than 1 km."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.places import AdminUnit
from app.models.registry import (
    AreaCode,
    AreaCodeStep,
    AreaCrop,
    CodeStatus,
    Organisation,
    OrganisationKind,
    PlantingArea,
)
from app.places.queries import find_commune_on, find_former_commune
from app.registry.area_queries import crops_by_area
from app.registry.code_queries import steps_of_area
from app.registry.codes import key_of
from app.registry.finding_queries import (
    having,
    is_named,
    matching,
    words_for_all,
    words_sought,
)
from app.registry.geometry import bounds_of
from app.registry.rules import status_on

# 0.01°, about a kilometre, in the units of 1e-7 degree that boxes are kept in.
CELL = 100_000
CELLS_A_DEGREE = 100
MOST_ROWS = 100_000
MOST_MARKS = 1_000
CHUNK = 500

Position = tuple[float, float]
_commune, _former = aliased(AdminUnit), aliased(AdminUnit)


@dataclass(frozen=True)
class Wanted:
    """Which codes: words, and what they have to be; empty means any.

    `commune` is a code of today; one that no commune bears today is read as a former one.
    """

    q: str = ""
    status: CodeStatus | None = None
    market: str = ""
    crop: str = ""
    commune: str = ""


@dataclass(frozen=True)
class Holder:
    """Whose it is, as everybody may read it: `name` is None for a household that is not named.

    `position` is the longitude and latitude of the middle of the boundary, rounded to 0.01°.
    """

    name: str | None
    commune: AdminUnit
    former: AdminUnit | None
    area_m2: int
    crops: tuple[Crop, ...]
    position: Position | None
    demonstration: bool


@dataclass(frozen=True)
class RegisterLine:
    """One code of the register, with its status on the day asked for."""

    code: AreaCode
    status: CodeStatus
    holder: Holder


@dataclass(frozen=True)
class RegisteredCode:
    """A code with everything that befell it, and its status on the day asked for.

    The status is None where it had not been issued by then.
    """

    code: AreaCode
    status: CodeStatus | None
    steps: tuple[AreaCodeStep, ...]


@dataclass(frozen=True)
class RegisteredArea:
    """An area of the register with all its codes, oldest first."""

    holder: Holder
    codes: tuple[RegisteredCode, ...]


def register(
    session: Session, wanted: Wanted, *, day: date, after: str | None = None, limit: int = 50
) -> Page[RegisterLine]:
    """Codes given by a day with their status on it, the newest first."""
    below = None if after is None else int(decode(after, int)[0])
    found = _lines(session, _condition(session, wanted, day), day, below=below, limit=limit + 1)
    return page_of(found, limit=limit, key=lambda line: (line.code.pk,))


def every_line(session: Session, wanted: Wanted, *, day: date) -> Iterator[RegisterLine]:
    """All of them, at most 100,000, read in small parts so that the memory needed stays small."""
    condition = _condition(session, wanted, day)
    below: int | None = None
    for _ in range(MOST_ROWS // CHUNK):
        lines = _lines(session, condition, day, below=below, limit=CHUNK)
        yield from lines
        if len(lines) < CHUNK:
            return
        below = lines[-1].code.pk


def marks(session: Session, wanted: Wanted, *, day: date) -> list[tuple[CodeStatus, Position]]:
    """Where the newest 1,000 of them lie, each place once a status."""
    asked = (
        _joined(select(status_column(day), *_box()))
        .where(_condition(session, wanted, day))
        .order_by(col(AreaCode.id).desc())
        .limit(MOST_MARKS)
    )
    placed = ((row[0], _position(row[1:])) for row in session.execute(asked))
    return list(dict.fromkeys((known, at) for known, at in placed if at is not None))


def registered_area(session: Session, code: str, *, day: date) -> RegisteredArea:
    """The area that holds, or held, a code, however it was typed; raises NotFound."""
    wanted = (
        select(col(AreaCode.area_id))
        .where(col(AreaCode.code_key) == key_of(code))
        .order_by(col(AreaCode.id).desc())
    )
    area_id = session.execute(wanted.limit(1)).scalar_one_or_none()
    if area_id is None:
        raise NotFound(say("There is no such planting-area code in the register."))
    return registered_area_of(session, area_id, day=day)


def registered_area_of(session: Session, area_id: int, *, day: date) -> RegisteredArea:
    """The area with this internal key, which must exist, with all its codes."""
    asked = (
        select(Organisation, _commune, _former, *_land())
        .select_from(PlantingArea)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(_commune, col(_commune.id) == col(PlantingArea.commune_id))
        .outerjoin(_former, col(_former.id) == col(PlantingArea.former_commune_id))
        .where(col(PlantingArea.id) == area_id)
    )
    row = session.execute(asked).one()
    crops = crops_by_area(session, {area_id})
    codes = tuple(
        RegisteredCode(one, status_on(steps, day), tuple(sorted(steps, key=_order)))
        for one, steps in steps_of_area(session, area_id)
    )
    return RegisteredArea(_holder(row, crops.get(area_id, [])), codes)


def _lines(
    session: Session, condition: ColumnElement[bool], day: date, *, below: int | None, limit: int
) -> list[RegisterLine]:
    columns = (AreaCode, status_column(day), Organisation, _commune, _former, *_land())
    asked = _joined(select(*columns)).where(condition)
    if below is not None:
        asked = asked.where(col(AreaCode.id) < below)
    rows = session.execute(asked.order_by(col(AreaCode.id).desc()).limit(limit)).all()
    crops = crops_by_area(session, {row[0].area_id for row in rows})
    return [
        RegisterLine(row[0], row[1], _holder(row[2:], crops.get(row[0].area_id, [])))
        for row in rows
    ]


def _joined(asked: Any) -> Any:
    return (
        asked.select_from(AreaCode)
        .join(PlantingArea, col(PlantingArea.id) == col(AreaCode.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(_commune, col(_commune.id) == col(PlantingArea.commune_id))
        .outerjoin(_former, col(_former.id) == col(PlantingArea.former_commune_id))
    )


def _condition(session: Session, wanted: Wanted, day: date) -> ColumnElement[bool]:
    words = words_sought(wanted.q)
    conditions = [
        status_column(day).is_not(None)
        if wanted.status is None
        else status_column(day) == wanted.status,
        _of_commune(session, wanted.commune, day),
        matching(session, words, col(AreaCode.area_id)),
    ]
    if words:
        # A person whose name is not shown must not be found by it either.
        unnamed = having(words_for_all(words), col(AreaCode.area_id))
        conditions.append(or_(_named(), unnamed))
    if wanted.market:
        conditions.append(col(AreaCode.market) == wanted.market)
    if wanted.crop:
        conditions.append(_grows(wanted.crop))
    return and_(true(), *conditions)


def _named() -> ColumnElement[bool]:
    """What `is_named` says, for the database."""
    household = OrganisationKind.HOUSEHOLD
    return or_(col(Organisation.name_public), col(Organisation.kind) != household)


def _of_commune(session: Session, code: str, day: date) -> ColumnElement[bool]:
    if not code:
        return true()
    standing = find_commune_on(session, code, day)
    if standing is not None and standing.valid_to is None:
        return col(PlantingArea.commune_id) == standing.pk
    former = find_former_commune(session, code)
    return false() if former is None else col(PlantingArea.former_commune_id) == former.pk


def _grows(slug: str) -> ColumnElement[bool]:
    grown = (
        select(col(AreaCrop.crop_id))
        .join(Crop, col(Crop.id) == col(AreaCrop.crop_id))
        .where(col(AreaCrop.area_id) == col(AreaCode.area_id), col(Crop.slug) == slug)
    )
    return grown.exists()


def status_column(day: date) -> Any:
    """The status on a day: of the newest step until then, as `status_on` tells it."""
    return (
        select(col(AreaCodeStep.status))
        .where(col(AreaCodeStep.code_id) == col(AreaCode.id), col(AreaCodeStep.effective_on) <= day)
        .order_by(col(AreaCodeStep.effective_on).desc(), col(AreaCodeStep.id).desc())
        .limit(1)
        .correlate(AreaCode)
        .scalar_subquery()
    )


def _land() -> tuple[Any, ...]:
    return (col(PlantingArea.area_m2), *_box())


def _box() -> tuple[Any, ...]:
    """The box of the boundary; the boundary itself, which is long, only where nobody took its box."""
    area = PlantingArea
    unknown = case((col(area.west).is_(None), col(area.polygon)))
    return (col(area.west), col(area.south), col(area.east), col(area.north), unknown)


def _holder(row: Sequence[Any], crops: list[Crop]) -> Holder:
    organisation, commune, former, area_m2 = row[:4]
    return Holder(
        name=organisation.name if is_named(organisation) else None,
        commune=commune,
        former=former,
        area_m2=area_m2,
        crops=tuple(crops),
        position=_position(row[4:]),
        demonstration=organisation.demonstration,
    )


def _position(row: Sequence[Any]) -> Position | None:
    west, south, east, north, polygon = row
    if polygon is not None:
        box = bounds_of(polygon)
        west, south, east, north = box.west, box.south, box.east, box.north
    if west is None:
        return None
    return _rounded(west + east), _rounded(south + north)


def _rounded(doubled: int) -> float:
    return (doubled + CELL) // (2 * CELL) / CELLS_A_DEGREE


def _order(step: AreaCodeStep) -> tuple[date, int]:
    return step.effective_on, step.pk
