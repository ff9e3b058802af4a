"""A ring from a table of coordinates as surveyors hand it over, pasted or typed. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import Refused, refuse
from app.kit.messages import say
from app.registry.coordinate_systems import CoordinateSystem, to_degrees
from app.registry.ring_reading import (
    LATITUDES,
    LONGEST,
    LONGITUDES,
    MOST_POINTS,
    in_viet_nam,
)

__all__ = ["CoordinateSystem", "ring_from_table"]

FIELD = "table"
FEWEST_POINTS = 3
LONGEST_LINE = 200
# Metres in any zone from Cà Mau to Đồng Văn; no easting of a point in its own zone is so large.
NORTHINGS = (880_000.0, 2_640_000.0)
EASTINGS = (120_000.0, 879_999.0)
LARGEST_ANGLE = 180.0
SIXTY = 60.0

_DIGIT = re.compile(r"\d")
_COLUMNS = re.compile(r"[\t;]")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
# 2.491.234,56 and 2 491 234.56: groups of three with one mark, decimals after another.
_GROUPED = re.compile(r"(\d{1,3}(?:([.,\s])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")
_DEGREE = re.compile("[°º˚]")
_AMOUNT = r"\d{1,3}(?:[.,]\d+)?"
_ANGLE = (
    rf"({_AMOUNT})\s*[°º˚]\s*"
    rf"(?:({_AMOUNT})\s*['′’]\s*)?"
    rf"(?:({_AMOUNT})\s*(?:[\"″”]|''|′′|’’)\s*)?"
)
_SIDE = "[NBEĐDSWT]"
_SIDED = rf"(?:({_SIDE})\s*{_ANGLE}|{_ANGLE}({_SIDE})?)"
_ANGLES = re.compile(rf"(?:.*?[\s,;:])??{_SIDED}[\s,;]*{_SIDED}[\s,;]*", re.IGNORECASE)
# North and east in English and Vietnamese (Bắc, Đông); the other sides are not in Viet Nam.
_LATITUDE_SIDES, _LONGITUDE_SIDES = frozenset("NB"), frozenset("EĐD")


@dataclass(frozen=True)
class _Row:
    """The two numbers of a line, as they stand."""

    line: int
    first: float
    second: float
    angles: bool = False


def ring_from_table(text: str, *, system: CoordinateSystem) -> str:
    """The points of a table, one a line, as GeoJSON Polygon text in degrees on WGS 84.

    A line is an optional number or name and two coordinates, between tabs, semicolons, blanks or
    commas, with decimal comma or point; angles also as 22°20'31.5"N. Which of the two comes first
    is told by their size: in Vietnamese tables X is the northing and Y the easting. A first line
    without digits is a heading. Raises Refused for the field `table`, saying in which line.
    """
    if len(text) > LONGEST:
        raise refuse(FIELD, say("The table is too long; at most 2,000 points."))
    rows = list(_rows(text))
    if len(rows) < FEWEST_POINTS:
        raise refuse(FIELD, say("The table needs at least three points."))
    north_first = _ordered(rows, system)
    ring = [_position(row, system, north_first=north_first) for row in rows]
    ring += ring[:1] if ring[0] != ring[-1] else []
    return json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))


def _rows(text: str) -> Iterator[_Row]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and not _DIGIT.search(lines[0][1]):
        lines = lines[1:]
    if len(lines) > MOST_POINTS:
        raise refuse(FIELD, say("The table is too long; at most 2,000 points."))
    for number, line in lines:
        # The pattern of angles takes its time over long runs of blanks.
        if len(line) > LONGEST_LINE:
            raise _unreadable(number)
        yield _angles(number, line) if _DEGREE.search(line) else _numbers(number, line)


def _numbers(number: int, line: str) -> _Row:
    fields = _fields(line)
    values = [_number(field) for field in fields[-2:]]
    match values:
        case [float() as first, float() as second]:
            return _Row(number, first, second)
        case _:
            raise _unreadable(number)


def _fields(line: str) -> list[str]:
    """The columns of a line; what cannot be told apart is left in one, and so refused."""
    if _COLUMNS.search(line):
        columns = [column.strip() for column in _COLUMNS.split(line) if column.strip()]
        return columns if len(columns) <= 3 else []  # noqa: PLR2004  # a name and two numbers
    words = [word.strip(",") for word in line.split() if word.strip(",")]
    if len(words) > 1:
        return words
    parts = line.strip().split(",")
    return parts if len(parts) <= 3 else []  # noqa: PLR2004  # as above


def _number(field: str) -> float | None:
    if _PLAIN.fullmatch(field):
        return float(field.replace(",", "."))
    grouped = _GROUPED.fullmatch(field)
    if grouped is None:
        return None
    whole = "".join(letter for letter in grouped[1] if letter.isdigit())
    return float(f"{whole}.{grouped[3] or 0}")


def _angles(number: int, line: str) -> _Row:
    read = _ANGLES.fullmatch(" ".join(line.split()))
    if read is None:
        raise _unreadable(number)
    halves = read.groups()[:8], read.groups()[8:]
    (first, one), (second, other) = (_angle(number, half) for half in halves)
    sides = one + other
    if sides and not _right_sides(first < second, one, other):
        raise _outside(number)
    return _Row(number, first, second, angles=True)


def _angle(number: int, groups: tuple[str | None, ...]) -> tuple[float, str]:
    """Degrees, and the side as a capital letter, from the four groups before or after."""
    before, *leading = groups[:4]
    *trailing, after = groups[4:]
    parts = [float((part or "0").replace(",", ".")) for part in (leading if before else trailing)]
    degrees, minutes, seconds = parts
    if minutes >= SIXTY or seconds >= SIXTY:
        raise _unreadable(number)
    return degrees + minutes / SIXTY + seconds / SIXTY**2, (before or after or "").upper()


def _right_sides(latitude_first: bool, one: str, other: str) -> bool:
    north, east = (one, other) if latitude_first else (other, one)
    return north in _LATITUDE_SIDES | {""} and east in _LONGITUDE_SIDES | {""}


def _ordered(rows: list[_Row], system: CoordinateSystem) -> bool:
    """Whether latitudes or northings come first, in every line alike."""
    orders = [_north_first(row, system) for row in rows]
    for row, order in zip(rows, orders, strict=True):
        if order != orders[0]:
            why = say("Line {line}: X and Y stand the other way round than above.", line=row.line)
            raise refuse(FIELD, why)
    return orders[0]


def _north_first(row: _Row, system: CoordinateSystem) -> bool:
    _require_unit(row, system)
    norths, easts = (LATITUDES, LONGITUDES) if system.in_degrees else (NORTHINGS, EASTINGS)
    if _within(row.first, norths) and _within(row.second, easts):
        return True
    if _within(row.first, easts) and _within(row.second, norths):
        return False
    raise _outside(row.line)


def _require_unit(row: _Row, system: CoordinateSystem) -> None:
    in_degrees = row.angles or max(row.first, row.second) <= LARGEST_ANGLE
    if in_degrees and not system.in_degrees:
        why = say("Line {line}: degrees stand where VN-2000 has metres.", line=row.line)
        raise refuse(FIELD, why)
    if system.in_degrees and not in_degrees:
        why = say("Line {line}: these are metres; choose the VN-2000 zone.", line=row.line)
        raise refuse(FIELD, why)


def _position(row: _Row, system: CoordinateSystem, *, north_first: bool) -> tuple[float, float]:
    north, east = (row.first, row.second) if north_first else (row.second, row.first)
    longitude, latitude = (east, north) if system.in_degrees else to_degrees(system, east, north)
    if not in_viet_nam(longitude, latitude):
        raise _outside(row.line)
    return round(longitude, 7), round(latitude, 7)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _unreadable(line: int) -> Refused:
    why = say(
        "Line {line}: write the point, X and Y, with semicolons or tabs between them.", line=line
    )
    return refuse(FIELD, why)


def _outside(line: int) -> Refused:
    why = say(
        "Line {line}: this is no place in Viet Nam; check X, Y and the coordinate system.",
        line=line,
    )
    return refuse(FIELD, why)
