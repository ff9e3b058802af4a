"""A black and white picture in printer dots, and symbols stamped into it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Bitmap:
    """Rows of packed dots, 1 is black, the first dot in the highest bit, each row whole bytes."""

    width: int
    height: int
    rows: bytes

    @property
    def row_bytes(self) -> int:
        return -(-self.width // 8)


def bitmap_of(image: Image.Image) -> Bitmap:
    """A Pillow picture of mode 1 (0 is black)."""
    raise NotImplementedError


def stamped(ground: Bitmap, modules: NDArray[np.bool_], *, x: int, y: int, dots: int) -> Bitmap:
    """The ground with a symbol at (x, y), each module `dots` wide; (x, y) is its first dark module."""
    raise NotImplementedError
