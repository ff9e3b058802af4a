"""One sheet of a workbook being written: every text as text, whatever it looks like."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.exchange.written import Cell, Formula
from app.kit.clock import local

Shown: TypeAlias = Cell | Decimal
Style: TypeAlias = Mapping[str, object]

BOLD: Style = {
    "bold": True,
    "text_wrap": True,
    "valign": "top",
    "bottom": 1,
    "bg_color": "#E2EFDA",
}
FAULTY: Style = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
WRAPPED: Style = {"text_wrap": True}
DAY: Style = {"num_format": "dd/mm/yyyy"}
MOMENT: Style = {"num_format": "dd/mm/yyyy hh:mm"}
PLAIN: Style = {}

# What Excel holds, and what it takes for a formula when somebody edits or imports the text.
_LONGEST_CELL = 32_767
_RISKY = tuple("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫")
_NAME_OF_A_SHEET = str.maketrans("[]:*?/\\'", "()-----’")
_LONGEST_NAME = 31
_FIRST_YEAR = 1900
_NARROWEST, _WIDEST = 8, 48
_WEIGHED_ROWS = 300


class Page:
    """One sheet being written: each value as what it is, column widths from what was seen."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self._book = book
        self.sheet = sheet
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._widths: dict[int, int] = {}

    def write(self, row: int, column: int, value: Shown, style: Style = PLAIN) -> None:
        """Write a cell, rows and columns counted from 0; rows may not go back up."""
        shown = value.result if isinstance(value, Formula) else value
        match shown:
            case None:
                self.sheet.write_blank(row, column, None, self.format(style))
            case bool():
                self.sheet.write_boolean(row, column, shown, self.format(style))
            case int() | float() | Decimal():
                self.sheet.write_number(row, column, float(shown), self.format(style))
            case date() if shown.year < _FIRST_YEAR:
                self._write_text(row, column, f"{shown:%d/%m/%Y}", style)
            case datetime():
                wall = local(shown).replace(tzinfo=None) if shown.tzinfo else shown
                self.sheet.write_datetime(row, column, wall, self.format({**MOMENT, **style}))
            case date():
                self.sheet.write_datetime(row, column, shown, self.format({**DAY, **style}))
            case str():
                self._write_text(row, column, shown, style)
        self._weigh(row, column, shown)

    def format(self, style: Style) -> Format | None:
        """The format of a style, made once; None for no style."""
        if not style:
            return None
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(style))
        return self._formats[key]

    def fit(self, formats: Mapping[int, Format | None] = MappingProxyType({})) -> None:
        """Make the columns as wide as what stands in their first rows."""
        for column, width in self._widths.items():
            fitting = min(max(width + 2, _NARROWEST), _WIDEST)
            self.sheet.set_column(column, column, fitting, formats.get(column))

    def _write_text(self, row: int, column: int, text: str, style: Style) -> None:
        # The prefix keeps it a text even when somebody edits the cell.
        safe = {**style, "quote_prefix": True} if is_risky(text) else style
        self.sheet.write_string(row, column, text[:_LONGEST_CELL], self.format(safe))

    def _weigh(self, row: int, column: int, shown: Shown) -> None:
        if row < _WEIGHED_ROWS and shown is not None:
            width = len(f"{shown}"[:_WIDEST])
            self._widths[column] = max(self._widths.get(column, 0), width)


@contextmanager
def workbook() -> Iterator[tuple[Workbook, io.BytesIO]]:
    """A workbook in the making, written row by row; its bytes are in the buffer afterwards."""
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(buffer, options) as book:
        yield book, buffer


def is_risky(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula (OWASP, CSV injection)."""
    return text.startswith(_RISKY) or text.lstrip().startswith(_RISKY)


def sheet_name(title: str) -> str:
    """The title as Excel allows it for a sheet: short, and without signs that mean a place."""
    printable = "".join(letter for letter in title if letter.isprintable())
    plain = printable.translate(_NAME_OF_A_SHEET).strip()[:_LONGEST_NAME].strip()
    return plain if plain and plain.casefold() != "history" else "Sheet"
