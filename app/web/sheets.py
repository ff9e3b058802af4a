"""A table that is shown on a page and given as CSV and XLSX: one thing, so that all three say the same."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, overload

from fastapi.responses import Response

from app.errors import NotFound
from app.files import file_answer
from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.registry.downloads import Cell as FileCell
from app.registry.downloads import Written, write_book, write_csv, write_xlsx
from app.web.units import Dong, in_unit_said, is_large, money_said

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TENTH = 10
MEASURED = (Grams, SquareMetres, Dong)


@dataclass(frozen=True)
class Share:
    """So many thousandths, said in percent."""

    permille: int

    @property
    def percent(self) -> Decimal:
        return Decimal(self.permille) / _TENTH


@dataclass(frozen=True)
class Yield:
    """So many kilograms a hectare, said in quintals (tạ) as the plan does."""

    kg_per_ha: int

    @property
    def quintals(self) -> Decimal:
        return Decimal(self.kg_per_ha) / 100


@dataclass(frozen=True)
class InUnit:
    """A mass, land or money said in one unit with the others of its column: the larger, or the smaller."""

    value: Grams | SquareMetres | Dong
    large: bool


Value = (
    str
    | int
    | Decimal
    | date
    | datetime
    | Message
    | Grams
    | SquareMetres
    | Share
    | Dong
    | Yield
    | InUnit
    | None
)


@dataclass(frozen=True)
class Column:
    """A heading; `unit` stands in files, where the cells are bare numbers."""

    words: Message
    number: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """A value, the page it leads to, and a mark for those who read in a hurry (good, warn, bad).

    `basis`: what a number rests on, shown as a sign beside it. `bar`: how long the bar below it is,
    of 100.
    """

    value: Value
    href: str = ""
    tone: str = ""
    basis: str = ""
    bar: int | None = None


class Told(Sequence[Sequence[Cell]]):
    """Rows that are put into cells when they are looked at: a page shows few of a long list."""

    def __init__(self, rows: Sequence[Any], tell: Callable[[Any], Sequence[Cell]]) -> None:
        self._rows, self._tell = rows, tell

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(at, slice):
            return Told(self._rows[at], self._tell)
        return self._tell(self._rows[at])


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


def evened(sheet: Sheet) -> Sheet:
    """The same sheet with one unit a column: numbers that are read below each other are compared."""
    columns = list(zip(*sheet.rows, strict=True))
    units = [[_unit(column, kind) for kind in MEASURED] for column in columns]
    rows = [
        [
            _in_unit(cell, dict(zip(MEASURED, unit, strict=True)))
            for cell, unit in zip(row, units, strict=True)
        ]
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def _unit(column: Sequence[Cell], kind: type[Grams | SquareMetres | Dong]) -> bool:
    return is_large([cell.value for cell in column if isinstance(cell.value, kind)])


def _in_unit(cell: Cell, large: Mapping[type, bool]) -> Cell:
    value = cell.value
    if not isinstance(value, MEASURED):
        return cell
    return replace(cell, value=InUnit(value, large[type(value)]))


def land(words: Message) -> Column:
    """A column of areas: hectares in files."""
    return Column(words, number=True, unit="ha")


def mass(words: Message) -> Column:
    """A column of masses: kilograms in files."""
    return Column(words, number=True, unit="kg")


def share(words: Message) -> Column:
    """A column of shares: percent in files."""
    return Column(words, number=True, unit="%")


def shown(language: Language, value: Value) -> str:
    """A value as a page shows it; nothing is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Share):
        return f"{language.number(value.percent)} %"
    if isinstance(value, Dong):
        return money_said(language, value.value)
    if isinstance(value, InUnit):
        return in_unit_said(language, value.value, large=value.large)
    if isinstance(value, Yield):
        return language.say(say("{amount} q/ha", amount=value.quintals))
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
    title, headings, rows = _written(language, sheet)
    out = io.BytesIO()
    if ending == "csv":
        write_csv(out, headings, rows)
    else:
        write_xlsx(out, title, headings, rows)
    name = f"{sheet.name}-{day.isoformat()}.{ending}"
    return file_answer(out.getvalue(), media_type=KINDS[ending], name=name, inline=False)


def book_file(language: Language, sheets: Sequence[Sheet], day: date) -> Response:
    """Several sheets as one workbook, called as the first of them."""
    out = io.BytesIO()
    write_book(out, [_written(language, sheet) for sheet in sheets])
    name = f"{sheets[0].name}-{day.isoformat()}.xlsx"
    return file_answer(out.getvalue(), media_type=KINDS["xlsx"], name=name, inline=False)


def _written(language: Language, sheet: Sheet) -> Written:
    headings = [_heading(language, column) for column in sheet.columns]
    rows = ([_bare(language, cell.value) for cell in row] for row in sheet.rows)
    return _title(language.say(sheet.title)), headings, rows


def _heading(language: Language, column: Column) -> str:
    words = language.say(column.words)
    return f"{words} ({column.unit})" if column.unit else words


def _title(words: str) -> str:
    # What a sheet of a workbook may not be called.
    return "".join(letter for letter in words if letter not in "[]:*?/\\")


def _bare(language: Language, value: Value) -> FileCell:
    """As a file holds it: numbers as numbers, in the unit of the heading."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal | str):
        return value
    number = _number(value)
    return shown(language, value) if number is None else number


def _number(value: object) -> Decimal | int | None:
    match value:
        case Grams():
            return value.kg
        case SquareMetres():
            return value.ha
        case Share():
            return value.percent
        case Dong():
            return value.value
        case Yield():
            return value.kg_per_ha
        case _:
            return None
