"""Plausible sizes and days, and what a code's steps say on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.kit.quantities import SquareMetres
from app.models.registry import AreaCodeStep, CodeStatus, PlantingArea
from app.registry.rules import (
    FARTHEST_AHEAD,
    LARGEST_PLOT,
    may_become,
    require_past_day,
    require_plausible,
    require_step,
    status_on,
    warnings_of_boundary,
)

TODAY = date(2026, 11, 20)
HECTARE = (
    '{"type":"Polygon","coordinates":[[[104.0,22.0],[104.00097,22.0],[104.00097,22.0009],'
    "[104.0,22.0009],[104.0,22.0]]]}"
)


def step(status: CodeStatus, day: date, number: int = 1) -> AreaCodeStep:
    return AreaCodeStep(
        id=number,
        code_id=1,
        status=status,
        effective_on=day,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


LIFE = [
    step(CodeStatus.ACTIVE, date(2024, 3, 1), 1),
    step(CodeStatus.SUSPENDED, date(2025, 5, 2), 2),
    step(CodeStatus.ACTIVE, date(2025, 8, 3), 3),
]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2024, 2, 29), None),
        (date(2024, 3, 1), CodeStatus.ACTIVE),
        (date(2025, 5, 1), CodeStatus.ACTIVE),
        (date(2025, 5, 2), CodeStatus.SUSPENDED),
        (date(2025, 8, 2), CodeStatus.SUSPENDED),
        (date(2025, 8, 3), CodeStatus.ACTIVE),
        (date(2030, 1, 1), CodeStatus.ACTIVE),
    ],
)
def test_the_newest_step_on_or_before_a_day_tells_the_status(day, status):
    assert status_on(LIFE, day) is status
    assert status_on(LIFE[::-1], day) is status


def test_of_two_steps_on_one_day_the_later_recorded_counts():
    twice = [*LIFE, step(CodeStatus.SUSPENDED, date(2025, 8, 3), 4)]
    assert status_on(twice[::-1], date(2025, 8, 3)) is CodeStatus.SUSPENDED


@given(st.lists(st.sampled_from(CodeStatus), min_size=1), st.integers(-50, 50))
def test_a_status_is_that_of_some_step_or_none(statuses, offset):
    steps = [step(status, TODAY + timedelta(days=at), at) for at, status in enumerate(statuses)]
    told = status_on(steps, TODAY + timedelta(days=offset))
    assert told is (None if offset < 0 else statuses[min(offset, len(statuses) - 1)])


def test_what_is_revoked_stays_revoked():
    assert not any(may_become(CodeStatus.REVOKED, status) for status in CodeStatus)


def test_a_code_is_suspended_once_and_restored_from_suspension():
    assert may_become(CodeStatus.ACTIVE, CodeStatus.SUSPENDED)
    assert not may_become(CodeStatus.SUSPENDED, CodeStatus.SUSPENDED)
    assert may_become(CodeStatus.SUSPENDED, CodeStatus.ACTIVE)
    assert not may_become(CodeStatus.ACTIVE, CodeStatus.ACTIVE)


def test_a_step_is_not_earlier_than_the_newest_and_at_most_thirty_days_ahead():
    require_step(LIFE, date(2025, 8, 3), today=TODAY)
    require_step(LIFE, TODAY + FARTHEST_AHEAD, today=TODAY)
    for day in (date(2025, 8, 2), TODAY + FARTHEST_AHEAD + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            require_step(LIFE, day, today=TODAY)
        assert refused.value.fields[0].field == "effective_on"


def test_a_past_day_is_neither_tomorrow_nor_before_the_republic():
    require_past_day("established_on", TODAY, today=TODAY)
    require_past_day("established_on", date(1945, 9, 2), today=TODAY)
    for day in (TODAY + timedelta(days=1), date(1945, 9, 1), date(1, 1, 1)):
        with pytest.raises(Refused):
            require_past_day("established_on", day, today=TODAY)


@pytest.mark.parametrize("square_metres", [0, -1, LARGEST_PLOT.value + 1, 2**60])
def test_an_absurd_area_is_refused(square_metres):
    with pytest.raises(Refused) as refused:
        require_plausible("area_m2", SquareMetres(square_metres), largest=LARGEST_PLOT)
    assert refused.value.fields[0].field == "area_m2"


@pytest.mark.parametrize("square_metres", [1, LARGEST_PLOT.value])
def test_a_plausible_area_passes(square_metres):
    require_plausible("area_m2", SquareMetres(square_metres), largest=LARGEST_PLOT)


def area(square_metres: int, polygon: str | None) -> PlantingArea:
    return PlantingArea(area_m2=square_metres, polygon=polygon)


def test_a_missing_boundary_is_worth_a_warning():
    assert "no boundary" in str(warnings_of_boundary(area(10_000, None), percent=20)[0])


@pytest.mark.parametrize("square_metres", [8_400, 10_000, 12_400])
def test_a_boundary_about_as_large_as_declared_warns_of_nothing(square_metres):
    assert warnings_of_boundary(area(square_metres, HECTARE), percent=20) == []


@pytest.mark.parametrize("square_metres", [8_000, 13_000])
def test_a_boundary_of_quite_another_size_is_worth_a_warning(square_metres):
    drawn = area(square_metres, HECTARE)
    (warning,) = warnings_of_boundary(drawn, percent=20)
    assert warnings_of_boundary(drawn, percent=None) == []
    assert warning.values["declared"] == SquareMetres(square_metres)
    assert abs(warning.values["drawn"].value - 10_000) < 150
