"""The communes of the province coloured by a figure: classes by number and by lightness, no tiles."""

import json
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import shapely
from shapely.geometry import shape
from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.models.places import AdminOutline, AdminUnit, UnitLevel
from app.web.commune_sketch import schematic

WIDTH = 640
MARGIN = 6
SMOOTHNESS = 0.8
CLASSES = 5


@dataclass(frozen=True)
class Region:
    """A commune: its path in pixels, and where its class is written."""

    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Ground:
    """All communes laid out; `real`: by the outlines the province supplied, else by the schematic."""

    regions: tuple[Region, ...]
    width: int
    height: int
    real: bool


@dataclass(frozen=True)
class Band:
    """A class of the legend, from the least value in it to the largest."""

    number: int
    least: int
    most: int
    count: int


@dataclass(frozen=True)
class Classed:
    """The class of each commune's value (0: nothing, or nobody knows), and the legend."""

    numbers: Mapping[str, int]
    bands: tuple[Band, ...]


def ground_of(session: Session, day: date) -> Ground:
    """What the map is drawn on: the outlines of the communes of a day, where any were supplied."""
    stands = (
        col(AdminUnit.level) == UnitLevel.COMMUNE,
        col(AdminUnit.valid_from) <= day,
        or_(col(AdminUnit.valid_to).is_(None), col(AdminUnit.valid_to) >= day),
    )
    joined = col(AdminOutline.unit_id) == col(AdminUnit.id)
    letters = func.coalesce(func.sum(func.length(col(AdminOutline.outline))), 0)
    stamp = session.execute(
        select(func.count(), letters)
        .select_from(AdminOutline)
        .join(AdminUnit, joined)
        .where(*stands)
    ).one()
    if not stamp[0]:
        return _schematic()
    known = _laid_out.get((int(stamp[0]), int(stamp[1])))
    if known is None:
        rows = session.execute(
            select(col(AdminUnit.code), col(AdminOutline.outline))
            .join(AdminOutline, joined)
            .where(*stands)
            .order_by(col(AdminUnit.code))
        )
        known = _laid({code: shape(json.loads(outline)) for code, outline in rows})
        _laid_out.clear()
        _laid_out[int(stamp[0]), int(stamp[1])] = known
    return known


# The layout of the outlines last seen, by how many there were and how long: seldom changed, slow to make.
_laid_out: dict[tuple[int, int], Ground] = {}


def classed(values: Mapping[str, int | None]) -> Classed:
    """Values in up to five classes with about as many communes in each; equal values stand together."""
    known = sorted(value for value in values.values() if value)
    if not known:
        return Classed(dict.fromkeys(values, 0), ())
    cuts = _cuts(known)
    numbers = {
        code: bisect_right(cuts, value) + 1 if value else 0 for code, value in values.items()
    }
    bands = []
    for number in range(1, len(cuts) + 2):
        held = [value for value in known if bisect_right(cuts, value) + 1 == number]
        if held:
            bands.append(Band(number, held[0], held[-1], len(held)))
    return Classed(numbers, tuple(bands))


def _cuts(known: Sequence[int]) -> list[int]:
    """The least value of each class but the first."""
    at = {known[len(known) * part // CLASSES] for part in range(1, CLASSES)}
    return sorted(at - {known[0]})


@lru_cache(maxsize=1)
def _schematic() -> Ground:
    whole = schematic()
    scale = WIDTH / max(cell.bounds[2] for cell in whole.cells.values())
    regions = tuple(
        _region(code, shapely.transform(cell, lambda at: at * scale))
        for code, cell in sorted(whole.cells.items())
    )
    return Ground(regions, WIDTH, round(whole.height * scale), real=False)


def _laid(degrees: Mapping[str, shapely.Geometry]) -> Ground:
    west, south, east, north = shapely.total_bounds(list(degrees.values()))
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)

    def placed(one: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(one, _to_pixels(west, north, squeeze * scale, scale))

    regions = tuple(
        _region(code, placed(one).simplify(SMOOTHNESS)) for code, one in degrees.items()
    )
    return Ground(regions, WIDTH, round((north - south) * scale + 2 * MARGIN), real=True)


def _to_pixels(
    west: float, north: float, across: float, up: float
) -> Callable[..., list[list[float]]]:
    return lambda at: [[(x - west) * across + MARGIN, (north - y) * up + MARGIN] for x, y in at]


def _region(code: str, drawn: shapely.Geometry) -> Region:
    parts = [one for one in shapely.get_parts(drawn) if isinstance(one, shapely.Polygon)]
    middle = max(parts, key=lambda one: one.area).representative_point()
    path = "".join(_ring(ring.coords) for one in parts for ring in (one.exterior, *one.interiors))
    return Region(code, path, round(middle.x), round(middle.y))


def _ring(points: Iterable[tuple[float, ...]]) -> str:
    told = dict.fromkeys((round(x), round(y)) for x, y, *_ in points)
    return "M" + "L".join(f"{x} {y}" for x, y in told) + "z"
