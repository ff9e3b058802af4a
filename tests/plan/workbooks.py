"""A workbook's live formulas: read from its XML, worked out here anew, worked out by LibreOffice."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineWorkbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL = r"([A-Z]+\d+)"
SUM = re.compile(rf"SUM\({CELL}:{CELL}\)")
QUOTIENT = re.compile(rf'IF\(OR\({CELL}="",{CELL}="",\2=0\),"",\1/\2\*(\d+)\)')
DIFFERENCE = re.compile(rf'IF\(OR\({CELL}="",{CELL}=""\),"",\1-\2\)')
CACHED = re.compile(r"(</f>)<v>[^<]*</v>")
SLOWEST = 120
Place = tuple[str, str]


@dataclass(frozen=True)
class Book:
    """Cells by sheet and address: numbers and words as they stand, formulas, and what stands beside these."""

    plain: Mapping[Place, float | str]
    formulas: Mapping[Place, str]
    shown: Mapping[Place, float | str]


def read_book(content: bytes) -> Book:
    plain: dict[Place, float | str] = {}
    formulas: dict[Place, str] = {}
    shown: dict[Place, float | str] = {}
    for sheet, cell in _cells(content):
        place = (sheet, cell.get("r", ""))
        formula, value = cell.findtext(f"{MAIN}f"), cell.findtext(f"{MAIN}v")
        if formula is not None:
            formulas[place] = formula
            shown[place] = "" if not value or cell.get("t") == "str" else float(value)
        elif value is not None:
            plain[place] = "words" if cell.get("t") == "s" else float(value)
    return Book(plain, formulas, shown)


def worked_out(book: Book) -> dict[Place, float | str]:
    """What each formula comes to, from the plain cells alone; a form that is not known here fails."""
    return {place: _value(book, place) for place in book.formulas}


def recalculated(content: bytes, folder: Path) -> dict[Place, float | str]:
    """What LibreOffice makes of each formula, having seen none of the values that stand beside them."""
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(bare, "w") as made:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/"):
                part = CACHED.sub(r"\1", part.decode()).encode()
            made.writestr(name, part)
    result = by_office(bare.getvalue(), "xlsx", "xlsx:Calc MS Excel 2007 XML", folder)
    book = CalamineWorkbook.from_filelike(io.BytesIO(result))
    found: dict[Place, float | str] = {}
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                found[sheet, f"{_letters(at)}{number}"] = value if value == "" else _number(value)
    return found


def by_office(content: bytes, ending: str, wanted: str, folder: Path) -> bytes:
    """A file as LibreOffice writes it, in a profile of its own."""
    office = shutil.which("soffice")
    assert office
    (folder / "out").mkdir(exist_ok=True)
    source = folder / f"report.{ending}"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", wanted, "--outdir"]
    command += [str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=SLOWEST)
    return (folder / "out" / f"report.{wanted.partition(':')[0]}").read_bytes()


def differing(ours: Mapping[Place, Any], theirs: Mapping[Place, Any]) -> dict[Place, Any]:
    """Where two say different things, beyond the last digits of a binary fraction."""
    return {
        place: (value, theirs.get(place, ""))
        for place, value in ours.items()
        if not _same(value, theirs.get(place, ""))
    }


def _same(one: float | str, other: float | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one))


def _value(book: Book, place: Place) -> float | str:
    sheet, formula = place[0], book.formulas.get(place)
    if formula is None:
        return book.plain.get(place, "")
    if found := SUM.fullmatch(formula):
        (column, first), (other, last) = map(_split, found.groups())
        assert column == other
        values = [_value(book, (sheet, f"{column}{row}")) for row in range(first, last + 1)]
        return sum(value for value in values if not isinstance(value, str))
    if found := QUOTIENT.fullmatch(formula):
        part, whole = (_value(book, (sheet, one)) for one in found.groups()[:2])
        if isinstance(part, str) or isinstance(whole, str) or whole == 0:
            return ""
        return part / whole * int(found.group(3))
    found = DIFFERENCE.fullmatch(formula)
    assert found, f"a form that is not known: {formula}"
    left, right = (_value(book, (sheet, one)) for one in found.groups())
    return "" if isinstance(left, str) or isinstance(right, str) else left - right


def _cells(content: bytes) -> Iterator[tuple[str, ET.Element]]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        book = ET.fromstring(parts.read("xl/workbook.xml"))
        names = [one.get("name", "") for one in book.iter(f"{MAIN}sheet")]
        for number, name in enumerate(names, start=1):
            part = ET.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
            yield from ((name, cell) for cell in part.iter(f"{MAIN}c"))


def _split(address: str) -> tuple[str, int]:
    column = address.rstrip("0123456789")
    return column, int(address[len(column) :])


def _letters(at: int) -> str:
    return chr(ord("A") + at)


def _number(value: Any) -> float | str:
    return float(value) if isinstance(value, int | float) else "words"
