"""Working days around Tết and the other public holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.workdays import due_day, is_working_day, working_days_between

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
TERMS = st.integers(1, 90)


@pytest.mark.parametrize(
    ("asked_on", "days", "due"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # a Friday: Monday
        (date(2026, 3, 7), 5, date(2026, 3, 13)),  # asked on a Saturday
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # Tết Bính Ngọ, 16 to 20 February
        (date(2026, 2, 17), 3, date(2026, 2, 25)),  # asked on New Year's Day
        (date(2027, 2, 3), 1, date(2027, 2, 11)),  # Tết Đinh Mùi, 4 to 10 February
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # Hùng Kings on a Sunday, Monday given for it
        (date(2026, 4, 29), 1, date(2026, 5, 4)),  # 30 April and 1 May
        (date(2027, 4, 29), 1, date(2027, 5, 4)),  # 1 May on a Saturday, Monday given for it
        (date(2026, 8, 28), 1, date(2026, 9, 3)),  # 31 August to 2 September
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # the Saturday worked in exchange for it
        (date(2027, 9, 1), 1, date(2027, 9, 6)),  # 2 and 3 September, a Thursday and a Friday
    ],
)
def test_a_term_ends_on_the_last_of_its_working_days(asked_on: date, days: int, due: date) -> None:
    assert due_day(asked_on, days) == due


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_has_at_least_a_day(days: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        due_day(date(2026, 3, 2), days)


def test_the_days_between_are_counted_after_the_first_and_with_the_last() -> None:
    assert working_days_between(date(2026, 2, 12), date(2026, 2, 24)) == 3
    assert working_days_between(date(2026, 2, 24), date(2026, 2, 12)) == -3
    assert working_days_between(date(2026, 3, 2), date(2026, 3, 2)) == 0


@settings(max_examples=60, deadline=None)
@given(DAYS, TERMS)
def test_a_due_day_is_a_working_day_as_many_working_days_away(asked_on: date, days: int) -> None:
    due = due_day(asked_on, days)
    assert is_working_day(due)
    assert working_days_between(asked_on, due) == days
    assert due >= asked_on + timedelta(days=days)


@settings(max_examples=60, deadline=None)
@given(DAYS, TERMS, TERMS)
def test_a_term_and_another_after_it_are_one_term(asked_on: date, first: int, then: int) -> None:
    assert due_day(due_day(asked_on, first), then) == due_day(asked_on, first + then)


@settings(max_examples=60, deadline=None)
@given(DAYS, DAYS, DAYS)
def test_days_between_add_up(one: date, two: date, three: date) -> None:
    there = working_days_between(one, two) + working_days_between(two, three)
    assert there == working_days_between(one, three)
