"""A table that is shown on a page and given as CSV and XLSX: one thing, so that all three say the same."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fastapi.responses import Response

from app.errors import NotFound
from app.files import file_answer
from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.registry.downloads import Cell as FileCell
from app.registry.downloads import write_csv, write_xlsx

Value = str | int | Decimal | date | datetime | Message | Grams | SquareMetres | None
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TENTH = 10


@dataclass(frozen=True)
class Share:
    """So many thousandths, said in percent."""

    permille: int

    @property
    def percent(self) -> Decimal:
        return Decimal(self.permille) / _TENTH


@dataclass(frozen=True)
class Column:
    """A heading; `unit` stands in files, where the cells are bare numbers."""

    words: Message
    number: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """A value, the page it leads to, and a mark for those who read in a hurry (good, warn, bad)."""

    value: Value | Share
    href: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Sheet:
    """`name` is the file's, in plain ASCII."""

    name: str
    title: Message
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    def part(self, start: int, size: int) -> "Sheet":
        """Some of its rows."""
        return Sheet(self.name, self.title, self.columns, self.rows[start : start + size])


def land(words: Message) -> Column:
    """A column of areas: hectares in files."""
    return Column(words, number=True, unit="ha")


def mass(words: Message) -> Column:
    """A column of masses: kilograms in files."""
    return Column(words, number=True, unit="kg")


def share(words: Message) -> Column:
    """A column of shares: percent in files."""
    return Column(words, number=True, unit="%")


def shown(language: Language, value: Value | Share) -> str:
    """A value as a page shows it; nothing is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Share):
        return f"{language.number(value.percent)} %"
    return _said(language, value)


def _said(language: Language, value: object) -> str:
    match value:
        case Message():
            return language.say(value)
        case date():
            return language.date(value)
        case Grams():
            return language.quantity(value)
        case SquareMetres():
            return language.area(value)
        case int() | Decimal():
            return language.number(value)
        case _:
            return str(value)


def sheet_file(language: Language, sheet: Sheet, ending: str, day: date) -> Response:
    """The whole sheet as a file; NotFound for another ending."""
    if ending not in KINDS:
        raise NotFound(say("There is no such page."))
    headings = [_heading(language, column) for column in sheet.columns]
    rows = ([_bare(language, cell.value) for cell in row] for row in sheet.rows)
    out = io.BytesIO()
    if ending == "csv":
        write_csv(out, headings, rows)
    else:
        write_xlsx(out, _title(language.say(sheet.title)), headings, rows)
    name = f"{sheet.name}-{day.isoformat()}.{ending}"
    return file_answer(out.getvalue(), media_type=KINDS[ending], name=name, inline=False)


def _heading(language: Language, column: Column) -> str:
    words = language.say(column.words)
    return f"{words} ({column.unit})" if column.unit else words


def _title(words: str) -> str:
    # What a sheet of a workbook may not be called.
    return "".join(letter for letter in words if letter not in "[]:*?/\\")


def _bare(language: Language, value: Value | Share) -> FileCell:
    match value:
        case None:
            return ""
        case Grams():
            return value.kg
        case SquareMetres():
            return value.ha
        case Share():
            return value.percent
        case int() | Decimal() | str():
            return value
        case _:
            return shown(language, value)
