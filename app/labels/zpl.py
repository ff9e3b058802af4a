"""ZPL II (Zebra and its many followers): labels as graphics, or a stored face with a native QR and line.

Written from the ZPL II Programming Guide. A graphic prints every letter as drawn here, so that a
printer needs no Vietnamese font; a stored face is sent once, and each label is then a few bytes.
"""

import re
import zlib
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.labels.bitmap import Bitmap, bitmap_from, enlarged
from app.labels.qr_tables import Level, side_of
from app.labels.segments import Mode, Segment
from app.labels.symbols import smallest_version

FACE = "R:NGUONGOC.ZPL"  # R: is the printer's memory: gone when it is switched off
LARGEST_DOTS = 10  # the magnifications of ^BQ that every model has
# A printer's own QR sinks below its ^FO by the height of bar codes that ^BY set last, by anybody.
_SINK = 1
# What a field may hold as it stands: no caret, tilde or underscore, which ZPL takes for commands.
_PLAIN = re.compile(r"[A-Za-z0-9 $%*+\-./:(),]*")


@dataclass(frozen=True)
class Line:
    """Where a line of plain ASCII stands, in the printer's own scalable letters."""

    x: int
    y: int
    height: int


@dataclass(frozen=True)
class NativeField:
    """What changes from label to label where the printer draws it: the QR, and a line of ASCII.

    The printer cuts the text into segments itself and may take all of it as bytes, so `room`
    is measured for that: the side in dots without quiet zone.
    """

    x: int
    y: int
    dots: int
    level: Level
    room: int
    line: Line


@dataclass(frozen=True)
class GraphicField:
    """What changes where the symbol is drawn here: exactly ours, at about 250 bytes a label."""

    x: int
    y: int
    dots: int
    line: Line


def zpl_graphic(label: Bitmap, *, copies: int = 1) -> bytes:
    """One label as a compressed graphic (^GFA with :Z64:); `copies` of it."""
    return f"^XA{_size(label)}^FO0,0{_graphic(label)}^FS^PQ{copies}^XZ\n".encode()


def zpl_run(face: Bitmap, field: NativeField, labels: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """A run of (address, line): the face stored in the printer once, then each label's fields."""
    if not 1 <= field.dots <= LARGEST_DOTS or field.y < _SINK:
        raise ValueError(f"a printer's own QR has 1 to {LARGEST_DOTS} dots a module")
    symbol = f"^BY2,3,{_SINK}^FO{field.x},{field.y - _SINK}^BQN,2,{field.dots}^FN1^FS"
    yield _stored(face, symbol + _line(field.line))
    head, widest = f"^XA^XF{FACE}^FN1^FD{field.level}A,", 0
    for address, line in labels:
        if len(address) > widest:
            widest = _require_room(address, field)
        if not _PLAIN.fullmatch(address) or not _PLAIN.fullmatch(line):
            raise ValueError("a native field holds plain ASCII only")
        yield f"{head}{address}^FS^FN2^FD{line}^FS^XZ\n".encode()


def zpl_graphic_run(
    face: Bitmap, field: GraphicField, labels: Iterable[tuple[NDArray[np.bool_], str]]
) -> Iterator[bytes]:
    """A run of (modules, line): the face stored once, each symbol as a graphic of its own."""
    yield _stored(face, _line(field.line))
    for modules, line in labels:
        if not _PLAIN.fullmatch(line):
            raise ValueError("a native field holds plain ASCII only")
        symbol = _graphic(bitmap_from(enlarged(modules, field.dots)))
        yield (f"^XA^XF{FACE}^FO{field.x},{field.y}{symbol}^FS^FN2^FD{line}^FS^XZ\n".encode())


def _stored(face: Bitmap, fields: str) -> bytes:
    return f"^XA^DF{FACE}^FS{_size(face)}^FO0,0{_graphic(face)}^FS{fields}^XZ\n".encode()


def _size(label: Bitmap) -> str:
    return f"^PW{label.width}^LL{label.height}^LH0,0"


def _line(line: Line) -> str:
    return f"^FO{line.x},{line.y}^A0N,{line.height},{line.height}^FN2^FS"


def _graphic(picture: Bitmap) -> str:
    """^GFA: bytes in all, bytes in all, bytes a row, then zlib in base64 with its CRC-16."""
    packed = b64encode(zlib.compress(picture.rows, 6))
    total = len(picture.rows)
    return (
        f"^GFA,{total},{total},{picture.row_bytes},:Z64:{packed.decode()}:{crc_hqx(packed, 0):04X}"
    )


def _require_room(address: str, field: NativeField) -> int:
    version = smallest_version([Segment(Mode.BYTE, address.encode())], field.level)
    if side_of(version) * field.dots > field.room:
        raise ValueError(f"the printer's own QR may take {side_of(version) * field.dots} dots")
    return len(address)
