"""Where the bars of a carton's symbols stand on its label, in whole dots, with their text. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import Refused, refuse
from app.kit.messages import say
from app.labels.carton import (
    QUIET_128,
    QUIET_DATAMATRIX,
    Element,
    gs1_128,
    gs1_datamatrix,
    gs1_text,
)
from app.labels.fitting import Box, Line, Measure
from app.labels.layout import SymbolPlace
from app.labels.typeface import CAP_HEIGHT, Weight

# Two dots of a 203 dpi head: below it hand scanners fail.
_LINEAR_SMALLEST_MM = 0.25
# GS1 General Specifications §5.12.3.3: bar codes of logistic units are read from afar.
_UNIT_SMALLEST_MM = 0.495
_TEXT_MM = 1.875
_TEXT_ROW_MM = 2.4
# Below taller bars the digits are larger: they are keyed in when a scanner fails.
_TALLEST_ROW_MM = 4.6
_ROW_SHARE = 0.16
_LETTER_SHARE = 0.78

Modules = NDArray[np.bool_]


@dataclass(frozen=True)
class Marks:
    """Dark bars, and lines of text beside them."""

    bars: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()

    def __add__(self, other: "Marks") -> "Marks":
        return Marks(self.bars + other.bars, self.lines + other.lines)


def marks_of(
    place: SymbolPlace, elements: Sequence[Element], dot_mm: float, measure: Measure
) -> Marks:
    """The symbol of those elements that a place is for; nothing where there are none.

    Raises Refused where it does not fit.
    """
    meant = [(ai, value) for ai, value in elements if place.takes(ai)]
    if not meant:
        return Marks()
    if place.kind == "gs1_datamatrix":
        return _square(place, meant, dot_mm, measure)
    smallest = _UNIT_SMALLEST_MM if place.kind == "sscc" else _LINEAR_SMALLEST_MM
    return _linear(place, meant, dot_mm, measure, smallest)


def _linear(
    place: SymbolPlace,
    elements: Sequence[Element],
    dot_mm: float,
    measure: Measure,
    smallest_mm: float,
) -> Marks:
    row = gs1_128(elements).reshape(-1)
    module = whole_dots(place.width / (len(row) + 2 * QUIET_128), dot_mm)
    if module < smallest_mm - 1e-6:
        raise _too_large()
    left = whole_dots(place.x + (place.width - len(row) * module) / 2, dot_mm)
    text_row = min(_TALLEST_ROW_MM, max(_TEXT_ROW_MM, place.height * _ROW_SHARE))
    top, high = whole_dots(place.y, dot_mm), place.height - text_row
    bars = [Box(left + start * module, top, many * module, high) for start, many in dark_runs(row)]
    text = gs1_text(elements)
    size = text_row * _LETTER_SHARE
    size *= min(1.0, place.width / measure(text, Weight.REGULAR, size))
    middle = place.x + (place.width - measure(text, Weight.REGULAR, size)) / 2
    baseline = place.y + high + (text_row + size * CAP_HEIGHT) / 2
    return Marks(tuple(bars), (Line("gs1", text, middle, baseline, size, Weight.REGULAR),))


def _square(
    place: SymbolPlace, elements: Sequence[Element], dot_mm: float, measure: Measure
) -> Marks:
    """The symbol at the left of its box, one element a line at its right."""
    modules = gs1_datamatrix(elements)
    side = len(modules) + 2 * QUIET_DATAMATRIX
    module = whole_dots(min(place.width, place.height) / side, dot_mm)
    if module < _LINEAR_SMALLEST_MM - 1e-6:
        raise _too_large()
    left = whole_dots(place.x, dot_mm) + QUIET_DATAMATRIX * module
    top = whole_dots(place.y, dot_mm) + QUIET_DATAMATRIX * module
    bars = [
        Box(left + start * module, top + at * module, many * module, module)
        for at, row in enumerate(modules)
        for start, many in dark_runs(row)
    ]
    x, room = place.x + side * module + 1, place.width - side * module - 1
    lines = []
    for number, element in enumerate(elements):
        text = gs1_text([element])
        size = _TEXT_MM * min(1.0, room / measure(text, Weight.REGULAR, _TEXT_MM))
        baseline = place.y + (number + 1) * min(_TEXT_ROW_MM, place.height / len(elements))
        lines.append(Line("gs1", text, x, baseline, size, Weight.REGULAR))
    return Marks(tuple(bars), tuple(lines))


def whole_dots(length: float, dot_mm: float) -> float:
    """The length cut to whole dots."""
    return int(length / dot_mm + 1e-6) * dot_mm


def _too_large() -> Refused:
    why = say("The bar code does not fit this layout: choose a larger label.")
    return refuse("layout", why)


def dark_runs(row: Modules) -> list[tuple[int, int]]:
    """The dark runs of a row: where each begins and how long it is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(np.int8)))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]
