"""What the columns of a table mean, and where they are in a sheet that somebody else laid out.

Headings are recognised in every language of the product and by their aliases, whatever their
case, accents and punctuation; below titles, over two rows, and with cells merged.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.errors import refuse
from app.exchange.cell_numbers import is_area_unit, is_weight_unit
from app.exchange.written import Cell, CellFault, Formula, as_text, is_blank
from app.kit.i18n import LANGUAGES, language
from app.kit.messages import Message, say
from app.kit.text import fold

ERRORS_HEADING = "Lỗi / Errors"
HEADER_WITHIN_ROWS = 15

# Two headings are no coincidence; one may be a word of a title.
_FEWEST_HEADINGS = 2
_LONGEST_LABEL = 200
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_ORDINAL = re.compile(r"^\d{1,2} ")
_FEWEST_NUMBERED = 3


class Kind(StrEnum):
    """How the cells of a column are read (see `cells`)."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DAY = "day"
    AREA = "area"
    WEIGHT = "weight"
    YES = "yes"
    CHOICE = "choice"


_UNITS_OF = {Kind.AREA: is_area_unit, Kind.WEIGHT: is_weight_unit}


@dataclass(frozen=True)
class Column:
    """One column: `heading` is known in every language, `aliases` are what else it may be called.

    `examples` are the cells of the two example rows of the template, written as a person would;
    `choices` its drop-down list, where that does not come from the register.
    """

    key: str
    heading: Message
    aliases: tuple[str, ...] = ()
    required: bool = False
    kind: Kind = Kind.TEXT
    examples: tuple[str, str] = ("", "")
    choices: tuple[Message, ...] = ()
    hint: Message | None = None


@dataclass(frozen=True)
class Layout:
    """The columns that a kind of table has; `title` names the sheet of its template."""

    name: str
    columns: tuple[Column, ...]
    title: Message | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of sheets that are surely meant, for `read_table(…, preferred=…)`."""
        titles = [language(tag).say(self.title) for tag in LANGUAGES] if self.title else []
        return (self.name, *titles)


@dataclass(frozen=True)
class Header:
    """Where the columns are: the heading goes from `first_row` to `row_number`, as Excel counts.

    `unknown` are headings that mean nothing here, `missing` the required columns that are not
    there, `units` the unit in a heading like "Diện tích (ha)", `errors` the place of the
    column that `workbook_writing.marked` added.
    """

    row_number: int
    columns: Mapping[str, int]
    first_row: int = 1
    unknown: list[str] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    units: Mapping[str, str] = field(default_factory=dict)
    errors: int | None = None

    def cell(self, row: Sequence[Cell], key: str) -> Cell:
        """The cell of a column; None where the sheet does not have the column."""
        at = self.columns.get(key)
        return row[at] if at is not None and at < len(row) else None


def find_header(rows: Sequence[Sequence[Cell]], layout: Layout) -> Header:
    """Where the columns of the layout are: in the row, or two rows, with most of its headings.

    Refused (on `file`) when no such row is among the first HEADER_WITHIN_ROWS.
    """
    words = _Words(layout)
    possible = [
        header
        for height in (1, 2)
        for at in range(min(len(rows), HEADER_WITHIN_ROWS) - height + 1)
        for header in words.header(rows, at, height)
    ]
    # Of equals the first is meant: one row rather than two, and the upper one.
    best = max(possible, key=lambda header: (len(header.columns), len(header.units)), default=None)
    if best is None or len(best.columns) < min(_FEWEST_HEADINGS, len(layout.columns)):
        raise refuse(
            "file",
            say(
                "No row of headings was found in the first {most} rows. Use the headings of the "
                "template.",
                most=HEADER_WITHIN_ROWS,
            ),
        )
    return best


def data_rows(
    rows: Sequence[Sequence[Cell]], header: Header, layout: Layout
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """The rows below the heading: their numbers, and their cells by column key.

    Rows in which nobody wrote anything (but formulas, perhaps) and the examples of the template
    are passed over.
    """
    for number, row in enumerate(rows[header.row_number :], start=header.row_number + 1):
        cells = {key: header.cell(row, key) for key in header.columns}
        if any(map(_is_written, cells.values())) and not is_example(cells, layout):
            yield number, cells


def is_example(cells: Mapping[str, Cell], layout: Layout) -> bool:
    """Whether the names, codes and telephone numbers of a row are still those of an example.

    What a person typed over an example is theirs, whatever else they left standing.
    """
    telling = [
        column
        for column in layout.columns
        if column.kind in {Kind.TEXT, Kind.CODE, Kind.PHONE} and column.key in cells
    ]
    return any(
        any(column.examples[turn] for column in telling)
        and all(_key(cells[column.key]) == _key(column.examples[turn]) for column in telling)
        for turn in (0, 1)
    )


class _Words:
    """The headings of a layout by their folded names."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._columns = {
            _fold(name): column for column in reversed(layout.columns) for name in _names(column)
        }

    def header(self, rows: Sequence[Sequence[Cell]], at: int, height: int) -> Iterator[Header]:
        """The header that one row, or two rows of texts, may be; none below the last row."""
        top, *below = rows[at : at + height]
        if height == 1:
            yield self._read(rows, at, [(_label(cell),) for cell in top])
        elif below and all(map(_may_be_label, below[0])):
            yield self._read(
                rows, at, _stacked(list(map(_label, top)), list(map(_label, below[0]))), 2
            )

    def _read(
        self,
        rows: Sequence[Sequence[Cell]],
        at: int,
        labels: Sequence[tuple[str, ...]],
        height: int = 1,
    ) -> Header:
        columns: dict[str, int] = {}
        units: dict[str, str] = {}
        unknown: list[str] = []
        errors = None
        for place, possible in enumerate(labels):
            label, column = self._named(possible)
            if column and column.key not in columns:
                columns[column.key] = place
                units |= _unit_of(column, label)
            elif _fold(label) == _fold(ERRORS_HEADING):
                errors = place
            elif label:
                unknown.append(label)
        needed = [column for column in self.layout.columns if column.required]
        missing = [column for column in needed if column.key not in columns]
        last = _past_numbers(rows, at + height)
        return Header(last, columns, at + 1, unknown, missing, units, errors)

    def _named(self, possible: tuple[str, ...]) -> tuple[str, Column | None]:
        for label in possible:
            for name in _readings(label):
                if name in self._columns:
                    return label, self._columns[name]
        return possible[-1], None


