"""Days, land and output of a declaration, without a database."""

from datetime import date, timedelta

import pytest

from app.errors import FieldError
from app.kit.quantities import Grams, SquareMetres
from app.models.seasons import SeasonDeclaration
from app.registry import season_rules as rules
from app.registry.season_rules import Growing, Stage

TODAY = date(2026, 11, 20)
HECTARE = SquareMetres(10_000)
TONNE = 1_000_000


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def fields(faults: list[FieldError]) -> list[str]:
    return [fault.field for fault in faults]


def growing(since: int, until: int, square_metres: int) -> Growing:
    return Growing(day(since), day(until), SquareMetres(square_metres))


def season(**changed: object) -> SeasonDeclaration:
    days = {"starts_on": day(-60), "harvest_from": day(-10), "harvest_to": day(10)}
    return SeasonDeclaration(**{"area_m2": 5_000, "ended_on": None, **days, **changed})


@pytest.mark.parametrize(("days", "wrong"), [(-401, 1), (-400, 0), (200, 0), (201, 1)])
def test_a_season_starts_neither_long_ago_nor_far_ahead(days, wrong):
    assert fields(rules.faults_of_start(day(days), today=TODAY)) == ["starts_on"] * wrong


@pytest.mark.parametrize("start", [date.min, date.max])
def test_the_first_and_the_last_day_there_are_do_not_break_the_count(start):
    assert rules.faults_of_start(start, today=TODAY)
    assert not rules.faults_of_harvest(start, start, start)


@pytest.mark.parametrize(
    ("harvest_from", "harvest_to", "wrong"),
    [
        (0, 0, []),
        (60, 90, []),
        (-1, 90, ["harvest_from"]),
        (60, 59, ["harvest_to"]),
        (-2, -3, ["harvest_from", "harvest_to"]),
        (60, 1096, []),
        (60, 1097, ["harvest_to"]),
    ],
)
def test_a_harvest_follows_the_start_and_ends_within_three_years(harvest_from, harvest_to, wrong):
    found = rules.faults_of_harvest(TODAY, day(harvest_from), day(harvest_to))
    assert fields(found) == wrong


@pytest.mark.parametrize(
    ("others", "most"),
    [
        ([], 400),
        ([growing(-50, -1, 700)], 400),
        ([growing(-50, 0, 700)], 1_100),
        ([growing(101, 150, 700)], 400),
        ([growing(100, 150, 700)], 1_100),
        # One after the other is no more than one of them.
        ([growing(-50, 20, 700), growing(21, 90, 700)], 1_100),
        ([growing(-50, 20, 700), growing(20, 90, 700)], 1_800),
    ],
)
def test_land_is_counted_on_its_fullest_day(others, most):
    assert rules.most_at_once(growing(0, 100, 400), others) == SquareMetres(most)


@pytest.mark.parametrize(
    ("sown", "at_once", "shared", "wrong"),
    [
        (10_000, 10_000, False, False),
        (10_001, 10_001, True, True),
        (0, 0, True, True),
        (5_000, 10_001, False, True),
        (5_000, 10_001, True, False),
        (5_000, 30_000, True, False),
        (5_000, 30_001, True, True),
    ],
)
def test_only_shared_land_is_sown_twice_and_never_four_times(sown, at_once, shared, wrong):
    found = rules.faults_of_land(SquareMetres(sown), SquareMetres(at_once), HECTARE, shared=shared)
    assert fields(found) == ["area_m2"] * wrong


@pytest.mark.parametrize(
    ("grams", "wrong"), [(-1, 1), (0, 1), (1, 0), (1_000 * TONNE, 0), (1_000 * TONNE + 1, 1)]
)
def test_an_expected_output_is_something_and_no_slip_of_the_unit(grams, wrong):
    found = rules.faults_of_expected(Grams(grams), HECTARE)
    assert fields(found) == ["expected_output_g"] * wrong


def test_an_output_fits_its_column():
    large = SquareMetres(1_000_000)
    assert not rules.faults_of_expected(rules.LARGEST_OUTPUT, large)
    assert rules.faults_of_expected(Grams(rules.LARGEST_OUTPUT.value + 1), large)


def test_land_of_nothing_is_one_fault_not_two():
    assert rules.faults_of_expected(Grams(TONNE), SquareMetres(0)) == []


def test_a_lost_harvest_is_nothing_and_never_less():
    assert rules.faults_of_actual(Grams(0), HECTARE) == []
    assert fields(rules.faults_of_actual(Grams(-1), HECTARE)) == ["actual_output_g"]
    assert fields(rules.faults_of_actual(Grams(1_001 * TONNE), HECTARE)) == ["actual_output_g"]


@pytest.mark.parametrize(
    ("grams", "ended", "wrong"),
    [(5, 0, 0), (5, 1, 1), (5, -10, 0), (5, -11, 1), (0, -11, 0), (0, -60, 0), (0, -61, 1)],
)
def test_a_season_ends_between_its_harvest_and_today(grams, ended, wrong):
    found = rules.faults_of_end(season(), Grams(grams), day(ended), today=TODAY)
    assert fields(found) == ["ended_on"] * wrong


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-61, Stage.PLANNED),
        (-60, Stage.GROWING),
        (-10, Stage.HARVESTING),
        (10, Stage.HARVESTING),
        (11, Stage.OVERDUE),
    ],
)
def test_a_season_goes_through_its_stages(days, stage):
    assert rules.stage_of(season(), day(days)) is stage
    assert rules.stage_of(season(ended_on=day(-5)), day(days)) is Stage.ENDED


def test_a_season_that_ended_early_frees_its_land():
    assert rules.growing_of(season()).until == day(10)
    assert rules.growing_of(season(ended_on=day(-5))).until == day(-5)


def test_shared_land_deserves_a_second_look():
    assert rules.find_warning_of_land(HECTARE, HECTARE) is None
    assert "share" in str(rules.find_warning_of_land(SquareMetres(10_001), HECTARE))
