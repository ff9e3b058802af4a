"""A run as a PDF: a page a sheet, or a page a row of the roll; text that can be selected, fonts inside."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

from app.labels.artwork_placing import ArtworkAt, grey_of
from app.labels.fitting import Box, Line
from app.labels.letters import font_files, pieces, width_of
from app.labels.paper import Paper
from app.labels.pdf_stream import Bar, Face, GreyAt, Page, Placed, SymbolAt, TextRun, write_pdf
from app.labels.run_labels import Front, Label

_MARK_MM = 3.0
_MARK_AWAY_MM = 0.5
_HAIRLINE_MM = 0.1
_MARK_GREY = 0.55


def write_run_pdf(
    out: BinaryIO,
    paper: Paper,
    labels: Iterable[Label],
    *,
    start_at: int,
    crop_marks: bool,
    title: str,
    made: datetime,
    language: str,
) -> int:
    """Write the labels from place `start_at` (from 1) of the first page on; how many pages it took."""
    return write_pdf(
        out,
        pages_of(paper, labels, start_at=start_at, crop_marks=crop_marks),
        fonts=font_files(),
        title=title,
        made=made,
        language=language,
    )


def pages_of(
    paper: Paper, labels: Iterable[Label], *, start_at: int, crop_marks: bool
) -> Iterator[Page]:
    """The pages as they fill, each let go when the next begins."""
    marks = _marks(paper) if crop_marks and not paper.roll else None
    placed: list[Placed] = []
    place = start_at - 1
    for label in labels:
        placed.append(_placed(label, paper.corner(place)))
        place += 1
        if place == paper.places:
            yield Page(paper.width, paper.height, _with(marks, placed))
            placed, place = [], 0
    if placed:
        yield Page(paper.width, paper.height, _with(marks, placed))


def runs_of(lines: Iterable[Line]) -> tuple[TextRun, ...]:
    """Lines as runs of one font each."""
    return tuple(chain.from_iterable(map(_runs, lines)))


def _with(marks: Placed | None, placed: list[Placed]) -> tuple[Placed, ...]:
    return (marks, *placed) if marks else tuple(placed)


def _placed(label: Label, corner: tuple[float, float]) -> Placed:
    qr = label.front.qr
    return Placed(
        x=corner[0],
        y=corner[1],
        face=_face(label.front),
        symbols=(SymbolAt(label.modules, qr.x, qr.y, qr.side),),
        runs=runs_of(label.lines),
        bars=tuple(map(_bar, label.bars)),
    )


@lru_cache(maxsize=64)
def _face(front: Front) -> Face:
    return Face(
        runs=runs_of(front.lines),
        bars=tuple(map(_bar, front.bars)),
        pictures=tuple(map(_grey, front.artworks)),
    )


def _grey(placed: ArtworkAt) -> GreyAt:
    art, box = placed.artwork, placed.box
    return GreyAt(grey_of(art), art.width, art.height, box.x, box.y, box.width, box.height)


def _bar(box: Box) -> Bar:
    return Bar(box.x, box.y, box.width, box.height)


@lru_cache(maxsize=8192)
def _runs(line: Line) -> tuple[TextRun, ...]:
    runs, x = [], line.x
    for name, text in pieces(line.text, line.weight):
        runs.append(TextRun(text, x, line.baseline, line.size, font=name, white=line.white))
        x += width_of(text, line.weight, line.size)
    return tuple(runs)


def _marks(paper: Paper) -> Placed:
    """Ticks in the margins at every edge of a label: nothing of them lies on one."""
    left, top = paper.corner(0)
    last_x, last_y = paper.corner(paper.places - 1)
    right, bottom = last_x + paper.label_width, last_y + paper.label_height
    across = {
        paper.corner(at)[0] + side for at in range(paper.columns) for side in (0, paper.label_width)
    }
    rows = range(0, paper.places, paper.columns)
    down = {paper.corner(at)[1] + side for at in rows for side in (0, paper.label_height)}
    bars = [
        *(_upright(x, top - _MARK_AWAY_MM - _MARK_MM) for x in sorted(across)),
        *(_upright(x, bottom + _MARK_AWAY_MM) for x in sorted(across)),
        *(_level(left - _MARK_AWAY_MM - _MARK_MM, y) for y in sorted(down)),
        *(_level(right + _MARK_AWAY_MM, y) for y in sorted(down)),
    ]
    inside = [bar for bar in bars if _on(paper, bar)]
    return Placed(0, 0, face=Face(bars=tuple(inside)))


def _upright(x: float, y: float) -> Bar:
    return Bar(x - _HAIRLINE_MM / 2, y, _HAIRLINE_MM, _MARK_MM, _MARK_GREY)


def _level(x: float, y: float) -> Bar:
    return Bar(x, y - _HAIRLINE_MM / 2, _MARK_MM, _HAIRLINE_MM, _MARK_GREY)


def _on(paper: Paper, bar: Bar) -> bool:
    return (
        bar.x >= 0
        and bar.y >= 0
        and bar.x + bar.width <= paper.width
        and bar.y + bar.height <= paper.height
    )
