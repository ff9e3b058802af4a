"""One label as a black and white picture in the dots of a thermal printer."""

from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from math import ceil
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from app.labels.face import (
    HEIGHT_MM,
    SYMBOL_AT_MM,
    SYMBOL_ROOM_MM,
    WIDTH_MM,
    LabelFacts,
    compose,
)
from app.labels.fitting import Box, Line
from app.labels.symbol import Symbol, symbol_for
from app.labels.typeface import Weight, font_file

Dpi = Literal[203, 300]

# "203 dpi" heads have 8 dots to the millimetre, 203.2 to the inch.
_DOTS_AN_INCH = {203: 203.2, 300: 300.0}
_MM_AN_INCH = 25.4
_BLACK, _WHITE = 0, 1


@dataclass(frozen=True)
class _Canvas:
    image: Image.Image
    dots_a_mm: float

    def dots(self, mm: float) -> int:
        return round(mm * self.dots_a_mm)


@dataclass(frozen=True)
class _Glyph:
    """A letter in dots: its ink, where that lies from the pen on the baseline, and the next pen."""

    ink: Image.Image
    left: int
    top: int
    advance: int


def label_png(facts: LabelFacts, *, dpi: Dpi) -> bytes:
    """The label as a 1-bit PNG of 50 by 30 mm, its resolution in pHYs.

    Every QR module is the same whole number of dots. Raises Refused as `compose` and
    `symbol_for` do.
    """
    dots_an_inch = _DOTS_AN_INCH[dpi]
    dots_a_mm = dots_an_inch / _MM_AN_INCH
    symbol = symbol_for(facts.address, room_mm=SYMBOL_ROOM_MM, dot_mm=1 / dots_a_mm)
    face = compose(
        facts,
        symbol_mm=symbol.side_mm,
        measure=lambda text, weight, em: _length(text, weight, round(em * dots_a_mm)) / dots_a_mm,
    )
    canvas = _canvas(dots_a_mm)
    for bar in face.bars:
        _draw_bar(canvas, bar)
    for line in face.lines:
        _draw_line(canvas, line)
    corner = canvas.dots(SYMBOL_AT_MM) + symbol.quiet_dots
    canvas.image.paste(picture(symbol), (corner, corner))
    file = BytesIO()
    canvas.image.save(file, "PNG", dpi=(dots_an_inch, dots_an_inch))
    return file.getvalue()


def picture(symbol: Symbol) -> Image.Image:
    """The symbol without its quiet zone, 1 bit a dot."""
    modules = Image.new("1", (len(symbol.matrix),) * 2)
    modules.putdata([_BLACK if dark else _WHITE for row in symbol.matrix for dark in row])
    side = len(symbol.matrix) * symbol.dots_a_module
    return modules.resize((side, side), Image.Resampling.NEAREST)


def _canvas(dots_a_mm: float) -> _Canvas:
    # Never a dot wider than the stock.
    size = (int(WIDTH_MM * dots_a_mm + 1e-6), int(HEIGHT_MM * dots_a_mm + 1e-6))
    image = Image.new("1", size, _WHITE)
    return _Canvas(image, dots_a_mm)


def _draw_bar(canvas: _Canvas, bar: Box) -> None:
    left, top = canvas.dots(bar.x), canvas.dots(bar.y)
    right, bottom = canvas.dots(bar.right), max(top + 1, canvas.dots(bar.bottom))
    canvas.image.paste(_BLACK, (left, top, right, bottom))


def _draw_line(canvas: _Canvas, line: Line) -> None:
    pen, baseline = canvas.dots(line.x), canvas.dots(line.baseline)
    for letter in line.text:
        glyph = _glyph(letter, line.weight, canvas.dots(line.size))
        corner = (pen + glyph.left, baseline + glyph.top)
        canvas.image.paste(_WHITE if line.white else _BLACK, corner, glyph.ink)
        pen += glyph.advance


@lru_cache(maxsize=4096)
def _length(text: str, weight: Weight, dots: int) -> int:
    return sum(_glyph(letter, weight, dots).advance for letter in text)


@cache
def _glyph(letter: str, weight: Weight, dots: int) -> _Glyph:
    """A letter drawn once: hinting it costs more than all else on the label."""
    font = _font(weight, dots)
    left, top, right, bottom = font.getbbox(letter, mode="1", anchor="ls")
    ink = Image.new("1", (ceil(right - left), ceil(bottom - top)))
    draw = ImageDraw.Draw(ink)
    draw.fontmode = "1"  # hinted black and white: greys would become ragged dots on the printer
    draw.text((-left, -top), letter, fill=1, font=font, anchor="ls")
    return _Glyph(ink, round(left), round(top), round(font.getlength(letter, mode="1")))


@cache
def _font(weight: Weight, dots: int) -> ImageFont.FreeTypeFont:
    # BASIC: the same widths on every machine, with or without a shaping library.
    return ImageFont.truetype(font_file(weight), dots, layout_engine=ImageFont.Layout.BASIC)
