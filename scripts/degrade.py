"""`python -m scripts.degrade [COUNT]`: how many symbols of a run are still read after what happens to labels.

Every symbol of the run is read as printed; a sample is then blurred, faded, turned, tilted and
scratched as phones and thermal paper do it. Prints the share read of each kind, at 203 dpi.
"""

import sys
from collections.abc import Callable

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from app.labels.serials import serials
from app.labels.symbols import stream

HOST = "https://TXNG.LAOCAI.GOV.VN/T/LCJ6VNGGH6BCFNM/"
DOTS, QUIET, SAMPLE = 4, 4, 500

Picture = Image.Image
Chance = np.random.Generator


def drawn(modules: NDArray[np.bool_]) -> Picture:
    """As a 203 dpi head prints it: 4 dots a module, quiet zone 4, a little label around."""
    framed = np.pad(modules, QUIET + 2)
    return Image.fromarray((~framed.repeat(DOTS, 0).repeat(DOTS, 1) * 255).astype(np.uint8))


def read(picture: Picture) -> str | None:
    """What an independent reader makes of it."""
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else None


def as_printed(picture: Picture, _: Chance) -> Picture:
    return picture


def blurred(picture: Picture, _: Chance) -> Picture:
    """Out of focus: a Gaussian of 0.4 modules, seen at 3 pixels a module."""
    soft = picture.filter(ImageFilter.GaussianBlur(0.4 * DOTS))
    return soft.resize((picture.width * 3 // DOTS,) * 2, Image.Resampling.BILINEAR)


def low_contrast(picture: Picture, chance: Chance) -> Picture:
    """15 % contrast between light and dark, with noise of 2 %."""
    grey = 110 + np.asarray(picture, float) * 0.15
    return _noisy(grey, chance, 5)


def tilted(picture: Picture, _: Chance) -> Picture:
    """Seen from the side: the far edge is a quarter shorter."""
    side, in_ = picture.width, picture.width / 8
    corners = ((in_, 0), (side - in_, 0), (side, side), (0, side))
    return picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        _perspective(corners, side),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )


def turned(picture: Picture, _: Chance) -> Picture:
    """Turned by 8 degrees."""
    return picture.rotate(8, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def scratched(picture: Picture, chance: Chance) -> Picture:
    """A white scratch across the whole symbol, three quarters of a module wide, at any slant."""
    scored, side = picture.copy(), picture.width
    ends = chance.uniform(0.15, 0.85, 2) * side
    line = [(0, ends[0]), (side, ends[1])]
    if chance.random() < 0.5:
        line = [(y, x) for x, y in line]
    ImageDraw.Draw(scored).line(line, fill=255, width=3)
    return _seen(scored)


def dead_dots(picture: Picture, chance: Chance) -> Picture:
    """Two dots of the head burnt out: white lines along the feed."""
    dots = np.array(picture)
    dots[:, chance.integers(0, picture.width, 2)] = 255
    return _seen(Image.fromarray(dots))


def faded(picture: Picture, chance: Chance) -> Picture:
    """Thermal paper after months in the light: black to 65 % grey in patches, the ground yellowed."""
    patches = Image.fromarray(chance.uniform(0, 255, (8, 8)).astype(np.uint8))
    uneven = np.asarray(patches.resize(picture.size, Image.Resampling.BICUBIC), float) / 255
    dark = 1 - np.asarray(picture, float) / 255
    return _noisy(225 - dark * (60 + 60 * uneven), chance, 8)


def greyed_by_moisture(picture: Picture, chance: Chance) -> Picture:
    """Condensation in the cold chain: blurred, contrast 30 %, specks on one module in a hundred."""
    dots = np.array(picture.filter(ImageFilter.GaussianBlur(0.3 * DOTS)), float)
    specks = chance.random((picture.height // DOTS, picture.width // DOTS)) < 0.01
    spread = specks.repeat(DOTS, 0).repeat(DOTS, 1)
    dots[: spread.shape[0], : spread.shape[1]][spread] = 128
    return _noisy(90 + dots * 0.3, chance, 6)


KINDS: tuple[Callable[[Picture, Chance], Picture], ...] = (
    blurred, low_contrast, tilted, turned, scratched, dead_dots, faded, greyed_by_moisture,
)  # fmt: skip


def main(count: int) -> None:
    """Read all as printed, and a sample in every kind of damage, at each level."""
    for level in ("L", "M", "Q"):
        run = [HOST + serial for serial in serials(bytes(range(32)), 0, count)]
        pictures = [(text, drawn(modules)) for text, modules in stream(run, level=level)]
        whole = sum(read(picture) == text for text, picture in pictures)
        print(f"level {level}, {pictures[0][1].width} dots: as printed {whole} of {count}")
        for kind in KINDS:
            chance = np.random.default_rng(7)
            sample = pictures[:: max(1, count // SAMPLE)][:SAMPLE]
            good = sum(read(kind(picture, chance)) == text for text, picture in sample)
            print(f"  {kind.__name__:<20} {good / len(sample):7.1%}  of {len(sample)}")


def _seen(picture: Picture) -> Picture:
    """As a camera sees fine lines: a quarter of a module soft."""
    return picture.filter(ImageFilter.GaussianBlur(0.25 * DOTS))


def _noisy(grey: NDArray[np.float64], chance: Chance, spread: float) -> Picture:
    return Image.fromarray(
        (grey + chance.normal(0, spread, grey.shape)).clip(0, 255).astype(np.uint8)
    )


def _perspective(corners: tuple[tuple[float, float], ...], side: float) -> list[float]:
    """The eight numbers that carry the seen corners back to those of the square."""
    square = ((0, 0), (side, 0), (side, side), (0, side))
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, square, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return list(np.linalg.solve(np.array(rows, float), np.array(wanted, float)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
