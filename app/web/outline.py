"""A boundary drawn small: the polygon of an area as SVG points, north up, sides true to each other."""

import json
import math
from dataclasses import dataclass

from app.kit.quantities import SquareMetres
from app.registry.geometry import measured

SIDE = 100.0


@dataclass(frozen=True)
class Outline:
    """What the SVG needs: its view box, the points, a line width, and the area enclosed."""

    box: str
    points: str
    stroke: float
    measured: SquareMetres


def outline_of(polygon: str | None) -> Outline | None:
    """The drawing of a stored polygon."""
    if polygon is None:
        return None
    ring = json.loads(polygon)["coordinates"][0]
    squeeze = math.cos(math.radians(ring[0][1]))
    xs, ys = [x * squeeze for x, _ in ring], [-y for _, y in ring]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = SIDE / max(width, height)
    points = " ".join(
        f"{(x - min(xs)) * scale:.1f},{(y - min(ys)) * scale:.1f}"
        for x, y in zip(xs, ys, strict=True)
    )
    box = f"-4 -4 {width * scale + 8:.0f} {height * scale + 8:.0f}"
    return Outline(box, points, 1.5, measured(polygon))
