"""Symbols in bulk: held to two independent encoders and read back by an independent reader."""

import numpy as np
import pytest
import qrcodegen
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.base import rs_blocks
from qrcode.main import QRCode
from qrcode.util import QRData, pattern_position

from app.labels.qr_layout import MASKS
from app.labels.qr_tables import LEVELS, VERSIONS, alignment_of, blocks_of, side_of
from app.labels.segments import segments_of
from app.labels.serials import serials
from app.labels.symbols import TooLong, encode, stream, symbol, version_of

KEY = bytes(range(32))
HOSTS = (
    "https://TXNG.LAOCAI.GOV.VN/T/LCJ6VNGGH6BCFNM/",
    "https://A.VN/01/08931234567897/10/LC1/21/",
)
OF_QRCODE = {"L": 1, "M": 0, "Q": 3, "H": 2}
OF_QRCODEGEN = dict(
    zip(
        LEVELS,
        (
            qrcodegen.QrCode.Ecc.LOW,
            qrcodegen.QrCode.Ecc.MEDIUM,
            qrcodegen.QrCode.Ecc.QUARTILE,
            qrcodegen.QrCode.Ecc.HIGH,
        ),
        strict=True,
    )
)


def addresses(count, start=0):
    return [HOSTS[0] + serial for serial in serials(KEY, start, count)]


def by_qrcode(text, level, version, mask):
    """The same segments at the same mask, by the library that single labels use."""
    made = QRCode(version=version, error_correction=OF_QRCODE[level], mask_pattern=mask, border=0)
    for part in segments_of(text, version):
        made.add_data(QRData(part.content, mode=int(part.mode)))
    made.make(fit=False)
    return np.array(made.get_matrix(), bool)


def by_qrcodegen(text, level, version, mask=-1):
    """An independent encoder: its modules, and the mask it prefers when none is given."""
    make = {
        1: lambda content: qrcodegen.QrSegment.make_numeric(content.decode()),
        2: lambda content: qrcodegen.QrSegment.make_alphanumeric(content.decode()),
        4: qrcodegen.QrSegment.make_bytes,
    }
    parts = [make[int(part.mode)](part.content) for part in segments_of(text, version)]
    made = qrcodegen.QrCode.encode_segments(
        parts, OF_QRCODEGEN[level], version, version, mask, boostecl=False
    )
    side = range(made.get_size())
    return made.get_mask(), np.array([[made.get_module(x, y) for x in side] for y in side])


def read(modules, scale=4):
    """What a phone would read; None when nothing."""
    dots = np.kron(np.pad(~modules, 4, constant_values=True), np.ones((scale, scale), bool))
    found = zxingcpp.read_barcodes((dots * 255).astype(np.uint8))
    return found[0].text if found else None


@pytest.mark.parametrize("version", VERSIONS)
def test_the_figures_of_the_standard_are_those_others_use(version):
    assert list(alignment_of(version)) == pattern_position(version)
    for level in LEVELS:
        blocks = blocks_of(version, level)
        mine = [blocks.short_data] * blocks.short + [blocks.long_data] * blocks.long
        others = rs_blocks(version, OF_QRCODE[level])
        assert mine == [block.data_count for block in others]
        assert {blocks.correction} == {block.total_count - block.data_count for block in others}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("host", HOSTS)
def test_every_module_is_that_of_qrcode_at_every_mask(level, host):
    texts = [host + serial for serial in serials(KEY, 5, 2)]
    for mask in range(MASKS):
        (made,) = encode(texts, level=level, mask=mask)
        for at, modules in zip(made.at, made.modules, strict=True):
            assert (modules == by_qrcode(texts[at], level, made.version, mask)).all()


@pytest.mark.parametrize("level", LEVELS)
def test_the_mask_is_the_one_an_independent_encoder_prefers(level):
    texts = addresses(30)
    (made,) = encode(texts, level=level)
    for at, mask, modules in zip(made.at, made.masks, made.modules, strict=True):
        preferred, theirs = by_qrcodegen(texts[at], level, made.version)
        assert preferred == mask
        assert (modules == theirs).all()


@pytest.mark.parametrize("version", [1, 2, 5, 7, 10, 11, 12, 14, 21, 27, 32, 40])
def test_small_and_large_versions_agree_with_an_independent_encoder(version):
    text = (
        ("Rau an toàn A7" * 300)
        .encode()[: blocks_of(version, "Q").data // 2]
        .decode("utf-8", "ignore")
    )
    made = symbol(text, level="Q", version=version)
    mask, theirs = by_qrcodegen(text, "Q", version)
    assert made.side == side_of(version)
    assert made.masks[0] == mask
    assert (made.modules[0] == theirs).all()


def test_a_text_may_fill_its_symbol_to_the_last_bit():
    full = "A" * 47  # version 2 at level L: 34 codewords, 272 bits, 4 + 9 + 258 + a terminator of 1
    assert (symbol(full, level="L").version, version_of(full + "A", "L")) == (2, 3)
    for text in (full, "7" * 41, "a" * 17):
        made = symbol(text, level="L")
        assert (made.modules[0] == by_qrcodegen(text, "L", made.version)[1]).all()
        assert read(made.modules[0]) == text


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("0123ABC/:ađ ", min_size=1, max_size=60), min_size=1, max_size=6),
    st.sampled_from(LEVELS),
)
def test_whatever_is_written_is_read(texts, level):
    for made in encode(texts, level=level):
        for at, modules in zip(made.at, made.modules, strict=True):
            found = read(modules)
            assert found is not None
            assert found == texts[at]


def test_every_symbol_of_a_run_is_read():
    run = addresses(1500)
    read_back = [read(modules, scale=3) for _, modules in stream(run, level="M", chunk=400)]
    assert read_back == run


def test_a_stream_keeps_the_order_whatever_the_sizes():
    texts = ["A" * length for length in (10, 80, 11, 200, 12)]
    found = list(stream(texts, level="M", chunk=2))
    assert [text for text, _ in found] == texts
    assert [len(modules) for _, modules in found] == [side_of(version_of(t, "M")) for t in texts]


def test_a_run_may_be_held_to_one_size():
    (made,) = encode(["A", "A" * 60], level="M", version=5)
    assert (made.side, list(made.at)) == (37, [0, 1])
    assert len(encode(["A", "A" * 60], level="M")) == 2


def test_the_same_text_is_the_same_symbol_in_any_company():
    alone = symbol(addresses(1)[0], level="M").modules[0]
    (among,) = encode(addresses(300), level="M")
    assert (among.modules[0] == alone).all()


def test_a_text_that_does_not_fit_is_refused():
    with pytest.raises(TooLong) as refused:
        encode(["A" * 60], level="H", version=2)
    assert refused.value.bits > refused.value.room
    with pytest.raises(TooLong):
        version_of("a" * 3000, "L")


def test_an_empty_text_has_no_symbol():
    with pytest.raises(ValueError, match="empty"):
        encode(["A", ""], level="M")
