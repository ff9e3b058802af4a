"""A PDF of very many labels, written page by page: memory does not grow with their number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TextRun:
    """A line of text with the start of its baseline, in mm from the top left; `font` names a face."""

    text: str
    x: float
    baseline: float
    size: float
    font: str = "Regular"
    white: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle, in mm; black unless grey (0 black to 1 white) says otherwise."""

    x: float
    y: float
    width: float
    height: float
    grey: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """What many labels share: drawn into the file once, however many labels show it."""

    runs: Sequence[TextRun] = ()
    bars: Sequence[Bar] = ()


@dataclass(frozen=True, slots=True)
class SymbolAt:
    """A symbol's modules (True is dark, no quiet zone), its first module's corner and side in mm."""

    modules: NDArray[np.bool_]
    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Placed:
    """One label: its top left corner on the page in mm; all else is measured from that corner."""

    x: float
    y: float
    face: Face | None = None
    symbols: Sequence[SymbolAt] = ()
    runs: Sequence[TextRun] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page in mm and what lies on it."""

    width: float
    height: float
    labels: Sequence[Placed] = field(default=())


def write_pdf(
    out: BinaryIO,
    pages: Iterable[Page],
    *,
    fonts: Mapping[str, Path],
    title: str,
    made: datetime,
    language: str = "vi",
) -> int:
    """Write the pages as they come; how many there were. The same arguments give the same bytes.

    `fonts` are TrueType files by the names that text runs use; subsets of them go into the file.
    """
    raise NotImplementedError
