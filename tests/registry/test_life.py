"""The life of a code as a state machine: any order of steps, one truth about every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st

from app.errors import Refused
from app.models.registry import ENDED, HOLDING, ApplicationState, AreaCodeStep, CodeStatus
from app.registry.rules import (
    NEXT_STATE,
    NEXT_STATUS,
    may_become,
    may_go_to,
    require_step,
    status_on,
)

FIRST = date(2026, 2, 2)
STEPS = st.lists(
    st.tuples(st.sampled_from(list(CodeStatus)), st.integers(min_value=0, max_value=20)),
    max_size=12,
)


def lived(tries: list[tuple[CodeStatus, int]]) -> list[AreaCodeStep]:
    """The steps that a code takes when each try that may not be is refused."""
    steps = [AreaCodeStep(id=1, code_id=1, status=CodeStatus.ACTIVE, effective_on=FIRST)]
    day = FIRST
    for status, later in tries:
        if not may_become(steps[-1].status, status):
            continue
        day += timedelta(days=later)
        require_step(steps, day, today=day)
        steps.append(AreaCodeStep(id=len(steps) + 1, code_id=1, status=status, effective_on=day))
    return steps


def test_every_status_and_state_says_where_it_may_go():
    assert NEXT_STATUS.keys() == set(CodeStatus)
    assert NEXT_STATE.keys() == set(ApplicationState)
    assert set(CodeStatus) == {*HOLDING, *ENDED, CodeStatus.SUSPENDED}


@given_that(STEPS)
@settings(max_examples=300)
def test_what_ended_never_holds_again(tries):
    steps = lived(tries)
    ended = [step for step in steps if step.status in ENDED]
    assert len(ended) <= 1
    assert not ended or steps[-1] is ended[0]


@given_that(STEPS, st.integers(min_value=-3, max_value=260))
@settings(max_examples=300)
def test_a_day_has_the_status_of_the_last_step_before_it(tries, after):
    steps, day = lived(tries), FIRST + timedelta(days=after)
    walked = None
    for step in steps:
        if step.effective_on <= day:
            walked = step.status
    assert status_on(steps, day) is walked
    assert status_on(list(reversed(steps)), day) is walked


@given_that(STEPS)
def test_a_step_before_the_newest_is_refused(tries):
    steps = lived(tries)
    newest = max(step.effective_on for step in steps)
    with pytest.raises(Refused):
        require_step(steps, newest - timedelta(days=1), today=newest)


def test_only_what_was_ordered_to_be_checked_waits_for_the_check():
    assert may_go_to(ApplicationState.SUBMITTED, ApplicationState.ISSUED)
    assert not may_go_to(ApplicationState.INSPECTING, ApplicationState.ISSUED)
    assert not may_go_to(ApplicationState.RETURNED, ApplicationState.ISSUED)


@pytest.mark.parametrize("status", sorted(ENDED))
def test_nothing_comes_back_from_the_end(status):
    assert NEXT_STATUS[status] == frozenset()


def test_a_suspended_code_cannot_be_hidden_behind_a_new_one():
    assert not may_become(CodeStatus.SUSPENDED, CodeStatus.SUPERSEDED)
    assert may_become(CodeStatus.WARNED, CodeStatus.SUPERSEDED)
