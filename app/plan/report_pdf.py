"""A report as a PDF in the form of NĐ 30/2020/NĐ-CP, Phụ lục I: A4, its margins, its sizes of letters."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

from fpdf import FPDF

from app.plan.report_blocks import Annex, Block, Chart, Letter, Manner, ReportDocument, Table, Words
from app.plan.report_chart import chart_png
from app.plan.report_face import FAMILY, Cut, font_path, printable
from app.plan.report_pdf_table import draw_table

# Millimetres: above and below 20 to 25, left 30 to 35, right 15 to 20.
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 16
INDENT_MM = 10
LINE = 0.42
BODY, SMALL = 14, 12


class Paper(FPDF):
    """Pages numbered in the middle of the upper margin, from the second on; annexes from one."""

    first_of_part = 1

    def header(self) -> None:
        """The page's number."""
        number = self.page_no() - self.first_of_part + 1
        if number > 1:
            self.set_y(9)
            self.set_font(FAMILY, size=13)
            self.cell(0, 6, str(number), align="C")
        self.set_y(TOP)

    def begin_part(self, orientation: str) -> None:
        """Pages that are numbered from one again."""
        self.first_of_part = self.pages_count + 1
        self.add_page(orientation=orientation)


def report_pdf(document: ReportDocument, *, now: datetime) -> bytes:
    """The whole report; the same arguments give the same bytes."""
    pdf = Paper(unit="mm", format="A4")
    pdf.set_margins(LEFT, TOP, RIGHT)
    pdf.set_auto_page_break(auto=True, margin=BOTTOM)
    for cut in Cut:
        pdf.add_font(FAMILY, style=cut.value, fname=font_path(cut))
    pdf.set_title(printable(document.letter.subject))
    pdf.set_author(printable(document.letter.office))
    pdf.set_lang("vi")
    pdf.set_producer("Nguồn Gốc")
    pdf.set_creation_date(now.astimezone(UTC))
    pdf.begin_part("P")
    _letterhead(pdf, document.letter)
    for block in document.body:
        _block(pdf, block)
    _foot(pdf, document.letter)
    for annex in document.annexes:
        _annex(pdf, annex, document.enclosed_with)
    return bytes(pdf.output())


def _letterhead(pdf: Paper, letter: Letter) -> None:
    top, width = pdf.get_y(), pdf.epw
    left, right = width * 0.42, width * 0.58
    first = _column(
        pdf,
        pdf.l_margin,
        left,
        top,
        ((letter.superior, Cut.REGULAR, 12), (letter.office, Cut.BOLD, 12)),
        rule=0.35,
    )
    pdf.set_xy(pdf.l_margin, first + 3)
    _put(pdf, left, letter.number, Cut.REGULAR, 13, "C")
    first = pdf.get_y()
    second = _column(
        pdf,
        pdf.l_margin + left,
        right,
        top,
        (
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Cut.BOLD, 12),
            ("Độc lập - Tự do - Hạnh phúc", Cut.BOLD, 13),
        ),
        rule=0.62,
    )
    pdf.set_xy(pdf.l_margin + left, second + 3)
    _put(pdf, right, letter.place_and_day, Cut.ITALIC, 13, "C")
    pdf.set_xy(pdf.l_margin, max(first, pdf.get_y()) + 7)
    _put(pdf, width, letter.kind, Cut.BOLD, 14, "C")
    pdf.set_x(pdf.l_margin + 8)
    _put(pdf, width - 16, letter.subject, Cut.BOLD, 14, "C")
    _rule(pdf, pdf.l_margin + width * 0.36, width * 0.28, pdf.get_y() + 1)
    pdf.set_xy(pdf.l_margin, pdf.get_y() + 6)
    _put(pdf, width, f"Kính gửi: {letter.addressee}.", Cut.REGULAR, 14, "C")
    pdf.ln(4)


def _column(
    pdf: Paper,
    x: float,
    width: float,
    y: float,
    lines: tuple[tuple[str, Cut, int], ...],
    *,
    rule: float,
) -> float:
    """Centred lines with a rule below them; where it ends."""
    pdf.set_xy(x, y)
    for text, cut, size in lines:
        if text:
            pdf.set_x(x)
            _put(pdf, width, text, cut, size, "C")
    end = pdf.get_y() + 0.8
    _rule(pdf, x + width * (1 - rule) / 2, width * rule, end)
    return end


