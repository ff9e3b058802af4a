"""Boundaries as GeoJSON polygons (RFC 7946, WGS 84): read, refused precisely, measured. Pure."""

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.errors import refuse
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.models.places import AdminUnit
from app.registry.outline import Point, crossing

FIELD = "polygon"
MOST_POINTS = 2_000
LONGEST = 200_000
FEWEST_POINTS = 4
# Seven decimals are about a centimetre: finer than any receiver, and whole numbers compare exactly.
UNITS_A_DEGREE = 10_000_000
# Viet Nam on the land side, generously: a point outside is a slip.
LONGITUDES = (102.0, 110.0)
LATITUDES = (8.0, 23.6)
FARTHEST_FROM_COMMUNE_KM = 100.0
EARTH_RADIUS_KM = 6_371.0088
# WGS 84: semi-major axis in metres, first eccentricity.
SEMI_MAJOR = 6_378_137.0
ECCENTRICITY = math.sqrt(0.006_694_379_990_141_316)

NOT_A_POLYGON = say("This is not a GeoJSON polygon.")
TOO_LARGE = say("The boundary is too large; at most 2,000 points.")


@dataclass(frozen=True)
class Place:
    """Where a boundary should lie: a name and the middle of it, in degrees."""

    name: str
    longitude: float
    latitude: float

    @classmethod
    def of(cls, commune: AdminUnit) -> "Place | None":
        """The place of a commune; None when nobody knows its middle."""
        if commune.lat is None or commune.lon is None:
            return None
        return cls(commune.name, commune.lon, commune.lat)


def plain_polygon(text: str, *, near: AdminUnit) -> str:
    """The boundary as canonical text: one ring, counter-clockwise, at most seven decimals.

    Accepts a Polygon, or a Feature that holds one; heights are dropped. Longitude comes first
    (RFC 7946 §3.1.1); swapped axes are named as such. Raises Refused for the field `polygon`.
    """
    ring = _ring(_outer_ring(text))
    place = Place.of(near)
    if place is not None:
        _require_near(ring, place)
    if signed_area(ring) < 0:
        ring.reverse()
    positions = [_degrees(corner) for corner in [*ring, ring[0]]]
    return json.dumps({"type": "Polygon", "coordinates": [positions]}, separators=(",", ":"))


def measured(polygon: str) -> SquareMetres:
    """The area that a stored boundary encloses on the ellipsoid WGS 84."""
    positions = json.loads(polygon)["coordinates"][0]
    return SquareMetres(round(abs(signed_area([_units(position) for position in positions]))))


def signed_area(ring: list[Point]) -> float:
    """Square metres inside a ring on WGS 84, positive counter-clockwise.

    The shoelace formula in the cylindrical equal-area projection of the ellipsoid (Snyder 1987,
    eq. 10-18 and 3-12): exact but for the edges, which at the size of a field are straight anyway.
    """
    west = ring[0][0]
    flat = [(math.radians((x - west) / UNITS_A_DEGREE), _authalic(y)) for x, y in ring]
    south = flat[0][1]
    doubled = sum(
        x1 * (y2 - south) - x2 * (y1 - south) for (x1, y1), (x2, y2) in pairwise([*flat, flat[0]])
    )
    return doubled * SEMI_MAJOR**2 / 4


def _authalic(y: int) -> float:
    sine = math.sin(math.radians(y / UNITS_A_DEGREE))
    shortened = ECCENTRICITY * sine
    return (1 - ECCENTRICITY**2) * (
        sine / (1 - shortened**2) + math.atanh(shortened) / ECCENTRICITY
    )


def _outer_ring(text: str) -> list[Any]:
    if len(text) > LONGEST:
        raise refuse(FIELD, TOO_LARGE)
    try:
        read = json.loads(text)
    # A number of thousands of digits is a ValueError, a thousand brackets a RecursionError.
    except (ValueError, RecursionError):
        raise refuse(FIELD, NOT_A_POLYGON) from None
    match read:
        case {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [*rings]}}:
            return _only(rings)
        case {"type": "Polygon", "coordinates": [*rings]}:
            return _only(rings)
        case _:
            raise refuse(FIELD, NOT_A_POLYGON)


def _only(rings: list[Any]) -> list[Any]:
    if len(rings) > 1:
        raise refuse(FIELD, say("Draw the outer line only: holes are not kept."))
    if not rings or not isinstance(rings[0], list):
        raise refuse(FIELD, NOT_A_POLYGON)
    ring: list[Any] = rings[0]
    if len(ring) > MOST_POINTS:
        raise refuse(FIELD, TOO_LARGE)
    return ring


def _ring(positions: list[Any]) -> list[Point]:
    """The corners, each once, of a line that is closed, in Viet Nam, and crosses nothing."""
    points = [_point(position) for position in positions]
    if len(points) < FEWEST_POINTS:
        raise refuse(FIELD, say("The boundary needs at least three corners."))
    if points[0] != points[-1]:
        raise refuse(FIELD, say("The boundary is not closed: end at the point where it began."))
    corners = [here for here, following in pairwise(points) if here != following]
    if len(set(corners)) < FEWEST_POINTS - 1:
        raise refuse(FIELD, say("The boundary needs at least three corners."))
    crossed = crossing(corners)
    if crossed is not None:
        raise refuse(FIELD, _crosses(crossed))
    return corners


def _crosses(point: Point) -> Message:
    longitude, latitude = _degrees(point)
    return say(
        "The boundary crosses or touches itself near {longitude}, {latitude}.",
        longitude=f"{longitude:.6f}",
        latitude=f"{latitude:.6f}",
    )


def _point(position: Any) -> Point:
    if not isinstance(position, list) or len(position) not in {2, 3}:
        raise refuse(FIELD, NOT_A_POLYGON)
    longitude, latitude = (_number(value) for value in position[:2])
    if _inside(longitude, LONGITUDES) and _inside(latitude, LATITUDES):
        return _units((longitude, latitude))
    if _inside(latitude, LONGITUDES) and _inside(longitude, LATITUDES):
        raise refuse(FIELD, say("Latitude and longitude are swapped: longitude comes first."))
    raise refuse(FIELD, say("A corner of the boundary lies outside Viet Nam."))


def _number(value: Any) -> float:
    # A bool is an int to isinstance; a whole number of 400 digits is no float.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(FIELD, NOT_A_POLYGON)
    return float(value) if abs(value) <= 180 else math.inf  # noqa: PLR2004  # degrees end there


def _inside(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _units(position: Any) -> Point:
    return round(position[0] * UNITS_A_DEGREE), round(position[1] * UNITS_A_DEGREE)


def _degrees(point: Point) -> tuple[float, float]:
    return point[0] / UNITS_A_DEGREE, point[1] / UNITS_A_DEGREE


def _require_near(ring: list[Point], place: Place) -> None:
    away = max(_kilometres(corner, place) for corner in ring)
    if away > FARTHEST_FROM_COMMUNE_KM:
        why = say("The boundary lies {km} km from {commune}.", km=round(away), commune=place.name)
        raise refuse(FIELD, why)


def _kilometres(corner: Point, place: Place) -> float:
    longitude, latitude = _degrees(corner)
    middle = math.radians((latitude + place.latitude) / 2)
    east = math.radians(longitude - place.longitude) * math.cos(middle)
    north = math.radians(latitude - place.latitude)
    return EARTH_RADIUS_KM * math.hypot(east, north)
