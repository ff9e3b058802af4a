"""The register drawn small: a mark for every code whose place is known, shaped by its status. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.models.registry import CodeStatus
from app.registry.register_queries import Position

WIDTH, HIGHEST, MARGIN = 320.0, 340.0, 12.0
# So that a few marks close together do not look like a province.
SMALLEST_SPAN = 0.15
# Drawn around the point it is moved to first; what stands still matters least, so it is drawn first.
SHAPES: dict[CodeStatus, str] = {
    CodeStatus.SUPERSEDED: "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    CodeStatus.CANCELLED: "m-4 0h8",
    CodeStatus.REVOKED: "m-4-4l8 8m0-8l-8 8",
    CodeStatus.ACTIVE: "h0",
    CodeStatus.SUSPENDED: "m-3.5-3.5h7v7h-7z",
    CodeStatus.WARNED: "m0-5l5 9h-10z",
}


@dataclass(frozen=True)
class Marks:
    """The marks of one status: a path, and how many there are."""

    status: str
    path: str
    count: int


@dataclass(frozen=True)
class Overview:
    """What the SVG needs: its size, and the marks by status; `sample` paths are for the legend."""

    width: int
    height: int
    marks: tuple[Marks, ...]
    sample: dict[str, str]


def overview_of(placed: Sequence[tuple[CodeStatus, Position]]) -> Overview | None:
    """The drawing, north up and sides true to each other; None where no place is known."""
    if not placed:
        return None
    frame = _Frame([at for _, at in placed])
    drawn = []
    for status, shape in SHAPES.items():
        points = [at for known, at in placed if known is status]
        if points:
            path = "".join(f"M{frame.of(at)}{shape}" for at in points)
            drawn.append(Marks(status.value, path, len(points)))
    sample = {status.value: f"M8 8{shape}" for status, shape in SHAPES.items()}
    return Overview(round(WIDTH), round(frame.height), tuple(drawn), sample)


@dataclass(frozen=True)
class PlaceDrawn:
    """One place among the communes of its province: a path of them all, and where it lies."""

    width: int
    height: int
    communes: str
    x: int
    y: int


def place_among(communes: Sequence[Position], at: Position) -> PlaceDrawn:
    """The drawing of a place, rounded as it is, among the middles of communes; north up."""
    frame = _Frame([*communes, at])
    around = "".join(f"M{frame.of(one)}h0" for one in sorted(communes))
    x, y = frame.of(at).split()
    return PlaceDrawn(round(WIDTH), round(frame.height), around, int(x), int(y))


class _Frame:
    """Where a position lies on the drawing."""

    def __init__(self, places: list[Position]) -> None:
        longitudes, latitudes = zip(*places, strict=True)
        middle = (min(latitudes) + max(latitudes)) / 2
        self.squeeze = math.cos(math.radians(middle))
        across = _span(longitudes) * self.squeeze
        up = _span(latitudes)
        self.scale = min((WIDTH - 2 * MARGIN) / across, (HIGHEST - 2 * MARGIN) / up)
        self.height = up * self.scale + 2 * MARGIN
        self.x = (min(longitudes) + max(longitudes)) / 2
        self.y = middle

    def of(self, at: Position) -> str:
        x = WIDTH / 2 + (at[0] - self.x) * self.squeeze * self.scale
        y = self.height / 2 - (at[1] - self.y) * self.scale
        return f"{x:.0f} {y:.0f}"


def _span(values: Sequence[float]) -> float:
    return max(max(values) - min(values), SMALLEST_SPAN)
