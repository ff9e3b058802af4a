"""Many QR symbols at once (ISO/IEC 18004, model 2): all levels, all eight masks weighed, in numpy.

Decision 0020 says why this stands beside `qrcode`, and what holds it to the standard.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.labels.alike import Column, alike
from app.labels.qr_codewords import bit_length, codewords
from app.labels.qr_layout import Layout, layout_of
from app.labels.qr_penalty import best_masks
from app.labels.qr_tables import VERSIONS, Level, blocks_of, side_of
from app.labels.segments import Mode, Segment, segments_of

Shape: TypeAlias = tuple[tuple[Mode, int], ...]
Modules: TypeAlias = NDArray[np.bool_]

_AT_ONCE = 1_000_000  # modules placed at a time: bounds what is worked out beside the answer


class TooLong(ValueError):
    """A text does not fit; `bits` it takes, `room` there is."""

    def __init__(self, bits: int, room: int) -> None:
        super().__init__(f"{bits} bits do not fit {room}")
        self.bits = bits
        self.room = room


@dataclass(frozen=True)
class Batch:
    """Symbols of one size. `at[i]` says which of the texts the i-th symbol is of.

    `modules` is (n, side, side), True where dark, without the quiet zone.
    """

    at: NDArray[np.intp]
    version: int
    level: Level
    masks: NDArray[np.uint8]
    modules: Modules

    @property
    def side(self) -> int:
        return side_of(self.version)


def encode(
    texts: Sequence[str], *, level: Level, version: int | None = None, mask: int | None = None
) -> list[Batch]:
    """The symbols of the texts, in groups of equal size; the smallest version unless one is given.

    The mask is the one the standard's rules prefer, unless one is given. Raises TooLong when a
    text does not fit the version, or any.
    """
    groups: dict[int, list[tuple[NDArray[np.intp], list[Column]]]] = {}
    for at, columns in alike(texts, version or 1):
        shape = tuple((mode, letters.shape[1]) for mode, letters in columns)
        chosen = _version(shape, level, version)
        groups.setdefault(chosen, []).append((at, columns))
    return [_batch(chosen, level, mask, parts) for chosen, parts in sorted(groups.items())]


def symbol(
    text: str, *, level: Level, version: int | None = None, mask: int | None = None
) -> Batch:
    """One text's symbol, as a batch of one."""
    (made,) = encode([text], level=level, version=version, mask=mask)
    return made


def stream(
    texts: Iterable[str], *, level: Level, version: int | None = None, chunk: int = 1000
) -> Iterator[tuple[str, Modules]]:
    """Text and modules one after the other, in order, with the memory of one chunk."""
    source = iter(texts)
    while some := list(islice(source, chunk)):
        found: dict[int, Modules] = {}
        for batch in encode(some, level=level, version=version):
            found.update(zip(batch.at.tolist(), batch.modules, strict=True))
        yield from ((text, found[at]) for at, text in enumerate(some))


def packed_rows(modules: Modules) -> NDArray[np.uint8]:
    """Rows of whole bytes, 1 is dark, the first module in the highest bit: (…, side, bytes)."""
    return np.packbits(modules, axis=-1)


def smallest_version(parts: Sequence[Segment], level: Level) -> int:
    """The smallest version that holds the segments at this level. Raises TooLong."""
    return _version(tuple((part.mode, len(part.content)) for part in parts), level, None)


def version_of(text: str, level: Level) -> int:
    """The smallest version that holds the text, cut as the product cuts it. Raises TooLong."""
    return smallest_version(segments_of(text), level)


def _version(shape: Shape, level: Level, wanted: int | None) -> int:
    for version in VERSIONS if wanted is None else (wanted,):
        needed, room = bit_length(shape, version), blocks_of(version, level).data * 8
        if needed <= room:
            return version
    raise TooLong(needed, room)


def _batch(
    version: int,
    level: Level,
    mask: int | None,
    parts: Sequence[tuple[NDArray[np.intp], list[Column]]],
) -> Batch:
    layout = layout_of(version, level)
    written = np.concatenate(
        [codewords(columns, version=version, level=level) for _, columns in parts]
    )
    masks = np.empty(len(written), np.uint8)
    modules = np.empty((len(written), side_of(version), side_of(version)), np.bool_)
    step = max(1, _AT_ONCE // layout.path.size)
    for start in range(0, len(written), step):
        some = slice(start, start + step)
        masks[some], modules[some] = _drawn(written[some], layout, mask)
    return Batch(np.concatenate([at for at, _ in parts]), version, level, masks, modules)


def _drawn(
    written: NDArray[np.uint8], layout: Layout, mask: int | None
) -> tuple[NDArray[np.intp] | int, NDArray[np.uint8]]:
    """Bits to modules: each to its place, the best mask over them."""
    bits = np.zeros((len(written), written.shape[1] * 8 + 1), np.uint8)
    bits[:, :-1] = np.unpackbits(written, axis=1)
    placed = bits.take(layout.path, axis=1)
    if mask is not None:
        return mask, placed ^ layout.grounds[mask]
    best = best_masks(placed, layout.grounds)
    return best, placed ^ layout.grounds[best]
