"""Segments: an address by the product's rule, anything else in the fewest bits."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.labels.segments import (
    ALPHANUMERIC,
    Mode,
    Segment,
    address_segments,
    bits_of,
    content_bits,
    least_segments,
    segments_of,
)

ADDRESS = "https://TXNG.LAOCAI.GOV.VN/01/08931234567897/10/LCJ6VNGGH6BCFNM/21/0001ABCDEFGH"


def test_the_scheme_is_bytes_and_the_rest_capitals():
    assert segments_of(ADDRESS) == (
        Segment(Mode.BYTE, b"https://"),
        Segment(Mode.ALPHANUMERIC, ADDRESS.removeprefix("https://").encode()),
    )


@pytest.mark.parametrize(
    "text", ["https://a.vn/t/LC", "LCJ6", "https://", "12345", "https://A B_C"]
)
def test_what_is_no_address_in_capitals_is_cut_freely(text):
    assert address_segments(text) is None
    assert b"".join(part.content for part in segments_of(text)) == text.encode()


def test_the_digits_of_a_serial_do_not_change_the_cut():
    ends = ("0000ABCDEFGH", "000012345678")
    cuts = [[part.mode for part in segments_of(f"https://A.VN/T/LC/{end}")] for end in ends]
    assert cuts[0] == cuts[1]
    assert least_segments("https://A.VN/T/LC/000012345678") != segments_of(
        "https://A.VN/T/LC/000012345678"
    )


def test_the_rule_costs_an_address_little():
    assert bits_of(segments_of(ADDRESS), 4) - bits_of(least_segments(ADDRESS), 4) <= 10


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("1234567890", [Mode.NUMERIC]),
        ("ABC", [Mode.ALPHANUMERIC]),
        ("abc", [Mode.BYTE]),
        ("rau cải", [Mode.BYTE]),
        ("abcdef0123456789012345678", [Mode.BYTE, Mode.NUMERIC]),
        ("A1", [Mode.ALPHANUMERIC]),
    ],
)
def test_each_kind_of_text_takes_its_mode(text, modes):
    assert [part.mode for part in least_segments(text)] == modes


def every_cut(text, version):
    """The fewest bits of any cut at all, tried one by one."""
    possible = [
        [mode for mode in Mode if mode is Mode.BYTE or letter in allowed(mode)] for letter in text
    ]
    return min(cost(text, modes, version) for modes in product(*possible))


def allowed(mode):
    return "0123456789" if mode is Mode.NUMERIC else ALPHANUMERIC


def cost(text, modes, version):
    total, run = 0, 0
    for at, letter in enumerate(text):
        run += len(letter.encode())
        if at + 1 == len(text) or modes[at + 1] is not modes[at]:
            mode = modes[at]
            total += 4 + mode.count_bits(version) + content_bits(mode, run)
            run = 0
    return total


@settings(max_examples=60)
@given(st.text("07Aa/đ", min_size=1, max_size=8), st.sampled_from([1, 10, 27]))
def test_no_cut_takes_fewer_bits(text, version):
    assert bits_of(least_segments(text, version), version) == every_cut(text, version)
