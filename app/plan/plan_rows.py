"""Rows of a plan's file: what stands in their cells, and a sentence for each that cannot be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.exchange.columns import Layout, data_rows, find_header
from app.exchange.sheet_limits import column_letters
from app.exchange.workbook_reading import Table
from app.exchange.written import Cell, CellFault, is_blank
from app.kit.messages import Message, say

Read = TypeVar("Read")


@dataclass(frozen=True)
class PlanRow:
    """A row of a file, as it was written: its number, its cells by column, the columns' letters."""

    number: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]
    sheet: str = ""


@dataclass(frozen=True)
class CellError:
    """What cannot be in a cell: the row as Excel counts, the column's letters, why; on another sheet, which."""

    row: int
    column: str
    why: Message
    sheet: str = ""

    @property
    def place(self) -> str:
        """The cell as Excel calls it."""
        here = f"{self.column}{self.row}"
        return f"{self.sheet}!{here}" if self.sheet else here


def rows_of(table: Table, layout: Layout, *, sheet: str = "") -> list[PlanRow]:
    """The rows of a table that has the columns of a layout; Refused for another one."""
    header = find_header(table.rows, layout)
    letters = {key: column_letters(at) for key, at in header.columns.items()}
    found = data_rows(table.rows, header, layout)
    return [PlanRow(number, cells, letters, sheet) for number, cells in found]


class RowReader:
    """Reads one row; collects what is wrong with its cells."""

    def __init__(self, row: PlanRow) -> None:
        self.row, self.errors = row, list[CellError]()

    def cell(self, key: str, read: Callable[[Cell], Read], *, required: bool = True) -> Read | None:
        """What a cell says; None where it is empty or cannot be read, which is noted if it may not be."""
        cell = self.row.cells.get(key)
        if is_blank(cell):
            if required:
                self.fault(key, say("This cell may not be empty."))
            return None
        try:
            return read(cell)
        except CellFault as fault:
            self.fault(key, fault.why)
            return None

    def fault(self, key: str, why: Message) -> None:
        """Note what is wrong with a cell."""
        letters = self.row.letters.get(key, "")
        self.errors.append(CellError(self.row.number, letters, why, self.row.sheet))
