"""A text as QR segments (ISO/IEC 18004 §7.4): an address by the product's rule, others in the fewest bits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

# The bits of a character count, by mode, for versions 1-9, 10-26 and 27-40.
BANDS = (range(1, 10), range(10, 27), range(27, 41))
_COUNT_BITS = {1: (10, 12, 14), 2: (9, 11, 13), 4: (8, 16, 16)}
ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_DIGITS = frozenset("0123456789")
# Sixths of a bit that one character takes: 10/3 of a digit, 11/2 of a pair, 8 of a byte.
_SIXTHS = {1: 20, 2: 33, 4: 48}


class Mode(IntEnum):
    """How a segment is written; the value is its mode indicator."""

    NUMERIC = 1
    ALPHANUMERIC = 2
    BYTE = 4

    def count_bits(self, version: int) -> int:
        """How many bits the character count takes in a symbol of this version."""
        return _COUNT_BITS[self][_band(version)]


_Way: TypeAlias = tuple[int, list[Mode]]  # what it cost so far, and the mode of each character


@dataclass(frozen=True)
class Segment:
    """A run of the text in one mode; its content as bytes (ASCII, or UTF-8 in byte mode)."""

    mode: Mode
    content: bytes

    def bits(self, version: int) -> int:
        """How many bits it takes, header included."""
        return 4 + self.mode.count_bits(version) + content_bits(self.mode, len(self.content))


def content_bits(mode: Mode, length: int) -> int:
    """How many bits so many characters take in a mode, without the header."""
    match mode:
        case Mode.NUMERIC:
            return length // 3 * 10 + (0, 4, 7)[length % 3]
        case Mode.ALPHANUMERIC:
            return length // 2 * 11 + length % 2 * 6
        case Mode.BYTE:
            return length * 8


def segments_of(text: str, version: int = 1) -> tuple[Segment, ...]:
    """The segments the product prints: those of an address, or the fewest bits for anything else."""
    return address_segments(text) or least_segments(text, version)


def address_segments(text: str) -> tuple[Segment, ...] | None:
    """`https://` as bytes and the rest alphanumeric; None when the rest has other characters.

    The scheme stays in small letters, since some phone cameras do not open `HTTPS:`. The cut does
    not depend on the digits of a serial, so that every label of a run has the same layout.
    """
    scheme, slashes, rest = text.partition("://")
    if not slashes or not rest or not ALPHANUMERIC.issuperset(rest):
        return None
    return (
        Segment(Mode.BYTE, (scheme + slashes).encode()),
        Segment(Mode.ALPHANUMERIC, rest.encode()),
    )


@lru_cache(maxsize=1024)
def least_segments(text: str, version: int = 1) -> tuple[Segment, ...]:
    """The cut of the text that takes the fewest bits in a symbol of this version's band."""
    modes = _cheapest_modes(text, version)
    runs = groupby(zip(modes, text, strict=True), key=lambda pair: pair[0])
    return tuple(Segment(mode, "".join(letter for _, letter in run).encode()) for mode, run in runs)


def bits_of(parts: Sequence[Segment], version: int) -> int:
    """How many bits the segments take together."""
    return sum(part.bits(version) for part in parts)


def _band(version: int) -> int:
    return next(at for at, band in enumerate(BANDS) if version in band)


def _cheapest_modes(text: str, version: int) -> list[Mode]:
    """The mode of each character on the cheapest way through the text, counted in sixths of a bit.

    A way pays a header where it changes its mode; part bits are rounded up where a segment ends.
    """
    headers = {mode: (4 + mode.count_bits(version)) * 6 for mode in Mode}
    ways: dict[Mode | None, _Way] = {None: (0, [])}
    for letter in text:
        ways = {
            mode: _cheapest_step(ways, mode, header=headers[mode], step=_sixths(mode, letter))
            for mode in _modes_for(letter)
        }
    return min(ways.values(), key=lambda way: -(-way[0] // 6))[1]


def _cheapest_step(ways: Mapping[Mode | None, _Way], mode: Mode, *, header: int, step: int) -> _Way:
    cost, way = min(
        (
            (cost if last is mode else -(-cost // 6) * 6 + header, way)
            for last, (cost, way) in ways.items()
        ),
        key=lambda option: option[0],
    )
    return cost + step, [*way, mode]


def _sixths(mode: Mode, letter: str) -> int:
    return _SIXTHS[mode] * (len(letter.encode()) if mode is Mode.BYTE else 1)


def _modes_for(letter: str) -> tuple[Mode, ...]:
    if letter in _DIGITS:
        return Mode.NUMERIC, Mode.ALPHANUMERIC, Mode.BYTE
    return (Mode.ALPHANUMERIC, Mode.BYTE) if letter in ALPHANUMERIC else (Mode.BYTE,)
