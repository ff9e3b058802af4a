"""What stands in a cell, read as leniently as cooperatives write and refused in one sentence.

A reader takes a cell as `workbook_reading` gives it and returns a value, or raises `CellFault`.
An empty cell is a fault for all of them but `text` and `yes`: ask `is_blank` first where a column
may be left out.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from app.exchange.cell_days import day
from app.exchange.cell_numbers import SQUARE_METRES, area_m2, decimal, grams, whole
from app.exchange.written import (
    Cell,
    CellFault,
    Formula,
    as_text,
    is_blank,
    short,
    too_long,
)
from app.kit.messages import say
from app.kit.text import TextRefused, clean, fold

__all__ = [
    "SQUARE_METRES",
    "Cell",
    "CellFault",
    "Formula",
    "area_m2",
    "choice",
    "day",
    "decimal",
    "grams",
    "is_blank",
    "phone",
    "text",
    "whole",
    "yes",
]

Chosen = TypeVar("Chosen")

# NFD writes one Vietnamese letter as up to three. Longer texts are refused before they are
# cleaned: putting a long row of combining marks in order takes time that grows with its square.
_MOST_MARKS = 4

_BETWEEN_DIGITS = re.compile(r"[ .\-()/]+")
_COUNTRY = re.compile(r"^(?:\+|00)?84 ?0?(?=\d{9,10}$)")
_LOST_ZERO = re.compile(r"[35789]\d{8}|2\d{9}", re.ASCII)
_PHONE = re.compile(r"0[35789]\d{8}|02\d{9}|1[89]00\d{4,6}", re.ASCII)

_YES = frozenset(
    {"x", "v", "co", "yes", "y", "1", "true", "dung", "是", "有", "对", "✓", "✔", "☑", "☒"}
)
_NO = frozenset(
    {"khong", "ko", "k", "no", "n", "0", "false", "sai", "否", "没有", "无", "不是", "☐", "-"}
)


def text(cell: Cell, longest: int) -> str:
    """The text in NFC with its blanks tidied, at most `longest` characters; "" for an empty cell.

    A number is its digits. A day is a fault: Excel makes days of plot numbers like 5-3.
    """
    if isinstance(cell, date):
        raise CellFault(say("Excel made a day of this. Format the cell as text and write it anew."))
    written = as_text(cell)
    if len(written) > longest * _MOST_MARKS:
        raise CellFault(too_long(len(written), longest))
    try:
        return clean(written, longest=longest)
    except TextRefused as refusal:
        raise CellFault(refusal.why) from refusal


def phone(cell: Cell) -> str:
    """A telephone number of Viet Nam as digits from its 0 on, by the numbering plan of 2018.

    The 0 that Excel takes away is given back, and +84 is written 0.
    """
    digits = _COUNTRY.sub("0", _BETWEEN_DIGITS.sub("", short(cell)))
    if _LOST_ZERO.fullmatch(digits):
        digits = f"0{digits}"
    if not _PHONE.fullmatch(digits):
        raise CellFault(say("This is no telephone number of Viet Nam. Write its ten digits."))
    return digits


def yes(cell: Cell) -> bool:
    """Whether the cell is ticked: x, có, yes, 1, true, 是 …; an empty cell is not."""
    if is_blank(cell):
        return False
    written = short(cell)
    word = fold(written) or written
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault(say("Write x for yes, or leave the cell empty."))


def choice(cell: Cell, choices: Mapping[str, Chosen]) -> Chosen:
    """The value of the key that stands in the cell, whatever its case, accents and punctuation.

    A key written exactly comes first; what may be several others is a fault.
    """
    written = short(cell)
    exact = [key for key in choices if _caseless(key) == _caseless(written)]
    alike = exact or [key for key in choices if fold(key) == fold(written)]
    if not alike:
        raise CellFault(say("{written} is not in the list.", written=f"“{written}”"))
    first, *others = alike
    for other in others:
        if choices[other] != choices[first]:
            raise CellFault(
                say("Write {first} or {second} with its accents.", first=first, second=other)
            )
    return choices[first]


def _caseless(written: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", written).casefold().split())
