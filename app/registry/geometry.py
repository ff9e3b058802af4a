"""Boundaries as GeoJSON polygons (RFC 7946, WGS 84): kept, measured and compared. Pure."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from pyproj import Proj

from app.errors import refuse
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.models.places import AdminUnit
from app.registry.ring_reading import (
    FIELD,
    MOST_POINTS,
    UNITS_A_DEGREE,
    Place,
    Point,
    degrees,
    points_of,
    require_near,
    units,
)
from app.registry.ring_repair import (
    closed_ring,
    meet_more_often,
    mended_ring,
    polygons_in,
    sides_of,
    square_metres,
)

__all__ = ["MOST_POINTS", "UNITS_A_DEGREE", "Place"]

# Below a square metre two boundaries share a border, no ground.
SMALLEST_OVERLAP = SMALLEST_BOUNDARY = 1.0
# What two lines may cross before they are compared roughly, and how many cells across that is.
MOST_MEETINGS = 10_000
GRID = 50
# The shortest degree of latitude on WGS 84, at the equator, and the longest of longitude, in metres:
# a box widened by them is never too narrow.
DEGREE_NORTH = 110_574.0
DEGREE_EAST = 111_319.0


@dataclass(frozen=True)
class Repaired:
    """A boundary fit to keep, and a sentence for every change made to what was given."""

    polygon: str
    changes: list[Message]


# Borders are measured at every look, and seldom move; a boundary has some hundred bytes.
MOST_KEPT = 4_096


@dataclass(frozen=True)
class Bounds:
    """The box around a boundary, in whole units of 1e-7 degree."""

    west: int
    south: int
    east: int
    north: int

    def widened(self, metres: float) -> "Bounds":
        """The box that holds everything within so many metres; rather too wide than too narrow."""
        up = math.ceil(metres / DEGREE_NORTH * UNITS_A_DEGREE)
        pole = max(abs(self.south - up), abs(self.north + up)) / UNITS_A_DEGREE
        a_degree = DEGREE_EAST * math.cos(math.radians(min(pole, 89.0)))
        out = math.ceil(metres / a_degree * UNITS_A_DEGREE)
        return Bounds(self.west - out, self.south - up, self.east + out, self.north + up)

    def meets(self, other: "Bounds") -> bool:
        """Whether the two boxes have a point in common."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )


@dataclass(frozen=True)
class Overlap:
    """The ground two boundaries share: square metres, and a GeoJSON geometry for the map."""

    area: float
    geometry: str


def plain_polygon(text: str, *, near: AdminUnit) -> str:
    """The boundary as canonical text: one ring, counter-clockwise, at most seven decimals.

    Accepts a Polygon, or a Feature that holds one; heights are dropped. Longitude comes first
    (RFC 7946 §3.1.1); swapped axes are named as such. Raises Refused for the field `polygon`.
    """
    return _kept(closed_ring(points_of(text)).corners, near)


def repaired(text: str, *, near: AdminUnit) -> Repaired:
    """The boundary as `plain_polygon` keeps it, read leniently, with what was mended.

    An open ring is closed; repeated points, spikes, and a self-crossing that costs less than 2 %
    of the area go. Raises Refused for the field `polygon` for everything else.
    """
    ring = mended_ring(points_of(text))
    return Repaired(_kept(ring.corners, near), ring.changes)


def measured(polygon: str) -> SquareMetres:
    """The area that a stored boundary encloses on the ellipsoid WGS 84, sides being geodesics."""
    return SquareMetres(round(square_metres(_shape(polygon))))


def bounds_of(polygon: str) -> Bounds:
    """The smallest box around a stored boundary."""
    xs, ys = zip(*_corners(polygon), strict=True)
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def overlap(one: str, other: str) -> Overlap | None:
    """The ground that two stored boundaries share; None below 1 m², where they only touch.

    Exact, but for two lines that cross each other more than 10,000 times, which no two fields do:
    they are compared on a grid of 50 by 50 cells, so that nobody can make the comparison costly.
    """
    first, second = _corners(one), _corners(other)
    often = meet_more_often(MOST_MEETINGS, sides_of(first[:-1]), sides_of(second[:-1]))
    share = _shared_cells if often else _shared_parts
    shared = share(shapely.Polygon(first), shapely.Polygon(second))
    area = sum(map(square_metres, shared))
    return Overlap(area, _map_geometry(shared)) if area >= SMALLEST_OVERLAP else None


