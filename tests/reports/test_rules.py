"""What a report may become, when it is late, and how a shopper may be reached."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.errors import Refused
from app.models.reports import ReportState
from app.reports.rules import (
    LONGEST_WORDS,
    filled_in_by_a_person,
    is_late,
    may_become,
    read_contact,
    read_words,
)

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" 0912 345 678 ", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("Chi.Mai@example.vn", "Chi.Mai@example.vn"),
    ],
)
def test_a_contact_is_a_telephone_or_an_address(typed: str, kept: str) -> None:
    assert read_contact(typed) == kept


@pytest.mark.parametrize(
    "typed", ["gọi tôi", "a@b", "<a@b.vn>", "12345", "javascript:alert(1)@x.y z", "x" * 130]
)
def test_anything_else_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_contact(typed)
    assert [fault.field for fault in refused.value.fields] == ["contact"]


def test_words_say_something_and_fit() -> None:
    assert read_words("  Thối  hết rồi ") == "Thối hết rồi"
    for typed in ("", "  ", "ok", "x" * (LONGEST_WORDS + 1), "a\x00bcdef"):
        with pytest.raises(Refused):
            read_words(typed)


def test_states_go_forward_and_a_closed_one_stays_closed() -> None:
    order = list(ReportState)
    forward = {(one, other) for one in order for other in order if may_become(one, other)}
    back = {(one, other) for one, other in forward if order.index(other) < order.index(one)}
    # Only a shopper's further word leads back.
    assert back == {(ReportState.ANSWERED, ReportState.LOOKING)}
    assert not any(may_become(ReportState.CLOSED, other) for other in order)


def test_a_person_takes_a_while_and_not_a_week() -> None:
    assert not filled_in_by_a_person(NOW - timedelta(seconds=2), NOW)
    assert filled_in_by_a_person(NOW - timedelta(seconds=3), NOW)
    assert filled_in_by_a_person(NOW - timedelta(hours=24), NOW)
    assert not filled_in_by_a_person(NOW - timedelta(hours=25), NOW)
    assert not filled_in_by_a_person(NOW + timedelta(minutes=1), NOW)


@pytest.mark.parametrize(
    ("state", "look", "answer", "late"),
    [
        (ReportState.RECEIVED, 0, 5, False),
        (ReportState.RECEIVED, -1, 5, True),
        (ReportState.LOOKING, -1, 0, False),
        (ReportState.LOOKING, -1, -1, True),
        (ReportState.ANSWERED, -9, -9, False),
        (ReportState.CLOSED, -9, -9, False),
    ],
)
def test_late_is_the_day_after_the_last_day(
    state: ReportState, look: int, answer: int, late: bool
) -> None:
    look_by, answer_by = (TODAY + timedelta(days=days) for days in (look, answer))
    assert is_late(state, look_by, answer_by, TODAY) is late
    assert not is_late(state, None, None, TODAY)
