"""ZPL II (Zebra and its many followers): labels as graphics, or a stored face and what differs on each.

Written from the ZPL II Programming Guide. A graphic prints every letter as drawn here, so that a
printer needs no Vietnamese font; a stored face is sent once, and each label is then a few bytes.
"""

import re
import zlib
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.labels.bitmap import Bitmap
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
    """Where a line of plain ASCII stands on its baseline, in the printer's own scalable letters."""

    x: int
    baseline: int
    height: int


@dataclass(frozen=True)
class NativeField:
    """What changes from label to label where the printer draws it: the QR, and lines of ASCII.

    The printer cuts the text into segments itself and may take all of it as bytes: whoever places
    the symbol leaves room for `native_side`.
    """

    x: int
    y: int
    dots: int
    level: Level
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.dots <= LARGEST_DOTS or self.y < _SINK:
            raise ValueError(f"a printer's own QR has 1 to {LARGEST_DOTS} dots a module")


@dataclass(frozen=True)
class Graphic:
    """What changes from label to label where it is drawn here: exactly our dots."""

    x: int
    y: int
    picture: Bitmap


def zpl_graphic(label: Bitmap, *, copies: int = 1) -> bytes:
    """One label as a compressed graphic (^GFA with :Z64:); `copies` of it."""
    return f"^XA{_size(label)}^FO0,0{_graphic(label)}^FS^PQ{copies}^XZ\n".encode()


def zpl_face(face: Bitmap, fields: Sequence[NativeField] = ()) -> bytes:
    """The face that the next labels share, stored in the printer; `fields` of the labels abreast."""
    drawn = "".join(_native(field, number) for number, field in _numbered(fields))
    return f"^XA^DF{FACE}^FS{_size(face)}^FO0,0{_graphic(face)}^FS{drawn}^XZ\n".encode()


def zpl_on_face(graphics: Iterable[Graphic]) -> bytes:
    """A row of labels: the stored face with what differs drawn on it, some 400 bytes a label."""
    drawn = "".join(f"^FO{one.x},{one.y}{_graphic(one.picture)}^FS" for one in graphics)
    return f"^XA^XF{FACE}{drawn}^XZ\n".encode()


def zpl_native(fields: Sequence[NativeField], said: Iterable[tuple[str, str]]) -> bytes:
    """A row of labels that the printer draws itself: (address, line) of each, some 150 bytes a label."""
    told = [f"^XA^XF{FACE}"]
    for (number, field), (address, line) in zip(_numbered(fields), said, strict=True):
        if not _PLAIN.fullmatch(address) or not _PLAIN.fullmatch(line):
            raise ValueError("a native field holds plain ASCII only")
        told.append(f"^FN{number}^FD{field.level}A,{address}^FS")
        told += [f"^FN{number + at}^FD{line}^FS" for at in range(1, len(field.lines) + 1)]
    return "".join([*told, "^XZ\n"]).encode()


def native_side(address: str, level: Level) -> int:
    """The most modules a side that a printer takes for an address: all of it as bytes."""
    return side_of(smallest_version([Segment(Mode.BYTE, address.encode())], level))


def _numbered(fields: Sequence[NativeField]) -> list[tuple[int, NativeField]]:
    """The first of each label's field numbers (^FN): one for its QR, then one a line."""
    found, number = [], 1
    for field in fields:
        found.append((number, field))
        number += 1 + len(field.lines)
    return found


def _native(field: NativeField, number: int) -> str:
    symbol = f"^BY2,3,{_SINK}^FO{field.x},{field.y - _SINK}^BQN,2,{field.dots}^FN{number}^FS"
    lines = (
        f"^FT{line.x},{line.baseline}^A0N,{line.height},{line.height}^FN{number + at}^FS"
        for at, line in enumerate(field.lines, 1)
    )
    return symbol + "".join(lines)


def _size(label: Bitmap) -> str:
    return f"^PW{label.width}^LL{label.height}^LH0,0"


def _graphic(picture: Bitmap) -> str:
    """^GFA: bytes in all, bytes in all, bytes a row, then zlib in base64 with its CRC-16."""
    packed = b64encode(zlib.compress(picture.rows, 6))
    total = len(picture.rows)
    return (
        f"^GFA,{total},{total},{picture.row_bytes},:Z64:{packed.decode()}:{crc_hqx(packed, 0):04X}"
    )
