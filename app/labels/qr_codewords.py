"""From texts to the codewords of QR symbols: bits by mode, padding, Reed-Solomon correction, in bulk."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.labels.alike import Column
from app.labels.qr_tables import LEVELS, VERSIONS, Blocks, Level, blocks_of
from app.labels.segments import Mode, content_bits

Bytes = NDArray[np.uint8]

_PAD = (0xEC, 0x11)
_FIELD = 0x11D  # x^8 + x^4 + x^3 + x^2 + 1
_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def codewords(columns: Sequence[Column], *, version: int, level: Level) -> Bytes:
    """All codewords, one row a symbol: data block by block, then the correction of each block.

    The caller has seen to it that the segments fit.
    """
    blocks = blocks_of(version, level)
    data = _data(columns, version, blocks.data)
    return np.concatenate([data, _correction(data, blocks)], axis=1)


def bit_length(shape: Sequence[tuple[Mode, int]], version: int) -> int:
    """How many bits segments of these modes and lengths take."""
    return sum(4 + mode.count_bits(version) + content_bits(mode, size) for mode, size in shape)


def _data(columns: Sequence[Column], version: int, room: int) -> Bytes:
    count = len(columns[0][1])
    parts: list[Bytes] = []
    for mode, letters in columns:
        head = _constant(mode, 4) + _constant(letters.shape[1], mode.count_bits(version))
        parts.append(np.broadcast_to(np.array(head, np.uint8), (count, len(head))))
        parts.extend(_WRITERS[mode](letters))
    used = sum(part.shape[1] for part in parts)
    terminator = min(4, room * 8 - used)
    parts.append(np.zeros((count, terminator), np.uint8))
    written = np.packbits(np.concatenate(parts, axis=1), axis=1)
    padded = np.empty((count, room), np.uint8)
    padded[:, : written.shape[1]] = written
    for turn, pad in enumerate(_PAD):
        padded[:, written.shape[1] + turn :: 2] = pad
    return padded


def _constant(value: int, width: int) -> list[int]:
    return [value >> at & 1 for at in range(width - 1, -1, -1)]


def _fields(values: NDArray[np.uint16], width: int) -> Bytes:
    """Numbers as `width` bits each, one after the other."""
    count, many = values.shape
    octets = values.astype(">u2").view(np.uint8).reshape(count, many, 2)
    bits = np.unpackbits(octets, axis=2)[:, :, 16 - width :]
    return np.ascontiguousarray(bits).reshape(count, many * width)


def _bytes(letters: Bytes) -> list[Bytes]:
    return [np.unpackbits(letters, axis=1)]


def _alphanumeric(letters: Bytes) -> list[Bytes]:
    values = _letter_values()[letters]
    even = values.shape[1] // 2 * 2
    parts = [_fields(values[:, 0:even:2] * np.uint16(45) + values[:, 1:even:2], 11)]
    return parts if even == values.shape[1] else [*parts, _fields(values[:, even:], 6)]


def _numeric(letters: Bytes) -> list[Bytes]:
    values = (letters - np.uint8(ord("0"))).astype(np.uint16)
    full = values.shape[1] // 3 * 3
    weights = np.array([100, 10, 1], np.uint16)
    threes = values[:, :full].reshape(len(values), -1, 3) @ weights
    parts, left = [_fields(threes, 10)], values.shape[1] - full
    if left:
        parts.append(_fields((values[:, full:] @ weights[3 - left :])[:, None], 1 + 3 * left))
    return parts


_WRITERS = {Mode.BYTE: _bytes, Mode.ALPHANUMERIC: _alphanumeric, Mode.NUMERIC: _numeric}


@cache
def _letter_values() -> NDArray[np.uint16]:
    values = np.zeros(256, np.uint16)
    values[list(_LETTERS)] = np.arange(len(_LETTERS))
    return values


def _correction(data: Bytes, blocks: Blocks) -> Bytes:
    """The correction codewords of every block, as the sum of what each data codeword adds to it."""
    count = len(data)
    stacked = np.zeros((count, blocks.count, blocks.long_data), np.uint8)
    short = blocks.short * blocks.short_data
    lead = blocks.long_data - blocks.short_data  # a zero in front changes no remainder
    stacked[:, : blocks.short, lead:] = data[:, :short].reshape(count, -1, blocks.short_data)
    stacked[:, blocks.short :] = data[:, short:].reshape(count, -1, blocks.long_data)
    by_place = np.ascontiguousarray(stacked.reshape(-1, blocks.long_data).T)
    tables = _remainders(blocks.correction)[-blocks.long_data :]
    total = tables[0].take(by_place[0], axis=0)
    for table, octets in zip(tables[1:], by_place[1:], strict=True):
        total ^= table.take(octets, axis=0)
    wide = total.view(np.uint8)[:, : blocks.correction]
    return np.ascontiguousarray(wide).reshape(count, -1)


@cache
def _remainders(correction: int) -> NDArray[np.uint64]:
    """For each place of a block (the last one last) and each value: what it adds to the remainder.

    Bytes of the remainder, eight to a word, so that adding takes few steps.
    """
    product = _products()
    longest = max(
        blocks.long_data
        for version in VERSIONS
        for level in LEVELS
        if (blocks := blocks_of(version, level)).correction == correction
    )
    generator = _generator(correction)
    tables = np.zeros((longest, 256, -(-correction // 8) * 8), np.uint8)
    remainder = generator
    for place in range(longest - 1, -1, -1):
        tables[place, :, :correction] = product[:, remainder]
        carried = np.append(remainder[1:], np.uint8(0))
        remainder = carried ^ product[remainder[0], generator]
    return tables.view(np.uint64)


def _generator(degree: int) -> Bytes:
    """The coefficients of (x-1)(x-2)(x-4)… below the leading one, highest first."""
    product, root = _products(), 1
    terms = np.array([1], np.uint8)
    for _ in range(degree):
        terms = np.append(terms, np.uint8(0)) ^ np.insert(product[root, terms], 0, 0)
        root = int(product[root, 2])
    return terms[1:]


@cache
def _products() -> Bytes:
    """The multiplication table of GF(256) as QR uses it."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value = value << 1 ^ (_FIELD if value & 0x80 else 0)
    logs = np.zeros(256, np.intp)
    logs[powers] = np.arange(255)
    table: Bytes = np.array(powers, np.uint8)[(logs[:, None] + logs[None, :]) % 255]
    table[0, :] = table[:, 0] = 0
    return table
