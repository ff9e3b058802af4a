"""Tables of a report in the PDF: a head over several rows, repeated on every page."""

from typing import Any

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from app.plan.report_blocks import Table
from app.plan.report_face import FAMILY, printable

_CAPTION, _CELL, _NOTE = 12, 10.5, 10.5
_LINE_MM = 4.6
_HEAD = FontFace(family=FAMILY, emphasis="BOLD", size_pt=10.5)
_STRONG = FontFace(family=FAMILY, emphasis="BOLD", size_pt=10.5)
_PLAIN = FontFace(family=FAMILY, size_pt=10.5)


def draw_table(pdf: FPDF, table: Table) -> None:
    """The table with its caption above and its note below."""
    if pdf.will_page_break(45):
        pdf.add_page(same=True)
    _line(pdf, table.caption, "B", _CAPTION, "C")
    pdf.ln(1)
    pdf.set_font(FAMILY, size=_CELL)
    with pdf.table(
        width=pdf.epw,
        col_widths=table.widths,
        num_heading_rows=len(table.heads),
        headings_style=_HEAD,
        line_height=_LINE_MM,
        padding=(0.6, 1.2),
        align="LEFT",
        borders_layout=TableBordersLayout.ALL,
        v_align="MIDDLE",
        text_align="LEFT",
    ) as drawn:
        _heads(drawn, table)
        for line in table.lines:
            row = drawn.row()
            style = _STRONG if line.strong else _PLAIN
            for at, cell in enumerate(line.cells):
                align = "RIGHT" if at >= table.numbers else "LEFT"
                row.cell(printable(cell), style=style, align=align)
    if table.note:
        pdf.ln(1)
        _line(pdf, table.note, "I", _NOTE, "L")
    pdf.ln(4)


def _heads(drawn: Any, table: Table) -> None:
    for heads in table.heads:
        row = drawn.row()
        for head in heads:
            row.cell(printable(head.text), colspan=head.across, rowspan=head.down, align="CENTER")


def _line(pdf: FPDF, text: str, cut: str, size: float, align: str) -> None:
    pdf.set_font(FAMILY, style=cut, size=size)
    pdf.multi_cell(0, size * 0.42, printable(text), align=align, new_x="LMARGIN", new_y="NEXT")
