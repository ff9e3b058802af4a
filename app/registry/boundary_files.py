"""Boundaries from the files people have: GeoJSON, KML, KMZ, GPX, zipped shapefiles. Pure."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from app.kit.messages import Message, say
from app.registry.boundary_archive import unpacked
from app.registry.boundary_json import read_json
from app.registry.boundary_parts import (
    FIELD,
    MOST_BOUNDARIES,
    MOST_VERTICES,
    TOO_MANY_BOUNDARIES,
    TOO_MANY_VERTICES,
    Drawn,
    Position,
    characters,
    plain_name,
    wrong,
)
from app.registry.boundary_shapefile import read_shapefile
from app.registry.boundary_xml import read_gpx, read_kml
from app.registry.ring_reading import MOST_POINTS

__all__ = ["FIELD", "NamedBoundary", "read_boundaries"]

MOST_BYTES = 10_000_000
FEWEST_POINTS = 4
_ARCHIVE = b"PK"
# Of a text that may be one of ours: markup or an object, behind a byte order mark or not.
_BEGINNINGS = (b"<", b"{", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(kml|gpx)[\s/>]")
_UNKNOWN = say("This is no file that is read here: GeoJSON, KML, KMZ, GPX or a zipped shapefile.")


@dataclass(frozen=True)
class NamedBoundary:
    """A boundary out of a file: what it is called, and its ring as GeoJSON Polygon text."""

    name: str
    ring_text: str


def read_boundaries(content: bytes, *, filename: str) -> list[NamedBoundary]:
    """The boundaries of a file, in its order, positions in degrees on WGS 84.

    The format is recognised by the content; `filename` only names what has no name of its own.
    The rings are as they were drawn: `geometry.repaired` makes them fit to keep. Raises Refused
    for the field `file`, saying what is wrong and with which boundary. Takes at most 10 MB and
    gives at most 200 boundaries of at most 2,000 points.
    """
    if len(content) > MOST_BYTES:
        raise wrong(say("The file is larger than 10 MB."))
    if not content.strip():
        raise wrong(say("The file is empty."))
    boundaries: list[NamedBoundary] = []
    for number, shape in enumerate(_bounded(_drawn(content)), start=1):
        name = shape.name or f"{plain_name(PurePath(filename).stem)} {number}".strip()
        boundaries.append(NamedBoundary(name, _ring_text(shape, number)))
    if not boundaries:
        raise wrong(say("The file holds no boundary: no polygon, track or closed line."))
    return boundaries


def _drawn(content: bytes) -> Iterator[Drawn]:
    if content.startswith(_ARCHIVE):
        return _of_archive(unpacked(content))
    return _of_text(content)


def _of_archive(files: dict[str, bytes]) -> Iterator[Drawn]:
    for path in sorted(files):
        if path.endswith(".shp"):
            yield from read_shapefile(files, path)
        elif path.endswith((".kml", ".gpx")):
            yield from _of_text(files[path])


def _of_text(content: bytes) -> Iterator[Drawn]:
    if not content.lstrip().startswith(_BEGINNINGS):
        raise wrong(_UNKNOWN)
    head = next(characters(content))
    root = _ROOT.search(head)
    if root is not None:
        return read_kml(content) if root[1] == "kml" else read_gpx(content)
    if head.lstrip().startswith("{"):
        return read_json(content)
    raise wrong(_UNKNOWN)


def _bounded(shapes: Iterator[Drawn]) -> Iterator[Drawn]:
    vertices = 0
    for number, shape in enumerate(shapes, start=1):
        vertices += sum(map(len, shape.rings))
        if number > MOST_BOUNDARIES:
            raise wrong(TOO_MANY_BOUNDARIES)
        if vertices > MOST_VERTICES:
            raise wrong(TOO_MANY_VERTICES)
        yield shape


def _ring_text(shape: Drawn, number: int) -> str:
    why = _fault(shape, _where(shape, number))
    if why is not None:
        raise wrong(why)
    ring = [(round(longitude, 9), round(latitude, 9)) for longitude, latitude, *_ in shape.rings[0]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))


def _where(shape: Drawn, number: int) -> Message:
    if shape.name:
        return say("Boundary {number} ({name})", number=number, name=shape.name)
    return say("Boundary {number}", number=number)


def _fault(shape: Drawn, where: Message) -> Message | None:
    ring = shape.rings[0] if shape.rings else []
    faults = (
        (
            len(shape.rings) > 1,
            say("{boundary} has a hole: draw the outer line only.", boundary=where),
        ),
        (len(ring) > MOST_POINTS, _too_long(where, len(ring))),
        (
            len(ring) < FEWEST_POINTS,
            say("{boundary} has fewer than three corners.", boundary=where),
        ),
        (
            shape.line and ring[:1] != ring[-1:],
            say("{boundary} is an open line, not an area.", boundary=where),
        ),
        (
            not all(map(_on_earth, ring)),
            say(
                "{boundary} is not in degrees of longitude and latitude; "
                "a shapefile needs its .prj file.",
                boundary=where,
            ),
        ),
    )
    return next((why for faulty, why in faults if faulty), None)


def _too_long(where: Message, count: int) -> Message:
    return say("{boundary} has {count} points; at most 2,000 fit.", boundary=where, count=count)


def _on_earth(position: Position) -> bool:
    longitude, latitude = position[:2]
    return abs(longitude) <= 180 and abs(latitude) <= 90  # noqa: PLR2004  # degrees end there
