"""A sheet of equal labels as a PDF on A4, with text that can be selected and a QR in whole dots."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from fpdf import FPDF

from app.errors import refuse
from app.kit.messages import say
from app.labels.face import (
    HEIGHT_MM,
    LANGUAGE,
    SYMBOL_AT_MM,
    SYMBOL_ROOM_MM,
    WIDTH_MM,
    Face,
    LabelFacts,
    compose,
)
from app.labels.image import picture
from app.labels.symbol import Symbol, symbol_for
from app.labels.typeface import Weight, font_file, printed_width

MOST_COPIES = 500

# Office printers have 300 or 600 dots to the inch: a module is whole dots on both.
_DOT_MM = 25.4 / 300
_POINTS_A_MM = 72 / 25.4
_TICK_MM = 3.0
_CROSS_MM = 0.75
_HAIRLINE_MM = 0.1
_CUTTING_GREY = 150


@dataclass(frozen=True)
class Grid:
    """How labels lie on a page, in mm: counted from 1, row by row from the top left."""

    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]

    @property
    def places(self) -> int:
        return self.columns * self.rows

    @property
    def margin(self) -> tuple[float, float]:
        """What is left at the left and at the top; labels lie without gaps."""
        return (
            (self.page[0] - self.columns * self.label[0]) / 2,
            (self.page[1] - self.rows * self.label[1]) / 2,
        )

    def corner(self, place: int) -> tuple[float, float]:
        """The top left corner of a place, 0 for the first."""
        row, column = divmod(place, self.columns)
        return self.margin[0] + column * self.label[0], self.margin[1] + row * self.label[1]


# Undivided sticker paper, cut along the ticks. Ready-cut sheets differ from maker to maker.
A4 = Grid(page=(210, 297), columns=4, rows=9, label=(WIDTH_MM, HEIGHT_MM))


def sheet_pdf(facts: LabelFacts, *, copies: int, start_at: int = 1) -> bytes:
    """`copies` labels on A4 pages of 36, from place `start_at` (1 to 36) of the first page on.

    The same arguments give the same bytes, so that a print can be repeated. Raises Refused for
    impossible numbers and as `compose` and `symbol_for` do.
    """
    _require_places(copies, start_at)
    symbol = symbol_for(facts.address, room_mm=SYMBOL_ROOM_MM, dot_mm=_DOT_MM)
    face = compose(facts, symbol_mm=symbol.side_mm, measure=printed_width)
    pdf = _document(facts)
    for place in range(start_at - 1, start_at - 1 + copies):
        on_page = place % A4.places
        if on_page == 0 or not pdf.page:
            pdf.add_page()
            _draw_cutting_marks(pdf, A4)
        _draw_label(pdf, face, symbol, A4.corner(on_page))
    return bytes(pdf.output())


def _require_places(copies: int, start_at: int) -> None:
    if not 1 <= copies <= MOST_COPIES:
        why = say("Print between 1 and {most} labels at a time.", most=MOST_COPIES)
        raise refuse("copies", why)
    if not 1 <= start_at <= A4.places:
        raise refuse("start_at", say("A sheet has places 1 to {most}.", most=A4.places))


def _document(facts: LabelFacts) -> FPDF:
    pdf = FPDF(unit="mm", format=A4.page)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    for weight in Weight:
        pdf.add_font(weight.value, fname=font_file(weight))
    pdf.set_title(f"{facts.product_name} · {facts.lot_code}")
    pdf.set_lang(LANGUAGE)
    pdf.set_producer("Nguồn Gốc")
    # The harvest day, not the hour of printing: a repeated print is the same file.
    pdf.set_creation_date(datetime.combine(facts.harvested_on, time(), UTC))
    return pdf


def _draw_label(pdf: FPDF, face: Face, symbol: Symbol, corner: tuple[float, float]) -> None:
    left, top = corner
    pdf.set_fill_color(0)
    for bar in face.bars:
        pdf.rect(left + bar.x, top + bar.y, bar.width, bar.height, style="F")
    for line in face.lines:
        pdf.set_text_color(255 if line.white else 0)
        pdf.set_font(line.weight.value, size=line.size * _POINTS_A_MM)
        pdf.text(left + line.x, top + line.baseline, line.text)
    inset = SYMBOL_AT_MM + symbol.quiet_dots * symbol.dot_mm
    side = symbol.side_mm - 2 * symbol.quiet_dots * symbol.dot_mm
    pdf.image(picture(symbol), left + inset, top + inset, side, side)


def _draw_cutting_marks(pdf: FPDF, grid: Grid) -> None:
    """Ticks in the margins and small crosses where four labels meet: nothing is left on a label."""
    pdf.set_draw_color(_CUTTING_GREY)
    pdf.set_line_width(_HAIRLINE_MM)
    left, top = grid.margin
    across = [left + column * grid.label[0] for column in range(grid.columns + 1)]
    down = [top + row * grid.label[1] for row in range(grid.rows + 1)]
    for x in across:
        pdf.line(x, top - _TICK_MM, x, top)
        pdf.line(x, grid.page[1] - top, x, grid.page[1] - top + _TICK_MM)
    for y in down:
        pdf.line(left - _TICK_MM, y, left, y)
        pdf.line(grid.page[0] - left, y, grid.page[0] - left + _TICK_MM, y)
    for x in across[1:-1]:
        for y in down[1:-1]:
            pdf.line(x - _CROSS_MM, y, x + _CROSS_MM, y)
            pdf.line(x, y - _CROSS_MM, x, y + _CROSS_MM)
