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

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.rows) != self.row_bytes * self.height:
            raise ValueError(f"{len(self.rows)} bytes are no {self.width} × {self.height} dots")

    @property
    def row_bytes(self) -> int:
        return -(-self.width // 8)

    @property
    def dots(self) -> NDArray[np.bool_]:
        """(height, width), True is black; a copy."""
        packed = np.frombuffer(self.rows, np.uint8).reshape(self.height, self.row_bytes)
        return np.unpackbits(packed, axis=1, count=self.width).astype(np.bool_)


def bitmap_of(image: Image.Image) -> Bitmap:
    """A Pillow picture of mode 1, in which 0 is black as in all pictures."""
    if image.mode != "1":
        raise ValueError("a printer has dots, no greys: mode 1 is wanted")
    return bitmap_from(~np.asarray(image, dtype=np.bool_))


def bitmap_from(dots: NDArray[np.bool_]) -> Bitmap:
    """Dots as (height, width), True is black."""
    return Bitmap(dots.shape[1], dots.shape[0], np.packbits(dots, axis=1).tobytes())


def enlarged(modules: NDArray[np.bool_], dots: int) -> NDArray[np.bool_]:
    """Each module as a square of so many dots."""
    return modules.repeat(dots, axis=0).repeat(dots, axis=1)


def stamped(ground: Bitmap, modules: NDArray[np.bool_], *, x: int, y: int, dots: int) -> Bitmap:
    """The ground with a symbol at (x, y), each module `dots` wide.

    (x, y) is the corner of the first module: the caller has left the quiet zone light. A symbol
    that does not lie on the ground whole is a mistake of the layout (ValueError).
    """
    symbol, whole = enlarged(modules, dots), ground.dots
    part = whole[y : y + len(symbol), x : x + symbol.shape[1]]
    if min(x, y) < 0 or part.shape != symbol.shape:
        raise ValueError(f"a symbol at {x}, {y} leaves the label")
    part[...] = symbol
    return bitmap_from(whole)
