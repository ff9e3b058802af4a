"""Working days in Viet Nam: until when an office must answer (Bộ luật Lao động 2019, Điều 112)."""

from datetime import date, timedelta
from functools import cache

import holidays

_ONE_DAY = timedelta(days=1)


def due_day(asked_on: date, days: int) -> date:
    """The last of `days` working days after the day asked; the day of asking is not counted.

    ValueError for less than one day. Saturdays and Sundays are off, and so are the public
    holidays with the days given in their place; a Saturday that the Government makes a working
    day in exchange for another counts. Tết of years not announced yet is what the lunar
    calendar and the usual arrangement give.
    """
    if days < 1:
        raise ValueError("an office has at least one working day")
    day, left = asked_on, days
    while left:
        day += _ONE_DAY
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start`, up to and with `end`; negative when it is earlier.

    The inverse of `due_day`: `working_days_between(day, due_day(day, n)) == n`.
    """
    if end < start:
        return -working_days_between(end, start)
    days = (start + timedelta(days=number + 1) for number in range((end - start).days))
    return sum(map(is_working_day, days))


def is_working_day(day: date) -> bool:
    """Whether offices in Viet Nam are open on this day."""
    return _calendar(day.year).is_working_day(day)


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    # Whole years, made at once: a calendar that grows while it is read is not safe in threads.
    return holidays.country_holidays("VN", years=year, expand=False)
