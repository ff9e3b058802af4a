"""The mass balance as the rule reads: how full is full, which season a day is of, what land can give."""

from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from app.kit.quantities import Grams, SquareMetres
from app.lots.balance import (
    Season,
    Standing,
    Thresholds,
    find_doubt,
    fits,
    of_season,
    percent_of,
    plausible_output,
    season_of,
    standing_of,
    year_of,
)
from tests.lots.cases import LIMITS, days, season, weighed

LEEWAY = timedelta(days=30)
STRICT = Thresholds(warn_percent=90, tolerance_percent=0, law="")


@pytest.mark.parametrize(
    ("grams", "standing", "strictly"),
    [
        (0, Standing.WITHIN, Standing.WITHIN),
        (89_999, Standing.WITHIN, Standing.WITHIN),
        (90_000, Standing.NEAR, Standing.NEAR),
        (100_000, Standing.NEAR, Standing.NEAR),
        (100_001, Standing.NEAR, Standing.OVER),
        (105_000, Standing.NEAR, Standing.OVER),
        (105_001, Standing.OVER, Standing.OVER),
    ],
)
def test_a_measure_of_100_kg_is(grams: int, standing: Standing, strictly: Standing) -> None:
    limit = Grams(100_000)
    assert standing_of(Grams(grams), limit, LIMITS) is standing
    assert standing_of(Grams(grams), limit, STRICT) is strictly
    assert fits(Grams(grams), limit, LIMITS) is (standing is not Standing.OVER)


def test_without_a_declaration_there_is_no_measure() -> None:
    assert standing_of(Grams(1), None, LIMITS) is Standing.UNDECLARED


def test_a_lot_is_not_blamed_for_what_came_after_it() -> None:
    assert weighed(100, total=300).passes
    assert weighed(100, total=300).standing is Standing.OVER
    assert not weighed(106, total=106).passes
    assert weighed(50, total=93).percent == 93


@pytest.mark.parametrize(
    ("used", "limit", "percent"),
    [(0, 7, 0), (999, 1000, 99), (1000, 1000, 100), (0, 0, 0), (1, 0, 100)],
)
def test_percent_is_whole_and_cut_off(used: int, limit: int, percent: int) -> None:
    assert percent_of(Grams(used), Grams(limit)) == percent


@pytest.mark.parametrize(
    ("day", "which"),
    [
        (date(2026, 8, 30), None),
        (date(2026, 8, 31), 1),
        (date(2026, 9, 30), 1),
        (date(2026, 10, 30), 1),
        (date(2026, 11, 29), 1),
        (date(2026, 11, 30), None),
    ],
)
def test_a_harvest_day_is_of_the_season_it_lies_in_or_near(day: date, which: int | None) -> None:
    found = season_of(day, [season()], LEEWAY)
    assert (found.id if found else None) == which


def test_between_two_seasons_the_nearer_one_counts() -> None:
    one = season(1, date(2026, 1, 1), 60, 90)  # 2 March to 1 April
    two = season(2, date(2026, 4, 1), 30, 60)  # 1 May to 31 May
    near = {date(2026, 4, 10): 1, date(2026, 4, 15): 1, date(2026, 4, 16): 2, date(2026, 4, 25): 2}
    for order in ([one, two], [two, one]):
        assert {day: season_of(day, order, LEEWAY).id for day in near} == near


def test_of_two_that_hold_a_day_the_later_begun_counts_then_the_first_declared() -> None:
    early, late = season(1, date(2026, 8, 1), 60, 90), season(2, date(2026, 9, 1), 20, 40)
    same = season(3, date(2026, 9, 1), 20, 40)
    day = date(2026, 10, 1)
    assert season_of(day, [early, late], LEEWAY) is late
    assert season_of(day, [same, late, early], LEEWAY) is late


def test_what_belongs_to_a_season_is_summed_and_nothing_twice() -> None:
    one, two = season(1, date(2026, 1, 1), 60, 90), season(2, date(2026, 4, 1), 30, 60)
    by_day = {
        date(2026, 3, 5): 10,
        date(2026, 4, 15): 20,
        date(2026, 5, 2): 40,
        date(2026, 9, 1): 80,
    }
    parts = [of_season(which, by_day, [one, two], LEEWAY) for which in (one, two)]
    assert parts == [Grams(30), Grams(40)]


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def seasons(draw: st.DrawFn) -> list[Season]:
    starts = draw(st.lists(DAYS, min_size=1, max_size=4, unique=True))
    return [
        season(at, day, first := draw(st.integers(0, 90)), first + draw(st.integers(0, 60)))
        for at, day in enumerate(starts)
    ]


@drawn(seasons(), st.dictionaries(DAYS, st.integers(1, 10**9), max_size=20))
def test_no_gram_is_counted_in_two_seasons(declared: list[Season], by_day: dict[date, int]) -> None:
    total = sum(of_season(one, by_day, declared, LEEWAY).value for one in declared)
    known = [day for day in by_day if season_of(day, declared, LEEWAY) is not None]
    assert total == sum(by_day[day] for day in known)


@drawn(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 50))
def test_fitting_is_exact_in_whole_grams(used: int, limit: int, tolerance: int) -> None:
    thresholds = Thresholds(90, tolerance, "")
    assert fits(Grams(used), Grams(limit), thresholds) is (
        used <= limit or used * 100 <= limit * (100 + tolerance)
    )


@pytest.mark.parametrize(
    ("day", "first", "year"),
    [
        (date(2026, 11, 15), date(2025, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 1), date(2025, 3, 1), date(2026, 3, 1)),
        (date(2026, 2, 28), date(2025, 3, 1), date(2025, 3, 1)),
        (date(2026, 1, 1), date(2025, 1, 31), date(2025, 1, 31)),
        (date(2024, 3, 1), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 3, 1), date(2024, 2, 29), date(2025, 3, 1)),
        (date(2028, 2, 29), date(2024, 2, 29), date(2028, 2, 29)),
        (date(2101, 3, 1), date(2096, 2, 29), date(2101, 3, 1)),
        (date(2100, 3, 1), date(2096, 2, 29), date(2100, 3, 1)),
        (date(2000, 3, 5), date(1996, 2, 29), date(2000, 2, 29)),
    ],
)
def test_the_year_of_a_certificate_begins_on_its_own_day(
    day: date, first: date, year: date
) -> None:
    assert year_of(day, first) == year


def test_land_gives_its_yield_times_what_is_believed_and_the_harvests() -> None:
    hectare = SquareMetres(10_000)
    assert plausible_output(hectare, kg_per_ha=30_000, percent=100) == Grams(30_000_000)
    assert plausible_output(hectare, kg_per_ha=30_000, percent=150) == Grams(45_000_000)
    assert plausible_output(SquareMetres(1), kg_per_ha=30_000, percent=150, harvests=3) == Grams(
        13_500
    )


def test_more_than_the_land_gives_is_only_doubted() -> None:
    assert find_doubt(Grams(10), None, law="") is None
    assert find_doubt(Grams(10), Grams(10), law="") is None
    doubt = find_doubt(Grams(11_000), Grams(10_000), law="Kế hoạch")
    assert str(doubt) == (
        "11 kg is more than the 10 kg that this land gives by the yields of the plan (Kế hoạch)."
    )


def test_a_season_is_no_longer_near_after_its_leeway() -> None:
    assert season_of(season().last + days(30), [season()], LEEWAY)
    assert season_of(season().last + days(31), [season()], LEEWAY) is None
    assert season_of(season().last, [], LEEWAY) is None
