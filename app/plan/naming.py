"""What the values of a dimension are called: districts, communes, crops, months and so on."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.messages import Message, say
from app.models.catalogue import Crop, CropGroup
from app.models.places import AdminUnit, UnitLevel
from app.models.registry import Organisation, PlantingArea
from app.places.queries import former_districts, provinces_on
from app.plan.axes import axes_of, axis_names, counted_on, whose_axes
from app.plan.dimensions import Dimension

Named = tuple[str, str | Message]
NOWHERE = say("Not known")
GROUPS: dict[str, Message] = {
    CropGroup.LEAF_BRASSICA: say("Brassicas of all kinds"),
    CropGroup.LEGUME: say("Legumes"),
    CropGroup.OTHER: say("Other vegetables"),
}
PLAN_PROVINCE = "10"
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)


def names_of(
    session: Session, by: Dimension, values: Collection[Any], language: str = "vi"
) -> dict[Any, Named]:
    """By value of the column: its key and what it is called."""
    find = _FINDERS.get(by)
    found = find(session, values, language) if find else {}
    return {
        value: found.get(value, (str(value), NOWHERE if not value else str(value)))
        for value in values
    }


def every_key(session: Session, by: Dimension, year: int | None) -> list[Any]:
    """The values that are shown though nothing was counted for them in a year: the plan names them."""
    match by:
        case Dimension.DISTRICT:
            return [unit.code for unit in former_districts(session, PLAN_PROVINCE)]
        case Dimension.AXIS:
            today = counted_on(session)
            plan = whose_axes(session, today).in_year(year or today.year)
            return [one.axis for one in axes_of(session, plan)]
        case Dimension.GROUP:
            return [group.value for group in CropGroup]
        case _:
            return []


def _districts(session: Session, _values: Collection[Any], _language: str) -> dict[Any, Named]:
    units = former_districts(session)
    # "10" and "15" had districts of other numbers: a code is enough.
    return {unit.code: (unit.code, unit.name) for unit in units}


def _provinces(session: Session, _values: Collection[Any], _language: str) -> dict[Any, Named]:
    day = LAST_DAY_OF_DISTRICTS
    return {unit.code: (unit.code, unit.name) for unit in provinces_on(session, day)}


def _communes(session: Session, values: Collection[Any], _language: str) -> dict[Any, Named]:
    wanted = select(AdminUnit).where(
        col(AdminUnit.level) == UnitLevel.COMMUNE,
        col(AdminUnit.code).in_(list(values)),
        col(AdminUnit.valid_to).is_(None),
    )
    return {unit.code: (unit.code, unit.name) for unit in session.execute(wanted).scalars()}


def _crops(session: Session, values: Collection[Any], language: str) -> dict[Any, Named]:
    wanted = select(Crop).where(col(Crop.id).in_(list(values)))
    return {
        crop.pk: (crop.slug, getattr(crop, f"name_{language}", "") or crop.name_vi)
        for crop in session.execute(wanted).scalars()
    }


def _named(table: Any) -> "Callable[[Session, Collection[Any], str], dict[Any, Named]]":
    def find(session: Session, values: Collection[Any], _language: str) -> dict[Any, Named]:
        wanted = select(table.id, table.uid, table.name).where(table.id.in_(list(values)))
        return {key: (str(uid), name) for key, uid, name in session.execute(wanted)}

    return find


def _axes(session: Session, _values: Collection[Any], _language: str) -> dict[Any, Named]:
    return {key: (key, name) for key, name in axis_names(session).items()}


def _worded(words: Mapping[str, Message]) -> Any:
    def find(_session: Session, _values: Collection[Any], _language: str) -> dict[Any, Named]:
        return {str(key): (str(key), word) for key, word in words.items()}

    return find


_FINDERS: Mapping[Dimension, Callable[[Session, Collection[Any], str], dict[Any, Named]]] = {
    Dimension.PROVINCE: _provinces,
    Dimension.DISTRICT: _districts,
    Dimension.COMMUNE: _communes,
    Dimension.AXIS: _axes,
    Dimension.GROUP: _worded(GROUPS),
    Dimension.CROP: _crops,
    Dimension.ORGANISATION: _named(Organisation),
    Dimension.AREA: _named(PlantingArea),
}
