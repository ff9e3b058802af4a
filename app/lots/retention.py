"""How long records are kept, and which months of them are due for an archive. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

A_DAY = timedelta(days=1)
A_MONTH = relativedelta(months=1)


@dataclass(frozen=True)
class Month:
    """A calendar month, both days inclusive."""

    first: date
    last: date

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"


def kept_for(months: int, *, floor: int) -> int:
    """How many months records are kept: as long as the rule says, and never shorter than the floor."""
    return max(months, floor)


def months_due(
    oldest: date | None, *, archived_until: date | None, months: int, today: date
) -> Iterator[Month]:
    """The months whose time of keeping is over and that are in no archive yet, oldest first.

    `oldest`: the day of the first record there is; None: there is none.
    """
    if oldest is None:
        return
    begin = oldest if archived_until is None else max(oldest, archived_until + A_DAY)
    first = begin.replace(day=1)
    while (last := first + A_MONTH - A_DAY) + relativedelta(months=months) <= today:
        yield Month(first, last)
        first = last + A_DAY
