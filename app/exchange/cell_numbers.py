"""Numbers, areas of land and weights in cells, as they are written in Viet Nam."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.exchange.written import Cell, CellFault, as_number, is_blank, short
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.kit.text import fold

# Northern measures: a sào is 360 m² (500 in the middle of the country), a mẫu is ten of them, a
# thước a fifteenth of one.
SQUARE_METRES = {
    "m2": 1,
    "m vuong": 1,
    "met vuong": 1,
    "平方米": 1,
    "thuoc": 24,
    "sao": 360,
    "sao bac bo": 360,
    "mau": 3_600,
    "mau bac bo": 3_600,
    "ha": 10_000,
    "hecta": 10_000,
    "hec ta": 10_000,
    "公顷": 10_000,
}

# A yến is ten kilograms, a tạ a hundred.
GRAMS = {
    "g": 1,
    "gam": 1,
    "gram": 1,
    "克": 1,
    "kg": 1_000,
    "kgs": 1_000,
    "ki": 1_000,
    "kilogam": 1_000,
    "kilogram": 1_000,
    "ky": 1_000,
    "公斤": 1_000,
    "千克": 1_000,
    "yen": 10_000,
    "ta": 100_000,
    "tan": 1_000_000,
    "ton": 1_000_000,
    "tonne": 1_000_000,
    "吨": 1_000_000,
}

_LARGEST = Decimal(2**53)
# "1.150" is one thousand one hundred and fifty, as is "1 150"; "0.150" and "1.5" are fractions.
_DOTS = re.compile(r"[+-]?[1-9]\d{0,2}([. ])\d{3}(?:\1\d{3})*(?:,\d+)?")
# A single comma is a decimal comma; only "1,150,000" and "1,150.5" can be nothing but English.
_COMMAS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d+)?|,\d{3}\.\d+)")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
_AMOUNT = re.compile(r"(\d[\d.,]*(?: \d{3})*(?:,\d+)?) ?(m ?\^?2|[^\W\d_]+(?: [^\W\d_]+)*)[ ,+]*")


@dataclass(frozen=True)
class Measure:
    """Units with what they are of the smallest one; `missing` is said where none is written.

    `usual` is the unit of a number without one; None: there is no such number.
    """

    factors: Mapping[str, int]
    unknown: Message
    missing: Message
    usual: str | None = None

    def factor(self, unit: str) -> int:
        """What a unit is of the smallest one; CellFault for one that is not known."""
        factor = self.factors.get(_unit_key(unit))
        if factor is None:
            raise CellFault(Message(self.unknown.msgid, {"unit": f"“{unit}”"}))
        return factor


LAND = Measure(
    SQUARE_METRES,
    unknown=say("The unit {unit} is not known. Write m², ha, sào or mẫu."),
    missing=say("Write the unit of the area too: m², ha, sào or mẫu."),
)
WEIGHT = Measure(
    GRAMS,
    unknown=say("The unit {unit} is not known. Write kg, tạ or tấn."),
    missing=say("Write the unit of the weight too: kg, tạ or tấn."),
    usual="kg",
)


def whole(cell: Cell, *, least: int = 0, most: int = 2**53) -> int:
    """A whole number within bounds, written like `decimal`."""
    number = decimal(cell, least=Decimal(least), most=Decimal(most))
    if number != number.to_integral_value():
        raise CellFault(say("Write a whole number."))
    return int(number)


def decimal(cell: Cell, *, least: Decimal = Decimal(0), most: Decimal = _LARGEST) -> Decimal:
    """A number within bounds: of Excel, to its fifteen digits, or written 1.150, 1.150,5 or 12,5.

    A single comma is always a decimal comma, so "1,150" is one and fifteen hundredths.
    """
    match cell:
        case date():
            raise CellFault(say("This is a day, not a number. Format the cell as a number."))
        case int() | float() if not isinstance(cell, bool):
            number = as_number(cell)
        case _:
            number = _number(short(cell))
    if number < least:
        raise CellFault(say("This number is too small: at least {least}.", least=least))
    if number > most:
        raise CellFault(say("This number is too large: at most {most}.", most=most))
    return number


def area_m2(cell: Cell, unit: Cell = None) -> SquareMetres:
    """An area of land rounded to whole square metres, its unit typed behind it or given beside it.

    The units are those of SQUARE_METRES: "1,5 ha", "1500m²", "3 sào", "1 mẫu 2 sào". CellFault for
    an area without a unit, with two that differ, and for less than a square metre.
    """
    return _square_metres(measured(cell, unit, LAND))


def grams(cell: Cell, unit: Cell = None) -> Grams:
    """A weight rounded to whole grams: "1.250", "12,5 kg", "2 tạ", "1 tấn 2 tạ"; kilograms without a unit."""
    return Grams(int(measured(cell, unit, WEIGHT).to_integral_value()))


def measured(cell: Cell, unit: Cell, measure: Measure) -> Decimal:
    """An amount in the smallest unit of a measure, its own unit typed behind it or given beside it."""
    beside = None if is_blank(unit) else measure.factor(short(unit))
    parts = _parts(short(cell), measure) if isinstance(cell, str) else []
    if parts:
        if beside and beside not in {factor for _, factor in parts}:
            raise CellFault(say("The unit in this cell is not the unit beside it."))
        return sum((_number(number) * factor for number, factor in parts), Decimal(0))
    number = decimal(cell)
    if beside is None and measure.usual is not None:
        beside = measure.factor(measure.usual)
    if beside is None:
        raise CellFault(measure.missing)
    return number * beside


def is_area_unit(written: str) -> bool:
    """Whether the text names a unit of SQUARE_METRES."""
    return _unit_key(written) in SQUARE_METRES


def is_weight_unit(written: str) -> bool:
    """Whether the text names a unit of GRAMS."""
    return _unit_key(written) in GRAMS


def _square_metres(amount: Decimal) -> SquareMetres:
    rounded = amount.to_integral_value()
    if not 1 <= rounded <= _LARGEST:
        raise CellFault(say("This is no area of land."))
    return SquareMetres(int(rounded))


def _parts(written: str, measure: Measure) -> list[tuple[str, int]]:
    """The amounts of "1 mẫu 2 sào" with their factors; none when the text is a number alone."""
    if not any(letter.isalpha() for letter in written):
        return []
    if _AMOUNT.sub("", written):
        raise CellFault(_no_number())
    return [(number, measure.factor(unit)) for number, unit in _AMOUNT.findall(written)]


def _unit_key(unit: str) -> str:
    plain = fold(unicodedata.normalize("NFKC", unit).replace("^", ""))
    return "m2" if plain == "m 2" else plain


def _number(written: str) -> Decimal:
    plain = written
    if _DOTS.fullmatch(plain):
        plain = plain.replace(".", "").replace(" ", "")
    elif _COMMAS.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise CellFault(_no_number())
    return Decimal(plain.replace(",", "."))


def _no_number() -> Message:
    return say("This is no number. Write it like 1.250 or 12,5.")