def _names(column: Column) -> Iterator[str]:
    yield from column.aliases
    for tag in LANGUAGES:
        yield language(tag).say(column.heading)


def _readings(label: str) -> Iterator[str]:
    """The label as it stands, without its brackets, without its number, without its unit."""
    for shown in (label, _BRACKETS.sub(" ", label)):
        whole = _fold(shown)
        yield whole
        yield _ORDINAL.sub("", whole)
    words = _fold(label).split()
    if words and (is_area_unit(words[-1]) or is_weight_unit(words[-1])):
        yield " ".join(words[:-1])


def _unit_of(column: Column, label: str) -> dict[str, str]:
    is_unit = _UNITS_OF.get(column.kind)
    if is_unit is None:
        return {}
    units = [unit for unit in (*_BRACKETS.findall(label), *label.split()[-1:]) if is_unit(unit)]
    return {column.key: units[0]} if units else {}


def _stacked(top: Sequence[str], below: Sequence[str]) -> list[tuple[str, ...]]:
    """What each column may be called when its heading takes two rows.

    A heading merged over several columns stands in the first of them alone.
    """
    labels: list[tuple[str, ...]] = []
    spanning = ""
    for at in range(max(len(top), len(below))):
        upper = top[at] if at < len(top) else ""
        lower = below[at] if at < len(below) else ""
        spanning = upper or spanning
        labels.append((f"{spanning} {lower}", lower, upper, lower) if lower else (upper,))
    return labels


def _past_numbers(rows: Sequence[Sequence[Cell]], end: int) -> int:
    """One row further where the columns are numbered, as forms do: A, B, 1, 2 or (1), (2), (3)."""
    row = rows[end] if end < len(rows) else ()
    marks = [_key(cell) for cell in row if not is_blank(cell)]
    letters = [mark for mark in marks if mark.isalpha()]
    counted = [*"abcdefgh"[: len(letters)], *map(str, range(1, len(marks) - len(letters) + 1))]
    return end + 1 if len(marks) >= _FEWEST_NUMBERED and marks == counted else end


def _label(cell: Cell) -> str:
    shown = cell.result if isinstance(cell, Formula) else cell
    if not isinstance(shown, str):
        return ""
    return " ".join(unicodedata.normalize("NFKC", shown[:_LONGEST_LABEL]).split())


def _is_written(cell: Cell) -> bool:
    return not is_blank(cell) and not isinstance(cell, Formula)


def _may_be_label(cell: Cell) -> bool:
    return is_blank(cell) or isinstance(cell, str)


def _fold(label: str) -> str:
    return fold(unicodedata.normalize("NFKC", label[:_LONGEST_LABEL]))


def _key(cell: Cell) -> str:
    try:
        # Excel takes the first zero of a number away.
        return _fold(as_text(cell)).lstrip("0")
    except CellFault:
        return ""
