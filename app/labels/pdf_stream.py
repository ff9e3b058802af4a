"""A PDF of very many labels, written page by page: memory does not grow with their number.

fpdf2 draws the sheets of a few labels; this draws runs, where its objects for each page and
picture would be most of the time and all of the memory. Distances are mm from a top left corner.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from app.labels.pdf_file import PageTree, PdfFile, date_string, dictionary, text_string
from app.labels.pdf_fonts import PdfFont

_POINTS_A_MM = 72 / 25.4
_BEYOND_MM = 2000  # the box of what labels share: it lies where the label does, and clips nothing


@dataclass(frozen=True, slots=True)
class TextRun:
    """A line of text with the start of its baseline; `font` names one of the faces, size is the em."""

    text: str
    x: float
    baseline: float
    size: float
    font: str = "Regular"
    white: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; `grey` is 0 for black, 1 for white."""

    x: float
    y: float
    width: float
    height: float
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class GreyAt:
    """A picture in shades of grey: a byte a pixel, row by row; its corner and its size in mm."""

    pixels: bytes
    across: int
    down: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """What many labels share. Drawn into the file once, however many labels show the same object."""

    runs: Sequence[TextRun] = ()
    bars: Sequence[Bar] = ()
    pictures: Sequence[GreyAt] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SymbolAt:
    """A symbol's modules (True is dark, no quiet zone), the corner of its first module, its width.

    `height` is given where it is not square: bars of one row of modules.
    """

    modules: NDArray[np.bool_]
    x: float
    y: float
    side: float
    height: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """One label: its top left corner on the page; all on it is measured from that corner."""

    x: float
    y: float
    face: Face | None = None
    symbols: Sequence[SymbolAt] = ()
    runs: Sequence[TextRun] = ()
    bars: Sequence[Bar] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page and what lies on it; `face` is what is drawn on the page itself, such as crop marks."""

    width: float
    height: float
    labels: Sequence[Placed] = ()
    face: Face | None = None


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
    Raises ValueError for no pages at all, and for letters a face lacks (ask `unprintable` first).
    The print dialogue is asked not to scale: a label must land where its sticker is.
    """
    file = PdfFile(out)
    info, catalogue = file.reserve(), file.reserve()
    tree, pen = PageTree(file), _Pen(file, fonts)
    for page in pages:
        box = f"0 0 {_number(page.width * _POINTS_A_MM)} {_number(page.height * _POINTS_A_MM)}"
        tree.add(b"".join(pen.page(page)), box=box, resources=pen.resources)
    if not tree.count:
        raise ValueError("a PDF needs a page")
    pen.close()
    tree.close()
    said = {"Title": text_string(title), "Producer": text_string("Nguồn Gốc")}
    file.put(info, dictionary(said | {"CreationDate": date_string(made)}))
    file.put(
        catalogue,
        f"<</Type/Catalog/Pages {tree.root} 0 R/Lang({language})"
        "/ViewerPreferences<</PrintScaling/None/DisplayDocTitle true>>>>",
    )
    file.close(root=catalogue, info=info, identity=f"{title} {made.isoformat()} {tree.count}")
    return tree.count


