"""A file as rows that are checked: what it says, what is new, what is known, what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.errors import refuse
from app.exchange.columns import Header, data_rows, find_header
from app.exchange.filling import FilledRow, filled_down, is_total, unmerged
from app.exchange.importing import Checker, Fact, Importer
from app.exchange.legacy_fonts import converted
from app.exchange.row_reading import Note, RowReader
from app.exchange.sheet_limits import column_letters
from app.exchange.workbook_reading import Table, read_table
from app.exchange.written import Cell, is_blank
from app.kit.messages import Message, say
from app.kit.text import fold
from app.models.exchange import RowOutcome

# A column of running numbers says nothing.
_NUMBERING = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "nr", "id", "序号", "#"})
_LONGEST_HEADING = 80
_MOST_UNKNOWN = 20

Told = Callable[[int, int], object]


@dataclass(frozen=True)
class Opened:
    """A file with its headings found; `old_font`: its letters were converted."""

    table: Table
    header: Header
    old_font: bool

    def mapping(self) -> dict[str, Any]:
        """What was understood of the headings, to be shown."""
        header = self.header
        at = header.row_number - 1
        return {
            "sheet": self.table.sheet,
            "heading_row": header.first_row,
            "columns": {
                key: [column_letters(column), self._heading(column, at)]
                for key, column in header.columns.items()
            },
            "unknown": [
                name[:_LONGEST_HEADING]
                for name in header.unknown[:_MOST_UNKNOWN]
                if (fold(name) or name.strip()) not in _NUMBERING
            ],
            "old_font": self.old_font,
        }

    def _heading(self, column: int, below: int) -> str:
        rows = self.table.rows[self.header.first_row - 1 : below + 1]
        texts = [row[column] for row in rows if column < len(row)]
        return " ".join(text for text in texts if isinstance(text, str))[:_LONGEST_HEADING]


@dataclass(frozen=True)
class CheckedRow:
    """A row of the file after it was checked; `fact` is what there is to register."""

    number: int
    cells: dict[str, Cell]
    notes: list[Note]
    outcome: RowOutcome
    fact: Fact | None = None


def opened(content: bytes, *, filename: str, importer: Importer) -> Opened:
    """Read a file and find its headings; Refused (on `file`) for what cannot be read as this list."""
    preferred = (*importer.layout.sheets, *importer.sheets)
    table, old_font = converted(read_table(content, filename=filename, preferred=preferred))
    header = find_header(table.rows, importer.layout)
    if header.missing:
        first, *others = [column.heading for column in header.missing]
        missing: Message = first
        for heading in others:
            missing = say("{first}, {second}", first=missing, second=heading)
        raise refuse(
            "file",
            say(
                "The sheet {sheet} lacks columns that are needed: {missing}. Compare its headings "
                "in row {row} with the template.",
                sheet=table.sheet,
                missing=missing,
                row=header.first_row,
            ),
        )
    return Opened(unmerged(table, header), header, old_font)


def rows_of(file: Opened, importer: Importer) -> list[FilledRow]:
    """The rows below the headings that say something, filled down; Refused when there are none."""
    table, header = file.table, file.header
    wanted = (
        (number, _with_units(cells, header))
        for number, cells in data_rows(table.rows, header, importer.layout)
        if not is_total(_without_errors(table.rows[number - 1], header))
    )
    rows = list(filled_down(wanted, importer.filled_down))
    if not rows:
        raise refuse("file", say("There are no rows below the headings."))
    return rows


def checked_rows(
    rows: list[FilledRow],
    importer: Importer,
    checker: Checker,
    *,
    today: date,
    told: Told,
) -> Iterator[CheckedRow]:
    """Check all rows, one after the other; of two that say the same, the second is faulty."""
    columns, seen = importer.columns, dict[object, int]()
    for done, filled in enumerate(rows):
        told(done, len(rows))
        number, cells = filled.number, filled.cells
        row = RowReader(cells, columns, today)
        found = checker.check(row)
        for key in filled.doubtful:
            row.warn(key, say("Left empty: taken from the row above. Is that meant?"))
        if found.key is not None:
            first = seen.setdefault(found.key, number)
            if first != number:
                key = importer.layout.columns[0].key
                row.fault(key, say("Row {number} says the same already.", number=first))
        yield CheckedRow(number, cells, row.notes, _outcome(row, known=found.known), found.fact)


def _outcome(row: RowReader, *, known: bool) -> RowOutcome:
    if row.faulty:
        return RowOutcome.FAULTY
    return RowOutcome.KNOWN if known else RowOutcome.GOOD


def _with_units(cells: dict[str, Cell], header: Header) -> dict[str, Cell]:
    """The unit in the heading of a size or weight, where neither the row nor the cell has one."""
    for key, unit in header.units.items():
        size = cells.get(key)
        own = isinstance(size, str) and any(letter.isalpha() for letter in size)
        if not own and is_blank(cells.get("unit")):
            return {**cells, "unit": unit}
    return cells


def _without_errors(row: tuple[Cell, ...], header: Header) -> tuple[Cell, ...]:
    """The row without the column that `marked` added."""
    if header.errors is None:
        return row
    return (*row[: header.errors], *row[header.errors + 1 :])
