"""A trace on the shipped schematic of communes: a numbered mark for each commune in it. Pure."""

import math
from dataclasses import dataclass

from app.tracing.place_queries import Placed, TracedPlace
from app.web.commune_sketch import WIDTH, schematic

SMALLEST, LARGEST = 8.0, 17.0


@dataclass(frozen=True)
class MapMark:
    """A commune by its number in the table; the circle grows with its kilograms."""

    number: int
    place: TracedPlace
    x: int
    y: int
    radius: int

    @property
    def kind(self) -> str:
        """Whether goods grew there, are there now, or both."""
        if self.place.there_g and self.place.grown_lots:
            return "both"
        return "there" if self.place.there_g else "grown"


@dataclass(frozen=True)
class TraceMap:
    """The ground and its marks. `unmapped`: communes that the schematic does not have."""

    width: int
    height: int
    outline: str
    lines: str
    marks: tuple[MapMark, ...]
    unmapped: tuple[TracedPlace, ...]


def map_of(placed: Placed) -> TraceMap | None:
    """The map; None where no commune is known."""
    if not placed.places:
        return None
    ground = schematic()
    known = [one for one in placed.places if one.code in ground.cells]
    most = max((_weight(one) for one in known), default=0)
    marks = []
    # The largest lie lowest, so that none hides another.
    ordered = sorted(known, key=lambda one: (-_weight(one), one.code))
    for number, one in enumerate(ordered, start=1):
        middle = ground.cells[one.code].representative_point()
        share = math.sqrt(_weight(one) / most) if most else 0.0
        radius = round(SMALLEST + (LARGEST - SMALLEST) * share)
        marks.append(MapMark(number, one, round(middle.x), round(middle.y), radius))
    unmapped = tuple(one for one in placed.places if one.code not in ground.cells)
    return TraceMap(WIDTH, ground.height, ground.outline, ground.lines, tuple(marks), unmapped)


def _weight(place: TracedPlace) -> int:
    return max(place.grown_g, place.there_g)
