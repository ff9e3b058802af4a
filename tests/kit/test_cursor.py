"""Page cursors: round trips, and whatever a stranger may send."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.cursor import Page, UnreadableCursor, decode, encode, page_of

int64 = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(texts, int64)
def test_a_key_comes_back_as_it_was(name, number):
    assert decode(encode(name, number), str, int) == (name, number)


@given(texts, int64)
def test_a_cursor_fits_into_an_address_as_it_is(name, number):
    assert set(encode(name, number)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "é",
        "AAA",
        "\ud800",
        "x" * 2000,
        "A" * 4001,
        cursor_of({"a": 1}),
        cursor_of(7),
        cursor_of([]),
        cursor_of(["a"]),
        cursor_of(["a", 1, 2]),
        cursor_of([1, "a"]),
        cursor_of(["a", True]),
        cursor_of(["a", 1.5]),
        cursor_of(["a", None]),
        cursor_of(["a", 2**63]),
        cursor_of(["a\0b", 1]),
        cursor_of(["\ud800", 1]),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
        base64.urlsafe_b64encode(b'["a", ' + b"9" * 700 + b"]").decode(),
    ],
)
def test_what_was_not_made_here_is_refused(cursor):
    with pytest.raises(UnreadableCursor):
        decode(cursor, str, int)


def test_the_same_shape_made_here_is_accepted():
    """The control for the refusals above."""
    assert decode(cursor_of(["a", 2**63 - 1]), str, int) == ("a", 2**63 - 1)


@given(st.text(max_size=60))
def test_nothing_else_ever_happens(cursor):
    try:
        decode(cursor, int)
    except UnreadableCursor:
        return


def test_a_full_page_has_a_next():
    page = page_of(["a", "b", "c"], limit=2, key=lambda row: (row,))
    assert page == Page(("a", "b"), encode("b"))


def test_the_last_page_has_none():
    assert page_of(["a", "b"], limit=2, key=lambda row: (row,)) == Page(("a", "b"), None)
    assert page_of([], limit=2, key=lambda row: (row,)) == Page((), None)
