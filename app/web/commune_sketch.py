"""Where in the province communes lie, drawn from the shipped schematic: lines, cells, no tiles. Pure.

No boundary of the schematic is real: what it shows is which part of the province is meant.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import shapely
from shapely.geometry import shape

WIDTH = 320
MARGIN = 4
MOST_CELLS = 6
JOINT = "-"
# Half a pixel on a telephone: what is finer is not seen, only sent.
SMOOTHNESS = 1.2
# Its point is where the pen stands; the hole is cut by turning the other way.
PIN = "c-7-11-12-16-12-23a12 12 0 1 1 24 0c0 7-5 12-12 23zm0-18a5 5 0 1 0-.1 0z"
_SCHEMATIC = Path(__file__).with_name("static") / "communes.geojson"


@dataclass(frozen=True)
class Schematic:
    """The cells in pixels by the commune's code, the outline of all, and the height of the drawing."""

    cells: dict[str, shapely.Polygon]
    lines: str
    outline: str
    height: int


@dataclass(frozen=True)
class Sketch:
    """A drawing by its name in the address, with its width and height."""

    name: str
    width: int
    height: int


def sketch_of(codes: Iterable[str]) -> Sketch | None:
    """The drawing of these communes, of those that the schematic has; None where it has none."""
    whole = schematic()
    known = [code for code in dict.fromkeys(codes) if code in whole.cells][:MOST_CELLS]
    return Sketch(JOINT.join(known), WIDTH, whole.height) if known else None


@lru_cache(maxsize=256)
def drawing_of(name: str) -> str | None:
    """The SVG of a drawing; None for a name that none has."""
    whole, codes = schematic(), name.split(JOINT)
    meant = sketch_of(codes)
    if meant is None or meant.name != name:
        return None
    cells = [whole.cells[code] for code in codes]
    middles = sorted((cell.representative_point() for cell in cells), key=lambda at: at.y)
    pins = "".join(f"M{at.x:.0f} {at.y:.0f}{PIN}" for at in middles)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole.height}">'
        f'<path fill="#e7f3ea" d="{whole.outline}"/>'
        f'<path fill="none" stroke="#b9cfc1" d="{whole.lines}"/>'
        f'<path fill="#0f5a31" d="{_path((cell.exterior.coords for cell in cells), close=True)}"/>'
        f'<path fill="#a3161a" stroke="#fff" stroke-width="2" d="{pins}"/></svg>'
    )


@cache
def schematic() -> Schematic:
    """The shipped schematic, laid out once."""
    features = json.loads(_SCHEMATIC.read_text())["features"]
    degrees = {one["properties"]["code"]: shape(one["geometry"]) for one in features}
    ground = shapely.union_all(list(degrees.values()))
    west, south, east, north = ground.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)

    def placed(one: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(one, lambda at: [_pixel(x, y) for x, y in at])

    def _pixel(x: float, y: float) -> tuple[float, float]:
        return ((x - west) * squeeze * scale + MARGIN, (north - y) * scale + MARGIN)

    cells = {code: placed(cell) for code, cell in degrees.items()}
    outline = placed(ground).simplify(SMOOTHNESS)
    inner = shapely.line_merge(
        shapely.union_all([cell.boundary for cell in cells.values()]).difference(
            shapely.union_all(list(cells.values())).boundary.buffer(1)
        )
    ).simplify(SMOOTHNESS)
    return Schematic(
        cells=cells,
        lines=_path(line.coords for line in shapely.get_parts(inner)),
        outline=_path((part.exterior.coords for part in shapely.get_parts(outline)), close=True),
        height=round((north - south) * scale + 2 * MARGIN),
    )


def _path(lines: Iterable[Iterable[tuple[float, ...]]], *, close: bool = False) -> str:
    """Lines as path data in whole pixels, each point told from the one before."""
    told = []
    for line in lines:
        points = [(round(x), round(y)) for x, y, *_ in line]
        x, y = points[0]
        steps = [f"M{x} {y}"]
        for at in points[1:]:
            if at != (x, y):
                steps.append(f"l{at[0] - x} {at[1] - y}")
                x, y = at
        told.append("".join(steps) + ("z" if close else ""))
    return "".join(told)
