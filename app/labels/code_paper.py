"""The certificate of a planting-area code as a paper (Phiếu cấp mã số vùng trồng), A4, with its QR.

Laid out as an administrative document (NĐ 30/2020/NĐ-CP annex I): issuing body and state name at
the head, number and day, title, content, signature, recipients. Unsigned: the paper is signed and
stamped by the office, or stands as a copy of the register.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from fpdf import FPDF

from app.labels.image import picture
from app.labels.symbol import symbol_for
from app.labels.typeface import Weight, font_file, unprintable

_MARGIN_MM = 20
_TOP_MM = 18
_LEADING_MM = 0.55  # of a line, for each point of its letters
_QR_ROOM_MM = 34
_DOT_MM = 25.4 / 300
_NAME_MM = 58
_WIDTH_MM = 210 - 2 * _MARGIN_MM
_STAMP_RED = (163, 22, 26)


@dataclass(frozen=True)
class CodePaper:
    """What the paper says, in words ready to be printed; `rows` are pairs of a name and its content.

    `standing` is a sentence about a code that is not simply in force; empty when it is.
    """

    office: str
    office_above: str
    place: str
    code: str
    number: str
    decided_on: date
    rows: tuple[tuple[str, str], ...]
    standing: str
    address: str
    taken_on: date


def code_paper_pdf(paper: CodePaper) -> bytes:
    """The paper as a PDF of one page or more; the same arguments give the same bytes."""
    pdf = _document(paper)
    pdf.add_page()
    _head(pdf, paper)
    _title(pdf, paper)
    for name, content in paper.rows:
        _row(pdf, name, content)
    _standing(pdf, paper)
    _foot(pdf, paper)
    return bytes(pdf.output())


def _document(paper: CodePaper) -> FPDF:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_margins(_MARGIN_MM, _TOP_MM, _MARGIN_MM)
    pdf.set_auto_page_break(auto=True, margin=18)
    for weight in Weight:
        pdf.add_font(weight.value, fname=font_file(weight))
    pdf.set_title(f"Phiếu mã số vùng trồng {paper.code}")
    pdf.set_lang("vi")
    pdf.set_producer("Nguồn Gốc")
    pdf.set_creation_date(datetime.combine(paper.taken_on, time(), UTC))
    return pdf


def _head(pdf: FPDF, paper: CodePaper) -> None:
    half, top = _WIDTH_MM / 2, pdf.get_y()
    _block(
        pdf, _MARGIN_MM, half, [(paper.office_above, Weight.REGULAR), (paper.office, Weight.STRONG)]
    )
    left_end = pdf.get_y()
    pdf.set_y(top)
    state = [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Weight.STRONG),
        ("Độc lập - Tự do - Hạnh phúc", Weight.STRONG),
    ]
    _block(pdf, _MARGIN_MM + half, half, state)
    under, below = pdf.get_y() + 0.8, max(left_end, pdf.get_y())
    pdf.set_line_width(0.25)
    pdf.line(_MARGIN_MM + half + 20, under, _MARGIN_MM + _WIDTH_MM - 20, under)
    pdf.set_xy(_MARGIN_MM, below + 3)
    _text(pdf, half, f"Số: {paper.number}", Weight.REGULAR, 10.5, "C", same_line=True)
    day = f"{paper.place}, ngày {paper.decided_on:%d} tháng {paper.decided_on:%m} năm {paper.decided_on:%Y}"
    _text(pdf, half, day, Weight.REGULAR, 10.5, "C")


def _title(pdf: FPDF, paper: CodePaper) -> None:
    pdf.ln(9)
    _text(pdf, _WIDTH_MM, "PHIẾU CẤP MÃ SỐ VÙNG TRỒNG", Weight.STRONG, 16, "C")
    pdf.ln(4)
    _text(pdf, _WIDTH_MM, paper.code, Weight.STRONG, 19, "C")
    pdf.ln(6)


def _row(pdf: FPDF, name: str, content: str) -> None:
    top = pdf.get_y()
    if top > 240:  # noqa: PLR2004  # a row is not torn from its name at the foot of a page
        pdf.add_page()
        top = pdf.get_y()
    _text(pdf, _NAME_MM, name, Weight.REGULAR, 11, "L")
    name_end = pdf.get_y()
    pdf.set_xy(_MARGIN_MM + _NAME_MM, top)
    _text(pdf, _WIDTH_MM - _NAME_MM, content, Weight.STRONG, 11, "L")
    below = max(name_end, pdf.get_y())
    pdf.set_draw_color(190)
    pdf.line(_MARGIN_MM, below + 0.8, _MARGIN_MM + _WIDTH_MM, below + 0.8)
    pdf.set_draw_color(0)
    pdf.set_xy(_MARGIN_MM, below + 2)


def _standing(pdf: FPDF, paper: CodePaper) -> None:
    if not paper.standing:
        return
    pdf.ln(2)
    pdf.set_draw_color(*_STAMP_RED)
    pdf.set_text_color(*_STAMP_RED)
    pdf.set_line_width(0.6)
    _text(pdf, _WIDTH_MM, paper.standing, Weight.STRONG, 12, "C", border=1)
    pdf.set_line_width(0.2)
    pdf.set_draw_color(0)
    pdf.set_text_color(0)


def _foot(pdf: FPDF, paper: CodePaper) -> None:
    symbol = symbol_for(paper.address, room_mm=_QR_ROOM_MM, dot_mm=_DOT_MM)
    if pdf.get_y() > 235:  # noqa: PLR2004  # the symbol and the place to sign stay together
        pdf.add_page()
    pdf.ln(6)
    top = pdf.get_y()
    pdf.image(picture(symbol), _MARGIN_MM, top, symbol.side_mm, symbol.side_mm)
    pdf.set_xy(_MARGIN_MM, top + symbol.side_mm + 1)
    said = f"Quét để xem tình trạng hiện tại của mã số. Trích từ sổ đăng ký ngày {paper.taken_on:%d/%m/%Y}."
    _text(pdf, 62, said, Weight.REGULAR, 8.5, "L")
    half = _WIDTH_MM / 2
    pdf.set_xy(_MARGIN_MM + half, top)
    _block(
        pdf,
        _MARGIN_MM + half,
        half,
        [("THỦ TRƯỞNG ĐƠN VỊ", Weight.STRONG), ("(Ký, ghi rõ họ tên, đóng dấu)", Weight.REGULAR)],
    )


def _block(pdf: FPDF, left: float, width: float, lines: list[tuple[str, Weight]]) -> None:
    for text, weight in lines:
        pdf.set_x(left)
        _text(pdf, width, text, weight, 10.5, "C")


def _text(
    pdf: FPDF,
    width: float,
    text: str,
    weight: Weight,
    size: float,
    align: str,
    *,
    same_line: bool = False,
    border: Literal[0, 1] = 0,
) -> None:
    pdf.set_font(weight.value, size=size)
    pdf.multi_cell(
        width,
        size * _LEADING_MM,
        _printable(text),
        align=align,
        border=border,
        new_x="RIGHT" if same_line else "LEFT",
        new_y="TOP" if same_line else "NEXT",
    )


def _printable(text: str) -> str:
    strange = set(unprintable(text)) - {"\n"}
    return "".join("?" if letter in strange else letter for letter in text)
