"""The labels of a run one after the other: the face a lot's labels share, and what differs on each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.errors import refuse
from app.kit.messages import say
from app.labels.carton import QUIET_128, QUIET_DATAMATRIX, gs1_128, gs1_datamatrix, gs1_text
from app.labels.composing import Composed, compose
from app.labels.dots import SymbolSize, size_for
from app.labels.fitting import Box, Line, Measure
from app.labels.layout import LayoutBody, SymbolPlace
from app.labels.payload import with_serial
from app.labels.serials import serials
from app.labels.symbols import encode
from app.labels.typeface import CAP_HEIGHT, Weight

CHUNK = 1000
# A QR of a serialised lot is as large for every serial: they are all of one length up to here.
_USUAL_SERIAL = "0" * 12
_QUIET_MODULES = 4
# Two dots of a 203 dpi head: below it hand scanners fail.
_LINEAR_SMALLEST_MM = 0.25
_TEXT_MM = 1.875
_TEXT_ROW_MM = 2.4

Modules = NDArray[np.bool_]


@dataclass(frozen=True)
class Edition:
    """One lot's part of a run, ready to be drawn: words, the QR's content, the carton's elements."""

    words: Mapping[str, str]
    address: str
    first: int
    count: int
    key: bytes | None = None
    elements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class QrPlace:
    """Where the QR of every label of a lot stands: the first module's corner and the side, in mm."""

    x: float
    y: float
    size: SymbolSize

    @property
    def side(self) -> float:
        return self.size.modules * self.size.dots_a_module * self.size.dot_mm


@dataclass(frozen=True, eq=False)
class Front:
    """What all labels of a lot share: one object a lot, known by its identity."""

    composed: Composed
    qr: QrPlace
    bars: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class Label:
    """One label: its front, its own lines (the serial), its QR's modules without a quiet zone."""

    front: Front
    lines: tuple[Line, ...]
    modules: Modules = field(repr=False)


def front_of(
    layout: LayoutBody,
    edition: Edition,
    *,
    dot_mm: float,
    smallest_mm: float,
    measure: Measure,
    others: Sequence[tuple[str, float]] = (),
) -> Front:
    """What the labels of a lot share on a printer with such dots; Refused where it cannot be.

    `others` are layouts by name with the room they leave a QR: a refusal names those that would do.
    """
    composed = compose(layout, edition.words, measure)
    longest = with_serial(edition.address, _USUAL_SERIAL) if edition.key else edition.address
    bars, lines = list(composed.bars), list(composed.fixed)
    qr: QrPlace | None = None
    for place in layout.symbols:
        if place.kind == "qr":
            room = min(place.width, place.height)
            size = size_for(
                longest, room_mm=room, dot_mm=dot_mm, smallest_mm=smallest_mm, stocks=others
            )
            qr = _qr_place(place, size)
        elif edition.elements:
            more, text = _carton(place, edition.elements, dot_mm, measure)
            bars += more
            lines += text
    if qr is None:
        raise refuse("layout", say("A label has one QR code, in a box of at least 10 mm."))
    return Front(composed, qr, tuple(bars), tuple(lines))


def labels_of(front: Front, edition: Edition, *, skip: int = 0) -> Iterator[Label]:
    """The labels of a lot in order, from the `skip`-th on; memory does not grow with their number."""
    if edition.key is None:
        (modules,) = _modules([edition.address], front.qr.size)
        one = Label(front, (), modules)
        for _ in range(edition.count - skip):
            yield one
        return
    for at in range(edition.first + skip, edition.first + edition.count, CHUNK):
        many = min(CHUNK, edition.first + edition.count - at)
        codes = serials(edition.key, at, many)
        drawn = _modules([with_serial(edition.address, code) for code in codes], front.qr.size)
        for code, modules in zip(codes, drawn, strict=True):
            yield Label(front, front.composed.with_serial(code), modules)


def _qr_place(place: SymbolPlace, size: SymbolSize) -> QrPlace:
    dot_mm = size.dot_mm
    quiet = _QUIET_MODULES * size.dots_a_module * size.dot_mm
    return QrPlace(
        x=_whole(place.x + (place.width - size.side_mm) / 2, dot_mm) + quiet,
        y=_whole(place.y + (place.height - size.side_mm) / 2, dot_mm) + quiet,
        size=size,
    )


def _whole(length: float, dot_mm: float) -> float:
    return int(length / dot_mm + 1e-6) * dot_mm


def _modules(texts: Sequence[str], size: SymbolSize) -> list[Modules]:
    made: list[Modules | None] = [None] * len(texts)
    for batch in encode(texts, level=size.level, version=size.version):
        for at, modules in zip(batch.at, batch.modules, strict=True):
            made[int(at)] = modules
    return [modules for modules in made if modules is not None]


def _carton(
    place: SymbolPlace, elements: Sequence[tuple[str, str]], dot_mm: float, measure: Measure
) -> tuple[list[Box], list[Line]]:
    if place.kind == "gs1_datamatrix":
        return _square(place, elements, dot_mm, measure)
    row = gs1_128(elements).reshape(-1)
    module = int(place.width / ((len(row) + 2 * QUIET_128) * dot_mm) + 1e-6) * dot_mm
    if module < _LINEAR_SMALLEST_MM - 1e-6:
        raise refuse("gtin", say("The bar code does not fit this layout: choose a larger label."))
    left = _whole(place.x + (place.width - len(row) * module) / 2, dot_mm)
    top, high = _whole(place.y, dot_mm), place.height - _TEXT_ROW_MM
    bars = [Box(left + start * module, top, many * module, high) for start, many in dark_runs(row)]
    text = gs1_text(elements)
    size = _TEXT_MM * min(1.0, place.width / measure(text, Weight.REGULAR, _TEXT_MM))
    middle = place.x + (place.width - measure(text, Weight.REGULAR, size)) / 2
    baseline = place.y + high + (_TEXT_ROW_MM + size * CAP_HEIGHT) / 2
    return bars, [Line("gs1", text, middle, baseline, size, Weight.REGULAR)]


def _square(
    place: SymbolPlace, elements: Sequence[tuple[str, str]], dot_mm: float, measure: Measure
) -> tuple[list[Box], list[Line]]:
    """The symbol at the left of its box, one element a line at its right."""
    modules = gs1_datamatrix(elements)
    side = len(modules) + 2 * QUIET_DATAMATRIX
    module = int(min(place.width, place.height) / (side * dot_mm) + 1e-6) * dot_mm
    if module < _LINEAR_SMALLEST_MM - 1e-6:
        raise refuse("gtin", say("The bar code does not fit this layout: choose a larger label."))
    left = _whole(place.x, dot_mm) + QUIET_DATAMATRIX * module
    top = _whole(place.y, dot_mm) + QUIET_DATAMATRIX * module
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
        baseline = place.y + (number + 1) * _TEXT_ROW_MM
        lines.append(Line("gs1", text, x, baseline, size, Weight.REGULAR))
    return bars, lines


def dark_runs(row: Modules) -> list[tuple[int, int]]:
    """The dark runs of a row: where each begins and how long it is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(np.int8)))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]
