"""A schematic of the communes, no boundary of which is real: the ground nearest to each middle. Pure."""

import json
import math
from dataclasses import dataclass
from typing import Any

import shapely

from app.reference.files import cells_of

SINCE = "2025-07-01"
# What lies farther out than this from the outermost middles is another province's, or nobody's.
MARGIN_DEGREES = 0.06
# Three decimals are about a hundred metres; the middles themselves are no better.
DECIMALS = 3


@dataclass(frozen=True)
class Centre:
    """A commune and its middle in degrees (WGS 84)."""

    code: str
    name: str
    longitude: float
    latitude: float


def centres() -> list[Centre]:
    """The communes of the province since 1 July 2025 by code, as shipped in admin_units.csv."""
    rows = [
        Centre(cells["code"], cells["name"], float(cells["lon"]), float(cells["lat"]))
        for cells in cells_of("admin_units")
        if cells["level"] == "commune" and cells["valid_from"] == SINCE
    ]
    return sorted(rows, key=lambda centre: centre.code)


def schematic(around: list[Centre]) -> str:
    """A FeatureCollection of one polygon a commune with `code`, `name` and `middle`, as text.

    The cells are those of Voronoi in a plane where a degree is as long both ways, clipped to a
    margin around the middles. The same middles give the same text. Needs three middles or more,
    no two of them the same.
    """
    squeeze = math.cos(math.radians(sum(one.latitude for one in around) / len(around)))
    points = shapely.MultiPoint([(one.longitude * squeeze, one.latitude) for one in around])
    ground = points.convex_hull.buffer(MARGIN_DEGREES)
    cells = shapely.voronoi_polygons(points, extend_to=ground, ordered=True)
    features = [
        _feature(centre, cell.intersection(ground), squeeze)
        for centre, cell in zip(around, cells.geoms, strict=True)
    ]
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _feature(centre: Centre, cell: Any, squeeze: float) -> dict[str, Any]:
    outline = shapely.orient_polygons(cell).exterior.coords
    ring = [[round(x / squeeze, DECIMALS), round(y, DECIMALS)] for x, y in outline]
    middle = [round(centre.longitude, DECIMALS), round(centre.latitude, DECIMALS)]
    return {
        "type": "Feature",
        "properties": {"code": centre.code, "name": centre.name, "middle": middle},
        "geometry": {"type": "Polygon", "coordinates": [_without_repeats(ring)]},
    }


def _without_repeats(ring: list[list[float]]) -> list[list[float]]:
    kept = [point for point, before in zip(ring, [None, *ring], strict=False) if point != before]
    return kept if kept[0] == kept[-1] else [*kept, kept[0]]
