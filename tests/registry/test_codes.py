"""Planting-area codes of every scheme: written, read back however they were typed, never expired."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.registry import CodeScheme
from app.registry.codes import (
    ExternalCode,
    Grounds,
    Nd38Code,
    Qd3156Code,
    SerialsExhausted,
    Tccs774Code,
    default_token,
    key_of,
    made,
    parts_of,
    read,
    read_any,
    scope_of,
)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=count, max_size=count)


def letters(smallest: int, largest: int) -> st.SearchStrategy[str]:
    return st.text(string.ascii_uppercase, min_size=smallest, max_size=largest)


qd3156 = st.builds(
    Qd3156Code, digits(2), digits(3), digits(5), st.integers(1, 9999), st.integers(0, 99)
)
tccs774 = st.builds(
    Tccs774Code,
    letters(2, 3),
    st.sampled_from(["OR", "PH"]),
    st.one_of(digits(3), digits(4)),
)
nd38 = st.builds(
    Nd38Code,
    digits(2),
    st.sampled_from(["PUC", "PHC"]),
    st.text(string.ascii_uppercase + string.digits, min_size=2, max_size=20),
    st.integers(1, 999_999),
    letters(3, 3),
)
BY_SCHEME = {
    CodeScheme.QD3156_2022: qd3156,
    CodeScheme.TCCS774_2020: tccs774,
    CodeScheme.ND38_2026: nd38,
}
coded = st.one_of(*(st.tuples(st.just(scheme), codes) for scheme, codes in BY_SCHEME.items()))
GROUNDS = Grounds("10", "085", "02839", "BAPCAI01", "VNM", date(2024, 5, 6))


@given(coded)
def test_a_written_code_reads_back_as_itself(pair):
    scheme, code = pair
    assert read(scheme, str(code)) == code


@given(coded, st.sampled_from([" ", "", ".", "/", "–", " - ", "_", "\u2011"]), st.booleans())
def test_separators_and_case_do_not_matter(pair, separator, small):
    scheme, code = pair
    typed = f"  {str(code).replace('-', separator)} "
    assert read(scheme, typed.lower() if small else typed) == code


@given(coded)
def test_full_width_characters_are_understood(pair):
    scheme, code = pair
    wide = "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" and letter != "-" else letter
        for letter in str(code)
    )
    assert read(scheme, wide) == code


@given(coded)
def test_every_way_of_typing_has_the_same_key(pair):
    _, code = pair
    assert key_of(str(code).replace("-", " ").lower()) == key_of(str(code))
    assert key_of(str(code)).isalnum()


@given(st.sampled_from(CodeScheme), st.text())
def test_reading_never_fails_on_any_text(scheme, typed):
    code = read(scheme, typed)
    if code is not None:
        assert read(scheme, str(code)) == code


@pytest.mark.parametrize(
    ("typed", "scheme"),
    [
        ("VN-10-085-02839-01-24", CodeScheme.QD3156_2022),
        ("VN-10-085-02839-125-22", CodeScheme.QD3156_2022),
        ("VN-DLOR-0128", CodeScheme.TCCS774_2020),
        ("01-PUC-CHANHDAY01-000001-CHN", CodeScheme.ND38_2026),
        ("TXNG/2026/88-A", CodeScheme.EXTERNAL),
    ],
)
def test_the_codes_seen_in_public_are_recognised(typed, scheme):
    found = read_any(typed)
    assert found is not None
    assert found[0] is scheme
    assert str(found[1]) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "VN-10-085-02839-00-24",
        "VN-10-85-02839-01-24",
        "VN-10-085-02839-01-2024-7",
        "٠١-PUC-AB-000001-CHN",
    ],
)
def test_what_has_not_the_form_is_not_read(typed):
    assert read(CodeScheme.QD3156_2022, typed) is None
    assert read(CodeScheme.ND38_2026, typed) is None


@pytest.mark.parametrize("typed", ["", "abc", "không số", "12\x00345", "12\ud800345", "1" * 61])
def test_an_external_code_is_readable_and_has_a_digit(typed):
    assert read(CodeScheme.EXTERNAL, typed) is None


def test_an_external_code_is_kept_as_it_stands():
    assert read(CodeScheme.EXTERNAL, " lc/Rau  09.Z ") == ExternalCode("lc/Rau 09.Z")


def test_a_district_code_counts_within_its_commune_and_year():
    assert scope_of(CodeScheme.QD3156_2022, GROUNDS) == "10-085-02839-24"
    assert str(made(CodeScheme.QD3156_2022, GROUNDS, 7)) == "VN-10-085-02839-07-24"
    assert str(made(CodeScheme.QD3156_2022, GROUNDS, 107)) == "VN-10-085-02839-107-24"


def test_a_market_code_counts_within_its_crop_and_market():
    assert scope_of(CodeScheme.ND38_2026, GROUNDS) == "10-PUC-BAPCAI01-VNM"
    assert str(made(CodeScheme.ND38_2026, GROUNDS, 7)) == "10-PUC-BAPCAI01-000007-VNM"


@pytest.mark.parametrize(
    ("scheme", "serial"), [(CodeScheme.QD3156_2022, 10_000), (CodeScheme.ND38_2026, 1_000_000)]
)
def test_a_serial_that_the_form_cannot_hold_is_not_squeezed_in(scheme, serial):
    assert made(scheme, GROUNDS, serial - 1)
    with pytest.raises(SerialsExhausted):
        made(scheme, GROUNDS, serial)


@pytest.mark.parametrize("scheme", [CodeScheme.TCCS774_2020, CodeScheme.EXTERNAL])
def test_codes_of_others_are_not_made_here(scheme):
    with pytest.raises(ValueError, match="typed in"):
        made(scheme, GROUNDS, 1)
    with pytest.raises(ValueError, match="typed in"):
        scope_of(scheme, GROUNDS)


def test_the_parts_are_told_by_name():
    code = read(CodeScheme.QD3156_2022, "VN-10-085-02839-01-24")
    assert code is not None
    assert parts_of(code) == {
        "province": "10",
        "district": "085",
        "commune": "02839",
        "serial": 1,
        "year": 24,
    }


def test_a_crop_without_a_listed_token_takes_its_own_letters():
    assert default_token("BAP_CAI") == "BAPCAI01"
    assert len(default_token("X" * 40)) == 20


@given(coded, coded)
def test_two_codes_of_a_scheme_have_one_key_only_if_they_are_the_same(one, other):
    (scheme, first), (also, second) = one, other
    if scheme is also:
        assert (key_of(str(first)) == key_of(str(second))) is (first == second)


@given(coded)
def test_a_code_is_recognised_without_its_scheme_and_told_by_its_parts(pair):
    scheme, code = pair
    assert read_any(str(code)) == (scheme, code)
    assert type(code)(**parts_of(code)) == code


grounds = st.builds(
    Grounds,
    digits(2),
    digits(3),
    digits(5),
    st.text(string.ascii_uppercase + string.digits, min_size=2, max_size=20),
    letters(3, 3),
    st.dates(date(2022, 8, 19), date(2099, 12, 31)),
)


@given(
    st.sampled_from([CodeScheme.QD3156_2022, CodeScheme.ND38_2026]), grounds, st.integers(1, 9999)
)
def test_what_a_code_was_made_of_is_read_back_from_it(scheme, of, serial):
    code = made(scheme, of, serial)
    parts = parts_of(read(scheme, str(code)))
    assert parts["serial"] == serial
    assert parts["province"] == of.province
    named = {"district": of.district, "commune": of.commune, "year": of.decided_on.year % 100}
    if scheme is CodeScheme.ND38_2026:
        named = {"kind": "PUC", "crop": of.crop_token, "market": of.market}
    assert named.items() <= parts.items()


@given(
    st.sampled_from([CodeScheme.QD3156_2022, CodeScheme.ND38_2026]),
    grounds,
    grounds,
    st.integers(1, 9999),
    st.integers(1, 9999),
)
def test_codes_of_two_scopes_or_two_serials_are_never_the_same(scheme, one, other, first, second):
    """Serials count within a scope: gapless there, and no code of another scope is like it."""
    same = scope_of(scheme, one) == scope_of(scheme, other) and first == second
    assert (str(made(scheme, one, first)) == str(made(scheme, other, second))) is same
