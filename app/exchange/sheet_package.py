"""The zip of an .xlsx or .ods: unpacked once, piece by piece, to see what it truly holds.

Runs in the reading process (see `sheet_child`), before the parser sees the file.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.exchange.sheet_limits import (
    MOST_COLUMNS,
    MOST_ENTRIES,
    MOST_ROWS,
    MOST_UNPACKED_MIB,
    Refusal,
    column_number,
)

_CHUNK = 64 * 1024
_OVERLAP = 64
_LOCAL_MARK = b"PK\3\4"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 1
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
# A false alarm costs a second look and nothing else.
_SIGNS_OF_A_FORMULA = (b"<f>", b"<f ", b"<f/", b"<f\n", b":f>", b":f ", b":f/", b":f\n")
_DAMAGES = (BadZipFile, zlib.error, expat.ExpatError, struct.error, NotImplementedError, ValueError)

Element = Callable[[str, dict[str, str]], object]


class Formulas:
    """Which cells of a sheet hold formulas: a bit map, so that a million of them cost nothing."""

    def __init__(self) -> None:
        self._map = bytearray(MOST_ROWS * MOST_COLUMNS)
        self._row = self._column = -1

    def at(self, row: int, column: int) -> bool:
        """Whether the cell holds a formula; both count from 0."""
        return bool(self._map[row * MOST_COLUMNS + column])

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """Follow the elements of a sheet; rows and cells without a reference count on."""
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(attributes.get("r", self._row + 2)) - 1
                self._column = -1
            case "c":
                letters = attributes.get("r", "").rstrip("0123456789")
                self._column = column_number(letters) if letters else self._column + 1
            case "f" if 0 <= self._row < MOST_ROWS and 0 <= self._column < MOST_COLUMNS:
                self._map[self._row * MOST_COLUMNS + self._column] = 1
            case _:
                pass


class Package:
    """An opened zip whose true size is within the limits and whose XML declares nothing."""

    def __init__(self, content: bytes) -> None:
        """Refusal for a damaged zip, too many entries, too much unpacked, a DTD or an entity."""
        self._content = content
        self._with_formulas: list[ZipInfo] = []
        try:
            with ZipFile(io.BytesIO(content)) as archive:
                self._entries = archive.infolist()
            self._require_small()
        except _DAMAGES as error:
            raise Refusal("damaged") from error

    def require_workbook(self) -> None:
        """Refusal unless this is a workbook of Excel (2007 on) or LibreOffice."""
        names = {entry.filename.lower() for entry in self._entries}
        if "xl/workbook.bin" in names:
            raise Refusal("binary")
        if "xl/workbook.xml" not in names and not self._is_ods():
            raise Refusal("unknown")

    def formulas_of(self, sheet: str) -> Formulas | None:
        """Where the sheet of an .xlsx has formulas; None when the whole file has none.

        A sheet that cannot be traced to its part takes the formulas of all parts.
        """
        if not self._with_formulas:
            return None
        found = Formulas()
        try:
            part = self._part_of(sheet)
            for entry in self._with_formulas:
                if part is None or entry.filename.lower() == part:
                    self._parse(entry, found.element)
        except _DAMAGES as error:
            raise Refusal("damaged") from error
        return found

    def _require_small(self) -> None:
        if len(self._entries) > MOST_ENTRIES:
            raise Refusal("entries", most=MOST_ENTRIES)
        left = MOST_UNPACKED_MIB * 1024 * 1024
        for entry in self._entries:
            left -= self._weigh(entry, left)

    def _weigh(self, entry: ZipInfo, left: int) -> int:
        # Sizes in the headers may lie, so what comes out is counted.
        size, tail, formulas = 0, b"", False
        picture = entry.filename.lower().endswith(".svg")
        for chunk in self._unpacked(entry):
            size += len(chunk)
            if size > left:
                raise Refusal("unpacked", most=MOST_UNPACKED_MIB)
            window = tail + chunk.replace(b"\0", b"")  # XML may come in UTF-16
            if not picture and any(mark in window for mark in _DECLARATIONS):
                raise Refusal("declaration")
            formulas = formulas or any(mark in window for mark in _SIGNS_OF_A_FORMULA)
            tail = window[-_OVERLAP:]
        if formulas and entry.filename.lower().startswith("xl/worksheets/"):
            self._with_formulas.append(entry)
        return size

    def _unpacked(self, entry: ZipInfo) -> Iterator[bytes]:
        mark, name, extra = _LOCAL_HEADER.unpack_from(self._content, entry.header_offset)
        if mark != _LOCAL_MARK or entry.flag_bits & _ENCRYPTED:
            raise BadZipFile(entry.filename)
        start = entry.header_offset + _LOCAL_HEADER.size + name + extra
        packed = memoryview(self._content)[start : start + entry.compress_size]
        if entry.compress_type == ZIP_STORED:
            yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        elif entry.compress_type == ZIP_DEFLATED:
            yield from _inflated(packed)
        else:
            raise BadZipFile(entry.filename)

    def _is_ods(self) -> bool:
        kinds = [entry for entry in self._entries if entry.filename == "mimetype"]
        return any(b"opendocument.spreadsheet" in b"".join(self._unpacked(kind)) for kind in kinds)

    def _part_of(self, sheet: str) -> str | None:
        references = {
            attributes.get("name"): _relation(attributes)
            for name, attributes in self._elements("xl/workbook.xml")
            if name == "sheet"
        }
        targets = {
            attributes.get("Id"): attributes.get("Target", "")
            for name, attributes in self._elements("xl/_rels/workbook.xml.rels")
            if name == "Relationship"
        }
        target = targets.get(references.get(sheet, "")) or ""
        part = target[1:] if target.startswith("/") else f"xl/{target}"
        known = {entry.filename.lower() for entry in self._entries}
        return part.lower() if part.lower() in known else None

    def _elements(self, path: str) -> list[tuple[str, dict[str, str]]]:
        found: list[tuple[str, dict[str, str]]] = []
        for entry in self._entries:
            if entry.filename.lower() == path:
                self._parse(entry, lambda name, its: found.append((name.rpartition(":")[2], its)))
        return found

    def _parse(self, entry: ZipInfo, element: Element) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = element
        for chunk in self._unpacked(entry):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _relation(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


def _inflated(packed: memoryview) -> Iterator[bytes]:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), _CHUNK):
        fed: bytes | memoryview = packed[at : at + _CHUNK]
        while fed and not machine.eof:
            yield machine.decompress(fed, _CHUNK)
            fed = machine.unconsumed_tail
    while not machine.eof and (rest := machine.decompress(b"", _CHUNK)):
        yield rest
