"""A ring of corners read from GeoJSON text (RFC 7946, WGS 84), refused precisely. Pure."""

import json
import math
from dataclasses import dataclass
from typing import Any

from app.errors import refuse
from app.kit.messages import say
from app.models.places import AdminUnit

FIELD = "polygon"
MOST_POINTS = 2_000
LONGEST = 200_000
# Seven decimals are about a centimetre: finer than any receiver, and whole numbers compare exactly.
UNITS_A_DEGREE = 10_000_000
# Viet Nam on the land side, generously: a point outside is a slip.
LONGITUDES = (102.0, 110.0)
LATITUDES = (8.0, 23.6)
FARTHEST_FROM_COMMUNE_KM = 100.0
EARTH_RADIUS_KM = 6_371.0088

NOT_A_POLYGON = say("This is not a GeoJSON polygon.")
TOO_LARGE = say("The boundary is too large; at most 2,000 points.")
HOLES = say("Draw the outer line only: holes are not kept.")

Point = tuple[int, int]


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


def points_of(text: str) -> list[Point]:
    """The positions of the one ring of a Polygon, or of a Feature with one, in 1e-7 degree.

    Heights are dropped. Longitude comes first (RFC 7946 §3.1.1); swapped axes are named as such.
    Raises Refused for the field `polygon`, before parsing when the text is too long.
    """
    if len(text) > LONGEST:
        raise refuse(FIELD, TOO_LARGE)
    try:
        read = json.loads(text)
    # A number of thousands of digits is a ValueError, a thousand brackets a RecursionError.
    except (ValueError, RecursionError):
        raise refuse(FIELD, NOT_A_POLYGON) from None
    match read:
        case {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [*rings]}}:
            return [_point(position) for position in _only(rings)]
        case {"type": "Polygon", "coordinates": [*rings]}:
            return [_point(position) for position in _only(rings)]
        case _:
            raise refuse(FIELD, NOT_A_POLYGON)


def require_near(ring: list[Point], commune: AdminUnit) -> None:
    """Refuse a ring of which a corner lies far from the commune's middle, where that is known."""
    place = Place.of(commune)
    if place is None:
        return
    away = max(_kilometres(corner, place) for corner in ring)
    if away > FARTHEST_FROM_COMMUNE_KM:
        why = say("The boundary lies {km} km from {commune}.", km=round(away), commune=place.name)
        raise refuse(FIELD, why)


def in_viet_nam(longitude: float, latitude: float) -> bool:
    """Whether the position, in degrees, lies in the box around the country; False for NaN."""
    return _inside(longitude, LONGITUDES) and _inside(latitude, LATITUDES)


def units(longitude: float, latitude: float) -> Point:
    """Degrees as whole units of 1e-7 degree."""
    return round(longitude * UNITS_A_DEGREE), round(latitude * UNITS_A_DEGREE)


def degrees(x: float, y: float) -> tuple[float, float]:
    """Units of 1e-7 degree as degrees."""
    return x / UNITS_A_DEGREE, y / UNITS_A_DEGREE


def _only(rings: list[Any]) -> list[Any]:
    if len(rings) > 1:
        raise refuse(FIELD, HOLES)
    if not rings or not isinstance(rings[0], list):
        raise refuse(FIELD, NOT_A_POLYGON)
    ring: list[Any] = rings[0]
    if len(ring) > MOST_POINTS:
        raise refuse(FIELD, TOO_LARGE)
    return ring


def _point(position: Any) -> Point:
    if not isinstance(position, list) or len(position) not in {2, 3}:
        raise refuse(FIELD, NOT_A_POLYGON)
    longitude, latitude = (_number(value) for value in position[:2])
    if in_viet_nam(longitude, latitude):
        return units(longitude, latitude)
    if in_viet_nam(latitude, longitude):
        raise refuse(FIELD, say("Latitude and longitude are swapped: longitude comes first."))
    raise refuse(FIELD, say("A corner of the boundary lies outside Viet Nam."))


def _number(value: Any) -> float:
    # A bool is an int to isinstance; a whole number of 400 digits is no float.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(FIELD, NOT_A_POLYGON)
    return float(value) if abs(value) <= 180 else math.inf  # noqa: PLR2004  # degrees end there


def _inside(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _kilometres(corner: Point, place: Place) -> float:
    longitude, latitude = degrees(*corner)
    middle = math.radians((latitude + place.latitude) / 2)
    east = math.radians(longitude - place.longitude) * math.cos(middle)
    north = math.radians(latitude - place.latitude)
    return EARTH_RADIUS_KM * math.hypot(east, north)
