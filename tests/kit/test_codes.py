"""Lot trace codes: made, read back, and refused when mistyped."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_2

from app.kit.codes import (
    ALPHABET,
    LENGTH,
    MistypedLotCode,
    Slip,
    grouped,
    new_lot_code,
    read_lot_code,
)

SEEDED = random.Random(37)
CODES = tuple(new_lot_code(SEEDED.getrandbits) for _ in range(200))
CODE = CODES[0]

codes = st.sampled_from(CODES)


def accepted(typed: str) -> bool:
    try:
        read_lot_code(typed)
    except MistypedLotCode:
        return False
    return True


def test_a_code_is_lc_twelve_random_characters_and_a_check_character():
    for code in CODES:
        assert code.startswith("LC")
        assert len(code) == LENGTH == 15
        assert set(code[2:]) <= set(ALPHABET)
        assert mod_37_2.is_valid(code)


def test_a_code_has_nothing_that_looks_like_something_else():
    assert not set("".join(CODES)[2:]).intersection("IOU*")
    assert not set("".join(code[2:] for code in CODES)).intersection("L")


def test_a_payload_whose_check_character_is_no_crockford_character_is_drawn_again():
    strange = next(n for n in range(1000) if check_of(n) not in ALPHABET)
    drawn = iter([strange, 5])
    assert new_lot_code(lambda _bits: next(drawn)).startswith("LC000000000005")
    assert next(drawn, None) is None


def check_of(number: int) -> str:
    return mod_37_2.calc_check_digit(f"LC{number // 32:011d}{ALPHABET[number % 32]}")


def test_sixty_random_bits_are_asked_for():
    asked = []

    def bits(count: int) -> int:
        asked.append(count)
        return 5

    new_lot_code(bits)
    assert asked == [60]


def test_without_a_source_two_codes_differ():
    assert new_lot_code() != new_lot_code()


@given(st.integers(0, 2**60 - 1))
def test_what_is_printed_can_be_read_back(number):
    drawn = iter([number])
    code = new_lot_code(lambda _bits: next(drawn, 5))
    assert read_lot_code(grouped(code)) == code


@given(
    codes,
    st.sampled_from([" ", "-", ".", "\u2013", "\u00a0", "  ", " - ", "\u2212"]),
    st.booleans(),
)
def test_case_and_separators_do_not_matter(code, separator, lower):
    typed = separator.join(code[at : at + 4] for at in range(0, 15, 4))
    assert read_lot_code(typed.lower() if lower else typed) == code


def test_full_width_letters_are_read():
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in CODE)
    assert read_lot_code(wide) == CODE


@pytest.mark.parametrize(("meant", "typed"), [("0", "O"), ("0", "o"), ("1", "I"), ("1", "l")])
def test_look_alikes_are_read_as_digits(meant, typed):
    code = next(code for code in CODES if meant in code[2:])
    assert read_lot_code("LC" + code[2:].replace(meant, typed)) == code


def test_the_prefix_stays_letters():
    assert read_lot_code(f"lc{CODE[2:]}") == CODE
    assert read_lot_code(f"1c{CODE[2:]}") == CODE
    assert read_lot_code(f"Ic{CODE[2:]}") == CODE


def test_every_single_substitution_is_refused():
    for code in CODES:
        for at in range(2, LENGTH):
            for other in ALPHABET.replace(code[at], ""):
                assert not accepted(code[:at] + other + code[at + 1 :])


def test_every_transposition_of_neighbours_is_refused():
    for code in CODES:
        for at, (left, right) in enumerate(pairwise(code)):
            if left != right:
                assert not accepted(code[:at] + right + left + code[at + 2 :])


def test_a_plain_sum_would_accept_transpositions():
    """The control: a weaker check character lets through what ours refuses."""
    swapped = next(
        (code, code[:at] + right + left + code[at + 2 :])
        for code in CODES
        for at, (left, right) in enumerate(pairwise(code))
        if at > 1 and left != right
    )
    plain_sums = {sum(ALPHABET.find(letter) for letter in code) % 37 for code in swapped}
    assert len(plain_sums) == 1
    assert [accepted(code) for code in swapped] == [True, False]


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("", Slip.CHARACTERS),
        ("0123 4567 89AB CDE", Slip.CHARACTERS),
        ("LC", Slip.LENGTH),
        (CODE[:-1], Slip.LENGTH),
        (CODE + "0", Slip.LENGTH),
        (CODE[:-1] + "U", Slip.CHARACTERS),
        (CODE[:-1] + "\ud800", Slip.CHARACTERS),
        (CODE[:-1] + "\0", Slip.CHARACTERS),
        (CODE[:2] + ("0" if CODE[2] != "0" else "1") + CODE[3:], Slip.CHECK),
    ],
)
def test_each_slip_has_its_own_answer(typed, slip):
    with pytest.raises(MistypedLotCode) as refused:
        read_lot_code(typed)
    assert refused.value.slip is slip
    for sentence in (refused.value.why, refused.value.hint):
        assert str(sentence).encode()  # no lone surrogate gets out


def test_a_missing_group_is_counted():
    with pytest.raises(MistypedLotCode) as refused:
        read_lot_code(CODE[:-4])
    assert refused.value.hint.values == {"count": 4}


def test_swapped_neighbours_are_guessed_and_no_other_code_is_named():
    swapped = next(
        CODE[:at] + b + a + CODE[at + 2 :]
        for at, (a, b) in enumerate(pairwise(CODE))
        if at > 1 and a != b
    )
    with pytest.raises(MistypedLotCode) as refused:
        read_lot_code(swapped)
    assert "neighbouring" in str(refused.value.hint)
    assert CODE not in str(refused.value.hint).replace(" ", "")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(typed):
    accepted(typed)


def test_groups_of_four():
    assert grouped("LC0123456789ABC") == "LC01 2345 6789 ABC"
