"""Symbols of trade cartons: GS1 DataMatrix and GS1-128 from element strings, through zxing-cpp."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from app.errors import Refused, refuse
from app.kit.messages import say

# An application identifier with its value: ("01", "08931234567890").
Element: TypeAlias = tuple[str, str]

# Identifiers whose value ends in a check digit, with its length; and those that are days.
_KEYS = {"00": 18, "01": 14, "02": 14}
_DAYS = {"11", "12", "13", "15", "16", "17"}

QUIET_DATAMATRIX = 1  # modules, on all sides (ISO/IEC 16022)
QUIET_128 = 10  # modules, left and right (ISO/IEC 15417)


def gs1_text(elements: Sequence[Element]) -> str:
    """The element strings as people read them under a symbol: (01)08931234567890(10)LC01."""
    return "".join(f"({identifier}){value}" for identifier, value in elements)


def gs1_datamatrix(elements: Sequence[Element]) -> NDArray[np.bool_]:
    """The modules of a GS1 DataMatrix, True is dark, no quiet zone (it needs 1).

    FNC1 comes first, and again behind each value of variable length. Raises Refused when the
    elements break the rules of GS1 (a check digit, a length, an unknown identifier).
    """
    return _modules(elements, zxingcpp.BarcodeFormat.DataMatrix)


def gs1_128(elements: Sequence[Element]) -> NDArray[np.bool_]:
    """The bars of a GS1-128 as one row of modules, no quiet zone (it needs 10 on both sides)."""
    bars: NDArray[np.bool_] = _modules(elements, zxingcpp.BarcodeFormat.Code128)[0]
    return bars


def _modules(elements: Sequence[Element], kind: zxingcpp.BarcodeFormat) -> NDArray[np.bool_]:
    text = gs1_text(elements)
    if not elements:
        raise refuse("elements", say("A carton's code needs at least one element."))
    if not all(map(_sound, elements)):
        raise _refused(text)
    try:
        symbol = zxingcpp.create_barcode(text, kind, gs1=True, force_square=True)
    except ValueError as wrong:
        raise _refused(text) from wrong
    drawn = zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False)
    light: NDArray[np.bool_] = np.asarray(drawn, np.uint8).astype(np.bool_)
    return ~light


def _refused(text: str) -> Refused:
    return refuse(
        "elements",
        say("GS1 does not allow {text}: look at lengths, dates, check digits.", text=text),
    )


def _sound(element: Element) -> bool:
    """What the writer lets pass and scanners of wholesalers do not: check digits and dates."""
    identifier, value = element
    if not value or any(bracket in value for bracket in "()[]"):
        return False
    if identifier in _KEYS:
        return len(value) == _KEYS[identifier] and value.isdecimal() and _adds_up(value)
    return identifier not in _DAYS or _is_day(value)


def _adds_up(digits: str) -> bool:
    """The check digit of GS1 keys: threes and ones by turns, from the last digit."""
    return sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(reversed(digits))) % 10 == 0


def _is_day(value: str) -> bool:
    # Day 00 stands for the last of the month (GS1 General Specifications 3.4).
    day = value[:-2] + "01" if value.endswith("00") else value
    try:
        return datetime.strptime(day, "%y%m%d").strftime("%y%m%d") == day  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return False
