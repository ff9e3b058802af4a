"""GS1 element strings in both directions."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.kit.gs1_elements import (
    FNC1,
    BadElementString,
    as_bracketed,
    as_scanned,
    read_elements,
)
from app.kit.gs1_identifiers import BadElement

GTIN = "09506000134352"


def test_a_scanned_carton_label_is_read() -> None:
    text = f"]C101{GTIN}13261120310300025010LC0123456789ABC{FNC1}21A1"
    assert read_elements(text) == {
        "01": GTIN,
        "13": "261120",
        "3103": "000250",
        "10": "LC0123456789ABC",
        "21": "A1",
    }


def test_brackets_are_read_and_written() -> None:
    elements = {"01": GTIN, "10": "A(1)", "13": "261120"}
    assert read_elements(as_bracketed(elements)) == elements


def test_fixed_lengths_come_first_and_the_last_needs_no_separator() -> None:
    scanned = as_scanned({"10": "A", "01": GTIN, "21": "B"})
    assert scanned == f"01{GTIN}10A{FNC1}21B"


def test_the_same_element_twice_must_say_the_same() -> None:
    assert read_elements(f"(01){GTIN}(01){GTIN}") == {"01": GTIN}
    with pytest.raises(BadElementString, match="twice"):
        read_elements(f"10A{FNC1}10B")


@pytest.mark.parametrize("text", ["", "(", "xx", "(04)1", "0"])
def test_no_element_string_is_refused(text: str) -> None:
    with pytest.raises(BadElementString):
        read_elements(text)


def test_a_wrong_check_digit_is_refused() -> None:
    with pytest.raises(BadElement, match="csum"):
        read_elements("(01)09506000134353")


@drawn(
    lot=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=20),
    serial=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=20),
)
def test_what_is_written_is_read_again(lot: str, serial: str) -> None:
    elements = {"01": GTIN, "10": lot, "21": serial, "7007": "261120"}
    assert read_elements(as_scanned(elements)) == elements
    assert read_elements(as_bracketed(elements)) == elements
