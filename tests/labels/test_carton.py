"""Carton symbols: FNC1 is really there, and GS1's rules are kept."""

import numpy as np
import pytest
import zxingcpp

from app.errors import Refused
from app.labels.carton import QUIET_128, QUIET_DATAMATRIX, gs1_128, gs1_datamatrix, gs1_text

ELEMENTS = [
    ("01", "08931234567897"),
    ("13", "261121"),
    ("10", "LCJ6VNGGH6BCFNM"),
    ("21", "0001ABCDEFGH"),
]
TEXT = "(01)08931234567897(13)261121(10)LCJ6VNGGH6BCFNM(21)0001ABCDEFGH"


def read(modules, quiet, scale=4):
    framed = np.pad(modules, quiet)
    (found,) = zxingcpp.read_barcodes(
        (~np.kron(framed, np.ones((scale, scale), bool)) * 255).astype(np.uint8)
    )
    return found


def test_datamatrix_is_a_gs1_symbol():
    found = read(gs1_datamatrix(ELEMENTS), QUIET_DATAMATRIX)
    assert (found.symbology_identifier, found.content_type) == ("]d2", zxingcpp.ContentType.GS1)
    assert found.text == gs1_text(ELEMENTS) == TEXT
    # Variable lengths end in a separator, except the last one.
    assert found.bytes == b"010893123456789713261121" + b"10LCJ6VNGGH6BCFNM\x1d" + b"210001ABCDEFGH"


def test_datamatrix_is_square():
    modules = gs1_datamatrix(ELEMENTS)
    assert modules.shape[0] == modules.shape[1]
    assert modules[:, 0].all()
    assert modules[-1].all()


def test_128_is_a_gs1_symbol():
    bars = gs1_128(ELEMENTS)
    assert bars.ndim == 1
    found = read(np.tile(bars, (20, 1)), QUIET_128)
    assert (found.symbology_identifier, found.content_type) == ("]C1", zxingcpp.ContentType.GS1)
    assert found.text == TEXT


def test_a_plain_symbol_would_be_told_apart():
    """The control: without GS1 mode, the reader says so."""
    plain = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.DataMatrix)
    (found,) = zxingcpp.read_barcodes(zxingcpp.write_barcode_to_image(plain, scale=4))
    assert found.symbology_identifier != "]d2"
    assert found.content_type is zxingcpp.ContentType.Text


@pytest.mark.parametrize(
    "elements",
    [
        [],
        [("01", "08931234567890")],
        [("01", "893123456789")],
        [("00", "189312345000000017")],
        [("99999", "1")],
        [("10", "A" * 21)],
        [("10", "")],
        [("10", "rau cải")],
        [("10", "A(21)B")],
        [("13", "261331")],
        [("17", "260230")],
        [("13", "26AB01")],
    ],
)
@pytest.mark.parametrize("draw", [gs1_datamatrix, gs1_128])
def test_what_gs1_does_not_allow_is_refused(draw, elements):
    with pytest.raises(Refused) as refused:
        draw(elements)
    assert refused.value.fields[0].field == "elements"


@pytest.mark.parametrize(("identifier", "value"), [("17", "260200"), ("00", "189312345000000013")])
def test_the_controls_pass(identifier, value):
    assert gs1_datamatrix([(identifier, value)]).any()
