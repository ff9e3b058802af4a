"""Bars side by side and lines of bars as drawings made here: where each stands and how long it is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.charts import WIDTH, step_of

HEIGHT = 280
LEFT, RIGHT, TOP, BOTTOM = 104, 6, 20, 44
MOST_LABELS = 12
GAP = 0.3


@dataclass(frozen=True)
class Bar:
    """One bar: where its corner lies, and its value as it is said."""

    x: float
    y: float
    width: float
    height: float
    series: int
    said: str


@dataclass(frozen=True)
class BarChart:
    """A drawing of WIDTH × HEIGHT units; its foot lies at `base`. `lines`: the scale's."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, str], ...]
    series: tuple[str, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM


def bar_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[int | None]]],
    *,
    said: Sequence[Sequence[str]],
) -> BarChart | None:
    """Groups of bars, one group a label, one bar a series; None where there is nothing to draw.

    A value that is not known has no bar, which is not the same as a bar of no height in the table.
    """
    highest = max((value or 0 for _, values in series for value in values), default=0)
    if highest <= 0:
        return None
    step = step_of(highest)
    top = -(-highest // step) * step
    share = (WIDTH - LEFT - RIGHT) / len(labels)
    wide = share * (1 - GAP) / len(series)
    room = HEIGHT - TOP - BOTTOM

    def tall(value: int) -> float:
        return round(value / top * room, 1)

    bars = tuple(
        Bar(
            x=round(LEFT + share * (at + GAP / 2) + wide * number, 1),
            y=round(HEIGHT - BOTTOM - tall(value), 1),
            width=round(max(wide, 1), 1),
            height=tall(value),
            series=number,
            said=said[number][at],
        )
        for number, (_, values) in enumerate(series)
        for at, value in enumerate(values)
        if value
    )
    every = -(-len(labels) // MOST_LABELS)
    named = tuple(
        (round(LEFT + share * (at + 0.5), 1), label)
        for at, label in enumerate(labels)
        if at % every == 0
    )
    foot = HEIGHT - BOTTOM
    lines = tuple((round(foot - tall(at), 1), at) for at in range(0, top + 1, step))
    return BarChart(bars, lines, named, tuple(name for name, _ in series))


def lengths(values: Sequence[int | None], *, full: int = 100) -> list[int]:
    """How long the bar of each value is, of `full`, where the largest is `full`."""
    highest = max((value or 0 for value in values), default=0)
    return [round((value or 0) * full / highest) if highest else 0 for value in values]
