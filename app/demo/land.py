"""Boundaries for the demonstration: plausible fields around the real middle of a commune."""

import json
import math
import random

from app.kit.quantities import SquareMetres

METRES_A_DEGREE = 111_320.0
CORNERS = 9


def field_around(lat: float, lon: float, area: SquareMetres, *, chance: random.Random) -> str:
    """A GeoJSON polygon of about this area, a few kilometres from the point at most."""
    middle_lat = lat + chance.uniform(-0.012, 0.012)
    middle_lon = lon + chance.uniform(-0.012, 0.012)
    reach = [chance.uniform(0.75, 1.25) for _ in range(CORNERS)]
    shape = sum(
        reach[i] * reach[(i + 1) % CORNERS] * math.sin(2 * math.pi / CORNERS) / 2
        for i in range(CORNERS)
    )
    radius = math.sqrt(area.value / shape)
    ring = [
        _corner(middle_lat, middle_lon, radius * reach[i], 2 * math.pi * i / CORNERS)
        for i in range(CORNERS)
    ]
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def _corner(lat: float, lon: float, metres: float, angle: float) -> list[float]:
    north = metres * math.sin(angle) / METRES_A_DEGREE
    east = metres * math.cos(angle) / (METRES_A_DEGREE * math.cos(math.radians(lat)))
    return [round(lon + east, 6), round(lat + north, 6)]