class _Pen:
    """Drawing orders, and the resources they name."""

    def __init__(self, file: PdfFile, fonts: Mapping[str, Path]) -> None:
        self._file = file
        self.resources = file.reserve()
        self._fonts = {
            name: PdfFont(f"F{at}", path, file) for at, (name, path) in enumerate(fonts.items())
        }
        self._faces: dict[Face, int] = {}
        self._pictures: dict[tuple[bytes, int], int] = {}

    def page(self, page: Page) -> Iterator[bytes]:
        """All of a page. Its unit is the mm; a label's corner becomes the origin, y going up."""
        yield f"{_POINTS_A_MM:.6f} 0 0 {_POINTS_A_MM:.6f} 0 0 cm\n".encode()
        if page.face is not None:
            yield f"q 1 0 0 1 0 {_number(page.height)} cm/{self._named(page.face)} Do Q\n".encode()
        for label in page.labels:
            corner = f"{_number(label.x)} {_number(page.height - label.y)}"
            drawn = f"/{self._named(label.face)} Do\n" if label.face is not None else "\n"
            yield f"q 1 0 0 1 {corner} cm{drawn}".encode()
            for symbol in label.symbols:
                yield _symbol(symbol)
            for bar in label.bars:
                yield _bar(bar).encode()
            for run in label.runs:
                yield self._run(run).encode()
            yield b"Q\n"

    def close(self) -> None:
        """Write fonts and resources, which only now are known."""
        used = [font for font in self._fonts.values() if font]
        for font in used:
            font.close()
        fonts = dictionary({font.name: f"{font.number} 0 R" for font in used})
        drawn = (*self._faces.values(), *self._pictures.values())
        faces = dictionary({f"X{number}": f"{number} 0 R" for number in drawn})
        self._file.put(self.resources, dictionary({"Font": fonts, "XObject": faces}))

    def _named(self, face: Face) -> str:
        number = self._faces.get(face)
        if number is None:
            number = self._faces[face] = self._file.reserve()
            reach = f"{-_BEYOND_MM} {-_BEYOND_MM} {_BEYOND_MM} {_BEYOND_MM}"
            pictures = map(self._picture, face.pictures)
            drawn = "".join([*map(_bar, face.bars), *pictures, *map(self._run, face.runs)])
            self._file.put_stream(
                number,
                drawn.encode(),
                f"/Type/XObject/Subtype/Form/BBox[{reach}]/Resources {self.resources} 0 R",
            )
        return f"X{number}"

    def _picture(self, grey: GreyAt) -> str:
        """A picture's place; its pixels go into the file once, wherever they stand."""
        number = self._pictures.get((grey.pixels, grey.across))
        if number is None:
            number = self._pictures[grey.pixels, grey.across] = self._file.reserve()
            self._file.put_stream(
                number,
                grey.pixels,
                f"/Type/XObject/Subtype/Image/Width {grey.across}/Height {grey.down}"
                "/ColorSpace/DeviceGray/BitsPerComponent 8",
            )
        place = f"{_number(grey.width)} 0 0 {_number(grey.height)} {_number(grey.x)}"
        return f"q {place} {_number(-grey.y - grey.height)} cm/X{number} Do Q\n"

    def _run(self, run: TextRun) -> str:
        font = self._fonts[run.font]
        place = f"{_number(run.x)} {_number(-run.baseline)}"
        shown = f"BT/{font.name} {_number(run.size)} Tf {place} Td<{font.written(run.text)}>Tj ET\n"
        return f"1 g {shown}0 g\n" if run.white else shown


def _bar(bar: Bar) -> str:
    box = " ".join(map(_number, (bar.x, -bar.y - bar.height, bar.width, bar.height)))
    return f"{_number(bar.grey)} g {box} re f 0 g\n"


def _symbol(symbol: SymbolAt) -> bytes:
    """The modules as an inline stencil, one bit each: every viewer scales it without blurring."""
    down, across = symbol.modules.shape
    height = symbol.side if symbol.height is None else symbol.height
    bits = np.packbits(symbol.modules, axis=1).tobytes()
    place = f"{_number(symbol.side)} 0 0 {_number(height)} {_number(symbol.x)}"
    head = f"q {place} {_number(-symbol.y - height)} cm BI/W {across}/H {down}/IM true/D[1 0]"
    if b"EI" in bits:  # some readers look for this word to find the end of the picture
        return f"{head}/F/AHx ID {bits.hex()}>\nEI Q\n".encode()
    return b"%b ID %b\nEI Q\n" % (head.encode(), bits)


@lru_cache(maxsize=4096)
def _number(value: float) -> str:
    """At most three decimals: a thousandth of a millimetre."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
