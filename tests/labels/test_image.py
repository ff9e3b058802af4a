"""The label as a thermal printer gets it: black dots, readable by a phone, right in size."""

import struct
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from app.errors import Refused
from app.labels.face import SYMBOL_AT_MM, SYMBOL_ROOM_MM, LabelFacts
from app.labels.fitting import SMALLEST_LETTER_MM, SMALLEST_MM
from app.labels.image import label_png, picture
from app.labels.symbol import symbol_for

DOTS_A_MM = {203: 8.0, 300: 300 / 25.4}
LONG = (
    "Rau cải mèo hữu cơ vùng cao thu hái buổi sáng của đồng bào Mông xã Y Tý"
    " đóng gói loại đặc biệt vụ đông xuân năm nay 26"
)

both_printers = pytest.mark.parametrize("dpi", [203, 300])


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


def ink(image: Image.Image) -> np.ndarray:
    """True where the printer burns a dot."""
    return ~np.array(image.convert("1"), dtype=bool)


def quiet_zone_is_clean(image: Image.Image, facts: LabelFacts, dpi: int) -> bool:
    """Whether the symbol stands at its place with four modules of white on all sides."""
    dots = DOTS_A_MM[dpi]
    symbol = symbol_for(facts.address, room_mm=SYMBOL_ROOM_MM, dot_mm=1 / dots)
    start, end = round(SYMBOL_AT_MM * dots), round(SYMBOL_AT_MM * dots) + symbol.side_dots
    box, quiet = ink(image)[start:end, start:end].copy(), symbol.quiet_dots
    inside = (slice(quiet, -quiet), slice(quiet, -quiet))
    whole = (box[inside] == ink(picture(symbol))).all()
    box[inside] = False
    return bool(whole and not box.any())


def chunk(png: bytes, name: bytes) -> bytes:
    at = png.index(name)
    (length,) = struct.unpack(">I", png[at - 4 : at])
    return png[at + 4 : at + 4 + length]


@both_printers
def test_a_phone_reads_the_address(label, dpi):
    assert read(opened(label_png(label(), dpi=dpi))) == [label().address]


@pytest.mark.parametrize(
    ("dpi", "size", "metre"), [(203, (400, 240), 8000), (300, (590, 354), 11811)]
)
def test_fifty_by_thirty_millimetres_in_black_and_white(label, dpi, size, metre):
    png = label_png(label(), dpi=dpi)
    width, height, depth, colour = struct.unpack(">IIBB", chunk(png, b"IHDR")[:10])
    assert (width, height) == size
    assert (depth, colour) == (1, 0)
    assert struct.unpack(">IIB", chunk(png, b"pHYs")) == (metre, metre, 1)


@pytest.mark.parametrize(("dpi", "dots"), [(203, 4), (300, 6)])
def test_every_module_is_the_same_whole_number_of_dots(label, dpi, dots):
    image = opened(label_png(label(), dpi=dpi))
    corner = round(SYMBOL_AT_MM * DOTS_A_MM[dpi]) + 4 * dots
    symbol = ink(image)[corner : corner + 29 * dots, corner : corner + 29 * dots]
    modules = symbol.reshape(29, dots, 29, dots)
    assert (modules == modules[:, :1, :, :1]).all()
    assert modules[0, 0, :7, 0].all()  # the top of the first finder


@both_printers
@pytest.mark.parametrize(
    "host", ["a.vn", "nguongoc.laocai.gov.vn", "truyxuatnguongoc.laocai.gov.vn"]
)
@pytest.mark.parametrize("demonstration", [False, True])
def test_no_letter_comes_near_the_symbol_however_long_the_names(label, dpi, host, demonstration):
    facts = label(
        product_name=LONG,
        producer_name=LONG,
        producer_address=LONG,
        origin=LONG,
        claim=LONG,
        base_url=f"https://{host}",
        demonstration=demonstration,
    )
    image = opened(label_png(facts, dpi=dpi))
    assert read(image) == [facts.address]
    assert quiet_zone_is_clean(image, facts, dpi)


@both_printers
def test_one_dot_in_the_quiet_zone_would_be_noticed(label, dpi):
    """The control: the measure above sees a single dot."""
    facts = label()
    image = opened(label_png(facts, dpi=dpi))
    assert quiet_zone_is_clean(image, facts, dpi)
    image.putpixel((round(SYMBOL_AT_MM * DOTS_A_MM[dpi]), 100), 0)
    assert not quiet_zone_is_clean(image, facts, dpi)


@both_printers
def test_no_ink_stands_at_the_edge(label, dpi):
    dark = ink(opened(label_png(label(product_name="Ỗ" * 40, demonstration=True), dpi=dpi)))
    edge = int(1.0 * DOTS_A_MM[dpi])
    assert not dark[:, :edge].any()
    assert not dark[:, -edge:].any()
    assert not dark[-edge:].any()
    assert not dark[: edge // 2].any()


@both_printers
def test_the_smallest_small_letters_are_as_high_as_the_law_asks(label, dpi):
    facts = label(base_url="https://xxxxx.vn")
    dark = ink(opened(label_png(facts, dpi=dpi)))
    # The host stands at the bottom right in the smallest size; x has neither stem nor tail.
    right = dark.shape[1] - round(1.25 * DOTS_A_MM[dpi])
    band = dark[
        -round(4 * DOTS_A_MM[dpi]) :,
        right - round(9 * DOTS_A_MM[dpi]) : right - round(4 * DOTS_A_MM[dpi]),
    ]
    rows = np.flatnonzero(band.any(axis=1))
    letters = rows[rows > round(0.8 * DOTS_A_MM[dpi])]
    height = (letters.max() - letters.min() + 1) / DOTS_A_MM[dpi]
    assert SMALLEST_LETTER_MM <= height < SMALLEST_MM


@both_printers
def test_the_same_label_is_the_same_picture(label, dpi):
    assert label_png(label(), dpi=dpi) == label_png(label(), dpi=dpi)


def test_a_changed_fact_is_another_picture(label):
    changed = replace(label(), producer_name="HTX Bản Xèo")
    assert label_png(changed, dpi=203) != label_png(label(), dpi=203)


@pytest.mark.parametrize("name", ["Rau 🥬", "老街", "a\u0332b", "\ud800"])
def test_what_would_print_as_empty_boxes_is_refused(label, name):
    with pytest.raises(Refused) as refused:
        label_png(label(product_name=name), dpi=203)
    assert refused.value.fields[0].field == "product_name"
    assert str(refused.value.why).encode()


def test_an_address_too_long_for_the_label_is_refused(label):
    facts = label(base_url="https://" + "truyxuat." * 12 + "vn")
    with pytest.raises(Refused, match="shorter web address"):
        label_png(facts, dpi=203)
