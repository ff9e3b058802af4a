"""Long PDFs: words that can be searched, symbols that are read, fonts within, memory that stays."""

import tracemalloc
import zlib
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from app.labels.carton import gs1_128
from app.labels.pdf_stream import Bar, Face, Page, Placed, SymbolAt, TextRun, write_pdf
from app.labels.symbols import stream, symbol
from app.labels.typeface import Weight, font_file

FONTS = {weight.value: font_file(weight) for weight in Weight}
MADE = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
WORDS = "Đặng Thị Hường ướp lạnh ≤ 5 °C, ngày 25/11/2026"
FACE = Face(
    [TextRun("Cải bắp Sa Pa", 20, 4, 2.5, "SemiBold"), TextRun("HTX Bản Xèo", 20, 8, 2)],
    [Bar(20, 9, 25, 0.3)],
)
ADDRESS = "https://TXNG.LAOCAI.GOV.VN/T/LCJ6VNGGH6BCFNM/"


def pdf(*pages, fonts=FONTS, title="Cải bắp · LCJ6"):
    out = BytesIO()
    assert write_pdf(out, iter(pages), fonts=fonts, title=title, made=MADE) == len(pages)
    return out.getvalue()


def label(number=0, x=0, y=0):
    modules = symbol(f"{ADDRESS}{number:04}", level="M").modules[0]
    return Placed(x, y, FACE, [SymbolAt(modules, 2, 2, 15)], [TextRun(f"Số {number}", 20, 14, 2)])


