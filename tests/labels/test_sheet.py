"""The sheet for an office printer: every place decodes, text is text, repeats are the same."""

import re
import unicodedata

import pypdfium2
import pytest
import zxingcpp

from app.errors import Refused
from app.labels.sheet import A4, MOST_COPIES, sheet_pdf

DOTS_A_MM = 300 / 25.4


def pages(pdf: bytes):
    """Each page as a printer of 300 dpi would see it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=300 / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def places(image) -> list[int]:
    """The places, from 1, at which a QR of the sheet reads."""
    found = []
    for code in zxingcpp.read_barcodes(image):
        x = code.position.top_left.x / DOTS_A_MM - A4.margin[0]
        y = code.position.top_left.y / DOTS_A_MM - A4.margin[1]
        found.append(int(y // 30) * 4 + int(x // 50) + 1)
    return sorted(found)


def test_all_36_codes_of_a_full_sheet_read(label):
    (page,) = pages(sheet_pdf(label(), copies=36))
    codes = zxingcpp.read_barcodes(page)
    assert [code.text for code in codes] == [label().address] * 36
    assert places(page) == list(range(1, 37))


def test_a_sheet_begun_elsewhere_leaves_the_used_places_empty(label):
    first, second = pages(sheet_pdf(label(), copies=4, start_at=35))
    assert places(first) == [35, 36]
    assert places(second) == [1, 2]


def test_the_symbol_stands_where_the_label_says(label):
    (page,) = pages(sheet_pdf(label(), copies=1))
    (code,) = zxingcpp.read_barcodes(page)
    # 5 mm margin, half a millimetre, and a quiet zone of four modules of 6 dots.
    assert code.position.top_left.x == pytest.approx(5.5 * DOTS_A_MM + 24, abs=2)
    assert code.position.top_left.y == pytest.approx(14 * DOTS_A_MM + 24, abs=2)
    assert code.position.top_right.x - code.position.top_left.x == pytest.approx(29 * 6, abs=2)


def test_the_words_can_be_selected_and_are_vietnamese(label):
    text = words(sheet_pdf(label(demonstration=True), copies=1))
    assert text == unicodedata.normalize("NFC", text)
    for phrase in (
        "Cải bắp Sa Pa",
        "HTX Nông nghiệp Bản Xèo",
        "Ngày thu hoạch: 20/11/2026",
        "NSX: 21/11/2026",
        "HSD: 28/11/2026",
        "Lô: LCJ6 VNGG H6BC FNM",
        "nguongoc.laocai.gov.vn",
        "Mẫu, không bán",
    ):
        assert phrase in text


def test_the_fonts_are_inside_and_the_symbol_only_once(label):
    pdf = sheet_pdf(label(), copies=36)
    assert pdf.count(b"/FontFile2") == 2
    assert pdf.count(b"/Subtype /Image") == 1
    assert b"/BitsPerComponent 1" in pdf
    assert len(pdf) < 40_000


def test_a_page_is_a4(label):
    document = pypdfium2.PdfDocument(sheet_pdf(label(), copies=1))
    width, height = document[0].get_size()
    document.close()
    assert (width, height) == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=0.01)


def test_the_grid_lies_on_the_page_and_within_what_office_printers_reach():
    assert A4.places == 36
    assert A4.corner(0) == A4.margin == (5, 13.5)
    right, bottom = (start + size for start, size in zip(A4.corner(35), A4.label, strict=True))
    assert (right, bottom) == (205, 283.5)


def test_a_repeated_print_is_the_same_file(label):
    first, again = (sheet_pdf(label(), copies=3, start_at=5) for _ in range(2))
    assert first == again
    assert b"/CreationDate (D:20261120" in first


def test_another_lot_is_another_file(label):
    assert sheet_pdf(label(), copies=1) != sheet_pdf(label(lot_code="LC0000000000005"), copies=1)


def test_five_hundred_labels_take_fourteen_pages(label):
    pdf = sheet_pdf(label(), copies=MOST_COPIES)
    assert len(re.findall(rb"/Type /Page\n", pdf)) == 14


@pytest.mark.parametrize(
    ("copies", "start_at", "field"),
    [
        (0, 1, "copies"),
        (501, 1, "copies"),
        (-1, 1, "copies"),
        (1, 0, "start_at"),
        (1, 37, "start_at"),
    ],
)
def test_impossible_numbers_are_refused_beside_their_field(label, copies, start_at, field):
    with pytest.raises(Refused) as refused:
        sheet_pdf(label(), copies=copies, start_at=start_at)
    assert refused.value.fields[0].field == field


def test_what_the_face_lacks_is_refused(label):
    with pytest.raises(Refused):
        sheet_pdf(label(origin="老街"), copies=1)
