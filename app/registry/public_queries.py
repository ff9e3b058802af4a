"""What everybody may know of an organisation's planting areas: a household is not named unless it agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.places import AdminUnit
from app.models.registry import HOLDING, AreaCode, AreaCodeStep, Organisation, PlantingArea
from app.places.queries import units_by_ids
from app.registry.area_queries import crops_by_area
from app.registry.finding_queries import is_named
from app.registry.rules import status_on


@dataclass(frozen=True)
class PublicCode:
    """A planting-area code and its status on a day (a `CodeStatus`; `none` before it was issued)."""

    code: str
    code_key: str
    market: str
    issued_on: date
    status: str

    @property
    def holds(self) -> bool:
        return self.status in HOLDING


@dataclass(frozen=True)
class PublicArea:
    """A planting area in a line. `name` is None where it might name a person."""

    id: int
    uid: UUID
    name: str | None
    commune: AdminUnit
    area_m2: int
    crops: tuple[Crop, ...]
    codes: tuple[PublicCode, ...]
    closed_on: date | None

    @property
    def path(self) -> str:
        """The address of its page: the register's where it has a code."""
        return area_path(self.uid, self.codes)

    def grows(self, crop_id: int) -> bool:
        return any(crop.pk == crop_id for crop in self.crops)


def area_path(uid: UUID, codes: Iterable[PublicCode]) -> str:
    """The address of an area's page: by its newest code, one that holds first, else by its id."""
    ranked = sorted(codes, key=lambda code: (code.holds, code.issued_on, code.code_key))
    return f"/register/{ranked[-1].code_key}" if ranked else f"/a/{uid}"


def public_areas_of(
    session: Session, organisation: Organisation, *, day: date
) -> tuple[PublicArea, ...]:
    """The areas of an organisation that are not closed on a day, by name, with all their codes."""
    wanted = (
        select(PlantingArea)
        .where(
            col(PlantingArea.organisation_id) == organisation.pk,
            or_(col(PlantingArea.closed_on).is_(None), col(PlantingArea.closed_on) > day),
        )
        .order_by(col(PlantingArea.name_key), col(PlantingArea.id))
    )
    found = list(session.execute(wanted).scalars())
    ids = {area.pk for area in found}
    crops, codes = crops_by_area(session, ids), _codes_by_area(session, ids, day)
    communes = units_by_ids(session, {area.commune_id for area in found})
    named = is_named(organisation)
    return tuple(
        PublicArea(
            id=area.pk,
            uid=area.uid,
            name=area.name if named else None,
            commune=communes[area.commune_id],
            area_m2=area.area_m2,
            crops=tuple(crops.get(area.pk, ())),
            codes=codes.get(area.pk, ()),
            closed_on=area.closed_on,
        )
        for area in found
    )


def holder_of_area(session: Session, uid: UUID) -> tuple[PlantingArea, Organisation]:
    """An area, whoever asks, with the organisation whose it is."""
    wanted = (
        select(PlantingArea, Organisation)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(col(PlantingArea.uid) == uid)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such planting area."))
    return row[0], row[1]


def public_codes_of(session: Session, area: PlantingArea, *, day: date) -> tuple[PublicCode, ...]:
    """Every code an area was ever given, oldest first, with its status on a day."""
    return _codes_by_area(session, {area.pk}, day).get(area.pk, ())


def _codes_by_area(
    session: Session, area_ids: set[int], day: date
) -> dict[int, tuple[PublicCode, ...]]:
    wanted = (
        select(AreaCode, AreaCodeStep)
        .join(AreaCodeStep, col(AreaCodeStep.code_id) == col(AreaCode.id))
        .where(col(AreaCode.area_id).in_(area_ids))
        .order_by(col(AreaCode.id), col(AreaCodeStep.id))
    )
    steps: dict[int, tuple[AreaCode, list[AreaCodeStep]]] = {}
    for code, step in session.execute(wanted):
        steps.setdefault(code.pk, (code, []))[1].append(step)
    found: dict[int, list[PublicCode]] = {}
    for code, taken in steps.values():
        found.setdefault(code.area_id, []).append(_told(code, taken, day))
    return {area_id: tuple(codes) for area_id, codes in found.items()}


def _told(code: AreaCode, steps: list[AreaCodeStep], day: date) -> PublicCode:
    status = status_on(steps, day)
    return PublicCode(
        code=code.code,
        code_key=code.code_key,
        market=code.market,
        issued_on=code.issued_on,
        status=status.value if status else "none",
    )
