"""Fields as GeoJSON for tests: a square near Bắc Hà, circles, and any simple polygon."""

import json
import math

from hypothesis import assume
from hypothesis import strategies as st

from app.errors import Refused
from app.models.places import AdminUnit
from app.registry.geometry import (
    plain_polygon,
)

BAC_HA = AdminUnit(name="Xã Bắc Hà", lat=22.5353, lon=104.2906)
SQUARE = [[104.29, 22.53], [104.291, 22.53], [104.291, 22.531], [104.29, 22.531], [104.29, 22.53]]


def geojson(ring: list, kind: str = "Polygon") -> str:
    return json.dumps({"type": kind, "coordinates": [ring]})


def circle(corners: int, radius: float = 0.01) -> list:
    ring = [
        [
            104.29 + radius * math.cos(math.tau * at / corners),
            22.53 + radius * math.sin(math.tau * at / corners),
        ]
        for at in range(corners)
    ]
    return [*ring, ring[0]]


def square(west: float, south: float, side: float = 0.001) -> str:
    """A square field; west and south in thousandths of a degree from a corner in Bắc Hà."""
    x, y = 104.29 + west / 1000, 22.53 + south / 1000
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return plain_polygon(geojson(ring), near=BAC_HA)


@st.composite
def fields(draw) -> str:
    """A simple polygon around a point: corners at rising angles, each at its own distance."""
    count = draw(st.integers(3, 40))
    turn = draw(st.floats(0, 1))
    x, y = draw(st.tuples(st.floats(104.2, 104.3), st.floats(22.5, 22.6)))
    radii = draw(st.lists(st.floats(0.001, 0.05), min_size=count, max_size=count))
    angles = [math.tau * (at + turn) / count for at in range(count)]
    ring = [[x + r * math.cos(a), y + r * math.sin(a)] for r, a in zip(radii, angles, strict=True)]
    try:
        return plain_polygon(geojson([*ring, ring[0]]), near=BAC_HA)
    except Refused:
        assume(False)


def ring_of(polygon: str) -> list:
    return json.loads(polygon)["coordinates"][0]
