"""Symbols of trade cartons: GS1 DataMatrix and GS1-128 from element strings, through zxing-cpp."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from app.errors import refuse
from app.kit.messages import say

# An application identifier with its value: ("01", "08931234567890").
Element: TypeAlias = tuple[str, str]

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
    return _modules(elements, zxingcpp.BarcodeFormat.Code128)[0]


def _modules(elements: Sequence[Element], kind: zxingcpp.BarcodeFormat) -> NDArray[np.bool_]:
    if not elements or any("(" in part or ")" in part for pair in elements for part in pair):
        raise refuse("elements", say("A carton's code has neither brackets nor empty values."))
    try:
        symbol = zxingcpp.create_barcode(gs1_text(elements), kind, gs1=True)
    except ValueError as wrong:
        text = gs1_text(elements)
        raise refuse(
            "elements",
            say("GS1 does not allow {text}: check the lengths and check digits.", text=text),
        ) from wrong
    drawn = zxingcpp.write_barcode_to_image(symbol, scale=1, add_quiet_zones=False)
    dark: NDArray[np.bool_] = np.array(drawn, dtype=np.uint8) == 0
    return dark
