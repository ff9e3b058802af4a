"""ZPL, TSPL and ESC/POS: printed by interpreters written from the manuals, and read off the dots."""

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFont

from app.labels.bitmap import Bitmap, bitmap_from, bitmap_of, stamped
from app.labels.escpos import escpos_label
from app.labels.printer_languages import PrinterLanguage, printed
from app.labels.serials import serials
from app.labels.symbols import encode, symbol
from app.labels.tspl import Stock, tspl_label, tspl_setup
from app.labels.typeface import Weight, font_file
from app.labels.zpl import (
    Graphic,
    Line,
    NativeField,
    native_side,
    zpl_face,
    zpl_graphic,
    zpl_native,
    zpl_on_face,
)
from tests.labels.printers import EscPos, Tspl, Zpl, crc_16

HOST = "https://TXNG.LAOCAI.GOV.VN/T/LCJ6VNGGH6BCFNM/"
TEXTS = [HOST + serial for serial in serials(bytes(32), 0, 5)]
STOCK = Stock(50, 30)
LINE = Line(190, 221, 20)
FIELD = NativeField(16, 16, 4, "M", (LINE,))


@pytest.fixture(scope="module")
def face():
    """50 × 30 mm at 203 dpi with Vietnamese words, and room for a symbol."""
    image = Image.new("1", (400, 240), 1)
    font = ImageFont.truetype(font_file(Weight.STRONG), 28)
    ImageDraw.Draw(image).text((190, 10), "Cải bắp Sa Pa\nHTX Bản Xèo", font=font)
    return bitmap_of(image)


@pytest.fixture(scope="module")
def label(face):
    return stamped(face, symbol(TEXTS[0], level="M").modules[0], x=16, y=16, dots=4)


def read(dots):
    framed = np.pad(dots, 20)
    return [one.text for one in zxingcpp.read_barcodes((~framed * 255).astype(np.uint8))]


def test_a_bitmap_is_the_picture(face):
    assert (face.width, face.height, face.row_bytes) == (400, 240, 50)
    assert 0.01 < face.dots.mean() < 0.1
    assert bitmap_from(face.dots) == face


def test_bits_beyond_the_width_are_white():
    odd = bitmap_of(Image.new("1", (13, 2), 0))
    assert odd.rows == b"\xff\xf8" * 2


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (0, -1), (300, 0), (0, 200)])
def test_a_symbol_off_the_label_is_a_mistake(face, x, y):
    with pytest.raises(ValueError, match="leaves the label"):
        stamped(face, symbol(TEXTS[0], level="M").modules[0], x=x, y=y, dots=4)


def test_a_bitmap_has_as_many_bytes_as_it_says():
    with pytest.raises(ValueError, match="no 9 × 2 dots"):
        Bitmap(9, 2, b"123")
    with pytest.raises(ValueError, match="mode 1"):
        bitmap_of(Image.new("L", (8, 8)))


def test_zpl_prints_the_very_dots(label):
    (out,) = Zpl().print(zpl_graphic(label, copies=3))
    assert (out.dots == label.dots).all()
    assert out.copies == 3
    assert read(out.dots) == [TEXTS[0]]


def test_zpl_graphics_stay_small(label):
    assert len(zpl_graphic(label)) < 4000


def test_the_check_sum_is_the_one_of_the_manual():
    assert crc_16(b"123456789") == 0x31C3


def test_a_run_of_zpl_stores_the_face_once(face):
    labels = [zpl_native([FIELD], [(text, text[-12:])]) for text in TEXTS]
    assert max(map(len, labels)) < 150
    out = Zpl().print(zpl_face(face, [FIELD]) + b"".join(labels))
    assert [read(one.dots) for one in out] == [[text] for text in TEXTS]
    assert [one.lines for one in out] == [[text[-12:]] for text in TEXTS]
    ground = face.dots
    assert all((one.dots[:, 180:] == ground[:, 180:]).all() for one in out)


def test_a_printers_own_symbol_stands_where_it_was_put(face):
    """Whatever height of bar codes somebody's label left in the printer."""
    field = NativeField(16, 20, 4, "M", (LINE,))
    for left_behind in (10, 100):
        printer = Zpl()
        printer.bar_height = left_behind
        (out,) = printer.print(zpl_face(face, [field]) + zpl_native([field], [(TEXTS[0], "A")]))
        rows, columns = np.nonzero(out.dots[:, :180])
        assert (columns.min(), rows.min()) == (16, 20)


