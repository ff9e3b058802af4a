"""A sheet of a report's workbook: figures as numbers, whatever follows from them as a live formula."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from app.exchange.page_writing import Page, Style, sheet_name

Number: TypeAlias = int | float | Decimal | None
HEAD: Style = {
    "bold": True,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
    "border": 1,
    "bg_color": "#E2EFDA",
}
TITLE: Style = {"bold": True, "font_size": 13}
NOTE: Style = {"italic": True, "font_color": "#555555"}
TEXT: Style = {"border": 1, "valign": "top"}
FIGURE: Style = {"border": 1, "num_format": "#,##0.0##"}
WORKED_OUT: Style = {**FIGURE, "num_format": "#,##0.0"}
STRONG: Style = {"bold": True}


class Grid:
    """Rows written downwards; a number that follows from others is a formula with its value beside."""

    def __init__(self, book: Workbook, title: str, widths: Sequence[int]) -> None:
        sheet = book.add_worksheet(sheet_name(title))
        self._page = Page(book, sheet)
        self.row = 0
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)

    def title(self, text: str) -> None:
        """The name of what follows, and a row of air."""
        self._page.write(self.row, 0, text, TITLE)
        self.row += 2

    def note(self, text: str) -> None:
        """A remark over the whole width."""
        self._page.write(self.row, 0, text, NOTE)
        self.row += 1

    def heads(self, *names: str) -> None:
        """A row of heads; it stays in sight."""
        for column, name in enumerate(names):
            self._page.write(self.row, column, name, HEAD)
        self.row += 1
        self._page.sheet.freeze_panes(self.row, 0)

    def text(self, column: int, text: str, *, strong: bool = False) -> None:
        """Words in this row."""
        self._page.write(self.row, column, text, {**TEXT, **(STRONG if strong else {})})

    def figure(self, column: int, value: Number, *, strong: bool = False) -> None:
        """A number in this row; nothing where nobody knows it."""
        self._page.write(self.row, column, value, {**FIGURE, **(STRONG if strong else {})})

    def formula(self, column: int, formula: str, value: Number, *, strong: bool = False) -> None:
        """A formula in this row with the value it has; "" where it has none."""
        style = {**WORKED_OUT, **(STRONG if strong else {})}
        shown: float | str = "" if value is None else float(value)
        self._page.sheet.write_formula(
            self.row, column, f"={formula}", self._page.format(style), shown
        )

    def cell(self, column: int, row: int | None = None) -> str:
        """The address of a cell of this sheet."""
        return str(xl_rowcol_to_cell(self.row if row is None else row, column))


def quotient(part: str, whole: str, factor: int) -> str:
    """The formula of a share or a yield: empty where there is nothing to divide by or of."""
    return f'IF(OR({part}="",{whole}="",{whole}=0),"",{part}/{whole}*{factor})'


def divided(part: Number, whole: Number, factor: int) -> Number:
    """What `quotient` comes to."""
    if part is None or not whole:
        return None
    return float(part) / float(whole) * factor


def total_of(values: Sequence[Number]) -> float:
    """What SUM comes to: empty cells count for nothing."""
    return sum(float(value) for value in values if value is not None)