@lru_cache(maxsize=MOST_KEPT)
def distance_m(one: str, other: str) -> float:
    """Metres between the nearest points of two stored boundaries; 0 when they meet.

    Measured in the azimuthal equidistant projection around the middle between them: within
    1 in 10,000 for boundaries up to 100 km apart.
    """
    first, second = _shape(one), _shape(other)
    if first.intersects(second):
        return 0.0
    flat = _projected_around(shapely.union_all([first, second]).envelope.centroid)
    return float(flat(first).distance(flat(second)))


def contains(polygon: str, longitude: float, latitude: float) -> bool:
    """Whether a position in degrees lies inside a stored boundary, or on its line."""
    point = shapely.Point(longitude * UNITS_A_DEGREE, latitude * UNITS_A_DEGREE)
    return bool(_shape(polygon).covers(point))


def middle_of(polygon: str) -> tuple[float, float]:
    """A longitude and latitude that surely lie inside a stored boundary, near its middle."""
    point = _shape(polygon).representative_point()
    return degrees(point.x, point.y)


def coarse_middle(polygon: str, *, decimals: int = 2) -> tuple[float, float]:
    """The middle rounded for the public; two decimals are about a kilometre."""
    longitude, latitude = middle_of(polygon)
    return round(longitude, decimals), round(latitude, decimals)


def simplified(polygon: str, metres: float) -> str:
    """A stored boundary with fewer corners, nowhere farther than so many metres from the line.

    Every corner is one of the original; a boundary that would cross itself keeps all of them.
    """
    shape = _shape(polygon)
    squeeze = math.cos(math.radians(shape.centroid.y / UNITS_A_DEGREE))
    even = shapely.transform(shape, lambda points: points * (squeeze, 1.0))
    fewer = even.simplify(metres / DEGREE_EAST * UNITS_A_DEGREE, preserve_topology=True)
    corners = [(round(x / squeeze), round(y)) for x, y in fewer.exterior.coords[:-1]]
    return _text(corners) if shapely.Polygon(corners).is_valid else polygon


def _kept(corners: list[Point], near: AdminUnit) -> str:
    require_near(corners, near)
    if square_metres(shapely.Polygon(corners)) < SMALLEST_BOUNDARY:
        raise refuse(FIELD, say("The boundary encloses less than a square metre."))
    return _text(corners)


def _text(corners: list[Point]) -> str:
    forward = shapely.is_ccw(shapely.LinearRing(corners))
    around = corners if forward else corners[::-1]
    ring = [degrees(x, y) for x, y in [*around, around[0]]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))


def _corners(polygon: str) -> list[Point]:
    ring = json.loads(polygon)["coordinates"][0]
    return [units(*position[:2]) for position in ring]


def _shape(polygon: str) -> Any:
    return shapely.Polygon(_corners(polygon))


def _shared_parts(first: Any, second: Any) -> list[Any]:
    return polygons_in(first.intersection(second))


def _shared_cells(first: Any, second: Any) -> list[Any]:
    """The cells of a grid over the common box whose middle lies in both; roughly the overlap."""
    common = first.envelope.intersection(second.envelope)
    west, south, east, north = common.bounds
    wide, high = (east - west) / GRID, (north - south) / GRID
    corners = [(west + x * wide, south + y * high) for x in range(GRID) for y in range(GRID)]
    return [
        shapely.box(x, y, x + wide, y + high)
        for x, y in corners
        if all(shapely.contains_xy(shape, x + wide / 2, y + high / 2) for shape in (first, second))
    ]


def _map_geometry(parts: list[Any]) -> str:
    # Nine decimals: what is left of a corner where two lines cross is finer than a centimetre.
    rings = [
        [[(round(x, 9), round(y, 9)) for x, y in (degrees(*at) for at in part.exterior.coords)]]
        for part in parts
    ]
    one = len(rings) == 1
    kind, coordinates = ("Polygon", rings[0]) if one else ("MultiPolygon", rings)
    return json.dumps({"type": kind, "coordinates": coordinates}, separators=(",", ":"))


def _projected_around(middle: Any) -> Callable[[Any], Any]:
    longitude, latitude = degrees(middle.x, middle.y)
    flat = Proj(proj="aeqd", ellps="WGS84", lon_0=longitude, lat_0=latitude)

    def project(shape: Any) -> Any:
        return shapely.transform(shape, lambda x, y: flat(*degrees(x, y)), interleaved=False)

    return project
