"""GTINs, GLNs and company prefixes as people type them; the next number of a prefix."""

import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from app.catalogue.gs1_numbers import (
    begins_with,
    free_carton_gtin,
    free_gtin,
    gln_of,
    gtin_of,
    overlap,
    prefix_of,
    shown_gtin,
)
from app.errors import Refused
from app.kit.gs1_checks import check_digit

GTIN = "09521234000013"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9521234000013", GTIN),
        (" 952 1234 00001 3 ", GTIN),
        ("952-1234-00001-3", GTIN),
        ("952.1234.00001.3", GTIN),
        ("9\u00a0521234\u2013000013", GTIN),
        ("\uff19\uff15\uff12\uff11\uff12\uff13\uff14\uff10\uff10\uff10\uff10\uff11\uff13", GTIN),
        ("09521234000013", GTIN),
        ("GTIN 9521234000013", GTIN),
        ("GTIN-13: 9521234000013", GTIN),
        ("gtin13:9521234000013", GTIN),
        ("EAN 9521234000013", GTIN),
        ("GTIN9521234000013", GTIN),
        ("(01)09521234000013", GTIN),
        ("(01)09521234000013(10)LC01", GTIN),
        ("]C1010952123400001310LC01", GTIN),
        ("0109521234000013", GTIN),
        ("https://truyxuat.vn/01/09521234000013/10/LC01?x=1", GTIN),
        ("HTTPS://TRUYXUAT.VN/01/9521234000013", GTIN),
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_gtin_is_read_as_people_write_it(typed: str, read: str | None) -> None:
    assert gtin_of(typed) == read


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("9521234000019", "3"),  # says which digit would be right
        ("952123400001", "would be"),
        ("95212340000", "8, 12, 13 or 14"),
        ("bắp cải", "8, 12, 13 or 14"),
        ("952123400001\u0663", "8, 12, 13 or 14"),
        ("2012345678903", "inside"),
        ("0212345678901"[:-1] + check_digit("021234567890"), "inside"),
        ("9771234567898", "inside"),
        ("00000000", "inside"),
        ("0000000000000", "inside"),
        ("20123451", "inside"),
    ],
)
def test_what_is_no_gtin_is_refused_with_the_reason(typed: str, word: str) -> None:
    with pytest.raises(Refused, match=word) as refusal:
        gtin_of(typed)
    assert refusal.value.fields[0].field == "gtin"


@draw(st.integers(0, 12), st.integers(1, 9), st.from_regex(r"9[0-4][0-9]{10}", fullmatch=True))
def test_any_one_wrong_digit_is_noticed(at: int, by: int, body: str) -> None:
    right = body + check_digit(body)
    wrong = f"{right[:at]}{(int(right[at]) + by) % 10}{right[at + 1 :]}"
    assert gtin_of(right) == f"0{right}"
    with pytest.raises(Refused):
        gtin_of(wrong)


@pytest.mark.parametrize("shown", ["96385074", "036000291452", "9521234000013", "19521234000010"])
def test_a_gtin_is_shown_as_it_was_written(shown: str) -> None:
    gtin = gtin_of(shown)
    assert gtin is not None
    assert shown_gtin(gtin) == shown


def test_the_next_gtin_is_the_first_that_nothing_has() -> None:
    first = free_gtin("9521234", [])
    assert first == "09521234000006"
    second = free_gtin("9521234", ["09521234000006"])
    assert second == "09521234000013"
    # A carton of the second has its digits: the third number is next, not the carton's.
    assert free_gtin("9521234", ["09521234000006", "19521234000010"]) == "09521234000020"


def test_a_prefix_that_is_used_up_proposes_nothing() -> None:
    only = free_gtin("952123412345", [])
    assert only == "09521234123453"
    assert free_gtin("952123412345", [str(only)]) is None


def test_a_carton_gets_the_first_free_pack_indicator() -> None:
    assert free_carton_gtin(GTIN, [GTIN]) == "19521234000010"
    assert free_carton_gtin(GTIN, ["19521234000010"]) == "29521234000017"
    every = [f"{at}" + GTIN[1:-1] + check_digit(f"{at}" + GTIN[1:-1]) for at in range(1, 9)]
    assert free_carton_gtin(GTIN, every) is None


def test_whose_numbers_they_are_is_told_by_the_prefix() -> None:
    assert begins_with("19521234000010", ["9521234"])
    assert not begins_with("09521234000013", ["9521235", "0952"])
    assert overlap("893123", "8931234")
    assert not overlap("893123", "893124")


@pytest.mark.parametrize(
    ("typed", "read"), [("8935001", "8935001"), ("893 5001", "8935001"), ("0614141", "0614141")]
)
def test_a_prefix_is_read_as_gs1_wrote_it(typed: str, read: str) -> None:
    assert prefix_of(typed) == read


@pytest.mark.parametrize("typed", ["893", "8931234567890", "893x", "", "2001234", "0400", "0000"])
def test_what_is_no_prefix_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        prefix_of(typed)


def test_a_gln_is_read_and_checked() -> None:
    assert gln_of("GLN: 952 1234 00001 3") == "9521234000013"
    assert gln_of("(414)9521234000013") == "9521234000013"
    for wrong in ("9521234000019", "09521234000013", "", "vùng"):
        with pytest.raises(Refused):
            gln_of(wrong)
