"""Many QR symbols at once (ISO/IEC 18004, model 2): all levels, all eight masks weighed, in numpy."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.labels.segments import Segment

Level: TypeAlias = Literal["L", "M", "Q", "H"]


@dataclass(frozen=True)
class Batch:
    """Symbols of one size. `at[i]` says which of the texts the i-th symbol is of.

    `modules` is (n, side, side), True where dark, without the quiet zone.
    """

    at: NDArray[np.intp]
    version: int
    level: Level
    masks: NDArray[np.uint8]
    modules: NDArray[np.bool_]

    @property
    def side(self) -> int:
        return 17 + 4 * self.version

    def bits(self) -> list[bytes]:
        """Each symbol as rows of packed bits (1 is dark, first module in the highest bit)."""
        raise NotImplementedError


def encode(
    texts: Sequence[str], *, level: Level, version: int | None = None, mask: int | None = None
) -> list[Batch]:
    """The symbols of the texts, in groups of equal size; the smallest version unless one is given.

    Raises TooLong when a text does not fit the version (or version 40).
    """
    raise NotImplementedError


def stream(
    texts: Iterable[str], *, level: Level, version: int | None = None, chunk: int = 1000
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Text and modules one after the other, in order, with the memory of one chunk."""
    raise NotImplementedError


def smallest_version(parts: Sequence[Segment], level: Level) -> int:
    """The smallest version that holds the segments at this level. Raises TooLong."""
    raise NotImplementedError
