"""Doses as people write them, made comparable: grams or millilitres a square metre. Pure."""

import re
from collections.abc import Sequence
from statistics import median

from app.kit.text import fold

# Thousandths of the smallest unit people dose in.
_UNITS = {
    "kg": 1_000.0,
    "g": 1.0,
    "gr": 1.0,
    "mg": 0.001,
    "l": 1_000.0,
    "lit": 1_000.0,
    "ml": 1.0,
    "cc": 1.0,
}
_LAND = {"ha": 10_000.0, "sao": 360.0, "m2": 1.0, "1000m2": 1_000.0, "1000 m2": 1_000.0}
_DOSE = re.compile(
    r"(?:[\d.,]+\s*-\s*)?(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>kg|gr|g|mg|lit|l|ml|cc)\s*/\s*"
    r"(?P<land>ha|sao|1000 ?m2|m2)\b"
)
# From this many earlier uses on there is a usual dose.
FEWEST_USES = 3


def units_known() -> tuple[str, ...]:
    """The units an amount may be written in and be compared."""
    return tuple(_UNITS)


def per_m2(amount: int | None, unit: str, area_m2: int) -> float | None:
    """Grams or millilitres a square metre of an amount in thousandths of a unit; None: not comparable."""
    factor = _UNITS.get(fold(unit))
    if amount is None or factor is None or area_m2 <= 0:
        return None
    return amount / 1_000 * factor / area_m2


def registered_per_m2(dose: str) -> float | None:
    """The same of what a label says ("0,5 - 0,7 lít/ha": the higher end); None where it says otherwise."""
    found = _DOSE.search(_spelt(dose))
    if found is None:
        return None
    number = float(found["number"].replace(",", "."))
    return number * _UNITS[found["unit"]] / _LAND[found["land"]]


def usual_of(doses: Sequence[float]) -> float | None:
    """The usual dose among earlier ones; None while there are too few to tell."""
    return median(doses) if len(doses) >= FEWEST_USES else None


def _spelt(dose: str) -> str:
    # fold() would take the signs between numbers away.
    plain = dose.casefold().replace("lít", "lit").replace("sào", "sao").replace("m²", "m2")
    return plain.replace("–", "-")
