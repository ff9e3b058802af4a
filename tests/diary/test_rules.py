"""What an entry may say, as tables that read like the rule."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.diary.rules import (
    Saying,
    Terms,
    Times,
    Waiting,
    faults_of_day,
    faults_of_entry,
    find_dose_warning,
    find_season_warning,
    free_from,
    is_at_night,
    is_back_dated,
    is_clock_doubted,
    is_standing,
    warnings_of_harvest,
    warnings_of_spray,
)
from app.kit.quantities import Grams, SquareMetres
from app.models.diary import DiaryEntry, Planting, Work

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SOWN = date(2026, 9, 1)
TERMS = Terms()


def planting(**more: Any) -> Planting:
    values = {"sown_on": SOWN, "area_m2": 1_000, "created_at": NOW, **more}
    return Planting(organisation_id=1, area_id=1, crop_id=1, **values)


def times(done_on: date = TODAY, **more: Any) -> Times:
    return Times(**{"done_on": done_on, "written_at": NOW, "arrived_at": NOW, **more})


def why_day(
    work: Work, done_on: date, *, now: datetime = NOW, sent: datetime | None = None, **more: Any
) -> str:
    at = times(done_on, written_at=now, sent_at=sent)
    faults = faults_of_day(work, planting(**more), times=at, terms=TERMS)
    assert {fault.field for fault in faults} <= {"done_on"}
    return str(faults[0].why) if faults else ""


ENDED = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("work", "done_on", "more", "says"),
    [
        (Work.WATERING, TODAY, {}, ""),
        (Work.WATERING, TODAY + timedelta(days=1), {}, "in the future"),
        (Work.WATERING, SOWN, {}, ""),
        (Work.WATERING, SOWN - timedelta(days=1), {}, "cannot have been done before"),
        (Work.SPRAYING, SOWN - timedelta(days=1), {}, "cannot have been done before"),
        (Work.SOWING, SOWN - timedelta(days=1), {}, "cannot have been done before"),
        (Work.PEST_CHECK, SOWN - timedelta(days=1), {}, "cannot have been done before"),
        (Work.HARVEST, SOWN - timedelta(days=1), {}, "Nothing is harvested before it is sown"),
        (Work.HARVEST, SOWN, {}, ""),
        (Work.SOIL, SOWN - timedelta(days=90), {}, ""),
        (Work.SOIL, SOWN - timedelta(days=91), {}, "More than 90 days before sowing"),
        (Work.FERTILISING, SOWN - timedelta(days=3), {}, ""),
        (Work.WEEDING, SOWN - timedelta(days=3), {}, ""),
        (Work.DISPOSAL, SOWN - timedelta(days=3), {}, ""),
        (Work.OTHER, SOWN - timedelta(days=3), {}, ""),
        (Work.HARVEST, ENDED, {"ended_on": ENDED}, ""),
        (Work.HARVEST, ENDED + timedelta(days=1), {"ended_on": ENDED}, "The planting ended on"),
        (Work.SPRAYING, ENDED + timedelta(days=1), {"ended_on": ENDED}, "nothing is sprayed after it"),
        (Work.DISPOSAL, ENDED + timedelta(days=1), {"ended_on": ENDED}, ""),
        (Work.OTHER, ENDED + timedelta(days=1), {"ended_on": ENDED}, ""),
        (Work.SOIL, ENDED + timedelta(days=1), {"ended_on": ENDED}, "The planting ended on"),
    ],
)  # fmt: skip
def test_the_day_of_an_entry(work: Work, done_on: date, more: dict[str, Any], says: str) -> None:
    found = why_day(work, done_on, **more)
    assert says in found
    assert bool(found) is bool(says)


def test_a_sentence_about_a_day_names_it() -> None:
    assert str(SOWN) in why_day(Work.HARVEST, SOWN - timedelta(days=1))
    assert str(SOWN) in why_day(Work.WATERING, SOWN - timedelta(days=1))
    assert str(ENDED) in why_day(Work.SPRAYING, TODAY, ended_on=ENDED)
    assert str(ENDED) in why_day(Work.WATERING, TODAY, ended_on=ENDED)
    assert "2026-11-21" in why_day(Work.WATERING, TODAY + timedelta(days=1))


def test_just_before_midnight_the_next_day_is_near_enough() -> None:
    late = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 22:30 in Viet Nam
    tomorrow = TODAY + timedelta(days=1)
    at = Times(tomorrow, written_at=late, arrived_at=late)
    assert faults_of_day(Work.WATERING, planting(), times=at, terms=TERMS) == []
    early = late - timedelta(hours=1)
    at = Times(tomorrow, written_at=early, arrived_at=early)
    assert faults_of_day(Work.WATERING, planting(), times=at, terms=TERMS) != []


def test_a_day_ahead_by_a_wrong_clock_is_explained() -> None:
    ahead = NOW + timedelta(days=365)
    assert "clock is wrong" in why_day(Work.WATERING, date(2027, 11, 20), now=ahead)
    assert "clock is wrong" in why_day(Work.WATERING, date(2027, 11, 20), sent=ahead)
    assert "clock" not in why_day(Work.WATERING, date(2027, 11, 20))


@pytest.mark.parametrize(
    ("written", "sent", "doubted"),
    [
        (timedelta(), None, False),
        (timedelta(hours=2), None, False),
        (timedelta(hours=2, seconds=1), None, True),
        (-timedelta(days=20), None, False),
        (-timedelta(days=365), None, False),
        (timedelta(), timedelta(), False),
        (timedelta(), timedelta(hours=2), False),
        (timedelta(), timedelta(hours=2, seconds=1), True),
        (timedelta(), -timedelta(hours=2, seconds=1), True),
        (-timedelta(days=365), -timedelta(days=365), True),
    ],
)
def test_a_clock_far_from_ours_is_not_believed(
    written: timedelta, sent: timedelta | None, doubted: bool
) -> None:
    done = min(TODAY, TODAY + written)
    at = times(done, written_at=NOW + written, sent_at=None if sent is None else NOW + sent)
    assert is_clock_doubted(at, TERMS) is doubted


@pytest.mark.parametrize(
    ("done", "written", "doubted"), [(0, -1, True), (0, -365, True), (0, 0, False), (-1, -1, False)]
)
def test_nothing_is_written_down_before_it_was_done(done: int, written: int, doubted: bool) -> None:
    at = times(TODAY + timedelta(days=done), written_at=NOW + timedelta(days=written))
    assert is_clock_doubted(at, TERMS) is doubted


@pytest.mark.parametrize(
    ("sprayed", "days", "told"), [(-3, 7, 1), (-7, 7, 0), (0, 7, 1), (1, 7, 0), (-3, None, 0)]
)
def test_a_spray_says_which_harvest_its_waiting_time_ran_on(
    sprayed: int, days: int | None, told: int
) -> None:
    harvests = [TODAY, TODAY - timedelta(days=60)]
    assert len(warnings_of_spray(TODAY + timedelta(days=sprayed), days, harvests)) == told


@pytest.mark.parametrize(
    ("done", "written", "sent", "late"),
    [
        (0, 0, None, False),
        (3, 0, None, False),
        (4, 0, None, True),
        # written in the field, sent weeks later
        (20, 20, None, False),
        (30, 28, None, False),
        (31, 31, None, True),
        (30, 26, None, True),
        # a clock that is not believed: the day it arrived counts
        (3, 365, -365, False),
        (4, 4, -365, True),
    ],
)
def test_late_is_more_than_three_days_or_a_month_on_the_way(
    done: int, written: int, sent: int | None, late: bool
) -> None:
    at = times(
        TODAY - timedelta(days=done),
        written_at=NOW - timedelta(days=written),
        sent_at=None if sent is None else NOW + timedelta(days=sent),
    )
    assert is_back_dated(at, TERMS) is late


@pytest.mark.parametrize(
    ("hour", "night"),
    [(21, False), (22, True), (23, True), (0, True), (3, True), (4, False), (12, False)],
)
def test_night_is_from_ten_to_four_in_viet_nam(hour: int, night: bool) -> None:
    written = datetime(2026, 11, 20, hour, 30, tzinfo=UTC) - timedelta(hours=7)
    assert is_at_night(written, TERMS) is night


@pytest.mark.parametrize(
    ("hour", "night"), [(0, False), (1, True), (2, True), (3, False), (23, False)]
)
def test_a_night_within_one_day(hour: int, night: bool) -> None:
    written = datetime(2026, 11, 20, hour, 30, tzinfo=UTC) - timedelta(hours=7)
    assert is_at_night(written, Terms(night_from=1, night_to=3)) is night


def faults(**saying: Any) -> dict[str, str]:
    said = Saying(**{"work": Work.WATERING, "done_on": TODAY, **saying})
    found = faults_of_entry(said, planting(), times=times(said.done_on), terms=TERMS)
    return {fault.field: str(fault.why) for fault in found}


@pytest.mark.parametrize(
    ("saying", "at", "says"),
    [
        ({}, None, ""),
        ({"area": SquareMetres(1_000)}, None, ""),
        ({"area": SquareMetres(1_001)}, "area_m2", "The planting has only 0.1 ha"),
        ({"area": SquareMetres(0)}, "area_m2", "larger than nothing"),
        ({"area": SquareMetres(1)}, None, ""),
        ({"quantity": Grams(1)}, "quantity_g", "Only a harvest has a weight"),
        ({"work": Work.HARVEST, "quantity": Grams(1)}, None, ""),
        ({"work": Work.HARVEST, "quantity": Grams(0)}, "quantity_g", "more than nothing"),
        ({"work": Work.HARVEST, "quantity": Grams(20_000_000)}, None, ""),
        ({"work": Work.HARVEST, "quantity": Grams(20_000_001)}, "quantity_g", "cannot come from 0.1 ha"),
        ({"work": Work.HARVEST, "quantity": Grams(200_001), "area": SquareMetres(10)}, "quantity_g", "cannot come"),
        ({"work": Work.HARVEST, "quantity": Grams(200_000), "area": SquareMetres(10)}, None, ""),
        ({"work": Work.SPRAYING}, "inputs", "Name what was sprayed"),
        ({"work": Work.SPRAYING, "inputs": 1}, None, ""),
        ({"inputs": 12}, None, ""),
        ({"inputs": 13}, "inputs", "At most 12"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(
    saying: dict[str, Any], at: str | None, says: str
) -> None:
    found = faults(**saying)
    assert list(found) == ([at] if at else [])
    assert not at or says in found[at]


def test_every_fault_is_said_at_once() -> None:
    found = faults(
        work=Work.SPRAYING,
        done_on=TODAY + timedelta(days=9),
        area=SquareMetres(5_000),
        quantity=Grams(5),
    )
    assert list(found) == ["done_on", "area_m2", "quantity_g", "inputs"]


SPRAYED = date(2026, 11, 10)


def wait(days: int | None, done_on: date = SPRAYED) -> Waiting:
    return Waiting(done_on, days, "Thuốc A")


@pytest.mark.parametrize(
    ("waits", "free"),
    [
        ([], None),
        ([wait(None)], None),
        ([wait(7)], date(2026, 11, 17)),
        ([wait(0)], SPRAYED),
        ([wait(7), wait(3, date(2026, 11, 15))], date(2026, 11, 18)),
        ([wait(7), wait(None, date(2026, 11, 15))], date(2026, 11, 17)),
    ],
)
def test_a_planting_is_free_when_the_last_interval_ends(
    waits: list[Waiting], free: date | None
) -> None:
    assert free_from(waits) == free


@pytest.mark.parametrize(
    ("harvested_on", "waits", "says"),
    [
        (date(2026, 11, 16), [wait(7)], ["no harvest before 2026-11-17"]),
        (date(2026, 11, 17), [wait(7)], []),
        (SPRAYED, [wait(1)], ["no harvest before 2026-11-11"]),
        (SPRAYED, [wait(0)], []),
        (date(2026, 11, 9), [wait(7)], []),
        (date(2026, 11, 16), [wait(None)], ["is not known"]),
        (date(2026, 11, 9), [wait(None)], []),
        (date(2026, 11, 12), [wait(7), wait(None)], ["no harvest before", "is not known"]),
    ],
)
def test_a_harvest_within_an_interval_is_said(
    harvested_on: date, waits: list[Waiting], says: list[str]
) -> None:
    found = [str(one) for one in warnings_of_harvest(harvested_on, waits)]
    assert len(found) == len(says)
    assert all(expected in one for expected, one in zip(says, found, strict=True))
    assert all("Thuốc A" in one and str(SPRAYED) in one for one in found)


@pytest.mark.parametrize(
    ("dose", "usual", "says"),
    [
        (None, 1.0, ""),
        (1.0, None, ""),
        (0.0, 1.0, ""),
        (1.0, 0.0, ""),
        (1.0, 1.0, ""),
        (4.9, 1.0, ""),
        (5.0, 1.0, "The dose is 5 times the usual one"),
        (100.0, 1.0, "The dose is 100 times"),
        (0.21, 1.0, ""),
        (0.2, 1.0, "far less than usual"),
        (20.0, 2.0, "The dose is 10 times the usual one"),
        (8.0, 2.0, ""),
    ],
)
def test_a_dose_many_times_the_usual_one_is_said(
    dose: float | None, usual: float | None, says: str
) -> None:
    found = find_dose_warning(dose, usual, TERMS)
    assert says in str(found or "")
    assert (found is None) is (says == "")


EXPECTED, LAST = date(2026, 11, 1), date(2026, 11, 15)


@pytest.mark.parametrize(
    ("work", "done_on", "more", "says"),
    [
        (Work.HARVEST, EXPECTED - timedelta(days=14), {}, ""),
        (Work.HARVEST, EXPECTED - timedelta(days=15), {}, "expected from 2026-11-01"),
        (Work.WATERING, EXPECTED - timedelta(days=40), {}, ""),
        (Work.WATERING, LAST + timedelta(days=14), {}, ""),
        (Work.WATERING, LAST + timedelta(days=15), {}, "should have ended by 2026-11-15"),
        (Work.WATERING, LAST + timedelta(days=15), {"ended_on": date(2026, 12, 1)}, ""),
        (Work.HARVEST, date(2026, 9, 2), {"harvest_from": None}, ""),
        (Work.WATERING, date(2027, 9, 2), {"harvest_to": None}, ""),
    ],
)
def test_work_outside_of_its_season_is_said(
    work: Work, done_on: date, more: dict[str, Any], says: str
) -> None:
    grown = planting(**{"harvest_from": EXPECTED, "harvest_to": LAST, **more})
    found = find_season_warning(work, done_on, grown)
    assert says in str(found or "")
    assert (found is None) is (says == "")


@pytest.mark.parametrize(
    ("corrected", "void", "stands"),
    [(False, False, True), (True, False, False), (False, True, False), (True, True, False)],
)
def test_only_what_is_neither_corrected_nor_void_stands(
    corrected: bool, void: bool, stands: bool
) -> None:
    entry = DiaryEntry(
        organisation_id=1, planting_id=1, work=Work.OTHER, done_on=TODAY, written_at=NOW,
        arrived_at=NOW, corrected=corrected, void=void,
    )  # fmt: skip
    assert is_standing(entry) is stands


def test_daylight_of_29_february_is_a_day_like_any_other() -> None:
    leap = date(2028, 2, 29)
    now = datetime(2028, 3, 1, 3, tzinfo=UTC)
    at = Times(leap, written_at=now, arrived_at=now)
    assert faults_of_day(Work.WATERING, planting(), times=at, terms=TERMS) == []
    assert not is_back_dated(at, TERMS)
    assert free_from([wait(1, date(2028, 2, 28))]) == leap
