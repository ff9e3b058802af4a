"""What stands on a label of 50 by 30 mm and where: words and places in millimetres, no ink yet."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from app.errors import FieldError, Refused
from app.kit.codes import grouped
from app.kit.i18n import language
from app.kit.messages import say
from app.kit.quantities import Grams
from app.labels.fitting import (
    LEADING,
    SMALLEST_MM,
    Box,
    Fitted,
    Item,
    Line,
    Measure,
    fit,
    one_line_size,
)
from app.labels.payload import host_of, qr_text
from app.labels.typeface import CAP_HEIGHT, DEPTH, Weight, unprintable

WIDTH_MM = 50.0
HEIGHT_MM = 30.0
# Thermal rolls drift by a millimetre: nothing that must be read stands nearer to the edge.
EDGE_MM = 1.25
# The symbol brings its own quiet zone of 2 mm, so its box may stand nearer.
SYMBOL_AT_MM = 0.5
SYMBOL_ROOM_MM = 20.5
RULE_MM = 0.125

# NĐ 37/2026/NĐ-CP art. 42, 46, 47 and Annexes I and III: goods sold in Viet Nam are labelled in
# Vietnamese. Another market's label is another column with the same keys.
WORDS = {
    "vi": {
        "producer_address": "Đ/c: {}",
        "origin": "Xuất xứ: {}",
        "harvested_on": "Ngày thu hoạch: {}",
        "packed_on": "NSX: {}",
        "best_before": "HSD: {}",
        "quantity": "Khối lượng tịnh: {}",
        "area_code": "MSVT: {}",
        "lot_code": "Lô: {}",
        "demonstration": "Mẫu, không bán",
    }
}
LANGUAGE = "vi"

# What stands beside the symbol, from the top, and what goes under it while there is room.
_BESIDE = (
    Item("product_name", "", Weight.STRONG, largest=3.5, smallest=2.25, shrinks=True),
    Item("claim", "", Weight.STRONG, optional=True, shrinks=True),
    Item("producer_name", "", Weight.STRONG, largest=2.125, shrinks=True),
    Item("producer_address", ""),
    Item("origin", ""),
    Item("harvested_on", ""),
    Item("area_code", "", optional=True),
)
_BELOW = (Item("packed_on", ""), Item("best_before", ""), Item("quantity", ""))
_CODE = Item("lot_code", "", Weight.STRONG, largest=2.0)
_HOST = Item("host", "", largest=SMALLEST_MM)
_DEMONSTRATION = Item("demonstration", "", Weight.STRONG, largest=SMALLEST_MM)

# The left edge of the words is the left edge of the symbol's dark modules.
_LEFT_MM = 2.5
_ROW_MM = SMALLEST_MM * LEADING
_BAR_MM = 2.1
_AIR_MM = 0.35
_GAP_MM = 1.0


@dataclass(frozen=True)
class LabelFacts:
    """What one label says.

    It covers six of the seven public items of NĐ 37/2026/NĐ-CP art. 23(7): name, producer, address,
    origin, lot and expiry. The image, which no label has room for, is on the page behind the QR.

    `quantity` is the net content of the package that carries the label, None where it is weighed
    at sale. `packed_on` prints as NSX; without it the harvest day is the time marker that Annex
    III allows for farm produce. `base_url` is the installation's own address, from its settings.
    """

    product_name: str
    producer_name: str
    producer_address: str
    origin: str
    harvested_on: date
    lot_code: str
    base_url: str
    quantity: Grams | None = None
    packed_on: date | None = None
    best_before: date | None = None
    area_code: str | None = None
    claim: str | None = None
    demonstration: bool = False

    @property
    def address(self) -> str:
        """What the QR says."""
        return qr_text(self.base_url, self.lot_code)


@dataclass(frozen=True)
class Face:
    """A composed label: lines of text and dark bars, in mm; the symbol stands at SYMBOL_AT_MM.

    `shortened` names the facts that did not fit whole, for a warning before printing.
    """

    lines: tuple[Line, ...]
    bars: tuple[Box, ...]
    shortened: tuple[str, ...]


def compose(facts: LabelFacts, *, symbol_mm: float, measure: Measure) -> Face:
    """The face for a symbol of this side (quiet zone included), by this way of measuring text.

    Letters get smaller, then lines more, then texts shorter; never does a letter fall below
    0.9 mm or touch the symbol. Raises Refused for characters that the label's typeface lacks.
    """
    words = printable_words(facts)
    strip, floor = _strip(words, measure)
    symbol_end = SYMBOL_AT_MM + symbol_mm
    under = _box(_LEFT_MM, symbol_end, symbol_end - _GAP_MM, floor - _AIR_MM)
    column = _box(symbol_end, EDGE_MM, WIDTH_MM - EDGE_MM, floor - _AIR_MM)
    bars = [_box(_LEFT_MM, floor, WIDTH_MM - EDGE_MM, floor + RULE_MM)]
    marks: tuple[Line, ...] = ()
    if facts.demonstration:
        bar, under, column = _bar_apart(under, column)
        bars.append(bar)
        marks = (_centred(_worded_item(_DEMONSTRATION, words), bar, measure),)
    below, beside = _divided(words, under, measure)
    parts = (Fitted(marks), fit(beside, column, measure), fit(below, under, measure), strip)
    return Face(
        lines=tuple(line for part in parts for line in part.lines),
        bars=tuple(bars),
        shortened=tuple(field for part in parts for field in part.shortened),
    )


def printable_words(facts: LabelFacts) -> dict[str, str]:
    """`words_of` the facts; raises Refused, field by field, for letters no label can print."""
    words = words_of(facts)
    lacking = {field: unprintable(text) for field, text in words.items() if unprintable(text)}
    if not lacking:
        return words
    errors = [
        FieldError(
            field,
            say(
                "The label cannot print {characters}: use Vietnamese or other Latin letters.",
                characters=" ".join(map(_named, characters)),
            ),
        )
        for field, characters in lacking.items()
    ]
    raise Refused(errors[0].why, *errors)


def words_of(facts: LabelFacts) -> dict[str, str]:
    """The words that would go on paper, fact by fact, in NFC: what a print record should keep."""
    tell = language(LANGUAGE)
    shown = {
        "product_name": facts.product_name,
        "claim": facts.claim,
        "producer_name": facts.producer_name,
        "producer_address": facts.producer_address,
        "origin": facts.origin,
        "harvested_on": tell.date(facts.harvested_on),
        "area_code": facts.area_code,
        "packed_on": facts.packed_on and tell.date(facts.packed_on),
        "best_before": facts.best_before and tell.date(facts.best_before),
        "quantity": facts.quantity and tell.quantity(facts.quantity),
        "lot_code": grouped(facts.lot_code),
        "host": host_of(facts.base_url),
    }
    words = {field: _worded(field, text) for field, text in shown.items() if text}
    if facts.demonstration:
        words["demonstration"] = WORDS[LANGUAGE]["demonstration"]
    return words


def _worded(field: str, text: str) -> str:
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    return WORDS[LANGUAGE].get(field, "{}").format(composed)


def _named(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _worded_item(item: Item, words: dict[str, str]) -> Item:
    return replace(item, text=words[item.field])


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left, top, right - left, bottom - top)


def _bar_apart(under: Box, column: Box) -> tuple[Box, Box, Box]:
    """A dark bar's place, and what is left under the symbol and beside it.

    Under the symbol where two lines still fit above it, since the words beside need their room.
    """
    if under.height >= 2 * _ROW_MM + _BAR_MM:
        bar = _box(under.x, under.bottom - _BAR_MM, under.right, under.bottom)
        return bar, replace(under, height=under.height - _BAR_MM), column
    bar = replace(column, height=_BAR_MM)
    return bar, under, _box(column.x, bar.bottom + _AIR_MM, column.right, column.bottom)


def _strip(words: dict[str, str], measure: Measure) -> tuple[Fitted, float]:
    """The lot code and the host along the bottom edge, side by side or one above the other.

    With them, how far down the rest of the label may reach.
    """
    code, host = _worded_item(_CODE, words), _worded_item(_HOST, words)
    right, bottom = WIDTH_MM - EDGE_MM, HEIGHT_MM - EDGE_MM
    host_left = right - measure(host.text, host.weight, host.largest)
    size = one_line_size(code, host_left - _GAP_MM - _LEFT_MM, measure)
    if size is None:
        top = bottom - (code.largest + host.largest) * LEADING
        return fit([code, host], _box(_LEFT_MM, top, right, bottom), measure), top - _AIR_MM
    baseline = bottom - size * DEPTH
    lines = (
        Line(code.field, code.text, _LEFT_MM, baseline, size, code.weight),
        Line(host.field, host.text, host_left, baseline, host.largest, host.weight),
    )
    return Fitted(lines), bottom - size * LEADING - _AIR_MM


def _divided(words: dict[str, str], under: Box, measure: Measure) -> tuple[list[Item], list[Item]]:
    """The short facts that fit under the symbol, and all the rest for beside it."""
    rows = int(under.height / _ROW_MM + 1e-6)
    below: list[Item] = []
    beside = [_worded_item(item, words) for item in _BESIDE if item.field in words]
    for item in _BELOW:
        if item.field not in words:
            continue
        short = _worded_item(item, words)
        if len(below) < rows and one_line_size(short, under.width, measure) is not None:
            below.append(replace(short, largest=SMALLEST_MM))
        else:
            beside.append(short)
    return below, beside


def _centred(item: Item, bar: Box, measure: Measure) -> Line:
    size = one_line_size(item, bar.width - _GAP_MM, measure) or item.smallest
    left = bar.x + (bar.width - measure(item.text, item.weight, size)) / 2
    baseline = bar.y + (bar.height + size * CAP_HEIGHT) / 2
    return Line(item.field, item.text, left, baseline, size, item.weight, white=True)
