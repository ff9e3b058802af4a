"""Which mask reads best: the four penalty rules of ISO/IEC 18004 §7.8.3 on whole rows of bits at once.

A row of modules is a word (or several, beyond 64 modules), the first module in the lowest bit, so
that one shift compares every module with its neighbour and one AND compares two rows. Where a rule
may be read in two ways, it is read as most encoders do: the 1:1:3:1:1 pattern (N3) may be several
modules wide, its light side four times as wide, beyond the edge counts as light, and a pattern with
light on both sides counts twice; format information is part of what is weighed.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.unsignedinteger[Any]]
Counts: TypeAlias = NDArray[np.int32]
Move: TypeAlias = Callable[[Words, int], Words]

_N1, _N2, _N3, _N4 = 3, 3, 40, 10
# Bytes of unmasked rows weighed at once: with eight masks and what is worked out from them, they
# stay in a processor's second cache.
_AT_ONCE = 12_288
_NARROW = 32


def best_masks(modules: NDArray[np.uint8], grounds: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The mask with the least penalty for each symbol, the lowest of equals.

    `modules` (n, side, side) without any mask; `grounds` (masks, side, side) is what each adds.
    """
    side = modules.shape[1]
    rows, added = _words(modules), _words(grounds)[:, :, :, None]
    scores = np.empty((len(grounds), len(modules)), np.int32)
    step = max(1, _AT_ONCE // (rows.nbytes // len(modules)))
    for start in range(0, len(modules), step):
        some = slice(start, start + step)
        drawn = (rows[:, :, None, some] ^ added).reshape(*rows.shape[:2], -1)
        scores[:, some] = penalties(drawn, side).reshape(len(grounds), -1)
    return _settled(rows, added, scores, side)


def penalties(rows: Words, side: int) -> Counts:
    """The penalty of each symbol but for finder-like patterns of more than one module's width.

    `rows` is (words, side, symbols).
    """
    finders = _finders(rows, 1, _across) + _finders(rows, 1, _down)
    return _N3 * finders + _runs_and_blocks(rows, side) + _balance(rows, side)


def wide_finders(rows: Words, side: int) -> Counts:
    """Finder-like patterns of two and more modules' width, along rows and columns."""
    found = np.zeros(rows.shape[2], np.int32)
    for move in (_across, _down):
        dark = rows
        for width in range(2, side // 7 + 1):
            dark = dark & move(rows, width - 1)
            middle = dark & move(dark, width)
            middle &= move(dark, 2 * width)
            middle &= move(dark, -2 * width)
            middle &= move(dark, 4 * width)
            # Few symbols have the long dark middle and its neighbours: only those go on.
            middle &= ~(move(rows, -1) | move(rows, 3 * width))
            some = np.flatnonzero(middle.any(axis=(0, 1)))
            if len(some):
                found[some] += _finders(np.ascontiguousarray(rows[:, :, some]), width, move)
    return found


def _words(modules: NDArray[np.uint8]) -> Words:
    """Rows of bits, (words, side, symbols): 32 bits where a row fits them, else 64 bits a word."""
    side = modules.shape[1]
    size: type[np.unsignedinteger[Any]] = np.uint32 if side <= _NARROW else np.uint64
    octets = np.packbits(modules, axis=2, bitorder="little")
    width = size(0).itemsize
    count = -(-side // (8 * width))
    padded = np.zeros((*octets.shape[:2], count * width), np.uint8)
    padded[:, :, : octets.shape[2]] = octets
    return np.ascontiguousarray(padded.view(size).transpose(2, 1, 0))


def _across(rows: Words, by: int) -> Words:
    """Each module's neighbour `by` modules further along its row; light beyond the edge."""
    if len(rows) == 1:
        return rows >> rows.dtype.type(by) if by > 0 else rows << rows.dtype.type(-by)
    words, bits = divmod(abs(by), 64)
    moved = np.zeros_like(rows)
    if words >= len(rows):
        return moved
    near, far = rows.dtype.type(bits), rows.dtype.type(64 - bits)
    if by > 0:
        moved[: len(rows) - words] = rows[words:] >> near
        moved[: len(rows) - words - 1] |= rows[words + 1 :] << far
    else:
        moved[words:] = rows[: len(rows) - words] << near
        moved[words + 1 :] |= rows[: len(rows) - words - 1] >> far
    return moved


def _down(rows: Words, by: int) -> Words:
    """Each module's neighbour `by` modules further down its column; light beyond the edge."""
    moved = np.empty_like(rows)
    if by > 0:
        moved[:, :-by], moved[:, -by:] = rows[:, by:], 0
    else:
        moved[:, -by:], moved[:, :-by] = rows[:, :by], 0
    return moved


def _edge(rows: Words, start: int) -> Words:
    """Ones from module `start` on, in the shape of one row."""
    bits = 8 * rows.dtype.itemsize
    ones = (1 << bits) - 1
    kept = [max(0, min(bits, start - bits * at)) for at in range(len(rows))]
    return np.array([ones >> low << low for low in kept], rows.dtype)[:, None, None]


def _count(rows: Words) -> Counts:
    """How many bits are set, by symbol."""
    ones = np.bitwise_count(rows)
    counts: Counts = np.add.reduce(ones, axis=(0, 1), dtype=np.uint16).astype(np.int32)
    return counts


def _runs_and_blocks(rows: Words, side: int) -> Counts:
    """N1: 3 for five alike in a line and 1 for each more. N2: 3 for each block of 2 × 2 alike.

    Counted by what differs. Five alike show no change in four steps: a run of n has n - 4 such
    windows and n - 5 windows of six, so that 3 × the former - 2 × the latter is its penalty.
    """
    across = rows ^ _across(rows, 1)
    across |= _edge(rows, side - 1)
    down: Words = rows[:, :-1] ^ rows[:, 1:]
    two: Words = across | _across(across, 1)
    five: Words = two | _across(two, 2)
    six: Words = five | _across(five, 1)
    pair: Words = down[:, :-1] | down[:, 1:]
    five_down: Words = pair[:, :-2] | pair[:, 2:]
    six_down: Words = five_down[:, :-1] | five_down[:, 1:]
    block = across[:, :-1] | across[:, 1:]
    block |= down
    beyond = 8 * rows.dtype.itemsize * len(rows) - side  # bits of a word that are no module
    fives = 2 * side * (side - 4) + side * (beyond + 4)
    sixes = 2 * side * (side - 5) + side * (beyond + 5)
    fives_left: Counts = fives - _count(five) - _count(five_down)
    sixes_left: Counts = sixes - _count(six) - _count(six_down)
    blocks: Counts = (side - 1) * (side + beyond) - _count(block)
    return _N1 * fives_left - 2 * sixes_left + _N2 * blocks


def _finders(rows: Words, width: int, move: Move) -> Counts:
    """N3: dark-light-dark-dark-dark-light-dark, each `width` modules, light beside it.

    Light is wanted four times as far on one side and once on the other; both ways round count.
    """
    dark = some = past = rows
    for by in range(1, width):
        ahead = move(rows, by)
        dark, some, past = dark & ahead, some | ahead, past | move(rows, -by)
    core = dark & move(dark, 2 * width)
    core &= move(dark, 3 * width)
    core &= move(dark, 4 * width)
    core &= move(dark, 6 * width)
    core &= ~(move(some, width) | move(some, 5 * width))
    if not core.any():
        return np.zeros(rows.shape[2], np.int32)
    after, before = move(some, 7 * width), move(past, -1)
    far_after = after | move(after, width)
    far_after |= move(far_after, 2 * width)
    far_before = before | move(before, -width)
    far_before |= move(far_before, -2 * width)
    return _count(core & ~(far_after | before)) + _count(core & ~(far_before | after))


def _balance(rows: Words, side: int) -> Counts:
    """N4: 10 for each 5 % that the dark modules are away from half."""
    total = side * side
    away = abs(_count(rows) * 20 - total * 10)
    return _N4 * (-(-away // total) - 1)


def _settled(rows: Words, added: Words, scores: Counts, side: int) -> NDArray[np.intp]:
    """The best mask, wide finder-like patterns counted too.

    They are rare and only add, so they are looked for in the leading mask alone, until a leader
    keeps its lead.
    """
    best: NDArray[np.intp] = scores.argmin(axis=0)
    seen = np.zeros(scores.shape, np.bool_)
    unsure = np.arange(scores.shape[1])
    while len(unsure):
        leading = best[unsure]
        lines = rows[:, :, unsure] ^ added[:, :, leading, 0]
        scores[leading, unsure] += _N3 * wide_finders(lines, side)
        seen[leading, unsure] = True
        best[unsure] = scores[:, unsure].argmin(axis=0)
        unsure = unsure[~seen[best[unsure], unsure]]
    return best
