"""Item serials: a number and its proof, made in bulk, read from what people type."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.codes import ALPHABET
from app.labels.serials import LONGEST, read_serial, serial_of, serials

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))


def test_a_serial_is_its_number_and_forty_bits_of_proof():
    proof = hmac.new(KEY, (77).to_bytes(8, "big"), "sha256").digest()[:5]
    letters = "".join(ALPHABET[int.from_bytes(proof, "big") >> at & 31] for at in range(35, -1, -5))
    assert serial_of(KEY, 77) == "002D" + letters


@pytest.mark.parametrize("start", [0, 1000, 32**4 - 3])
def test_in_bulk_they_are_the_same(start):
    assert serials(KEY, start, 6) == [serial_of(KEY, start + at) for at in range(6)]


@pytest.mark.parametrize("key", [b"", b"short", bytes(64), bytes(65), bytes(200)])
def test_a_key_of_any_length_is_that_of_hmac(key):
    assert serials(key, 9, 1) == [serial_of(key, 9)]


@given(st.integers(0, 2**60 - 1))
def test_what_was_made_is_read(index):
    text = serial_of(KEY, index)
    assert read_serial(KEY, text) == index
    assert read_serial(OTHER, text) is None
    assert len(text) <= LONGEST
    assert set(text) <= set(ALPHABET)


@given(st.integers(0, 10**6), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_letter_wrong_is_no_serial(index, at, letter):
    text = serial_of(KEY, index)
    changed = text[:at] + letter + text[at + 1 :]
    assert read_serial(KEY, changed) == (index if changed == text else None)


def test_people_may_write_it_their_way():
    text = next(s for s in serials(KEY, 0, 500) if "0" in s[4:] and "1" in s[4:])
    index = read_serial(KEY, text)
    assert index is not None
    typed = text.replace("0", "O", 1).replace("1", "l", 1).lower()
    for way in (typed, f" {text[:4]} {text[4:8]}-{text[8:]}\n", text.replace("1", "i")):
        assert read_serial(KEY, way) == index
    assert read_serial(KEY, "".join(chr(ord(c) + 0xFEE0) for c in text)) == index  # full width


@pytest.mark.parametrize(
    "typed", ["", "A", "00000000", "0" * 12, "đ" * 12, "U" * 12, "0" * 40, "\ud800" * 12, "*" * 12]
)
def test_anything_else_is_none(typed):
    assert read_serial(KEY, typed) is None


def test_a_number_has_one_serial_only():
    text = serial_of(KEY, 5)
    assert read_serial(KEY, "0" + text) is None
    assert read_serial(KEY, text[1:]) is None


@pytest.mark.parametrize("index", [-1, 2**60])
def test_numbers_beyond_are_refused(index):
    with pytest.raises(ValueError, match="60 bits"):
        serial_of(KEY, index)


def test_a_hundred_thousand_are_all_different():
    made = serials(KEY, 0, 100_000)
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {12}
