"""Labels in the dots of a printer: black and white, every QR module the same whole number of dots."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby, islice
from math import ceil
from types import MappingProxyType
from typing import TypeVar

from PIL import Image, ImageDraw, ImageFont

from app.labels.artwork_placing import ArtworkAt, dots_of
from app.labels.carton_marks import Modules
from app.labels.dots import dot_of
from app.labels.fitting import Box, Line, Measure
from app.labels.letters import font_files, pieces
from app.labels.paper import Paper
from app.labels.run_labels import Front, Label
from app.labels.typeface import Weight

Drawn = TypeVar("Drawn")

_BLACK, _WHITE = 0, 1
_MM_AN_INCH = 25.4
_AROUND = 2  # letters may reach a dot beyond where the pen goes


@dataclass(frozen=True)
class _Glyph:
    """A letter in dots: its ink, where that lies from the pen on the baseline, and the next pen."""

    ink: Image.Image
    left: int
    top: int
    advance: int


def measure_for(dpi: int) -> Measure:
    """Measures text as `label_picture` draws it at this resolution."""
    dots = 1 / dot_of(dpi)

    def measured(text: str, weight: Weight, size: float) -> float:
        return _length(text, weight, round(size * dots)) / dots

    return measured


def label_picture(label: Label, dpi: int, *, width: float = 0, height: float = 0) -> Image.Image:
    """One label, 1 bit a dot; never a dot wider than its stock (its own size unless given)."""
    composed = label.front.composed
    front = _front_picture(label.front, dpi, width or composed.width, height or composed.height)
    image = front.copy()
    dots = 1 / dot_of(dpi)
    for bar in label.bars:
        _draw_bar(image, bar, dots)
    for line in label.lines:
        _draw_line(image, line, dots)
    _paste_symbol(image, label, dots)
    return image


def rows_of(paper: Paper, labels: Iterable[Label], dpi: int) -> Iterator[tuple[Image.Image, int]]:
    """The labels of a roll as one picture a row, as they lie side by side, with how often it comes."""
    for row, times in counted_rows(paper, labels):
        yield row_picture(paper, row, dpi), times


def counted_rows(paper: Paper, labels: Iterable[Drawn]) -> Iterator[tuple[tuple[Drawn, ...], int]]:
    """The labels that lie abreast, row by row, with how often the same row comes."""
    # Copies are one and the same object, so equal rows are drawn once. The rows themselves are
    # compared: the id of a label that is gone may be another's by then.
    for _, same in groupby(abreast(paper, labels)):
        equal = iter(same)
        yield next(equal), 1 + sum(1 for _ in equal)


def abreast(paper: Paper, labels: Iterable[Drawn]) -> Iterator[tuple[Drawn, ...]]:
    """The labels that lie abreast, row by row; the last row may not be full."""
    turn = iter(labels)
    return iter(lambda: tuple(islice(turn, paper.columns)), ())


def row_picture(paper: Paper, labels: tuple[Label, ...], dpi: int) -> Image.Image:
    """One row as it lies on the roll."""
    size = {"width": paper.label_width, "height": paper.label_height}
    return _row(paper, [label_picture(label, dpi, **size) for label in labels], dpi)


def fronts_picture(
    paper: Paper,
    fronts: Iterable[Front],
    dpi: int,
    beside: Mapping[Front, Iterable[Line]] = MappingProxyType({}),
) -> Image.Image:
    """What the labels of a row's lots share, with these lines beside it."""
    dots, pictures = 1 / dot_of(dpi), []
    for front in fronts:
        picture = _front_picture(front, dpi, paper.label_width, paper.label_height).copy()
        for line in beside.get(front, ()):
            _draw_line(picture, line, dots)
        pictures.append(picture)
    return _row(paper, pictures, dpi)


