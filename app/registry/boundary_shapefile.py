"""Boundaries from an ESRI shapefile (Technical Description, July 1998), brought to WGS 84. Pure."""

import io
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import shapefile
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from app.kit.messages import say
from app.kit.text import fold
from app.registry.boundary_parts import (
    BROKEN,
    MOST_BOUNDARIES,
    MOST_VERTICES,
    NAME_KEYS,
    TOO_MANY_BOUNDARIES,
    TOO_MANY_VERTICES,
    Drawn,
    Position,
    name_among,
    wrong,
)

_MAGIC = 9994
_HEADER = 100
_POINTS = frozenset({0, 1, 8, 11, 18, 21, 28})
_LINES = frozenset({3, 13, 23})
_POLYGONS = frozenset({5, 15, 25})
_COUNTS_AT = 44
# Points and empty shapes between the boundaries count as well.
MOST_RECORDS = 10_000
LONGEST_PRJ = 10_000
# The code pages that Vietnamese programs name in a .cpg; everything else is read as UTF-8.
_CODE_PAGES = {
    "1258": "cp1258",
    "windows 1258": "cp1258",
    "cp1258": "cp1258",
    "ansi 1258": "cp1258",
}
_FAULTS = (
    shapefile.ShapefileException,
    struct.error,
    ValueError,
    LookupError,
    OverflowError,
    AssertionError,
)

Moved = Callable[[list[Position]], list[Position]]
Names = Callable[[int], str]


@dataclass(frozen=True)
class _Record:
    """Where a shape lies in the file, and of which type it is."""

    number: int
    start: int
    length: int
    kind: int


def read_shapefile(files: Mapping[str, bytes], path: str) -> Iterator[Drawn]:
    """Every polygon and closed line of the shapefile at `path` (.shp) among unpacked files.

    Coordinates are transformed from the system that the .prj names; without one they are taken
    for WGS 84. Names come from the .dbf where it can be read.
    """
    stem = path.removesuffix(".shp")
    moved = _to_wgs84(files.get(stem + ".prj"))
    name_of = _names(files.get(stem + ".dbf", b""), files.get(stem + ".cpg", b""))
    try:
        for record, shape in _shapes(files[path]):
            name = name_of(record.number)
            rings = [moved(ring) for ring in _parts(shape)]
            yield from _polygons(name, rings, line=record.kind in _LINES)
    except _FAULTS:
        raise wrong(BROKEN) from None


def _shapes(shp: bytes) -> Iterator[tuple[_Record, Any]]:
    if len(shp) < _HEADER or len(shp) % 2 or struct.unpack_from(">i", shp)[0] != _MAGIC:
        raise wrong(BROKEN)
    # Writers get the length in the header wrong, and the reader warns of it: it is set right.
    exact = shp[:24] + struct.pack(">i", len(shp) // 2) + shp[28:]
    reader = shapefile.ShpReader(io.BytesIO(exact))
    vertices = 0
    for record in _records(shp):
        if record.kind in _POINTS:
            continue
        vertices += _counted(shp, record)
        if vertices > MOST_VERTICES:
            raise wrong(TOO_MANY_VERTICES)
        # With the place given, the reader caches nothing: its caches live as long as the process.
        yield (
            record,
            reader.shape(record.number, offset=record.start, shape_len_B=record.length),
        )


def _records(shp: bytes) -> Iterator[_Record]:
    start, number = _HEADER, 0
    while start < len(shp):
        length = 2 * struct.unpack_from(">i", shp, start + 4)[0]
        (kind,) = struct.unpack_from("<i", shp, start + 8)
        if length < 4 or start + 8 + length > len(shp):  # noqa: PLR2004  # the type alone
            raise wrong(BROKEN)
        if number >= MOST_RECORDS:
            raise wrong(TOO_MANY_BOUNDARIES)
        yield _Record(number, start, length, kind)
        start, number = start + 8 + length, number + 1


def _counted(shp: bytes, record: _Record) -> int:
    """How many points the shape says it has, before it is read."""
    if record.kind not in _POLYGONS | _LINES:
        raise wrong(say("The shapefile holds shapes of a kind that is not read."))
    parts, points = struct.unpack_from("<2i", shp, record.start + _COUNTS_AT)
    if parts > MOST_BOUNDARIES:
        raise wrong(TOO_MANY_BOUNDARIES)
    if parts < 0 or points < 0:
        raise wrong(BROKEN)
    return int(points)


def _parts(shape: Any) -> list[list[Position]]:
    starts = [*shape.parts, len(shape.points)]
    if any(first > second for first, second in pairwise(starts)):
        raise wrong(BROKEN)
    return [shape.points[first:second] for first, second in pairwise(starts)]


def _polygons(name: str, rings: list[list[Position]], *, line: bool) -> Iterator[Drawn]:
    """Rings that turn the same way are so many fields; one that turns the other way is a hole."""
    turns = {_clockwise(ring) for ring in rings}
    if len(turns) > 1 and not line:
        yield Drawn(name, rings)
        return
    for ring in rings:
        yield Drawn(name, [ring], line=line)


def _clockwise(ring: list[Position]) -> bool:
    return sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairwise(ring)) > 0


def _names(dbf: bytes, cpg: bytes) -> Names:
    """The name of the shape with a number, from zero; empty where the table cannot be read."""
    code_page = fold(cpg[:40].decode("latin-1"))
    encoding = _CODE_PAGES.get(code_page, "utf-8")
    try:
        table = shapefile.DbfReader(io.BytesIO(dbf), encoding=encoding, encodingErrors="replace")
    except _FAULTS:
        return lambda number: ""  # noqa: ARG005  # a table of no names
    columns = [field.name for field in table.data_fields if fold(field.name) in NAME_KEYS]

    def name(number: int) -> str:
        try:
            record = table.record(number, fields=columns) if columns else None
        except _FAULTS:
            return ""
        return name_among(record.as_dict()) if record else ""

    return name


def _to_wgs84(prj: bytes | None) -> Moved:
    if prj is None:
        return lambda ring: ring
    try:
        system = CRS.from_wkt(prj[:LONGEST_PRJ].decode("utf-8-sig", errors="replace"))
        way = Transformer.from_crs(system, "EPSG:4326", always_xy=True, allow_ballpark=False)
    except (ProjError, ValueError):
        why = say("The .prj of the shapefile names a coordinate system that is not known.")
        raise wrong(why) from None

    def moved(ring: list[Position]) -> list[Position]:
        xs, ys = zip(*[position[:2] for position in ring], strict=True) if ring else ((), ())
        return list(zip(*way.transform(xs, ys), strict=True))

    return moved
