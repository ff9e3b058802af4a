"""Fitting texts into a box: smaller letters first, then more lines, and only then an ellipsis."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import TypeAlias

from app.labels.typeface import DEPTH, X_HEIGHT, Weight

# Text, weight and em give a width, all in mm. Additive: a line is as wide as its letters together.
Measure: TypeAlias = Callable[[str, Weight, float], float]

# NĐ 37/2026/NĐ-CP art. 37: letters of a small label are at least 0.9 mm high, here the small
# letters (x-height), so that every letter is.
SMALLEST_LETTER_MM = 0.9
# Letter sizes go in eighths of a millimetre: whole dots at 203 dpi, where hinting needs them.
STEP_MM = 0.125
SMALLEST_MM = 1.75
LEADING = 1.2

_ELLIPSIS = "…"
_RISE = LEADING - DEPTH  # from the top of a line's band to its baseline, in em
_SHRINK = 0.8
_WIDEST_GAP_MM = 0.6
_SLACK_MM = 1e-6

if SMALLEST_MM * X_HEIGHT < SMALLEST_LETTER_MM:
    raise AssertionError("the smallest letters would be lower than the law allows")


@dataclass(frozen=True)
class Box:
    """A rectangle, in mm from the label's top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Item:
    """One fact as it would be printed, between two letter sizes (em, mm).

    An `optional` one is shortened first, and left out where even one line each is too much. One
    that `shrinks` takes letters up to a fifth smaller to save a line; the others keep the size
    they share with their neighbours.
    """

    field: str
    text: str
    weight: Weight = Weight.REGULAR
    largest: float = 2.0
    smallest: float = SMALLEST_MM
    optional: bool = False
    shrinks: bool = False


@dataclass(frozen=True)
class Line:
    """A line of text with the start of its baseline, in mm; `white` on a dark bar."""

    field: str
    text: str
    x: float
    baseline: float
    size: float
    weight: Weight
    white: bool = False


@dataclass(frozen=True)
class Fitted:
    """The lines, and the fields whose text had to be cut short."""

    lines: tuple[Line, ...] = ()
    shortened: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Block:
    item: Item
    size: float
    lines: tuple[str, ...]
    cut: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


def fit(items: Sequence[Item], box: Box, measure: Measure) -> Fitted:
    """The items from top to bottom of the box, as large as they all fit, nothing outside it.

    Every item keeps at least one line, optional ones excepted; a box too low for that many is a
    mistake of the layout (AssertionError).
    """
    blocks: list[_Block] = []
    tried = _Blocks(box.width, measure)
    for share in _shares(items):
        blocks = tried.of(items, share)
        if _height(blocks) <= box.height + _SLACK_MM:
            return _placed(blocks, box)
    return _placed(_cut_to_height(blocks, box, measure), box)


def one_line_size(item: Item, width: float, measure: Measure) -> float | None:
    """The largest size, from the one it would like down, at which the text is one line; or None."""
    steps = round((_scaled(item, 1) - item.smallest) / STEP_MM)
    sizes = (item.smallest + step * STEP_MM for step in range(steps, -1, -1))
    return next((s for s in sizes if measure(item.text, item.weight, s) <= width + _SLACK_MM), None)


def _shares(items: Sequence[Item]) -> Iterator[float]:
    largest = max((item.largest for item in items), default=SMALLEST_MM)
    steps = round((largest - SMALLEST_MM) / STEP_MM)
    return (1 - step * STEP_MM / largest for step in range(steps + 1))


def _scaled(item: Item, share: float) -> float:
    return max(item.smallest, floor(item.largest * share / STEP_MM + _SLACK_MM) * STEP_MM)


