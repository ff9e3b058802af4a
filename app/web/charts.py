"""Columns by day as a drawing made here: how high each is, where the lines of the scale lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.scans.report_queries import DayCount

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 6, 18, 46
_STEPS = (1, 2, 5)
_MOST_LINES = 4
_MOST_DAYS_NAMED = 6
_GAP = 0.25


@dataclass(frozen=True)
class Column:
    """One day: all look-ups as a pale column, telephones as a dark one before it."""

    x: float
    width: float
    scans_y: float
    devices_y: float
    count: DayCount


@dataclass(frozen=True)
class Chart:
    """A drawing of WIDTH × HEIGHT units; its foot lies at `base`."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, int], ...]
    days: tuple[tuple[float, date], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM

    @property
    def scans(self) -> int:
        return sum(column.count.scans for column in self.columns)

    @property
    def devices(self) -> int:
        return sum(column.count.devices for column in self.columns)

    @property
    def busiest(self) -> DayCount:
        """The day with the most look-ups."""
        return max((column.count for column in self.columns), key=lambda one: one.scans)


def day_chart(counts: Sequence[DayCount]) -> Chart | None:
    """The chart of some days; None where there is nothing to draw."""
    highest = max((one.scans for one in counts), default=0)
    if not highest:
        return None
    step = step_of(highest)
    top = -(-highest // step) * step
    share = (WIDTH - LEFT - RIGHT) / len(counts)
    room = HEIGHT - TOP - BOTTOM

    def height(value: int) -> float:
        return round(HEIGHT - BOTTOM - value / top * room, 1)

    columns = tuple(
        Column(
            x=round(LEFT + share * (at + _GAP / 2), 1),
            width=round(max(share * (1 - _GAP), 1), 1),
            scans_y=height(one.scans),
            devices_y=height(one.devices),
            count=one,
        )
        for at, one in enumerate(counts)
    )
    every = -(-len(counts) // _MOST_DAYS_NAMED)
    named = tuple(
        (round(LEFT + share * (at + 0.5), 1), one.day)
        for at, one in enumerate(counts)
        if at % every == 0
    )
    return Chart(columns, tuple((height(at), at) for at in range(0, top + 1, step)), named)


def filled(counts: Sequence[DayCount], *, least: int) -> list[DayCount]:
    """The same days with those between them, and at least so many up to the last."""
    if not counts:
        return []
    known = {one.day: one for one in counts}
    last = max(known)
    span = max((last - min(known)).days + 1, least)
    days = [last - timedelta(days=back) for back in reversed(range(span))]
    return [known.get(day, DayCount(day)) for day in days]


def step_of(highest: int) -> int:
    """The distance of the lines: 1, 2 or 5 of some power of ten, so that few lines are drawn."""
    power = 1
    while True:
        for step in _STEPS:
            if highest <= step * power * _MOST_LINES:
                return step * power
        power *= 10
