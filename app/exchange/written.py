"""A cell as it stands in a spreadsheet, and the refusal of one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from app.kit.messages import Message, say

Plain: TypeAlias = str | int | float | bool | date | datetime | None

_LONGEST_SHORT = 200
_FORMULA = re.compile(r"=|[+\-@][^\W\d_]")
# Our own CSV files put an apostrophe before what Excel would work out.
_APOSTROPHE = re.compile(r"^'(?=[=+\-@])")


@dataclass(frozen=True)
class Formula:
    """A cell whose value Excel worked out; `result` is what it last showed."""

    result: Plain


Cell: TypeAlias = Plain | Formula


class CellFault(ValueError):
    """A cell that cannot be accepted; `why` is the sentence for the person who filled it in."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


def is_blank(cell: Cell) -> bool:
    """Whether nothing, or nothing but blanks, stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def starts_a_formula(written: str) -> bool:
    """Whether a person or Excel would take the text for a formula, full-width signs included."""
    if written[:1].isalnum():  # the usual case, soon told
        return False
    return bool(_FORMULA.match(_plain(written[:_LONGEST_SHORT])))


def as_text(cell: Cell) -> str:
    """What the cell shows, untidied; CellFault for a formula."""
    match cell:
        case None:
            return ""
        case Formula():
            raise CellFault(_formula())
        case str():
            return _unformulated(cell)
        case bool():
            return str(cell).upper()
        case date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return f"{as_number(cell):f}"


def as_number(cell: float) -> Decimal:
    """A number of Excel to the fifteen digits that Excel itself keeps."""
    return Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")


def short(cell: Cell) -> str:
    """The few words of a cell, full-width signs made plain and blanks made single spaces.

    CellFault for an empty cell, a formula, and for more than any number, day or name needs.
    """
    if is_blank(cell):
        raise CellFault(say("This is required."))
    shown = as_text(cell)
    if len(shown) > _LONGEST_SHORT:
        raise CellFault(too_long(len(shown), _LONGEST_SHORT))
    return " ".join(_plain(shown).split())


def too_long(length: int, longest: int) -> Message:
    """The sentence for a text that does not fit."""
    return say(
        "The text has {length} characters; at most {longest} fit.", length=length, longest=longest
    )


def _unformulated(written: str) -> str:
    bare = _APOSTROPHE.sub("", written, count=1)
    if starts_a_formula(bare):
        raise CellFault(_formula())
    return bare


def _plain(written: str) -> str:
    """Without what nobody sees, without what only looks different, without blanks in front."""
    if written.isascii():
        return written.lstrip()
    seen = "".join(letter for letter in written if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFKC", seen).lstrip()


def _formula() -> Message:
    return say("A formula is not accepted. Write the value itself.")
