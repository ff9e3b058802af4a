"""The diary on paper: pages to fill in by hand, a QR a page that opens the form of its planting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import accumulate
from typing import Any

from fpdf import FPDF

from app.labels.image import picture
from app.labels.symbol import Symbol, symbols_for
from app.labels.typeface import Weight, font_file, unprintable

_MARGIN_MM = 12
_WIDTH_MM = 297 - 2 * _MARGIN_MM
_QR_ROOM_MM = 30
_DOT_MM = 25.4 / 300
_ROW_MM = 9
ROWS_A_PAGE = 14
# What is asked for in every row, and how wide it is in millimetres; they fill the width.
COLUMNS: tuple[tuple[str, int], ...] = (
    ("Ngày", 20),
    ("Công việc", 28),
    ("Vật tư (tên thương mại)", 48),
    ("Lượng, đơn vị", 26),
    ("Nước (l)", 17),
    ("Cách ly (ngày)", 24),
    ("Dịch hại", 30),
    ("Thu hoạch (kg)", 24),
    ("Người làm", 28),
    ("Ghi chú", 28),
)


@dataclass(frozen=True)
class BookPage:
    """One page: the planting it is for, in words, and the address that opens its form."""

    crop: str
    area: str
    plots: str
    grower: str
    sown_on: date
    area_size: str
    address: str


@dataclass(frozen=True)
class DiaryBook:
    """Pages of one organisation, made on a day."""

    organisation: str
    pages: tuple[BookPage, ...]
    made_on: date


def diary_book_pdf(book: DiaryBook) -> bytes:
    """The book as a PDF, A4 across; the same arguments give the same bytes."""
    pdf = FPDF(orientation="L", unit="mm", format="A4")
    pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    pdf.set_auto_page_break(auto=False)
    for weight in Weight:
        pdf.add_font(weight.value, fname=font_file(weight))
    pdf.set_title(f"Sổ nhật ký canh tác {_printable(book.organisation)}")
    pdf.set_lang("vi")
    pdf.set_producer("Nguồn Gốc")
    pdf.set_creation_date(datetime.combine(book.made_on, time(), UTC))
    addresses = [page.address for page in book.pages]
    symbols = symbols_for(addresses, room_mm=_QR_ROOM_MM, dot_mm=_DOT_MM)
    for number, (page, symbol) in enumerate(zip(book.pages, symbols, strict=True), start=1):
        pdf.add_page()
        _head(pdf, book, page, symbol)
        _table(pdf)
        _foot(pdf, book, f"{number}/{len(book.pages)}")
    return bytes(pdf.output())


def _head(pdf: FPDF, book: DiaryBook, page: BookPage, symbol: Symbol) -> None:
    left = _MARGIN_MM + _WIDTH_MM - symbol.side_mm
    pdf.image(picture(symbol), left, _MARGIN_MM - 4, symbol.side_mm, symbol.side_mm)
    _line(pdf, "SỔ NHẬT KÝ CANH TÁC", Weight.STRONG, 15)
    _line(pdf, f"{book.organisation} – {page.crop}", Weight.STRONG, 11)
    grower = f"Hộ: {page.grower}. " if page.grower else ""
    plots = f"Thửa: {page.plots}. " if page.plots else ""
    _line(pdf, f"{grower}{plots}Vùng trồng: {page.area}", Weight.REGULAR, 10)
    said = f"Gieo trồng ngày {page.sown_on:%d/%m/%Y}. Diện tích: {page.area_size}."
    _line(pdf, said, Weight.REGULAR, 10)


def _line(pdf: FPDF, text: str, weight: Weight, size: float) -> None:
    pdf.set_font(weight.value, size=size)
    words, room, height = _printable(text), _WIDTH_MM - _QR_ROOM_MM - 4, size * 0.52
    how: dict[str, Any] = {"new_x": "LMARGIN", "new_y": "NEXT"}
    if pdf.get_string_width(words) < room - 2 * pdf.c_margin:
        pdf.cell(room, height, words, **how)
    else:  # where it has to be broken; to find out where takes long
        pdf.multi_cell(room, height, words, max_line_height=height, **how)


def _table(pdf: FPDF) -> None:
    pdf.set_y(max(pdf.get_y(), _MARGIN_MM + _QR_ROOM_MM - 4) + 2)
    pdf.set_draw_color(120)
    pdf.set_font(Weight.STRONG.value, size=8.5)
    for words, width in COLUMNS:
        pdf.cell(width, 8, words, border=1, align="C")
    pdf.ln(8)
    # Lines from edge to edge: cells, each with a border of its own, take twenty times as long.
    top, bottom = pdf.get_y(), pdf.get_y() + ROWS_A_PAGE * _ROW_MM
    for row in range(1, ROWS_A_PAGE + 1):
        pdf.line(_MARGIN_MM, top + row * _ROW_MM, _MARGIN_MM + _WIDTH_MM, top + row * _ROW_MM)
    for edge in accumulate((width for _, width in COLUMNS), initial=_MARGIN_MM):
        pdf.line(edge, top, edge, bottom)


def _foot(pdf: FPDF, book: DiaryBook, number: str) -> None:
    pdf.set_y(-14)
    pdf.set_font(Weight.REGULAR.value, size=8)
    said = (
        "Quét mã để ghi vào sổ điện tử. Thuốc: ghi tên thương mại trên nhãn và thời gian cách ly."
        f" In ngày {book.made_on:%d/%m/%Y}. Trang {number}"
    )
    pdf.cell(_WIDTH_MM, 5, said)


def _printable(text: str) -> str:
    strange = set(unprintable(text))
    return "".join("?" if letter in strange else letter for letter in text)