class _Blocks:
    """Items in lines of one width; most shares ask for a size that was tried before."""

    def __init__(self, width: float, measure: Measure) -> None:
        self._width = width
        self._measure = measure
        self._lines: dict[tuple[str, Weight, float], tuple[str, ...]] = {}
        self._blocks: dict[tuple[int, float], _Block] = {}

    def of(self, items: Sequence[Item], share: float) -> list[_Block]:
        """Every item, with this share of the largest letters it would like."""
        return [self._known(number, item, share) for number, item in enumerate(items)]

    def _known(self, number: int, item: Item, share: float) -> _Block:
        size = _scaled(item, share)
        block = self._blocks.get((number, size))
        if block is None:
            block = self._blocks[number, size] = self._block(item, size)
        return block

    def _block(self, item: Item, size: float) -> _Block:
        """The item in as few lines as the sizes it may take allow, in the largest of these sizes."""
        lowest = max(item.smallest, size * _SHRINK) if item.shrinks else size
        steps = int((size - lowest) / STEP_MM + _SLACK_MM)
        sizes = (size - step * STEP_MM for step in range(steps + 1))
        tries = (_Block(item, em, self._in_lines(item, em)) for em in sizes)
        return min(tries, key=lambda block: len(block.lines))

    def _in_lines(self, item: Item, size: float) -> tuple[str, ...]:
        key = item.text, item.weight, size
        lines = self._lines.get(key)
        if lines is None:
            lines = tuple(_wrapped(item.text, self._width, _ruler(item, size, self._measure)))
            self._lines[key] = lines
        return lines


def _ruler(item: Item, size: float, measure: Measure) -> Callable[[str], float]:
    return lambda text: measure(text, item.weight, size)


def _wrapped(text: str, width: float, length: Callable[[str], float]) -> Iterator[str]:
    line, used, blank = "", 0.0, length(" ")
    for word in text.split(" "):
        *full, rest = _broken(word, width, length)
        wide = length(rest)
        if line and not full and used + blank + wide <= width:
            line, used = f"{line} {rest}", used + blank + wide
            continue
        if line:
            yield line
        yield from full
        line, used = rest, wide
    yield line


def _broken(word: str, width: float, length: Callable[[str], float]) -> list[str]:
    """The word in pieces that fit, for words wider than a whole line; else in one."""
    if length(word) <= width:
        return [word]
    pieces, used = [""], 0.0
    for letter in word:
        wide = length(letter)
        if pieces[-1] and used + wide > width:
            kept = _to_the_hyphen(pieces[-1])
            pieces[-1:] = [pieces[-1][:kept], pieces[-1][kept:]]
            used = sum(map(length, pieces[-1]))
        pieces[-1] += letter
        used += wide
    return pieces


def _to_the_hyphen(piece: str) -> int:
    """How much of a full line stays on it: up to its last hyphen when that is past the middle."""
    hyphen = piece.rfind("-") + 1
    return hyphen if hyphen * 2 > len(piece) else len(piece)


def _cut_to_height(blocks: list[_Block], box: Box, measure: Measure) -> list[_Block]:
    while _height(blocks) > box.height + _SLACK_MM:
        at = max(range(len(blocks)), key=lambda n: (*_willing(blocks[n]), n))
        if len(blocks[at].lines) > 1:
            blocks[at] = _one_line_less(blocks[at], box.width, measure)
        elif blocks[at].item.optional:
            blocks[at] = replace(blocks[at], lines=(), cut=True)
        else:
            raise AssertionError(f"{len(blocks)} facts do not fit {box}")
    return blocks


def _willing(block: _Block) -> tuple[bool, int, bool]:
    """Who gives way first: optional texts of several lines, then long ones, then optional ones."""
    several = len(block.lines) > 1
    return block.item.optional and several, len(block.lines), block.item.optional


def _one_line_less(block: _Block, width: float, measure: Measure) -> _Block:
    kept = block.lines[:-2]
    start = 0
    for line in kept:
        start = block.item.text.index(line, start) + len(line)
    last = block.item.text[start:].lstrip()
    while measure(last + _ELLIPSIS, block.item.weight, block.size) > width:
        last = last[:-1]
    whole_words = last.rpartition(" ")[0]
    if len(whole_words) * 2 > len(last):
        last = whole_words
    return replace(block, lines=(*kept, last.rstrip(" ,.-(") + _ELLIPSIS), cut=True)


def _height(blocks: Sequence[_Block]) -> float:
    return sum(block.height for block in blocks)


def _placed(blocks: Sequence[_Block], box: Box) -> Fitted:
    spare = box.height - _height(blocks)
    gap = max(0.0, min(_WIDEST_GAP_MM, spare / max(1, len(blocks) - 1)))
    lines: list[Line] = []
    top = box.y
    for block in blocks:
        pitch = block.size * LEADING
        for number, text in enumerate(block.lines):
            baseline = top + number * pitch + block.size * _RISE
            lines.append(
                Line(block.item.field, text, box.x, baseline, block.size, block.item.weight)
            )
        top += block.height + gap
    return Fitted(tuple(lines), tuple(block.item.field for block in blocks if block.cut))
