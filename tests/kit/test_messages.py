"""Messages that are kept and said later."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.i18n import LANGUAGES, language
from app.kit.messages import Message, frozen, say, thawed
from app.kit.quantities import Grams, SquareMetres

PLAIN = (
    st.text()
    | st.integers()
    | st.booleans()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False)
    | st.integers(0, 10**12).map(Grams)
    | st.integers(0, 10**12).map(SquareMetres)
)
NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)


def messages(values: st.SearchStrategy[object]) -> st.SearchStrategy[Message]:
    return st.builds(Message, st.text(), st.dictionaries(NAMES, values, max_size=4))


@given(messages(st.recursive(PLAIN, messages, max_leaves=4)))
def test_a_message_survives_being_frozen(message: Message) -> None:
    assert thawed(*frozen(message)) == message


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_thawed_message_is_said_as_the_first_would_have_been(tag: str) -> None:
    message = Message(
        "{day} {moment} {mass} {land} {share} {year} {words} {why}",
        {
            "day": date(2026, 11, 20),
            "moment": datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
            "mass": Grams(1_250_500),
            "land": SquareMetres(25_000),
            "share": Decimal("12.50"),
            "year": 2026,
            "words": "Rau {sạch} «Bắc Hà»",
            "why": say("Please sign in first."),
        },
    )
    assert language(tag).say(thawed(*frozen(message))) == language(tag).say(message)


def test_any_other_value_is_kept_as_it_is_shown() -> None:
    uid = UUID(int=7)
    assert thawed(*frozen(Message("{uid}", {"uid": uid}))).values == {"uid": str(uid)}


def test_a_kind_nobody_writes_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of value: furlongs"):
        thawed("{far}", '{"far": {"furlongs": 3}}')
