"""Organic conversion: TCVN 11041-2:2017 §5.1.2 as a decision table, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.certificates.conversion import (
    Growth,
    Periods,
    Stage,
    conversion_of,
    conversion_over,
)

TCVN = Periods(12, 18, "TCVN 11041-2:2017 §5.1.2")
BEGAN = date(2025, 3, 10)
YEAR_LATER, HARVESTS_FROM = date(2026, 3, 10), date(2026, 9, 10)


def stage(growth: Growth, began: date | None = BEGAN) -> str | None:
    found = conversion_of(began, growth, periods=TCVN)
    return None if found is None else found.stage.value


def annual(sown: date | None, harvested: date = date(2027, 1, 1)) -> Growth:
    return Growth(perennial=False, sown_on=sown, harvested_on=harvested)


def perennial(harvested: date, sown: date | None = date(2020, 1, 1)) -> Growth:
    return Growth(perennial=True, sown_on=sown, harvested_on=harvested)


@pytest.mark.parametrize(
    ("what", "growth", "expected"),
    [
        ("cabbage sown a year after conversion began", annual(YEAR_LATER), "organic"),
        ("sown the day before", annual(YEAR_LATER - timedelta(days=1)), "in_conversion"),
        ("sown before, harvested long after", annual(date(2026, 1, 5)), "in_conversion"),
        ("nobody wrote the sowing down", annual(None), "in_conversion"),
        (
            "chayote harvested eighteen months after it began",
            perennial(HARVESTS_FROM),
            "organic",
        ),
        ("the day before", perennial(HARVESTS_FROM - timedelta(days=1)), "in_conversion"),
        ("its planting does not matter", perennial(HARVESTS_FROM, None), "organic"),
        ("a year is enough only for annuals", perennial(date(2026, 4, 1)), "in_conversion"),
        (
            "harvested before conversion began",
            annual(date(2025, 1, 1), BEGAN - timedelta(days=1)),
            "conventional",
        ),
        ("harvested the day it began", annual(date(2025, 1, 1), BEGAN), "in_conversion"),
    ],
)
def test_annuals_count_to_sowing_and_perennials_to_the_harvest(
    what: str, growth: Growth, expected: str
) -> None:
    assert stage(growth) == expected, what


def test_without_a_beginning_nothing_can_be_said() -> None:
    assert stage(annual(YEAR_LATER), began=None) is None
    assert conversion_over(None, perennial=False, periods=TCVN) is None


def test_the_day_it_is_over_follows_the_kind_of_crop() -> None:
    assert conversion_over(BEGAN, perennial=False, periods=TCVN) == YEAR_LATER
    assert conversion_over(BEGAN, perennial=True, periods=TCVN) == HARVESTS_FROM


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    leap = date(2024, 2, 29)
    assert conversion_over(leap, perennial=False, periods=TCVN) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("growth", "reason", "mend"),
    [
        (
            annual(date(2026, 1, 5)),
            (
                "It was sown on 2026-01-05, before 12 months of conversion were over "
                "(TCVN 11041-2:2017 §5.1.2)."
            ),
            "What is sown from 2026-03-10 on is organic.",
        ),
        (
            perennial(date(2026, 4, 1)),
            "It was harvested before 18 months of conversion were over (TCVN 11041-2:2017 §5.1.2).",
            "What is harvested from 2026-09-10 on is organic.",
        ),
        (
            annual(None),
            "The day of sowing is not recorded, so conversion cannot be counted to its end.",
            "Record the day of sowing; it must be 2026-03-10 or later to be organic.",
        ),
        (
            annual(None, date(2025, 1, 1)),
            "Conversion to organic began on 2025-03-10, after this harvest.",
            "Harvests from that day on may say that the land is in conversion.",
        ),
        (annual(YEAR_LATER), "It was sown on 2026-03-10, after conversion was over.", None),
        (
            perennial(HARVESTS_FROM),
            "It was harvested on 2026-09-10, after conversion was over.",
            None,
        ),
    ],
)
def test_it_says_why_and_what_would_mend_it(growth: Growth, reason: str, mend: str | None) -> None:
    found = conversion_of(BEGAN, growth, periods=TCVN)
    assert found is not None
    assert str(found.reason) == reason
    assert (None if found.mend is None else str(found.mend)) == mend


@for_all(
    st.dates(date(2018, 1, 1), date(2030, 1, 1)),
    st.booleans(),
    st.dates(date(2018, 1, 1), date(2034, 1, 1)),
    st.integers(0, 400),
)
def test_once_organic_a_later_sowing_and_harvest_never_falls_back(
    began: date, kind: bool, sown: date, later: int
) -> None:
    harvested = sown + timedelta(days=90)
    first = conversion_of(began, Growth(kind, sown, harvested), periods=TCVN)
    moved = timedelta(days=later)
    second = conversion_of(began, Growth(kind, sown + moved, harvested + moved), periods=TCVN)
    assert first is not None
    assert second is not None
    order = [Stage.CONVENTIONAL, Stage.IN_CONVERSION, Stage.ORGANIC]
    assert order.index(first.stage) <= order.index(second.stage)