def line_picture(line: Line, dpi: int) -> tuple[int, int, Image.Image]:
    """One black line of text in a picture of its own, and where its corner stands on the label."""
    dots = 1 / dot_of(dpi)
    em = round(line.size * dots)
    left = max(0, round(line.x * dots) - _AROUND)
    top = max(0, round(line.baseline * dots) - em - _AROUND)
    wide = _length(line.text, line.weight, em) + 2 * _AROUND
    image = Image.new("1", (wide, em + em // 2 + 2 * _AROUND), _WHITE)
    _draw_line(image, line, dots, corner=(left, top))
    return left, top, image


def _row(paper: Paper, pictures: Iterable[Image.Image], dpi: int) -> Image.Image:
    dots = 1 / dot_of(dpi)
    size = (int(paper.width * dots + 1e-6), int(paper.label_height * dots + 1e-6))
    row = Image.new("1", size, _WHITE)
    for place, picture in enumerate(pictures):
        x, y = paper.corner(place)
        row.paste(picture, (round(x * dots), round(y * dots)))
    return row


def png_of(image: Image.Image, dpi: int) -> bytes:
    """The picture as a PNG that knows its resolution."""
    file = BytesIO()
    true_dpi = _MM_AN_INCH / dot_of(dpi)
    image.save(file, "PNG", dpi=(true_dpi, true_dpi))
    return file.getvalue()


def modules_picture(modules: Modules, dots: int) -> Image.Image:
    """A symbol with so many dots a module, without its quiet zone."""
    high, wide = modules.shape
    image = Image.fromarray(~modules).convert("1")
    return image.resize((wide * dots, high * dots), Image.Resampling.NEAREST)


@lru_cache(maxsize=16)
def _front_picture(front: Front, dpi: int, width: float, height: float) -> Image.Image:
    picture = drawn_picture(front.bars, front.lines, dpi, width=width, height=height)
    for placed in front.artworks:
        _paste_artwork(picture, placed, 1 / dot_of(dpi))
    return picture


def drawn_picture(
    bars: Iterable[Box], lines: Iterable[Line], dpi: int, *, width: float, height: float
) -> Image.Image:
    """Bars and lines of text in a printer's dots, 1 bit a dot."""
    dots = 1 / dot_of(dpi)
    image = Image.new("1", (int(width * dots + 1e-6), int(height * dots + 1e-6)), _WHITE)
    for bar in bars:
        _draw_bar(image, bar, dots)
    for line in lines:
        _draw_line(image, line, dots)
    return image


def _paste_symbol(image: Image.Image, label: Label, dots: float) -> None:
    qr = label.front.qr
    symbol = modules_picture(label.modules, qr.size.dots_a_module)
    image.paste(symbol, (round(qr.x * dots), round(qr.y * dots)))


def _paste_artwork(image: Image.Image, placed: ArtworkAt, dots: float) -> None:
    box = placed.box
    drawn = dots_of(placed.artwork, round(box.width * dots), round(box.height * dots))
    image.paste(drawn, (round(box.x * dots), round(box.y * dots)))


def _draw_bar(image: Image.Image, bar: Box, dots: float) -> None:
    left, top = round(bar.x * dots), round(bar.y * dots)
    right = max(left + 1, round(bar.right * dots))
    image.paste(_BLACK, (left, top, right, max(top + 1, round(bar.bottom * dots))))


def _draw_line(
    image: Image.Image, line: Line, dots: float, corner: tuple[int, int] = (0, 0)
) -> None:
    pen, baseline = round(line.x * dots) - corner[0], round(line.baseline * dots) - corner[1]
    for name, text in pieces(line.text, line.weight):
        for letter in text:
            glyph = _glyph(letter, name, round(line.size * dots))
            place = (pen + glyph.left, baseline + glyph.top)
            image.paste(_WHITE if line.white else _BLACK, place, glyph.ink)
            pen += glyph.advance


@lru_cache(maxsize=8192)
def _length(text: str, weight: Weight, dots: int) -> int:
    return sum(
        _glyph(letter, name, dots).advance for name, run in pieces(text, weight) for letter in run
    )


@cache
def _glyph(letter: str, name: str, dots: int) -> _Glyph:
    """A letter drawn once: hinting it costs more than all else on the label."""
    font = _font(name, dots)
    left, top, right, bottom = font.getbbox(letter, mode="1", anchor="ls")
    ink = Image.new("1", (max(1, ceil(right - left)), max(1, ceil(bottom - top))))
    draw = ImageDraw.Draw(ink)
    draw.fontmode = "1"  # hinted black and white: greys would become ragged dots on the printer
    draw.text((-left, -top), letter, fill=1, font=font, anchor="ls")
    return _Glyph(ink, round(left), round(top), round(font.getlength(letter, mode="1")))


@cache
def _font(name: str, dots: int) -> ImageFont.FreeTypeFont:
    # BASIC: the same widths on every machine, with or without a shaping library.
    return ImageFont.truetype(font_files()[name], dots, layout_engine=ImageFont.Layout.BASIC)
