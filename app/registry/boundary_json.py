"""Boundaries from GeoJSON (RFC 7946): a geometry, a feature, or a collection of features. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from app.kit.messages import say
from app.registry.boundary_parts import (
    MOST_VERTICES,
    TOO_MANY_VERTICES,
    Drawn,
    Position,
    characters,
    name_among,
    wrong,
)

# An empty list costs a hundred times its two characters: what would be built is counted first.
MOST_BRACKETS = MOST_VERTICES + 20_000
MOST_VALUES = 3 * MOST_VERTICES
_NOT_GEOJSON = say("This is not GeoJSON: a boundary, a feature, or a collection of features.")
_DEGREES_ON_WGS84 = ("CRS84", "4326")


def read_json(content: bytes) -> Iterator[Drawn]:
    """Every polygon, and every line, of a GeoJSON text; points are passed over."""
    text = "".join(characters(content))
    _require_moderate(text)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong(_NOT_GEOJSON) from None
    if not isinstance(read, dict):
        raise wrong(_NOT_GEOJSON)
    _require_wgs84(read.get("crs"))
    for feature in _features(read):
        yield from _shapes(feature)


def _require_moderate(text: str) -> None:
    brackets = text.count("[") + text.count("{")
    if brackets > MOST_BRACKETS or text.count(",") + text.count(":") > MOST_VALUES:
        raise wrong(TOO_MANY_VERTICES)


def _require_wgs84(crs: Any) -> None:
    """Refuse the reference system that older writers name, when it is not WGS 84."""
    match crs:
        case None:
            return
        case {"properties": {"name": str(name)}} if name.endswith(_DEGREES_ON_WGS84):
            return
        case _:
            raise wrong(say("GeoJSON must be in WGS 84, longitude and latitude in degrees."))


def _features(read: dict[str, Any]) -> list[Any]:
    match read:
        case {"type": "FeatureCollection", "features": [*features]}:
            return features
        case {"type": "Feature"}:
            return [read]
        case _:
            return [{"geometry": read, "properties": None}]


def _shapes(feature: Any) -> Iterator[Drawn]:
    if not isinstance(feature, dict):
        raise wrong(_NOT_GEOJSON)
    properties = feature.get("properties")
    name = name_among(properties) if isinstance(properties, dict) else ""
    match feature.get("geometry"):
        case {"type": "Polygon", "coordinates": [*rings]}:
            yield Drawn(name, _rings(rings))
        case {"type": "MultiPolygon", "coordinates": [*parts]}:
            for rings in parts:
                yield Drawn(name, _rings(rings))
        case {"type": "LineString", "coordinates": [*line]}:
            yield Drawn(name, _rings([line]), line=True)
        case None | {"type": "Point" | "MultiPoint"}:
            return
        case _:
            raise wrong(_NOT_GEOJSON)


def _rings(rings: Any) -> list[list[Position]]:
    if not isinstance(rings, list) or not all(isinstance(ring, list) for ring in rings):
        raise wrong(_NOT_GEOJSON)
    return [[_position(position) for position in ring] for ring in rings]


def _position(position: Any) -> Position:
    match position:
        case [int() | float() as longitude, int() | float() as latitude, *_]:
            return _float(longitude), _float(latitude)
        case _:
            raise wrong(_NOT_GEOJSON)


def _float(number: float) -> float:
    try:
        return float(number)
    # A whole number of four hundred digits is no float.
    except OverflowError:
        raise wrong(_NOT_GEOJSON) from None
