"""The diary on paper: pages to fill in by hand, a QR a page that opens the form of its planting."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fpdf import FPDF

from app.labels.image import picture
from app.labels.symbol import symbol_for
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
    ("Công việc", 32),
    ("Vật tư (tên thương mại)", 48),
    ("Lượng, đơn vị", 26),
    ("Nước (l)", 17),
    ("Cách ly (ngày)", 18),
    ("Dịch hại", 30),
    ("Thu hoạch (kg)", 22),
    ("Người làm", 28),
    ("Ghi chú", 32),
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
    for number, page in enumerate(book.pages, start=1):
        pdf.add_page()
        _head(pdf, book, page)
        _table(pdf)
        _foot(pdf, book, f"{number}/{len(book.pages)}")
    return bytes(pdf.output())


def _head(pdf: FPDF, book: DiaryBook, page: BookPage) -> None:
    symbol = symbol_for(page.address, room_mm=_QR_ROOM_MM, dot_mm=_DOT_MM)
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
    pdf.multi_cell(
        _WIDTH_MM - _QR_ROOM_MM - 4,
        size * 0.52,
        _printable(text),
        new_x="LMARGIN",
        new_y="NEXT",
        max_line_height=size * 0.52,
    )


def _table(pdf: FPDF) -> None:
    pdf.set_y(max(pdf.get_y(), _MARGIN_MM + _QR_ROOM_MM - 4) + 2)
    pdf.set_draw_color(120)
    pdf.set_font(Weight.STRONG.value, size=8.5)
    for words, width in COLUMNS:
        pdf.cell(width, 8, words, border=1, align="C")
    pdf.ln(8)
    pdf.set_font(Weight.REGULAR.value, size=8.5)
    for _ in range(ROWS_A_PAGE):
        for _, width in COLUMNS:
            pdf.cell(width, _ROW_MM, "", border=1)
        pdf.ln(_ROW_MM)


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
