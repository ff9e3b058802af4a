"""A file for a printer, seen as labels: where each begins and ends, so that a run can go on in its middle."""

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.errors import Refused, refuse
from app.kit.messages import say
from app.labels.printer_languages import PrinterLanguage

Span: TypeAlias = tuple[int, int]
Found: TypeAlias = tuple[list[tuple[int, Span]], list[Span]]

_ZPL_END, _ZPL_STORING = b"^XZ", b"^DF"
_TSPL_PICTURE, _TSPL_PRINT, _TSPL_FIRST, _LINE_END = b"BITMAP ", b"PRINT ", b"CLS\r\n", b"\r\n"
_RESET, _RASTER, _FEED, _CUT = b"\x1b@", b"\x1dv0", b"\x1bJ", b"\x1dV"
_RASTER_HEAD = 8


@dataclass(frozen=True)
class LabelFile:
    """Where the labels lie in the file, and what sets the printer up: from which label on, and where.

    A label's span holds the setup that comes with it.
    """

    path: Path
    setups: tuple[tuple[int, Span], ...]
    spans: tuple[Span, ...]

    def pieces(self, first: int = 1) -> Iterator[bytes]:
        """The labels from number `first` on, counted from 1, the printer set up before them."""
        with self.path.open("rb") as file, _mapped(file.fileno()) as content:
            earlier = [span for at, span in self.setups if at < first - 1]
            comes_with_it = any(at == first - 1 for at, _ in self.setups)
            setup = content[slice(*earlier[-1])] if earlier and not comes_with_it else b""
            for start, end in self.spans[first - 1 :]:
                yield setup + content[start:end]
                setup = b""


def label_file(path: Path) -> LabelFile:
    """The labels in a file of ZPL, TSPL or ESC/POS, told apart by the end of its name."""
    try:
        spans = _SPANS[PrinterLanguage(path.suffix.lower().lstrip("."))]
    except ValueError:
        raise refuse(
            "file",
            say(
                "Label printers read .zpl, .tspl and .escpos files; print {name} to a queue instead.",
                name=path.name,
            ),
        ) from None
    if path.stat().st_size == 0:
        raise _unreadable(path)
    with path.open("rb") as file, _mapped(file.fileno()) as content:
        setups, found = spans(content)
        if not found:
            raise _unreadable(path)
        return LabelFile(path, tuple(setups), tuple(found))


def _mapped(descriptor: int) -> mmap.mmap:
    return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def _unreadable(path: Path) -> Refused:
    return refuse("file", say("There is no label in {name}.", name=path.name))


def _zpl(content: mmap.mmap) -> Found:
    """Formats from ^XA to ^XZ; one that only stores a face is the setup of the labels behind it."""
    start = begun = 0
    setups: list[tuple[int, Span]] = []
    spans: list[Span] = []
    while (end := content.find(_ZPL_END, begun)) >= 0:
        end += len(_ZPL_END)
        end += len(content[end : end + 2]) - len(content[end : end + 2].lstrip(_LINE_END))
        if content.find(_ZPL_STORING, begun, end) >= 0:
            setups.append((len(spans), (begun, end)))
        else:
            spans.append((start, end))
            start = end
        begun = end
    return setups, spans


def _tspl(content: mmap.mmap) -> Found:
    """Labels from CLS to the line of PRINT; a bitmap's bytes are stepped over, whatever they look like."""
    first = max(0, content.find(_TSPL_FIRST))
    start, at = 0, first
    spans: list[Span] = []
    while (line := content.find(_LINE_END, at)) >= 0:
        if content[at : at + len(_TSPL_PICTURE)] == _TSPL_PICTURE:
            at = _after_picture(content, at)
            continue
        is_print = content[at : at + len(_TSPL_PRINT)] == _TSPL_PRINT
        at = line + len(_LINE_END)
        if is_print:
            spans.append((start, at))
            start = at
    return [(0, (0, first))], spans


def _after_picture(content: mmap.mmap, at: int) -> int:
    begun, left = at + len(_TSPL_PICTURE), 5
    while left and begun:
        begun, left = content.find(b",", begun) + 1, left - 1
    if not begun:
        return len(content)
    numbers = content[at + len(_TSPL_PICTURE) : begun].split(b",")
    try:
        return begun + int(numbers[2]) * int(numbers[3]) + len(_LINE_END)
    except ValueError:
        return len(content)


def _escpos(content: mmap.mmap) -> Found:
    """Labels from one reset of the printer to the next, command by command."""
    at, starts = 0, []
    while at < len(content):
        if content[at : at + 2] == _RESET:
            starts.append(at)
        step = _step(content, at)
        if step is None:
            break
        at += step
    ends = [*starts[1:], len(content)]
    return [], list(zip(starts, ends, strict=False))


def _step(content: mmap.mmap, at: int) -> int | None:
    command = content[at : at + 2]
    if command == _RESET:
        return 2
    if command == _FEED:
        return 3
    if command == _CUT:
        return 4
    if content[at : at + 3] == _RASTER:
        wide = int.from_bytes(content[at + 4 : at + 6], "little")
        high = int.from_bytes(content[at + 6 : at + 8], "little")
        return _RASTER_HEAD + wide * high
    return None


_SPANS: dict[PrinterLanguage, Callable[[mmap.mmap], Found]] = {
    PrinterLanguage.ZPL: _zpl,
    PrinterLanguage.TSPL: _tspl,
    PrinterLanguage.ESCPOS: _escpos,
}
