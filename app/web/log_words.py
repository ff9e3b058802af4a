"""What the shown part of a record says, as words and values for a page."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.deps import Call
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.models.catalogue import Crop
from app.transparency.evidence import FactProven

NAMES: Mapping[str, Message] = {
    "crop": say("Crop"),
    "harvested_on": say("Harvested"),
    "packed_on": say("Packed"),
    "best_before": say("Best before"),
    "quantity_g": say("Weight"),
    "sellable_from": say("May be sold from"),
    "copies": say("Labels"),
    "reason": say("Reason"),
    "before": say("Before"),
    "after": say("After"),
    "claims": say("Claims granted"),
}
_CLAIMS: Mapping[str, Message] = {
    "area_code": say("planting-area code"),
    "waiting_time": say("waiting time kept"),
    "inputs": say("permitted inputs only"),
    "food_safety": say("food safety"),
    "vietgap": say("VietGAP"),
    "organic": say("organic"),
    "ocop": say("OCOP"),
}
ISO_DAY = 10


def facts_told(call: Call, fact: FactProven) -> list[tuple[str, str]]:
    """Names and values of what a record shows, in the reader's language."""
    if fact.shown is None:
        return []
    facts: dict[str, Any] = json.loads(fact.shown.text)["facts"]
    told = ((name, _told(call, name, facts[name])) for name in NAMES if facts.get(name) is not None)
    return [(call.language.say(NAMES[name]), value) for name, value in told if value]


def _told(call: Call, name: str, value: Any) -> str:
    reader = call.language
    if isinstance(value, Mapping):
        inner = ((one, value[one]) for one in NAMES if value.get(one) is not None)
        return "; ".join(f"{reader.say(NAMES[one])}: {_told(call, one, it)}" for one, it in inner)
    if name == "claims":
        granted = (one["kind"] for one in value if one["granted"])
        return ", ".join(reader.say(_CLAIMS[one]) if one in _CLAIMS else one for one in granted)
    return _plain(call, name, value)


def _plain(call: Call, name: str, value: Any) -> str:
    reader = call.language
    match name, value:
        case "crop", str():
            return _crop(call, value)
        case "quantity_g", int():
            return reader.quantity(Grams(value))
        case _, str() if len(value) == ISO_DAY and value[4] == "-" and name != "reason":
            return reader.date(date.fromisoformat(value))
        case _:
            return str(value)


def _crop(call: Call, slug: str) -> str:
    names = select(Crop).where(col(Crop.slug) == slug)
    found = call.session.execute(names).scalar_one_or_none()
    return str(getattr(found, f"name_{call.language.tag}", slug))
