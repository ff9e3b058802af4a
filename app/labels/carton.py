"""Symbols of trade cartons: GS1 DataMatrix and GS1-128 from element strings (AI and value)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def gs1_text(elements: Sequence[tuple[str, str]]) -> str:
    """The element strings as people read them: (01)…(10)…."""
    raise NotImplementedError


def gs1_datamatrix(elements: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    """The modules of a GS1 DataMatrix (FNC1 first), True is dark, no quiet zone (it needs 1)."""
    raise NotImplementedError


def gs1_128(elements: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    """The bars of a GS1-128 as one row of modules, no quiet zone (it needs 10 on both sides)."""
    raise NotImplementedError
