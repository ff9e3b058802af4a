"""Where the mark of a standard stands on a label, in whole dots, and what its dots are. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image

from app.catalogue.artwork import Artwork
from app.labels.fitting import Box
from app.labels.layout import MarkPlace

# Printed in black dots only, what is lighter than this stays white.
_DARK_BELOW = 160
_SLACK = 1e-6


@dataclass(frozen=True)
class ArtworkAt:
    """A mark in its box, as large as it fits, its sides in proportion."""

    artwork: Artwork
    box: Box


def artworks_at(
    places: Iterable[MarkPlace], drawn: Mapping[str, Artwork], dot_mm: float
) -> Iterator[ArtworkAt]:
    """The marks of a label; `drawn`: by what a place is for. A place that none is for stays empty."""
    for place in places:
        artwork = drawn.get(place.standard)
        if artwork is not None:
            yield ArtworkAt(artwork, _fitted(artwork, place.box, dot_mm))


def dots_of(artwork: Artwork, across: int, down: int) -> Image.Image:
    """A mark in a printer's dots, black or white."""
    return _dots(artwork, across, down)


def grey_of(artwork: Artwork) -> bytes:
    """Its pixels, a byte each, row by row."""
    with Image.open(BytesIO(artwork.content), formats=["PNG"]) as opened:
        return opened.convert("L").tobytes()


@lru_cache(maxsize=32)
def _dots(artwork: Artwork, across: int, down: int) -> Image.Image:
    with Image.open(BytesIO(artwork.content), formats=["PNG"]) as opened:
        grey = opened.convert("L").resize((across, down), Image.Resampling.LANCZOS)
    return grey.point(lambda shade: 255 if shade >= _DARK_BELOW else 0).convert("1")


def _fitted(artwork: Artwork, box: Box, dot_mm: float) -> Box:
    scale = min(box.width / artwork.width, box.height / artwork.height)
    width, height = (
        max(1, int(side * scale / dot_mm + _SLACK)) * dot_mm
        for side in (artwork.width, artwork.height)
    )
    return Box(
        _whole(box.x + (box.width - width) / 2, dot_mm),
        _whole(box.y + (box.height - height) / 2, dot_mm),
        width,
        height,
    )


def _whole(length: float, dot_mm: float) -> float:
    """Down to a whole dot: what fits its box still does."""
    return int(length / dot_mm + _SLACK) * dot_mm
