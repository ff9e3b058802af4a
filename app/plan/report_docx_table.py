"""Tables of a report in the DOCX: a head over several rows, repeated on every page."""

from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH

from app.plan.report_blocks import Head, Table
from app.plan.report_docx_parts import (
    centred,
    first_paragraph,
    plain_table,
    put,
    repeat_head,
    tight,
)

_CAPTION, _CELL, _NOTE = 12, 10.5, 10.5


def write_table(made: Any, table: Table, width: float) -> None:
    """The table with its caption above and its note below."""
    caption = centred(made.add_paragraph(), before=6, after=3)
    caption.paragraph_format.keep_with_next = True
    put(caption, table.caption, _CAPTION, bold=True)
    whole = sum(table.widths)
    widths = tuple(share * width / whole for share in table.widths)
    drawn = plain_table(made, widths, rows=len(table.heads) + len(table.lines))
    drawn.style = "Table Grid"
    grid = [list(row.cells) for row in drawn.rows]
    _heads(grid, table.heads)
    for cells, line in zip(grid[len(table.heads) :], table.lines, strict=True):
        for at, (cell, text) in enumerate(zip(cells, line.cells, strict=True)):
            paragraph = tight(first_paragraph(cell), before=1, after=1)
            right = at >= table.numbers
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
            put(paragraph, text, _CELL, bold=line.strong)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    repeat_head(drawn, len(table.heads))
    after = tight(made.add_paragraph(), before=2, after=8)
    put(after, table.note, _NOTE, italic=True)


def _heads(grid: list[list[Any]], heads: tuple[tuple[Head, ...], ...]) -> None:
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(heads):
        column = 0
        for head in line:
            while (row, column) in taken:
                column += 1
            last = (row + head.down - 1, column + head.across - 1)
            cell = grid[row][column]
            if last != (row, column):
                cell = cell.merge(grid[last[0]][last[1]])
            taken |= {
                (at, to) for at in range(row, last[0] + 1) for to in range(column, last[1] + 1)
            }
            put(centred(first_paragraph(cell), before=1, after=1), head.text, _CELL, bold=True)
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            column = last[1] + 1