def sheet(count=4):
    return Page(110, 70, [label(n, 2 + n % 2 * 52, 2 + n // 2 * 32) for n in range(count)])


def text_of(data, page=0):
    return pypdfium2.PdfDocument(data)[page].get_textpage().get_text_bounded()


def symbols_in(data, page=0, scale=4):
    picture = pypdfium2.PdfDocument(data)[page].render(scale=scale).to_pil()
    return sorted(found.text for found in zxingcpp.read_barcodes(picture))


def test_words_are_vietnamese_and_can_be_searched():
    text = text_of(pdf(Page(80, 20, [Placed(2, 2, None, [], [TextRun(WORDS, 1, 5, 2)])])))
    assert WORDS in text


def test_what_labels_share_is_in_the_file_once():
    data = pdf(sheet(), sheet())
    text = text_of(data)
    assert text.count("Cải bắp Sa Pa") == 4
    assert all(f"Số {number}" in text for number in range(4))
    with pikepdf.open(BytesIO(data)) as opened:
        forms = [one for one in opened.objects if _is(one, "/Subtype", "/Form")]
        assert len(forms) == 1


def _is(thing, key, value):
    return isinstance(thing, pikepdf.Stream) and thing.get(key) == value


def test_every_symbol_is_read_off_the_page():
    assert symbols_in(pdf(sheet())) == [f"{ADDRESS}{number:04}" for number in range(4)]


def test_bars_of_one_row_are_read_too():
    bars = gs1_128([("01", "08931234567897"), ("10", "LC01")])[None, :]
    page = Page(100, 40, [Placed(10, 10, None, [SymbolAt(bars, 5, 5, 60, 15)])])
    assert symbols_in(pdf(page)) == ["(01)08931234567897(10)LC01"]


def test_everything_stands_where_it_was_put():
    page = Page(50, 30, [Placed(10, 5, Face([], [Bar(5, 2, 20, 3)]))])
    picture = np.array(
        pypdfium2.PdfDocument(pdf(page))[0].render(scale=72 / 25.4 * 10 / 8).to_pil().convert("L")
    )
    rows, columns = np.nonzero(picture < 128)
    dots = 72 / 25.4 * 10 / 8 * 72 / 25.4  # of the picture, a mm
    assert (columns.min() / dots, (columns.max() + 1) / dots) == pytest.approx((15, 35), abs=0.15)
    assert (rows.min() / dots, (rows.max() + 1) / dots) == pytest.approx((7, 10), abs=0.15)


def test_white_words_leave_the_next_black():
    runs = [TextRun("trắng", 2, 5, 3, white=True), TextRun("đen", 2, 12, 3)]
    picture = pypdfium2.PdfDocument(pdf(Page(40, 15, [Placed(0, 0, None, [], runs)])))[0].render(
        scale=4
    )
    dark = np.array(picture.to_pil().convert("L")) < 128
    half = len(dark) // 2
    assert not dark[:half].any()
    assert dark[half:].any()


def test_the_fonts_are_in_the_file_as_subsets():
    with pikepdf.open(BytesIO(pdf(sheet()))) as opened:
        fonts = opened.pages[0].Resources.Font
        assert len(fonts) == 2
        for font in fonts.values():
            program = font.DescendantFonts[0].FontDescriptor.FontFile2
            assert str(font.BaseFont).startswith("/NGUONG+BeVietnamPro")
            assert 2_000 < len(program.read_raw_bytes()) < 40_000
            assert font.ToUnicode is not None


def test_a_font_nobody_uses_stays_out():
    page = Page(50, 30, [Placed(0, 0, None, [], [TextRun("A", 1, 5, 2)])])
    with pikepdf.open(BytesIO(pdf(page))) as opened:
        assert len(opened.pages[0].Resources.Font) == 1


def test_the_file_says_what_it_is():
    with pikepdf.open(BytesIO(pdf(sheet()))) as opened:
        assert str(opened.docinfo.Title) == "Cải bắp · LCJ6"
        assert str(opened.docinfo.CreationDate) == "D:20261125073000+00'00'"
        assert str(opened.Root.Lang) == "vi"
        assert opened.Root.ViewerPreferences.PrintScaling == "/None"
        assert [float(edge) for edge in opened.pages[0].MediaBox] == pytest.approx(
            [0, 0, 311.811, 198.425], abs=0.01
        )
        assert opened.check_pdf_syntax() == []


def test_the_same_arguments_give_the_same_bytes():
    assert pdf(sheet()) == pdf(sheet())
    assert pdf(sheet()) != pdf(sheet(), title="khác")


@pytest.mark.parametrize("count", [1, 63, 64, 65, 200])
def test_any_number_of_pages_is_found(count):
    data = pdf(
        *(
            Page(50, 30, [Placed(0, 0, None, [], [TextRun(f"Số {n}", 1, 5, 2)])])
            for n in range(count)
        )
    )
    with pikepdf.open(BytesIO(data)) as opened:
        assert len(opened.pages) == count
        assert opened.check_pdf_syntax() == []
    for page in {0, count // 2, count - 1}:
        assert text_of(data, page).strip() == f"Số {page}"


def test_a_picture_that_holds_the_word_for_its_end_is_written_safely():
    odd = np.unpackbits(np.frombuffer(b" EI Q\nEI" * 8, np.uint8).reshape(8, 8), axis=1).astype(
        bool
    )
    mm = 25.4 / 72  # a module is one point, drawn as four dots
    runs = [TextRun("sau", 2, 9, 3)]
    data = pdf(
        Page(64 * mm, 40 * mm, [Placed(0, 0, None, [SymbolAt(odd, 0, 0, 64 * mm, 8 * mm)], runs)])
    )
    assert text_of(data).strip() == "sau"
    picture = pypdfium2.PdfDocument(data)[0].render(scale=4).to_pil().convert("L")
    assert (np.array(picture)[2:32:4, 2::4] < 128).tolist() == odd.tolist()


def test_no_pages_are_no_file():
    with pytest.raises(ValueError, match="needs a page"):
        pdf()


def test_a_letter_the_face_lacks_is_a_mistake_of_the_layout():
    with pytest.raises(ValueError, match="no letter '菜'"):
        pdf(Page(50, 30, [Placed(0, 0, None, [], [TextRun("菜", 1, 5, 2)])]))


def test_pages_go_out_as_they_come():
    out = BytesIO()
    sizes = []

    def pages():
        for _ in range(5):
            sizes.append(out.tell())
            yield sheet()

    write_pdf(out, pages(), fonts=FONTS, title="t", made=MADE)
    assert sizes == sorted(set(sizes))


def _run(count):
    """A run of labels of their own, 24 on a page, into nothing: the most memory it took."""

    class Nothing(BytesIO):
        def write(self, data):
            return len(data)

    def pages():
        some = []
        for text, modules in stream(
            (f"{ADDRESS}{n:08}" for n in range(count)), level="M", chunk=200
        ):
            some.append(
                Placed(0, 0, FACE, [SymbolAt(modules, 2, 2, 15)], [TextRun(text[-8:], 20, 14, 2)])
            )
            if len(some) == 24:
                yield Page(210, 297, some)
                some = []

    tracemalloc.start()
    write_pdf(Nothing(), pages(), fonts=FONTS, title="t", made=MADE)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_number_of_labels():
    _run(48)
    assert _run(2400) < _run(480) + 1_000_000


def test_a_label_takes_little_of_the_file():
    labels = [label(n, 2, 2) for n in range(24)]
    more = len(pdf(Page(210, 297, labels), Page(210, 297, labels))) - len(
        pdf(Page(210, 297, labels))
    )
    assert more / 24 < 200


def test_streams_are_packed():
    data = pdf(sheet())
    with pikepdf.open(BytesIO(data)) as opened:
        raw = opened.pages[0].Contents.read_raw_bytes()
    assert b"cm" in zlib.decompress(raw)
