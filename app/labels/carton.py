"""Symbols of trade cartons: GS1 DataMatrix and GS1-128 from element strings, through zxing-cpp."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from app.errors import Refused, refuse
from app.kit.gs1_elements import as_bracketed
from app.kit.gs1_identifiers import BadElement, check_value, pairing_faults
from app.kit.messages import say

# An application identifier with its value: ("01", "08931234567890").
Element: TypeAlias = tuple[str, str]

QUIET_DATAMATRIX = 1  # modules, on all sides (ISO/IEC 16022)
QUIET_128 = 10  # modules, left and right (ISO/IEC 15417)


def gs1_text(elements: Sequence[Element]) -> str:
    """The element strings as people read them under a symbol: (01)08931234567890(10)LC01."""
    return as_bracketed(dict(elements))


def require_sound(elements: Sequence[Element]) -> None:
    """Refuse elements that GS1 does not allow on one label: a value, or who stands beside whom."""
    for identifier, value in elements:
        if not _sound(identifier, value):
            raise _refused(gs1_text(elements))
    if next(pairing_faults(frozenset(dict(elements))), None) is not None:
        raise _refused(gs1_text(elements))


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
    if not all(_sound(identifier, value) for identifier, value in elements):
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


def _sound(identifier: str, value: str) -> bool:
    """What the GS1 syntax dictionary allows; brackets would be taken for identifiers by the writer."""
    try:
        check_value(identifier, value)
    except (BadElement, KeyError):
        return False
    return not any(bracket in value for bracket in "()[]")
