"""What people type into forms: read leniently, as Vietnamese clerks write, refused precisely, kept always.

A reader never raises on the first fault: faults gather, so that a form says everything at once.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from app.errors import FieldError, Refused
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.kit.text import TextRefused, clean

GRAMS = {"kg": 1_000, "ta": 100_000, "tan": 1_000_000, "g": 1}
SQUARE_METRES = {"m2": 1, "ha": 10_000, "sao": 360}
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
# "1.250" is one thousand two hundred and fifty, as is "1 250"; "1,5" is one and a half.
_THOUSANDS = re.compile(r"\d{1,3}([. ]\d{3})+(,\d+)?")
MOST_DIGITS = 9
_LARGEST = Decimal(2**53)


class Typed:
    """The fields of one submitted form, with the faults found so far."""

    def __init__(self, fields: Mapping[str, str], several: Mapping[str, list[str]]) -> None:
        self.fields = dict(fields)
        self.several = {name: list(values) for name, values in several.items()}
        self.faults: list[FieldError] = []

    def raw(self, name: str) -> str:
        """Exactly what was typed."""
        return self.fields.get(name, "")

    def text(
        self, name: str, *, longest: int, required: bool = False, multiline: bool = False
    ) -> str:
        """Cleaned text; empty when it was faulty or left out."""
        try:
            value = clean(self.raw(name), longest=longest, multiline=multiline)
        except TextRefused as refusal:
            self._fault(name, refusal.why)
            return ""
        if required and not value:
            self._fault(name, say("This is required."))
        return value

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A day as 2026-11-20 or 20/11/2026."""
        typed = self.raw(name).strip()
        if not typed:
            if required:
                self._fault(name, say("This is required."))
            return None
        try:
            return _day(typed)
        except ValueError:
            self._fault(name, say("This is no day. Write it as day/month/year."))
            return None

    def mass(self, name: str, unit: str) -> Grams:
        """A mass in the unit chosen beside it (g, kg, ta, tan)."""
        return Grams(self._amount(name, GRAMS.get(self.raw(unit), GRAMS["kg"])))

    def land(self, name: str, unit: str) -> SquareMetres:
        """An area in the unit chosen beside it (m2, ha, sao: the northern sào of 360 m²)."""
        return SquareMetres(self._amount(name, SQUARE_METRES.get(self.raw(unit), 1)))

    def amount(self, name: str, *, factor: int) -> int | None:
        """A number times a factor, in whole parts; None when left out."""
        return self._amount(name, factor) if self.raw(name).strip() else None

    def whole(self, name: str, *, default: int) -> int:
        """A whole number; the default when left out."""
        typed = self.raw(name).strip()
        if not typed:
            return default
        if not typed.isascii() or not typed.isdigit() or len(typed) > MOST_DIGITS:
            self._fault(name, say("Write a whole number."))
            return default
        return int(typed)

    def uid(self, name: str, *, required: bool = False) -> UUID | None:
        """An id chosen from a list."""
        typed = self.raw(name).strip()
        if not typed:
            if required:
                self._fault(name, say("Choose one."))
            return None
        try:
            return UUID(typed)
        except ValueError:
            self._fault(name, say("Choose one from the list."))
            return None

    def uids(self, name: str) -> list[UUID]:
        """Ids ticked in a list."""
        try:
            return [UUID(value) for value in self.several.get(name, [])]
        except ValueError:
            self._fault(name, say("Choose one from the list."))
            return []

    def ticked(self, name: str) -> bool:
        return bool(self.raw(name))

    def done(self) -> None:
        """Refuse with everything that was wrong; pass when nothing was."""
        if self.faults:
            raise Refused(self.faults[0].why, *self.faults)

    def _amount(self, name: str, factor: int) -> int:
        typed = self.raw(name).strip()
        if not typed:
            self._fault(name, say("This is required."))
            return 0
        try:
            number = _number(typed)
        except (ValueError, InvalidOperation):
            self._fault(name, say("This is no number. Write it like 1.250 or 12,5."))
            return 0
        amount = number * factor
        if abs(amount) > _LARGEST:
            self._fault(name, say("This number is too large."))
            return 0
        if factor == 1 and number % 1:  # what is counted one by one has no parts to cut off
            self._fault(name, say("Write a whole number."))
            return 0
        return int(amount.to_integral_value())

    def _fault(self, name: str, why: Message) -> None:
        self.faults.append(FieldError(name, why))


def _day(typed: str) -> date:
    written = _VIETNAMESE_DAY.fullmatch(typed)
    if written:
        day, month, year = (int(part) for part in written.groups())
        return date(year, month, day)
    return date.fromisoformat(typed)


def _number(typed: str) -> Decimal:
    plain = typed.replace("\u00a0", " ").strip()
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "").replace(" ", "")
    number = Decimal(plain.replace(",", "."))
    if not number.is_finite():
        raise ValueError(typed)
    return number
