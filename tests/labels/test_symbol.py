"""The QR symbol: whole dots, large enough modules, the best correction that costs nothing."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from app.errors import Refused
from app.labels.image import picture
from app.labels.payload import qr_text
from app.labels.symbol import SMALLEST_MODULE_MM, symbol_for, symbols_for

CODE = "LCJ6VNGGH6BCFNM"
TEXT = qr_text("https://nguongoc.laocai.gov.vn", CODE)
AT_203 = 0.125
AT_300 = 25.4 / 300


def decoded(symbol) -> str:
    image = Image.new("L", (symbol.side_dots, symbol.side_dots), 255)
    image.paste(picture(symbol), (symbol.quiet_dots, symbol.quiet_dots))
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


@pytest.mark.parametrize(("dot", "dots", "side"), [(AT_203, 4, 18.5), (AT_300, 6, 18.796)])
def test_a_usual_address_takes_29_modules_of_whole_dots(dot, dots, side):
    symbol = symbol_for(TEXT, room_mm=20.5, dot_mm=dot)
    assert len(symbol.matrix) == 29
    assert symbol.level == "M"
    assert symbol.dots_a_module == dots
    assert symbol.side_mm == pytest.approx(side)
    assert decoded(symbol) == TEXT


def test_all_small_letters_would_take_a_larger_symbol():
    """The control: capitals in their own segment are what keeps it at 29 modules."""
    longer = qr_text("https://truyxuat.laocai.gov.vn/a", CODE)
    assert len(longer) - len(TEXT) < 5
    assert len(symbol_for(longer, room_mm=20.5, dot_mm=AT_203).matrix) == 33


def test_a_shorter_address_gets_better_correction_at_the_same_size():
    text = qr_text("http://127.0.0.1:8000", CODE)
    symbol = symbol_for(text, room_mm=20.5, dot_mm=AT_203)
    assert (len(symbol.matrix), symbol.level) == (29, "Q")
    assert decoded(symbol) == text


@pytest.mark.parametrize(("dot", "fewest"), [(AT_203, 4), (AT_300, 5), (25.4 / 600, 10)])
def test_no_module_is_smaller_than_gs1_allows(dot, fewest):
    # Just enough room for 37 modules of the fewest dots, quiet zone included.
    room = 37 * fewest * dot
    symbol = symbol_for(TEXT, room_mm=room, dot_mm=dot)
    assert symbol.dots_a_module == fewest
    assert symbol.dots_a_module * dot >= SMALLEST_MODULE_MM
    assert (fewest - 1) * dot < SMALLEST_MODULE_MM


def test_less_room_takes_weaker_correction_first():
    text = qr_text("https://truyxuatnguongoc.laocai.gov.vn", CODE)
    roomy = symbol_for(text, room_mm=20.5, dot_mm=AT_203)
    tight = symbol_for(text, room_mm=18.5, dot_mm=AT_203)
    assert (len(roomy.matrix), roomy.level) == (33, "Q")
    assert (len(tight.matrix), tight.level) == (29, "L")
    assert decoded(tight) == text


def test_too_little_room_is_refused_with_what_would_do():
    with pytest.raises(Refused) as refused:
        symbol_for(TEXT, room_mm=12, dot_mm=AT_203)
    assert str(refused.value.why.values["needed"]) == "18.5"
    assert str(refused.value.why.values["room"]) == "12.0"
    assert "shorter web address" in str(refused.value.why)


def test_every_lot_code_gives_a_symbol_that_reads_back():
    for number in range(40):
        text = qr_text("https://nguongoc.laocai.gov.vn", f"LC{number:013X}")
        assert decoded(symbol_for(text, room_mm=20.5, dot_mm=AT_203)) == text


def test_the_picture_is_one_bit_a_dot():
    symbol = symbol_for(TEXT, room_mm=20.5, dot_mm=AT_203)
    image = picture(symbol)
    assert (image.mode, image.size) == ("1", (116, 116))
    file = BytesIO()
    image.save(file, "PNG")
    assert file.getvalue()


def test_many_at_once_are_like_each_alone_and_read_in_their_order():
    texts = [
        f"https://txng.laocai.gov.vn/work/diary/new?planting={number:032x}" for number in (1, 7)
    ]
    texts.insert(1, TEXT)
    many = symbols_for(texts, room_mm=30, dot_mm=AT_203)
    for text, one in zip(texts, many, strict=True):
        alone = symbol_for(text, room_mm=30, dot_mm=AT_203)
        assert (one.level, one.side_dots) == (alone.level, alone.side_dots)
        assert decoded(one) == text
    assert symbols_for([], room_mm=30, dot_mm=AT_203) == []
