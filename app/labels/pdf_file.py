"""The skeleton of a PDF written forwards: numbered objects, a tree of pages, the table of where they are."""

import zlib
from array import array
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PAGES_A_NODE = 64
_PACKING = 6


class PdfFile:
    """Objects are written as they come and forgotten: eight bytes an object stay in memory."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._offsets = array("Q", [0])
        self._write(_HEAD)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, number: int, body: str | bytes) -> None:
        """Write an object."""
        self._offsets[number] = self._at
        content = body.encode("ascii") if isinstance(body, str) else body
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, content))

    def put_stream(self, number: int, data: bytes, entries: str = "") -> None:
        """Write a stream, packed."""
        packed = zlib.compress(data, _PACKING)
        head = f"<</Length {len(packed)}/Filter/FlateDecode{entries}>>stream\n".encode("ascii")
        self.put(number, head + packed + b"\nendstream")

    def close(self, *, root: int, info: int, identity: str) -> None:
        """Write the table of offsets and the trailer."""
        start = self._at
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for first in range(1, len(self._offsets), 1000):
            some = self._offsets[first : first + 1000]
            self._write(b"".join(b"%010d 00000 n \n" % offset for offset in some))
        same = sha256(identity.encode()).hexdigest()[:32].upper()
        trailer = f"/Size {len(self._offsets)}/Root {root} 0 R/Info {info} 0 R/ID[<{same}><{same}>]"
        self._write(f"trailer\n<<{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


class PageTree:
    """Pages in nodes of a few dozen, so that a viewer finds page 50,000 without reading them all."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self.root = file.reserve()
        self._nodes: list[int] = []
        self._kids: list[int] = []
        self.count = 0

    def add(self, content: bytes, *, box: str, resources: int) -> None:
        """One more page, with its content written at once."""
        if not self._kids:
            self._nodes.append(self._file.reserve())
        page, stream = self._file.reserve(), self._file.reserve()
        self._file.put_stream(stream, content)
        self._file.put(
            page,
            f"<</Type/Page/Parent {self._nodes[-1]} 0 R/MediaBox[{box}]"
            f"/Resources {resources} 0 R/Contents {stream} 0 R>>",
        )
        self._kids.append(page)
        self.count += 1
        if len(self._kids) == _PAGES_A_NODE:
            self._end_node()

    def close(self) -> None:
        """Write what is left of the tree."""
        if self._kids:
            self._end_node()
        kids = " ".join(f"{node} 0 R" for node in self._nodes)
        self._file.put(self.root, f"<</Type/Pages/Kids[{kids}]/Count {self.count}>>")

    def _end_node(self) -> None:
        kids = " ".join(f"{page} 0 R" for page in self._kids)
        self._file.put(
            self._nodes[-1],
            f"<</Type/Pages/Parent {self.root} 0 R/Kids[{kids}]/Count {len(self._kids)}>>",
        )
        self._kids = []


def text_string(text: str) -> str:
    """A text of the file's own facts (title, producer), in UTF-16 with its mark."""
    marked = f"\ufeff{text}".encode("utf-16-be")
    return f"<{marked.hex().upper()}>"


def dictionary(entries: Mapping[str, str]) -> str:
    """Names with their values."""
    return f"<<{''.join(f'/{name} {value}' for name, value in entries.items())}>>"


def date_string(moment: datetime) -> str:
    """A moment as PDF writes it."""
    zone = moment.strftime("%z")
    return (
        f"(D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:]}')" if zone else f"(D:{moment:%Y%m%d%H%M%S})"
    )
