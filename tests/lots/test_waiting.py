"""The pre-harvest interval, as the rule reads: kept, broken, or not known; never kept when in doubt."""

import pytest

from app.lots.waiting import (
    Waiting,
    find_broken,
    find_unknown,
    over_on,
    sellable_from,
    waiting_of,
)
from tests.lots.cases import HARVEST, days, decided, diary, evidence, manure, spray

KEPT, BROKEN, UNKNOWN = Waiting.KEPT, Waiting.BROKEN, Waiting.UNKNOWN


@pytest.mark.parametrize(
    ("what_was_sprayed", "it_is"),
    [
        ("nothing is sprayed", KEPT),
        ("seven days before, seven to wait", KEPT),
        ("six days before, seven to wait", BROKEN),
        ("eight days before, seven to wait", KEPT),
        ("on the harvest day, none to wait", KEPT),
        ("on the harvest day, one to wait", BROKEN),
        ("the day after the harvest", KEPT),
        ("interval not known", UNKNOWN),
        ("interval not known, on the harvest day", UNKNOWN),
        ("interval not known, a year and a day ago", KEPT),
        ("interval not known, a year ago", UNKNOWN),
        ("several, all over", KEPT),
        ("several, one still running", BROKEN),
        ("several, one not known", UNKNOWN),
        ("one broken and one not known", BROKEN),
        ("manure without an interval", KEPT),
        ("a foliar fertiliser that names an interval", BROKEN),
    ],
)
def test_the_waiting_time_is(what_was_sprayed: str, it_is: Waiting) -> None:
    sprayed = {
        "nothing is sprayed": [],
        "seven days before, seven to wait": [spray(7, 7)],
        "six days before, seven to wait": [spray(6, 7)],
        "eight days before, seven to wait": [spray(8, 7)],
        "on the harvest day, none to wait": [spray(0, 0)],
        "on the harvest day, one to wait": [spray(0, 1)],
        "the day after the harvest": [spray(-1, 7)],
        "interval not known": [spray(3, None)],
        "interval not known, on the harvest day": [spray(0, None)],
        "interval not known, a year and a day ago": [spray(366, None)],
        "interval not known, a year ago": [spray(365, None)],
        "several, all over": [spray(30, 14), spray(8, 7), spray(3, 3)],
        "several, one still running": [spray(30, 14), spray(8, 14), spray(3, 3)],
        "several, one not known": [spray(30, 14), spray(8, None), spray(3, 3)],
        "one broken and one not known": [spray(2, None), spray(3, 7)],
        "manure without an interval": [manure(2)],
        "a foliar fertiliser that names an interval": [spray(2, 5, pesticide=False)],
    }[what_was_sprayed]
    assert waiting_of(diary(*sprayed), HARVEST) is it_is


def test_without_a_diary_nothing_is_known() -> None:
    assert waiting_of(None, HARVEST) is UNKNOWN


def test_an_empty_diary_proves_nothing() -> None:
    assert waiting_of(diary(entries=0), HARVEST) is UNKNOWN
    assert waiting_of(diary(entries=1), HARVEST) is KEPT


def test_it_may_be_sold_from_the_day_the_last_waiting_time_is_over() -> None:
    sprayed = [spray(6, 7), spray(3, 10), spray(2, None), spray(30, 7)]
    assert sellable_from(sprayed, HARVEST) == HARVEST + days(7)
    broken = find_broken(sprayed, HARVEST)
    assert broken is not None
    assert over_on(broken) == HARVEST + days(7)


def test_a_waiting_time_that_ends_on_the_harvest_day_holds_nothing_back() -> None:
    assert sellable_from([spray(7, 7)], HARVEST) is None
    assert sellable_from([spray(6, 7)], HARVEST) == HARVEST + days(1)


def test_what_nobody_knows_moves_no_day() -> None:
    assert sellable_from([spray(1, None)], HARVEST) is None
    assert over_on(spray(1, None)) is None


def test_of_several_that_are_not_known_the_latest_is_said() -> None:
    found = find_unknown([spray(9, None), spray(4, None), spray(2, 0)], HARVEST)
    assert found is not None
    assert found.on == HARVEST - days(4)


def test_the_claim_names_the_spray_and_the_day_from_which_it_may_be_sold() -> None:
    claim = decided(evidence(diary=diary(spray(3, 7))))["waiting_time"]
    assert not claim.granted
    assert "Thuốc A" in str(claim.reason)
    assert str(claim.mend) == "It may be sold from 2026-11-19 on; later harvests may claim it."


def test_the_claim_says_that_an_interval_is_not_known_and_never_that_it_was_kept() -> None:
    claim = decided(evidence(diary=diary(spray(40, None))))["waiting_time"]
    assert not claim.granted
    assert "not known" in str(claim.reason)


@pytest.mark.parametrize(("nothing", "says"), [(None, "No diary"), (0, "Nothing is written")])
def test_without_entries_the_claim_says_so(nothing: int | None, says: str) -> None:
    silent = None if nothing is None else diary(entries=nothing)
    claims = decided(evidence(diary=silent))
    for kind in ("waiting_time", "inputs"):
        assert not claims[kind].granted
        assert str(claims[kind].reason).startswith(says)
        assert claims[kind].mend is not None
