"""The ruler page: what a printer's own measure is found with. Boxes of every label, and rulers to read."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from app.labels.bitmap import bitmap_of
from app.labels.fitting import SMALLEST_MM, Box, Line
from app.labels.letters import font_files, printable, width_of
from app.labels.paper import Paper, paper_of
from app.labels.pdf_stream import Bar, Face, Page, Placed, TextRun, write_pdf
from app.labels.printer_languages import PrinterLanguage, printed
from app.labels.run_orders import MEDIA_TYPES, PRINTED_IN_DOTS
from app.labels.run_picture import drawn_picture
from app.labels.stock_queries import ProfileLine
from app.labels.tspl import Stock
from app.labels.typeface import Weight
from app.models.print_runs import Output

_LINE_MM = 0.15
_RULER_MM = 100
_INSET_MM = 8.0
_LARGEST_MM = 3.0
_LOWEST_MM = 40


@dataclass(frozen=True)
class RulerFile:
    """A ruler page as a printer reads it: its bytes, their media type, how the file's name ends."""

    content: bytes
    media_type: str
    ending: str


def ruler_of(line: ProfileLine, made: datetime) -> RulerFile:
    """The ruler page of a printer: in its own language, else as a PDF."""
    profile, paper = line.profile, paper_of(line.stock, line.profile)
    media_type, ending = MEDIA_TYPES[profile.output]
    if profile.output not in PRINTED_IN_DOTS or not paper.roll:
        page = ruler_page(paper, name=profile.name, made=made)
        return RulerFile(page, *MEDIA_TYPES[Output.PDF])
    page = _in_dots(paper, PrinterLanguage(ending), profile.name, profile.dpi)
    return RulerFile(page, media_type, ending)


def ruler_page(paper: Paper, *, name: str, made: datetime) -> bytes:
    """One page: the edge of every label, a cross at each corner, rulers in millimetres, what to measure.

    Printed at 100 % and laid on the paper it says how far everything is off, in both directions.
    """
    out = BytesIO()
    write_pdf(
        out,
        [Page(paper.width, paper.height, _all_of(paper, name))],
        fonts=font_files(),
        title=name,
        made=made,
    )
    return out.getvalue()


def _in_dots(paper: Paper, language: PrinterLanguage, name: str, dpi: int) -> bytes:
    """The same for a printer that reads no PDF, dot by dot as it prints labels."""
    shown = [(placed, placed.face) for placed in _all_of(paper, name) if placed.face]
    bars = [
        Box(at.x + bar.x, at.y + bar.y, bar.width, bar.height)
        for at, face in shown
        for bar in face.bars
    ]
    lines = [
        Line("", run.text, at.x + run.x, at.y + run.baseline, run.size, Weight(run.font))
        for at, face in shown
        for run in face.runs
    ]
    page = drawn_picture(bars, lines, dpi, width=paper.width, height=paper.label_height)
    roll = Stock(paper.width, paper.label_height, paper.gap)
    return b"".join(printed(language, [(bitmap_of(page), 1)], roll))


def _all_of(paper: Paper, name: str) -> tuple[Placed, ...]:
    boxes = Placed(0, 0, face=Face(bars=tuple(_boxes(paper))))
    return (boxes, *_rulers(paper), _words(paper, name))


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
    return [kept for bar in bars if (kept := _on_paper(paper, bar))]


def line_of(paper: Paper) -> int:
    """How long the longer ruler on a paper is, in mm: what somebody measures; 0 on the smallest labels."""
    return max(0, *_lengths(paper))


def _lengths(paper: Paper) -> tuple[int, int]:
    """Whole tens of millimetres: across, and down."""
    across = min(_RULER_MM, int(paper.width - _INSET_MM) // 10 * 10)
    down = min(_RULER_MM, int(paper.height - _INSET_MM) // 10 * 10)
    return across, down


def _rulers(paper: Paper) -> list[Placed]:
    """One ruler along the top of the page and one down its left side, a tick a millimetre."""
    across, down = _lengths(paper)
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
        f"In ở 100 %, không co giãn. Đo: 1) vạch {line_of(paper)} mm dài bao nhiêu;",
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


def _on_paper(paper: Paper, bar: Bar) -> Bar | None:
    """What of an edge lies on the paper: a printer that is off shifts the others beyond it."""
    left, top = max(0.0, bar.x), max(0.0, bar.y)
    width = min(bar.x + bar.width, paper.width) - left
    height = min(bar.y + bar.height, paper.height) - top
    return Bar(left, top, width, height) if min(width, height) > 0 else None
