"""Periods that reports tell of, and until when reports and parts are due. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import Refused, refuse
from app.kit.messages import Message, say
from app.models.plan_reports import ReportPeriod

MONTHS_A_QUARTER, QUARTERS, DECEMBER = 3, 4, 12
_KEY = re.compile(r"([0-9]{4})-([0-4])")
FIRST_YEAR = 2020
# What is overdue for longer is not told of any more.
STALE = timedelta(days=30)
_OFFERED_QUARTERS = 4


@dataclass(frozen=True)
class Period:
    """A year, or a quarter of it (`quarter` 1 to 4; 0: the whole year)."""

    year: int
    quarter: int = 0

    @property
    def kind(self) -> ReportPeriod:
        return ReportPeriod.QUARTERLY if self.quarter else ReportPeriod.YEARLY

    @property
    def months(self) -> range:
        """The months it has."""
        if not self.quarter:
            return range(1, DECEMBER + 1)
        end = self.quarter * MONTHS_A_QUARTER
        return range(end - MONTHS_A_QUARTER + 1, end + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def last(self) -> date:
        if self.months[-1] == DECEMBER:
            return date(self.year, DECEMBER, 31)
        return date(self.year, self.months[-1] + 1, 1) - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The same period a year earlier."""
        return Period(self.year - 1, self.quarter)

    @property
    def words(self) -> Message:
        if self.quarter:
            return say("quarter {quarter} of {year}", quarter=self.quarter, year=self.year)
        return say("the year {year}", year=self.year)

    @property
    def key(self) -> str:
        """The period in an address or a form."""
        return f"{self.year}-{self.quarter}"


@dataclass(frozen=True)
class ReportTerms:
    """What the dated rules say: the yearly report goes out before `month` and `day`."""

    month: int = 12
    day: int = 10
    quarter_days: int = 10
    part_days: int = 7
    remind_days: tuple[int, ...] = (14, 3)

    def report_due(self, period: Period) -> date:
        """The last day on which the report may go out."""
        if period.quarter:
            return period.last + timedelta(days=self.quarter_days)
        return date(period.year, self.month, self.day) - timedelta(days=1)

    def is_over(self, period: Period, today: date) -> bool:
        """Whether nobody waits for a report of the period any more: those after it tell of it.

        A quarter's, once it is late for `STALE`; a year's, once the next year's is due.
        """
        if period.quarter:
            return today > self.report_due(period) + STALE
        return today > self.report_due(Period(period.year + 1))

    def part_due(self, period: Period) -> date:
        """The last day on which a unit's part is in time."""
        return self.report_due(period) - timedelta(days=self.part_days)


def period_of(year: int, quarter: int, today: date) -> Period:
    """The period that is meant; Refused for one that has not begun or that the plan does not know."""
    if not 0 <= quarter <= QUARTERS:
        raise refuse("quarter", say("A quarter is 1, 2, 3 or 4."))
    if year < FIRST_YEAR or year > today.year:
        raise _not_a_period(year)
    period = Period(year, quarter)
    if period.first > today:
        raise refuse("quarter", say("This period has not begun yet."))
    return period


def period_from(key: str, today: date) -> Period:
    """The period of a key such as `2026-0`; Refused for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise refuse("period", say("Choose a period from the list."))
    return period_of(int(found[1]), int(found[2]), today)


def periods_offered(today: date) -> tuple[Period, ...]:
    """What somebody may want to report of today: two years and the newest quarters."""
    quarter = (today.month - 1) // MONTHS_A_QUARTER + 1
    newest = today.year * QUARTERS + quarter - 1
    quarters = (
        Period(at // QUARTERS, at % QUARTERS + 1)
        for at in range(newest, newest - _OFFERED_QUARTERS, -1)
    )
    return (Period(today.year), Period(today.year - 1), *quarters)


def _not_a_period(year: int) -> Refused:
    return refuse(
        "year",
        say(
            "There is no report of {year}: the plan begins in {first}.", year=year, first=FIRST_YEAR
        ),
    )