def _rule(pdf: Paper, x: float, width: float, y: float) -> None:
    pdf.set_line_width(0.25)
    pdf.line(x, y, x + width, y)


def _put(pdf: Paper, width: float, text: str, cut: Cut, size: float, align: str) -> None:
    pdf.set_font(FAMILY, style=cut.value, size=size)
    pdf.multi_cell(width, size * LINE, printable(text), align=align, new_x="LMARGIN", new_y="NEXT")


def _block(pdf: Paper, block: Block) -> None:
    match block:
        case Words():
            _words(pdf, block)
        case Table():
            draw_table(pdf, block)
        case Chart():
            _chart(pdf, block)


def _words(pdf: Paper, words: Words) -> None:
    cut = {
        Manner.HEADING: Cut.BOLD,
        Manner.SUBHEADING: Cut.BOLD,
        Manner.NOTE: Cut.ITALIC,
    }.get(words.manner, Cut.REGULAR)
    size = SMALL if words.manner is Manner.NOTE else BODY
    pdf.set_font(FAMILY, style=cut.value, size=size)
    if words.manner in (Manner.HEADING, Manner.SUBHEADING) and pdf.will_page_break(24):
        pdf.add_page(same=True)
    align = "L" if words.manner in (Manner.HEADING, Manner.NOTE) else "J"
    with (
        pdf.text_columns(text_align=align, line_height=1.2) as columns,
        columns.paragraph(first_line_indent=INDENT_MM, bottom_margin=2.1) as paragraph,
    ):
        paragraph.write(printable(words.text))


def _chart(pdf: Paper, chart: Chart) -> None:
    picture = chart_png(chart)
    height = pdf.epw * _side(picture)
    if pdf.will_page_break(height + 18):
        pdf.add_page(same=True)
    _put(pdf, pdf.epw, chart.caption, Cut.BOLD, SMALL, "C")
    pdf.image(io.BytesIO(picture), x=pdf.l_margin, w=pdf.epw, alt_text=printable(chart.said))
    _put(pdf, pdf.epw, chart.said, Cut.ITALIC, SMALL, "C")
    pdf.ln(3)


def _side(png: bytes) -> float:
    # Width and height of a PNG stand in its first chunk.
    return int.from_bytes(png[20:24], "big") / int.from_bytes(png[16:20], "big")


def _foot(pdf: Paper, letter: Letter) -> None:
    need = 16 + 6 * max(len(letter.recipients), 7)
    if pdf.will_page_break(need):
        pdf.add_page(same=True)
    top, half = pdf.get_y() + 3, pdf.epw / 2
    pdf.set_xy(pdf.l_margin, top)
    pdf.set_font(FAMILY, style="B", size=12)
    # The decree wants this word bold and sloping; the shipped cuts have no such one.
    _sloping(pdf, lambda: pdf.cell(half, 6, "Nơi nhận:", new_x="LMARGIN", new_y="NEXT"))
    for line in letter.recipients:
        _put(pdf, half, f"- {line}", Cut.REGULAR, 11, "L")
    pdf.set_xy(pdf.l_margin + half, top)
    for line in letter.signer_title:
        pdf.set_x(pdf.l_margin + half)
        _put(pdf, half, line, Cut.BOLD, 13, "C")
    pdf.set_xy(pdf.l_margin + half, pdf.get_y() + 24)
    _put(pdf, half, letter.signer or " ", Cut.BOLD, 14, "C")


def _sloping(pdf: Paper, effect: Callable[[], object]) -> None:
    with pdf.skew(ax=12, ay=0, x=pdf.get_x(), y=pdf.get_y() + 5):
        effect()


def _annex(pdf: Paper, annex: Annex, enclosed: str) -> None:
    pdf.begin_part("L" if annex.wide else "P")
    _put(pdf, pdf.epw, f"Phụ lục {annex.number}", Cut.BOLD, 14, "C")
    _put(pdf, pdf.epw, annex.title, Cut.BOLD, 14, "C")
    _put(pdf, pdf.epw, enclosed, Cut.ITALIC, 13, "C")
    _rule(pdf, pdf.l_margin + pdf.epw * 0.4, pdf.epw * 0.2, pdf.get_y() + 1)
    pdf.ln(5)
    for block in annex.blocks:
        _block(pdf, block)
