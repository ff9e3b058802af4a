"""Whether a closed line crosses or touches itself, decided exactly on whole numbers. Pure."""

from dataclasses import dataclass

Point = tuple[int, int]


@dataclass(frozen=True)
class _Edge:
    """One side of the outline: its number, its ends, and the box around it."""

    number: int
    start: Point
    end: Point
    west: int
    east: int
    south: int
    north: int

    @classmethod
    def of(cls, number: int, start: Point, end: Point) -> "_Edge":
        west, east = sorted((start[0], end[0]))
        south, north = sorted((start[1], end[1]))
        return cls(number, start, end, west, east, south, north)


def crossing(corners: list[Point]) -> Point | None:
    """A corner near which the closed line through the corners meets itself; None when it is simple.

    Edges are swept from west to east, and only those whose boxes overlap are compared, so that a
    drawn field costs little more than one look at each side. Whole numbers leave no rounding
    doubt: a line that touches itself in one point, or runs back over itself, is found.
    """
    count = len(corners)
    edges = [_Edge.of(at, corners[at], corners[(at + 1) % count]) for at in range(count)]
    passing: list[_Edge] = []
    for edge in sorted(edges, key=lambda side: side.west):
        passing = [other for other in passing if other.east >= edge.west]
        for other in passing:
            if other.south > edge.north or other.north < edge.south:
                continue
            if _conflict(edge, other, count):
                return edge.start
        passing.append(edge)
    return None


def _conflict(one: _Edge, other: _Edge, count: int) -> bool:
    if one.number == (other.number + 1) % count:
        return _runs_back(other, one)
    if other.number == (one.number + 1) % count:
        return _runs_back(one, other)
    return _meet(one, other)


def _runs_back(first: _Edge, second: _Edge) -> bool:
    """Neighbours share a corner; they conflict when the second lies back along the first."""
    if _turn(first.start, first.end, second.end) != 0:
        return False
    ahead = (first.end[0] - first.start[0]) * (second.end[0] - second.start[0]) + (
        first.end[1] - first.start[1]
    ) * (second.end[1] - second.start[1])
    return ahead < 0


def _meet(one: _Edge, other: _Edge) -> bool:
    """Whether two sides have a point in common; their boxes overlap already."""
    return (
        _sign(_turn(one.start, one.end, other.start)) * _sign(_turn(one.start, one.end, other.end))
        <= 0
        and _sign(_turn(other.start, other.end, one.start))
        * _sign(_turn(other.start, other.end, one.end))
        <= 0
    )


def _turn(start: Point, end: Point, point: Point) -> int:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
