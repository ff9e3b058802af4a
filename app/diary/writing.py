"""What somebody writes into the diary, as plain values, and the same as JSON. Pure."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.kit.quantities import Grams, SquareMetres
from app.models.diary import Work


@dataclass(frozen=True)
class Using:
    """What was used: a product of the catalogue, or one that is only named.

    `amount` in thousandths of `unit` for the whole treated area.
    """

    name: str = ""
    product: UUID | None = None
    actives: str = ""
    amount: int | None = None
    unit: str = ""
    water_ml: int | None = None
    interval_days: int | None = None
    batch_number: str = ""


@dataclass(frozen=True)
class Writing:
    """One thing done to one planting on one day, as it was written down.

    `uid` was made by the device (None: here); `written_at` and `sent_at` are what its clock showed.
    `corrects`: the entry whose place it takes; `void`: a note that it never happened.
    """

    planting: UUID
    work: Work
    done_on: date
    uid: UUID | None = None
    written_at: datetime | None = None
    sent_at: datetime | None = None
    plots: tuple[UUID, ...] = ()
    area: SquareMetres | None = None
    quantity: Grams | None = None
    grower: UUID | None = None
    operator: str = ""
    weather: str = ""
    pest: str = ""
    reason: str = ""
    note: str = ""
    inputs: tuple[Using, ...] = ()
    corrects: UUID | None = None
    void: bool = False


def as_json(writing: Writing) -> str:
    """The whole of it as JSON text, so that a version that does not stand is kept as it was sent."""
    values = {
        **vars(writing),
        "area": None if writing.area is None else writing.area.value,
        "quantity": None if writing.quantity is None else writing.quantity.value,
        "inputs": [vars(one) for one in writing.inputs],
    }
    return json.dumps(values, default=_plain, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Writing:
    """What `as_json` wrote."""
    values: dict[str, Any] = json.loads(text)
    area, quantity = values["area"], values["quantity"]
    return Writing(
        **{
            **values,
            "planting": UUID(values["planting"]),
            "work": Work(values["work"]),
            "done_on": date.fromisoformat(values["done_on"]),
            "uid": _uid(values["uid"]),
            "written_at": _instant(values["written_at"]),
            "sent_at": _instant(values["sent_at"]),
            "plots": tuple(UUID(plot) for plot in values["plots"]),
            "area": None if area is None else SquareMetres(area),
            "quantity": None if quantity is None else Grams(quantity),
            "grower": _uid(values["grower"]),
            "corrects": _uid(values["corrects"]),
            "inputs": tuple(_using(one) for one in values["inputs"]),
        }
    )


def content_of(writing: Writing) -> dict[str, Any]:
    """What it says, without who sent it when: two that say the same are equal here."""
    return {
        "planting": str(writing.planting),
        "plots": sorted(str(plot) for plot in writing.plots),
        "work": writing.work.value,
        "done_on": writing.done_on.isoformat(),
        "area_m2": None if writing.area is None else writing.area.value,
        "quantity_g": None if writing.quantity is None else writing.quantity.value,
        "grower": None if writing.grower is None else str(writing.grower),
        "operator": writing.operator,
        "weather": writing.weather,
        "pest": writing.pest,
        "reason": writing.reason,
        "note": writing.note,
        "inputs": [said_of(one) for one in writing.inputs],
        "void": writing.void,
    }


def said_of(one: Using) -> dict[str, Any]:
    """What is said of an input: what the catalogue adds to it is left out."""
    return {
        "name": one.name,
        "amount": one.amount,
        "unit": one.unit,
        "water_ml": one.water_ml,
        "batch_number": one.batch_number,
    }


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The fields in which two contents differ, in their order."""
    return [name for name in one if one[name] != other[name]]


def _using(values: dict[str, Any]) -> Using:
    return Using(**{**values, "product": _uid(values["product"])})


def _uid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
