"""One label as SVG: letters as outlines, so that it looks the same wherever it is opened."""

from base64 import b64encode
from functools import cache
from xml.sax.saxutils import escape

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from app.labels.artwork_placing import ArtworkAt
from app.labels.carton_marks import dark_runs
from app.labels.fitting import Box, Line
from app.labels.letters import font_files, pieces, width_of
from app.labels.run_labels import Label


def label_svg(label: Label, *, title: str) -> bytes:
    """The label in millimetres; its words stand in `<title>` and `<desc>` for who cannot see them."""
    composed = label.front.composed
    lines = (*label.front.lines, *label.lines)
    wide, high = composed.width, composed.height
    told = escape(" | ".join(line.text for line in lines))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm"'
        f' viewBox="0 0 {wide} {high}">'
    )
    parts = [
        head,
        f"<title>{escape(title)}</title><desc>{told}</desc>",
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        *map(_bar, (*label.front.bars, *label.bars)),
        *map(_artwork, label.front.artworks),
        f'<path d="{_symbol(label)}"/>',
        *map(_line, lines),
        "</svg>",
    ]
    return "\n".join(parts).encode()


def _bar(bar: Box) -> str:
    place = f'x="{bar.x:.3f}" y="{bar.y:.3f}"'
    return f'<rect {place} width="{bar.width:.3f}" height="{bar.height:.3f}"/>'


def _artwork(placed: ArtworkAt) -> str:
    box, content = placed.box, b64encode(placed.artwork.content).decode()
    place = f'x="{box.x:.3f}" y="{box.y:.3f}" width="{box.width:.3f}" height="{box.height:.3f}"'
    return f'<image {place} href="data:image/png;base64,{content}"/>'


def _symbol(label: Label) -> str:
    qr = label.front.qr
    module = qr.side / qr.size.modules
    parts = []
    for at, row in enumerate(label.modules):
        for start, length in dark_runs(row):
            corner = f"M{qr.x + start * module:.4f} {qr.y + at * module:.4f}"
            parts.append(f"{corner}h{length * module:.4f}v{module:.4f}h{-length * module:.4f}z")
    return "".join(parts)


def _line(line: Line) -> str:
    drawn, x = [], line.x
    for name, text in pieces(line.text, line.weight):
        for letter in text:
            path, em = _outline(letter, name)
            scale = line.size / em
            moved = f"translate({x:.3f} {line.baseline:.3f}) scale({scale:.6f} {-scale:.6f})"
            drawn.append(f'<path transform="{moved}" d="{path}"/>')
            x += width_of(letter, line.weight, line.size)
    return f"<g>{''.join(drawn)}</g>"


@cache
def _outline(letter: str, name: str) -> tuple[str, int]:
    font = _font(name)
    glyphs = font.getGlyphSet()
    pen = SVGPathPen(glyphs)
    glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
    return pen.getCommands(), font["head"].unitsPerEm


@cache
def _font(name: str) -> TTFont:
    return TTFont(font_files()[name])
