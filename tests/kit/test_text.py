"""Text as typed, made one and the same; search keys without diacritics."""

import unicodedata
from functools import partial
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, ValidationError

from app.kit.text import TextRefused, clean, fold

storable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def test_text_becomes_nfc():
    assert clean(decomposed("Mường Khương"), longest=50) == "Mường Khương"


def test_blanks_are_trimmed_and_made_one():
    assert clean("  HTX \u00a0 Bản\t Xèo\u3000", longest=50) == "HTX Bản Xèo"


def test_a_line_end_is_a_blank_in_a_single_line():
    assert clean("xã\r\nY Tý", longest=50) == "xã Y Tý"


def test_lines_stay_in_a_note():
    assert clean("một \r\n\r\n\r\n\r\n hai\rba\n", longest=50, multiline=True) == "một\n\nhai\nba"


def test_what_nobody_sees_is_left_out():
    assert clean("Su\u200b su\ufeff\u200e", longest=50) == "Su su"


def test_the_length_is_that_after_normalising():
    assert clean(decomposed("ấ" * 10), longest=10) == "ấ" * 10
    assert clean("  " + "a" * 10 + "  ", longest=10) == "a" * 10


def test_nfc_may_lengthen_a_text_beyond_what_fits():
    # U+0958 is excluded from composition: one code point going in, two in NFC.
    lengthening = "\u0958" * 10
    assert len(lengthening) == 10
    with pytest.raises(TextRefused) as refused:
        clean(lengthening, longest=10)
    assert refused.value.why.values == {"length": 20, "longest": 10}


@pytest.mark.parametrize(
    "character",
    [
        "\0",
        "\x1b",
        "\x7f",
        "\x85",
        "\x0b",
        "\ud800",
        "\u202e",
        "\u2066",
        "\uffff",
        "\ue000",
    ],
)
def test_what_no_text_holds_is_refused_by_name(character):
    with pytest.raises(TextRefused) as refused:
        clean(f"rau{character}cải", longest=50, multiline=True)
    assert refused.value.why.values == {"character": f"U+{ord(character):04X}"}
    assert str(refused.value).isascii()


def test_emoji_and_chinese_are_texts_like_others():
    assert clean("老街 🥬 👩‍🌾", longest=50) == "老街 🥬 👩‍🌾"


@given(storable)
def test_cleaning_twice_changes_nothing(text):
    once = clean(text, longest=200)
    assert clean(once, longest=200) == once


@given(storable)
def test_nfc_and_nfd_are_the_same_text(text):
    assert clean(text, longest=400) == clean(decomposed(text), longest=400)


@given(st.text(max_size=40))
def test_what_passes_can_be_stored(text):
    try:
        cleaned = clean(text, longest=200)
    except TextRefused:
        return
    assert "\0" not in cleaned
    assert cleaned.encode().decode() == cleaned


class Named(BaseModel):
    name: Annotated[str, AfterValidator(partial(clean, longest=5))]


def test_the_reason_reaches_a_schema():
    with pytest.raises(ValidationError) as refused:
        Named(name="quá dài")
    assert refused.value.errors()[0]["ctx"]["error"].why.values == {"length": 7, "longest": 5}
    assert Named(name=" su  su ").name == "su su"


@pytest.mark.parametrize(
    "spelling",
    ["Đắk Lắk", "đắk lắk", "ĐẮK LẮK", "dak lak", "Đắk-Lắk", " (Đắk)  Lắk. ", decomposed("Đắk Lắk")],
)
def test_every_spelling_has_one_key(spelling):
    assert fold(spelling) == "dak lak"


def test_where_the_tone_stands_does_not_matter():
    assert fold("hoà") == fold("hòa") == "hoa"
    assert fold("Thuỷ") == fold("Thủy") == "thuy"


def test_the_database_would_not_fold_this():
    """The control: lowering alone keeps đ and the tones apart."""
    assert "Đắk".lower() != "dak"
    assert fold("Đắk") == "dak"


def test_chinese_and_digits_stay():
    assert fold("老街 2026/11") == "老街 2026 11"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(storable)
def test_a_key_is_the_same_for_nfc_and_nfd(text):
    assert fold(text) == fold(decomposed(text))
