"""The ruler page: what a printer's own measure is found with. Boxes of every label, and rulers to read."""

from datetime import datetime
from io import BytesIO

from app.labels.fitting import SMALLEST_MM
from app.labels.letters import font_files, printable, width_of
from app.labels.paper import Paper
from app.labels.pdf_stream import Bar, Face, Page, Placed, TextRun, write_pdf
from app.labels.typeface import Weight

_LINE_MM = 0.15
_RULER_MM = 100
_INSET_MM = 8.0
_LARGEST_MM = 3.0
_LOWEST_MM = 40


def ruler_page(paper: Paper, *, name: str, made: datetime) -> bytes:
    """One page: the edge of every label, a cross at each corner, rulers in millimetres, what to measure.

    Printed at 100 % and laid on the paper it says how far everything is off, in both directions.
    """
    out = BytesIO()
    faces = [Placed(0, 0, face=Face(bars=tuple(_boxes(paper)))), *_rulers(paper)]
    write_pdf(
        out,
        [Page(paper.width, paper.height, (*faces, _words(paper, name)))],
        fonts=font_files(),
        title=name,
        made=made,
    )
    return out.getvalue()


def _boxes(paper: Paper) -> list[Bar]:
    bars: list[Bar] = []
    for place in range(paper.places):
        x, y = paper.corner(place)
        right, bottom = x + paper.label_width, y + paper.label_height
        bars += [
            Bar(x, y, paper.label_width, _LINE_MM),
            Bar(x, bottom - _LINE_MM, paper.label_width, _LINE_MM),
            Bar(x, y, _LINE_MM, paper.label_height),
            Bar(right - _LINE_MM, y, _LINE_MM, paper.label_height),
        ]
    return [bar for bar in bars if _inside(paper, bar)]


def _rulers(paper: Paper) -> list[Placed]:
    """One ruler along the top of the page and one down its left side, a tick a millimetre."""
    across = min(_RULER_MM, int(paper.width - _INSET_MM) // 10 * 10)
    down = min(_RULER_MM, int(paper.height - _INSET_MM) // 10 * 10)
    level = [Bar(at, 0, _LINE_MM, _tick(at)) for at in range(across + 1)]
    upright = [Bar(0, at, _tick(at), _LINE_MM) for at in range(down + 1)]
    numbers = tuple(
        TextRun(str(at), at + 0.3, _tick(at) + 1.6, 1.8) for at in range(10, across + 1, 10)
    )
    found = []
    if across > 0:
        found.append(
            Placed(_INSET_MM / 2, _INSET_MM / 2, face=Face(bars=tuple(level), runs=numbers))
        )
    if down > 0:
        found.append(Placed(_INSET_MM / 2, _INSET_MM / 2, face=Face(bars=tuple(upright))))
    return found


def _words(paper: Paper, name: str) -> Placed:
    name = printable(name)[0]
    lines: tuple[str, ...] = (
        name,
        "In ở 100 %, không co giãn. Đo: 1) vạch 100 mm dài bao nhiêu;",
        "2) mép trái và mép trên của tem đầu lệch bao nhiêu; 3) từ tem này sang tem kế bên bao xa.",
    )
    room = paper.width - 2 * _INSET_MM
    widest = max(width_of(line, Weight.REGULAR, 1) for line in lines)
    size = min(_LARGEST_MM, room / widest)
    if size < SMALLEST_MM or paper.height < _LOWEST_MM:
        # A small roll has room for the printer's name.
        lines = lines[:1]
        size = min(_LARGEST_MM, room / max(1.0, width_of(name, Weight.REGULAR, 1)))
    runs = tuple(
        TextRun(text, _INSET_MM, _INSET_MM + 2 + (at + 1) * size * 1.3, size)
        for at, text in enumerate(lines)
    )
    return Placed(0, 0, face=Face(runs=runs))


def _tick(at: int) -> float:
    return 4.0 if at % 10 == 0 else 3.0 if at % 5 == 0 else 2.0


def _inside(paper: Paper, bar: Bar) -> bool:
    right, bottom = bar.x + bar.width, bar.y + bar.height
    return bar.x >= 0 and bar.y >= 0 and right <= paper.width and bottom <= paper.height
