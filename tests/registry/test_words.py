"""What people write into the register, and their telephone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.registry.phones import phone_of, public_phone_of
from app.registry.words import name_of, reason_of, text_of, words_of


@pytest.mark.parametrize("typed", ["Lý\ud800", "Lý\x00", "Lý\x07", "x" * 21, "\u202eLý"])
def test_what_cannot_be_stored_is_refused_at_its_field(typed):
    with pytest.raises(Refused) as refused:
        text_of("hamlet", typed, longest=20)
    assert refused.value.fields[0].field == "hamlet"


@given(st.text())
def test_any_text_is_either_kept_within_its_length_or_refused(typed):
    try:
        kept = text_of("note", typed, longest=30, multiline=True)
    except Refused:
        return
    assert len(kept) <= 30
    assert text_of("note", kept, longest=30, multiline=True) == kept


def test_a_name_comes_with_its_search_key():
    assert name_of("name", "  Hợp tác xã  Đồng Tâm ", longest=60) == (
        "Hợp tác xã Đồng Tâm",
        "hop tac xa dong tam",
    )


@pytest.mark.parametrize("typed", ["", "   ", "…", "--", "\u200b"])
def test_a_name_without_a_letter_is_missing(typed):
    with pytest.raises(Refused, match="required"):
        name_of("name", typed, longest=60)


@pytest.mark.parametrize("typed", ["", "vì", "    x   "])
def test_a_reason_has_some_words(typed):
    with pytest.raises(Refused, match="in a few words"):
        reason_of(typed)


def test_a_search_looks_for_few_words_and_no_wildcards():
    assert words_of("Bản Phố_% \ud800\x00 2") == ["ban", "pho", "2"]
    assert len(words_of("a " * 1000)) == 6


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("0084-912-345-678", "0912345678"),
        ("84912345678", "0912345678"),
        ("912345678", "0912345678"),
        ("849123456", "0849123456"),
        ("(0214) 3820 123", "02143820123"),
        ("+842143820123", "02143820123"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_number_is_kept_with_its_leading_zero(typed, kept):
    assert phone_of("phone", typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "12345",
        "0112345678",
        "09123456789",
        "091234567",
        "mười",
        "+1 202 555 0143",
        "0912345678\x00",
    ],
)
def test_nonsense_is_no_number(typed):
    with pytest.raises(Refused) as refused:
        phone_of("phone", typed)
    assert refused.value.fields[0].field == "phone"


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", ".", "-"]))
def test_a_mobile_number_is_the_same_however_it_is_written(number, separator):
    rest = separator.join(number[1:])
    assert phone_of("p", separator.join(number)) == number
    assert phone_of("p", "+84" + rest) == number
    assert phone_of("p", number) == phone_of("p", phone_of("p", number) or "")


def test_an_organisation_may_have_a_service_number():
    assert public_phone_of("public_phone", "1900 6868") == "19006868"
    assert public_phone_of("public_phone", "0912345678") == "0912345678"
    assert public_phone_of("public_phone", "") == ""
    with pytest.raises(Refused):
        phone_of("phone", "19006868")
