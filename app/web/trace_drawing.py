"""A trace as a drawing made here: lots in columns from left to right, lines with what went along them."""

from collections import defaultdict
from dataclasses import dataclass

from app.lots.origin_queries import Edge
from app.tracing.closure_queries import Closure, TracedLot

MOST_DRAWN = 120
WIDTH, HEIGHT = 196, 62
_APART_X, _APART_Y, _EDGE = 92, 16, 8
_WRITTEN = 0.35  # of the way of a line, where its weight stands


@dataclass(frozen=True)
class Box:
    """A lot, by its upper left corner; `start`: the trace began here."""

    lot: TracedLot
    x: int
    y: int
    start: bool


@dataclass(frozen=True)
class Line:
    """Kilograms from one box to another: a curve, and where to write how many."""

    path: str
    x: int
    y: int
    quantity_g: int


@dataclass(frozen=True)
class Drawing:
    """Boxes and lines on a ground of so many units."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def drawn(found: Closure) -> Drawing | None:
    """The drawing; None where there are too many lots for one that can be read."""
    if not found.lots or len(found.lots) > MOST_DRAWN:
        return None
    columns = _columns(found)
    tallest = max(len(column) for column in columns)
    height = tallest * (HEIGHT + _APART_Y) - _APART_Y + 2 * _EDGE
    boxes: dict[int, Box] = {}
    for number, column in enumerate(columns):
        above = (height - len(column) * (HEIGHT + _APART_Y) + _APART_Y) // 2
        for place, key in enumerate(column):
            x, y = _EDGE + number * (WIDTH + _APART_X), above + place * (HEIGHT + _APART_Y)
            boxes[key] = Box(found.lots[key], x, y, start=key in found.starts)
    lines = tuple(
        _line(boxes[parent], boxes[child], grams) for (parent, child), grams in _sums(found.edges)
    )
    width = len(columns) * (WIDTH + _APART_X) - _APART_X + 2 * _EDGE
    return Drawing(tuple(boxes.values()), lines, width, height)


def _columns(found: Closure) -> list[list[int]]:
    """Every lot right of all it was made of; within a column near to what it was made of."""
    parents: defaultdict[int, list[int]] = defaultdict(list)
    for edge in found.edges:
        parents[edge.child].append(edge.parent)
    column_of: dict[int, int] = {}
    for key in sorted(found.lots):  # a lot is younger than its parents
        column_of[key] = max((column_of[one] + 1 for one in parents[key]), default=0)
    columns: list[list[int]] = [[] for _ in range(max(column_of.values()) + 1)]
    place: dict[int, float] = {}
    for number, column in enumerate(columns):
        members = [key for key in sorted(found.lots) if column_of[key] == number]
        middle = {key: _middle([place[one] for one in parents[key]]) for key in members}
        column.extend(sorted(members, key=lambda key: (middle[key], key)))
        place |= {key: at / len(column) for at, key in enumerate(column)}
    return columns


def _middle(places: list[float]) -> float:
    return sum(places) / len(places) if places else 0.0


def _sums(edges: tuple[Edge, ...]) -> list[tuple[tuple[int, int], int]]:
    sums: defaultdict[tuple[int, int], int] = defaultdict(int)
    for edge in edges:
        sums[edge.parent, edge.child] += edge.grams
    return sorted(sums.items())


def _line(parent: Box, child: Box, grams: int) -> Line:
    left, right = parent.x + WIDTH, child.x
    begin, end = parent.y + HEIGHT // 2, child.y + HEIGHT // 2
    bend = (right - left) // 2
    path = f"M{left} {begin}C{left + bend} {begin} {right - bend} {end} {right} {end}"
    # Nearer to where it left: what several lots gave to one does not stand on one spot.
    x = left + (right - left) * _along(0.5, 0.5)
    return Line(path, round(x), round(begin + (end - begin) * _along(0.0, 1.0)) - 4, grams)


def _along(first: float, second: float) -> float:
    """Where the curve is at `_WRITTEN`, of the way between its ends, by its two control points."""
    t, rest = _WRITTEN, 1 - _WRITTEN
    return 3 * rest * rest * t * first + 3 * rest * t * t * second + t**3
