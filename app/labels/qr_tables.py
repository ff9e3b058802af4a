"""The figures of QR symbols (ISO/IEC 18004:2015): capacities, alignment, format and version information."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias, get_args

Level: TypeAlias = Literal["L", "M", "Q", "H"]
LEVELS: tuple[Level, ...] = get_args(Level)
VERSIONS = range(1, 41)
QUIET_MODULES = 4

# Table 9: error correction codewords of a block, and how many blocks, for versions 1 to 40.
_CORRECTION = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28"
    " 28 28 30 30 26 28 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26"
    " 26 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28 28",
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30"
    " 28 30 30 30 30 28 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28"
    " 30 24 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30",
}
_BLOCKS = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8"
    " 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 21 22 24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16"
    " 17 17 18 20 21 23 25 26 28 29 31 33 35 37 38 40 43 45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20"
    " 23 23 25 27 29 34 34 35 38 40 43 45 48 51 53 56 59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25"
    " 25 34 30 32 35 37 40 42 45 48 51 54 57 60 63 66 70 74 77 81",
}
_LEVEL_BITS = {"L": 1, "M": 0, "Q": 3, "H": 2}
_FORMAT_GENERATOR, _FORMAT_MASK, _FORMAT_CHECK = 0x537, 0x5412, 10
_VERSION_GENERATOR, _VERSION_CHECK = 0x1F25, 12
_FIRST_WITH_VERSION = 7
_UNEVEN_VERSION, _UNEVEN_STEP = 32, 26  # annex E spaces this one version narrower than its rule


@dataclass(frozen=True)
class Blocks:
    """How the codewords of a symbol are shared out: short blocks first, long ones hold one more."""

    short: int
    long: int
    short_data: int
    correction: int

    @property
    def count(self) -> int:
        return self.short + self.long

    @property
    def long_data(self) -> int:
        return self.short_data + (1 if self.long else 0)

    @property
    def data(self) -> int:
        """All data codewords."""
        return self.count * self.short_data + self.long


def side_of(version: int) -> int:
    """Modules on a side, without the quiet zone."""
    return 17 + 4 * version


@cache
def blocks_of(version: int, level: Level) -> Blocks:
    """How a symbol's codewords are divided."""
    correction = int(_CORRECTION[level].split()[version - 1])
    count = int(_BLOCKS[level].split()[version - 1])
    data = _codewords(version) - count * correction
    return Blocks(count - data % count, data % count, data // count, correction)


@cache
def alignment_of(version: int) -> tuple[int, ...]:
    """The rows and columns on which alignment patterns are centred (annex E)."""
    if version == 1:
        return ()
    side, count = side_of(version), version // 7 + 2
    last = side - 7
    step = _UNEVEN_STEP if version == _UNEVEN_VERSION else _even(last - 6, count - 1)
    return (6, *(last - step * at for at in range(count - 2, -1, -1)))


def format_bits(level: Level, mask: int) -> int:
    """The 15 bits that say level and mask (§7.9)."""
    said = _LEVEL_BITS[level] << 3 | mask
    return (
        said << _FORMAT_CHECK | _remainder(said, _FORMAT_CHECK, _FORMAT_GENERATOR)
    ) ^ _FORMAT_MASK


def version_bits(version: int) -> int | None:
    """The 18 bits that say the version; None below version 7, which says nothing (§7.10)."""
    if version < _FIRST_WITH_VERSION:
        return None
    check = _remainder(version, _VERSION_CHECK, _VERSION_GENERATOR)
    return version << _VERSION_CHECK | check


def alignment_centres(version: int) -> Iterator[tuple[int, int]]:
    """Where alignment patterns stand: every crossing but the three under finder patterns."""
    lines = alignment_of(version)
    corners = {(6, 6), (6, side_of(version) - 7), (side_of(version) - 7, 6)}
    return ((row, column) for row in lines for column in lines if (row, column) not in corners)


def _codewords(version: int) -> int:
    """All codewords of a symbol: the modules that are no pattern, in eights."""
    side, lines = side_of(version), len(alignment_of(version))
    patterns = 3 * 64 + 2 * (side - 16) + 31  # finders, timing, format and the dark module
    if lines:
        on_timing = 2 * (lines - 2)
        patterns += 25 * (lines * lines - 3) - 5 * on_timing
    if version >= _FIRST_WITH_VERSION:
        patterns += 36
    return (side * side - patterns) // 8


def _even(distance: int, steps: int) -> int:
    return -(-distance // (2 * steps)) * 2


def _remainder(value: int, check: int, generator: int) -> int:
    left = value << check
    while left.bit_length() > check:
        left ^= generator << left.bit_length() - check - 1
    return left