def test_a_stored_face_can_carry_our_own_symbols(face):
    (made,) = encode(TEXTS, level="M")
    drawn = [bitmap_from(modules.repeat(4, 0).repeat(4, 1)) for modules in made.modules]
    labels = [zpl_on_face([Graphic(16, 16, picture)]) for picture in drawn]
    out = Zpl().print(zpl_face(face) + b"".join(labels))
    for one, modules, text in zip(out, made.modules, TEXTS, strict=True):
        assert (one.dots == stamped(face, modules, x=16, y=16, dots=4).dots).all()
        assert read(one.dots) == [text]


@pytest.mark.parametrize(
    ("text", "line"),
    [("https://A.VN/^XZ", "A"), ("https://A.VN", "~JR"), ("https://A.VN", "rau cải")],
)
def test_a_native_field_takes_no_commands(text, line):
    with pytest.raises(ValueError, match="plain ASCII"):
        zpl_native([FIELD], [(text, line)])


def test_a_native_symbol_may_take_all_as_bytes():
    assert native_side(TEXTS[0], "L") == 33
    assert symbol(TEXTS[0], level="L").side == 29
    with pytest.raises(ValueError, match="1 to 10"):
        NativeField(16, 16, 11, "M")


def test_tspl_prints_the_very_dots(label):
    printer = Tspl()
    (out,) = printer.print(tspl_setup(STOCK) + tspl_label(label, copies=2))
    assert (out.dots == label.dots).all()
    assert (out.copies, printer.gap) == (2, 2.0)
    assert read(out.dots) == [TEXTS[0]]


@pytest.mark.parametrize(("turned", "direction"), [(False, "0"), (True, "1")])
def test_a_printer_may_be_told_to_turn_labels(turned, direction):
    printer = Tspl()
    printer.print(tspl_setup(Stock(50, 30, 3, turned=turned)))
    assert (printer.direction, printer.gap, printer.size) == (direction, 3.0, (240, 400))


def test_tspl_prints_the_very_dots_of_an_odd_width():
    odd = bitmap_from(np.eye(30, dtype=bool)[:, :29])
    (out,) = Tspl(dots_a_mm=1).print(tspl_setup(Stock(29, 30)) + tspl_label(odd))
    assert (out.dots == odd.dots).all()


@pytest.mark.parametrize("copies", [0, 1_000_000])
def test_tspl_prints_a_number_it_can(label, copies):
    with pytest.raises(ValueError, match="copies"):
        tspl_label(label, copies=copies)


def test_escpos_prints_the_very_dots(label):
    printer = EscPos()
    (out,) = printer.print(escpos_label(label, feed_dots=300, cut=True))
    assert (out.dots == label.dots).all()
    assert (printer.fed, printer.cuts) == (300, 1)
    assert read(out.dots) == [TEXTS[0]]


@pytest.mark.parametrize(
    ("language", "printer"),
    [(PrinterLanguage.ZPL, Zpl), (PrinterLanguage.TSPL, Tspl), (PrinterLanguage.ESCPOS, EscPos)],
)
def test_one_door_to_every_language(face, language, printer):
    (made,) = encode(TEXTS, level="M")
    labels = [(stamped(face, modules, x=16, y=16, dots=4), 1) for modules in made.modules]
    out = printer().print(b"".join(printed(language, labels, STOCK)))
    assert [read(one.dots) for one in out] == [[text] for text in TEXTS]


@settings(max_examples=30, deadline=None)
@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_any_dots_come_out_as_they_are(dots):
    label = bitmap_from(dots)
    stock = Stock(dots.shape[1], dots.shape[0])
    for made, printer in (
        (zpl_graphic(label), Zpl()),
        (tspl_setup(stock) + tspl_label(label), Tspl(dots_a_mm=1)),
        (escpos_label(label), EscPos()),
    ):
        (out,) = printer.print(made)
        assert (out.dots[:, : dots.shape[1]] == dots).all()
