"""Where everything lies in a QR symbol: patterns, the path of the bits, and the eight masks."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.labels.qr_tables import (
    Blocks,
    Level,
    alignment_centres,
    blocks_of,
    format_bits,
    side_of,
    version_bits,
)

MASKS = 8
_TIMING = 6


@dataclass(frozen=True)
class Layout:
    """What a version at a level looks like.

    `path[row, column]` is the bit that stands there, in a row of all codewords (data, then
    correction, block by block, then one bit that is never set).
    `grounds[mask]` is what the bits are added to: patterns, format and the mask itself.
    """

    version: int
    level: Level
    path: NDArray[np.intp]
    grounds: NDArray[np.uint8]


@cache
def layout_of(version: int, level: Level) -> Layout:
    """The layout; made once."""
    side = side_of(version)
    patterns, free = _patterns(version)
    order = _interleaved(blocks_of(version, level))
    path = np.full((side, side), len(order) * 8, dtype=np.intp)
    bits = (order[:, None] * 8 + np.arange(8)).ravel()
    places = list(_zigzag(free))[: len(bits)]
    rows, columns = np.array(places).T
    path[rows, columns] = bits
    grounds = np.stack(
        [_with_format(patterns, level, mask) | (_mask(side, mask) & free) for mask in range(MASKS)]
    )
    return Layout(version, level, path, grounds.astype(np.uint8))


def _patterns(version: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The function patterns (True is dark), and which modules are free for bits."""
    side = side_of(version)
    dark, free = np.zeros((side, side), bool), np.ones((side, side), bool)
    for line, kept in ((dark, np.arange(side) % 2 == 0), (free, np.zeros(side, bool))):
        line[_TIMING, :] = line[:, _TIMING] = kept
    for row, column in ((3, 3), (3, side - 4), (side - 4, 3)):
        _square(dark, free, row, column, reach=4, light=(2, 4))
    for row, column in alignment_centres(version):
        _square(dark, free, row, column, reach=2, light=(1,))
    free[8, :9] = free[:9, 8] = free[8, side - 8 :] = free[side - 8 :, 8] = False
    dark[side - 8, 8] = True
    _draw_version(dark, free, version)
    return dark, free


def _square(
    dark: NDArray[np.bool_],
    free: NDArray[np.bool_],
    row: int,
    column: int,
    *,
    reach: int,
    light: tuple[int, ...],
) -> None:
    """Rings around a centre, clipped to the symbol: those named are light, the others dark."""
    rows, columns = np.ogrid[: len(dark), : len(dark)]
    ring = np.maximum(abs(rows - row), abs(columns - column))
    within = ring <= reach
    dark[within] = ~np.isin(ring[within], light)
    free[within] = False


def _draw_version(dark: NDArray[np.bool_], free: NDArray[np.bool_], version: int) -> None:
    bits = version_bits(version)
    if bits is None:
        return
    for at in range(18):
        row, column = at // 3, len(dark) - 11 + at % 3
        dark[row, column] = dark[column, row] = bits >> at & 1
        free[row, column] = free[column, row] = False


def _with_format(patterns: NDArray[np.bool_], level: Level, mask: int) -> NDArray[np.bool_]:
    """The patterns with both copies of the format information (figure 25)."""
    drawn, last = patterns.copy(), len(patterns) - 1
    bits = [bool(format_bits(level, mask) >> at & 1) for at in range(15)]
    down = [0, 1, 2, 3, 4, 5, 7, 8]  # column 8 from the top, then row 8 back to the left
    drawn[down, 8] = bits[:8]
    drawn[8, [7, 5, 4, 3, 2, 1, 0]] = bits[8:]
    drawn[8, [last - at for at in range(8)]] = bits[:8]
    drawn[[last - 6 + at for at in range(7)], 8] = bits[8:]
    return drawn


def _mask(side: int, mask: int) -> NDArray[np.bool_]:
    """Which modules a mask turns over (table 10); i counts rows, j columns."""
    i, j = np.ogrid[:side, :side]
    conditions = (
        (i + j) % 2,
        i % 2 + 0 * j,
        j % 3 + 0 * i,
        (i + j) % 3,
        (i // 2 + j // 3) % 2,
        i * j % 2 + i * j % 3,
        (i * j % 2 + i * j % 3) % 2,
        ((i + j) % 2 + i * j % 3) % 2,
    )
    return np.asarray(conditions[mask] == 0)


def _zigzag(free: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """The free modules in the order of the bits: pairs of columns from the right, up and down."""
    side = len(free)
    columns = [*range(side - 1, _TIMING, -2), *range(_TIMING - 1, 0, -2)]
    for turn, right in enumerate(columns):
        rows = range(side) if turn % 2 else range(side - 1, -1, -1)
        for row in rows:
            for column in (right, right - 1):
                if free[row, column]:
                    yield row, column


def _interleaved(blocks: Blocks) -> NDArray[np.intp]:
    """The order in which codewords are written (§7.6): one of each block in turn."""
    lengths = [blocks.short_data] * blocks.short + [blocks.long_data] * blocks.long
    starts = np.cumsum([0, *lengths])
    data = [
        starts[block] + at
        for at in range(max(lengths))
        for block in range(blocks.count)
        if at < lengths[block]
    ]
    correction = [
        starts[-1] + block * blocks.correction + at
        for at in range(blocks.correction)
        for block in range(blocks.count)
    ]
    return np.array(data + correction, dtype=np.intp)
