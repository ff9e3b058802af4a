"""ZPL II (Zebra and its many followers): labels as graphics, or a stored face with native QR and text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.labels.bitmap import Bitmap


@dataclass(frozen=True)
class NativeField:
    """What changes from label to label: the QR at (x, y) and a line of plain ASCII under or beside it."""

    qr_x: int
    qr_y: int
    qr_dots: int
    level: str
    text_x: int
    text_y: int
    text_dots: int


def zpl_graphic(label: Bitmap, *, copies: int = 1) -> bytes:
    """One label as a compressed graphic (^GFA, :Z64:): every letter as drawn here, no printer font."""
    raise NotImplementedError


def zpl_run(face: Bitmap, field: NativeField, labels: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """A run: the face stored in the printer once, then (address, line) of each label."""
    raise NotImplementedError
