"""A ring made fit to keep: strictly, or leniently with a word about every mend. Pure."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely
from pyproj import Geod
from shapely.validation import explain_validity

from app.errors import Refused, refuse
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.registry.ring_reading import FIELD, MOST_POINTS, TOO_LARGE, Point, degrees

FEWEST_POINTS = 4
# Mending a line costs as much as it has crossings: two thousand wild corners have half a million.
MOST_CROSSINGS = 200
# How much of the largest part may be lost when a line that crosses itself is mended.
MOST_LOST = 0.02
_SIDES_AT_ONCE = 50
_ELLIPSOID = Geod(ellps="WGS84")
_PLACE = re.compile(r"\[(\S+) (\S+)\]")

TOO_FEW = say("The boundary needs at least three corners.")


@dataclass(frozen=True)
class Ring:
    """The corners of a simple closed line, each once, and what was changed to make it one."""

    corners: list[Point]
    changes: list[Message] = field(default_factory=list)


def closed_ring(points: list[Point]) -> Ring:
    """The ring as it was drawn, repeated points aside; refused when open or crossing itself."""
    if len(points) < FEWEST_POINTS:
        raise refuse(FIELD, TOO_FEW)
    if points[0] != points[-1]:
        raise refuse(FIELD, say("The boundary is not closed: end at the point where it began."))
    corners = _without_repeats(points)
    _require_corners(corners)
    crossed = crossing(corners)
    if crossed is not None:
        raise _crosses(crossed)
    return Ring(corners)


def mended_ring(points: list[Point]) -> Ring:
    """The ring closed, without repeated points and spikes, and without a small self-crossing.

    A line that crosses itself is mended when less than 2 % of its largest part is lost by it;
    otherwise Refused for the field `polygon` with the place of the crossing.
    """
    ring = _tidied(points)
    _require_corners(ring.corners)
    crossed = crossing(ring.corners)
    if crossed is not None:
        ring = _uncrossed(ring, crossed)
    if len(ring.corners) >= MOST_POINTS:
        raise refuse(FIELD, TOO_LARGE)
    return ring


def crossing(corners: list[Point]) -> tuple[float, float] | None:
    """Where the closed line through the corners meets itself, in their units; None when simple.

    Whole numbers leave no rounding doubt: a line that touches itself in one point, or runs back
    over itself, is found.
    """
    shape = shapely.Polygon(corners)
    if shape.is_valid:
        return None
    place = _PLACE.search(explain_validity(shape))
    return (float(place[1]), float(place[2])) if place else corners[0]


def square_metres(shape: Any) -> float:
    """The area within the outer line of a shapely polygon in 1e-7 degree, on WGS 84."""
    positions = [degrees(x, y) for x, y in shape.exterior.coords]
    longitudes, latitudes = zip(*positions, strict=True)
    area, _ = _ELLIPSOID.polygon_area_perimeter(longitudes, latitudes)
    return abs(float(area))


def polygons_in(shape: Any) -> list[Any]:
    """The polygons among the parts of a shapely geometry; lines, points and empty parts aside."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def sides_of(corners: list[Point]) -> Any:
    """The sides of the closed line through the corners, as an array of shapely lines."""
    return shapely.linestrings(list(pairwise([*corners, corners[0]])))


def meet_more_often(most: int, sides: Any, others: Any) -> bool:
    """Whether the sides meet the others more than so many times, in bounded time and memory."""
    tree = shapely.STRtree(others)
    for first in range(0, len(sides), _SIDES_AT_ONCE):
        some = sides[first : first + _SIDES_AT_ONCE]
        most -= len(tree.query(some, predicate="intersects")[0])
        if most < 0:
            return True
    return False


def _tidied(points: list[Point]) -> Ring:
    open_line = points[:1] != points[-1:]
    line = [*points, points[0]] if open_line else points
    single = _without_repeats(line)
    corners = _without_spikes(single)
    repeated, cut = len(line) - 1 - len(single), len(single) - len(corners)
    changes = [
        (open_line, say("The line was open and has been closed.")),
        (repeated, say("Repeated points left out: {count}.", count=repeated)),
        (cut, say("Points of spikes cut off: {count}.", count=cut)),
    ]
    return Ring(corners, [change for happened, change in changes if happened])


def _without_repeats(line: list[Point]) -> list[Point]:
    """The corners of a closed line, each once in a row; the last is not the first again."""
    return [here for here, following in pairwise(line) if here != following]


def _require_corners(corners: list[Point]) -> None:
    if len(set(corners)) < FEWEST_POINTS - 1:
        raise refuse(FIELD, TOO_FEW)


def _crosses(place: tuple[float, float]) -> Refused:
    longitude, latitude = _written(place)
    why = say(
        "The boundary crosses or touches itself near {longitude}, {latitude}.",
        longitude=longitude,
        latitude=latitude,
    )
    return refuse(FIELD, why)


def _written(place: tuple[float, float]) -> tuple[str, str]:
    longitude, latitude = degrees(*place)
    return f"{longitude:.6f}", f"{latitude:.6f}"


def _without_spikes(corners: list[Point]) -> list[Point]:
    """The ring without sides that run back over the one before, also where it begins and ends."""
    ring = _forward(corners)
    while True:
        half = len(ring) // 2
        shorter = _forward([*ring[half:], *ring[:half]])
        if len(shorter) == len(ring):
            return ring
        ring = shorter


def _forward(corners: list[Point]) -> list[Point]:
    kept: list[Point] = []
    for corner in corners:
        while len(kept) > 1 and _runs_back(kept[-2], kept[-1], corner):
            kept.pop()
        if kept[-1:] != [corner]:
            kept.append(corner)
    return kept


def _runs_back(start: Point, tip: Point, end: Point) -> bool:
    out, back = (tip[0] - start[0], tip[1] - start[1]), (end[0] - tip[0], end[1] - tip[1])
    turn = out[0] * back[1] - out[1] * back[0]
    return turn == 0 and out[0] * back[0] + out[1] * back[1] < 0


def _uncrossed(ring: Ring, place: tuple[float, float]) -> Ring:
    if _tangled(ring.corners):
        raise _crosses(place)
    valid = shapely.make_valid(shapely.Polygon(ring.corners))
    parts = polygons_in(shapely.set_precision(valid, 1))
    if not parts:
        raise _crosses(place)
    largest = max(parts, key=square_metres)
    holes = [shapely.Polygon(hole) for hole in largest.interiors]
    lost = sum(map(square_metres, [*parts, *holes])) - square_metres(largest)
    if lost >= MOST_LOST * square_metres(largest):
        raise _crosses(place)
    corners = [(round(x), round(y)) for x, y in largest.exterior.coords[:-1]]
    return Ring(corners, [*ring.changes, _cut(place, lost)])


def _tangled(corners: list[Point]) -> bool:
    sides = sides_of(corners)
    # Every side meets itself and its two neighbours; every other meeting is counted twice.
    return meet_more_often(3 * len(sides) + 2 * MOST_CROSSINGS, sides, sides)


def _cut(place: tuple[float, float], lost: float) -> Message:
    longitude, latitude = _written(place)
    return say(
        "The line crossed itself near {longitude}, {latitude}; the smaller part, {lost}, "
        "was left out.",
        longitude=longitude,
        latitude=latitude,
        lost=SquareMetres(round(lost)),
    )
