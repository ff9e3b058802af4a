"""The process that reads one spreadsheet: from standard input, its rows out as lines of JSON.

It limits its own memory and time before it looks at the first byte; whatever a file does to the
parser, it does to this process alone. It imports nothing but the standard library, the parser
and its sisters `sheet_…`.

Lines out: `{"sheet": name}`, `{"merged": [[first row, column, last row, column] …]}` of an
.xlsx or .xls, then one list a row, then `{"end": rows}`; or `{"refused": [code,
values]}` at any time. A day is `{"day": …}`, an instant `{"moment": …}`, a formula's last result
`{"formula": …}`.
"""

import io
import json
import math
import resource
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.exchange.sheet_limits import (
    CPU_SECONDS,
    MEMORY,
    MOST_BYTES,
    MOST_CHARACTERS,
    MOST_CHARACTERS_A_CELL,
    MOST_COLUMNS,
    MOST_EMPTY_ROWS,
    MOST_MERGED,
    MOST_ROWS,
    Refusal,
    column_letters,
)
from app.exchange.sheet_package import Formulas, Package
from app.exchange.sheet_text import text_rows

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_EXACT_IN_A_FLOAT = 2**53

Encoded = Any
Write = Callable[[Encoded], None]


def main(preferred: Sequence[str]) -> None:
    """Read standard input and print its rows; `preferred` are names of sheets to take first."""
    _limit_this_process()
    try:
        read(sys.stdin.buffer.read(MOST_BYTES + 1), preferred, _print)
    except Refusal as refusal:
        _print({"refused": [refusal.code, refusal.values]})
    except MemoryError:
        _print({"refused": ["memory", {}]})
    sys.stdout.flush()


def read(content: bytes, preferred: Sequence[str], write: Write) -> None:
    """Write the lines of the file; Refusal when it is none that can be read."""
    if content.startswith(_ZIP):
        package = Package(content)
        package.require_workbook()
        _read_workbook(content, preferred, write, package.formulas_of)
    elif content.startswith(_COMPOUND_FILE):
        _read_workbook(content, preferred, write, lambda _sheet: None)
    else:
        write({"sheet": ""})
        _write_rows(text_rows(content), None, write)


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _print(line: Encoded) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def _read_workbook(
    content: bytes,
    preferred: Sequence[str],
    write: Write,
    formulas_of: Callable[[str], Formulas | None],
) -> None:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = _sheet_with_data(book, preferred)
            write({"sheet": sheet.name})
            write({"merged": _merged(sheet)})
            _write_rows(_sheet_rows(sheet), formulas_of(sheet.name), write)
    except PasswordError as error:
        raise Refusal("locked") from error
    except CalamineError as error:
        raise Refusal(_what_else(content)) from error


def _what_else(content: bytes) -> str:
    """Why a file is no workbook: Excel encrypts into a compound file, Word and others use them."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "locked"
    others = [name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document")]
    return "unknown" if any(name in content for name in others) else "damaged"


def _sheet_with_data(book: CalamineWorkbook, preferred: Sequence[str]) -> CalamineSheet:
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    wanted = {_plain(name) for name in preferred}
    for name in sorted(visible, key=lambda name: _plain(name) not in wanted):
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None:
            return sheet
    raise Refusal("empty")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()


def _merged(sheet: CalamineSheet) -> list[Encoded]:
    """The cells merged downwards, each as its first row and column and its last, from 0."""
    ranges = sheet.merged_cell_ranges or []
    downwards = [(*first, *last) for first, last in ranges[:MOST_MERGED] if last[0] > first[0]]
    return [one for one in downwards if one[2] < MOST_ROWS and one[3] < MOST_COLUMNS]


def _sheet_rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    (last_row, last_column), (_, first_column) = sheet.end or (0, 0), sheet.start or (0, 0)
    if last_row >= MOST_ROWS:
        raise Refusal("rows", most=MOST_ROWS, row=last_row + 1)
    if last_column >= MOST_COLUMNS:
        raise Refusal("columns", most=MOST_COLUMNS, column=column_letters(last_column))
    for row in sheet.iter_rows():
        yield [None] * first_column + row


def _write_rows(rows: Iterable[list[Any]], formulas: Formulas | None, write: Write) -> None:
    number, characters = 0, 0
    for index, row in enumerate(rows):
        # A formula never worked out shows nothing and is one all the same.
        shown = row if formulas else _trimmed(row)
        _require_room(index, len(shown), characters)
        cells = [_ENCODERS.get(type(value), _other)(value) for value in shown]
        characters += sum([len(cell) for cell in cells if type(cell) is str])
        if formulas:
            cells = _with_formulas(cells, formulas, index)
        cells = _trimmed(cells)
        if not cells:
            continue
        for _ in range(number, index):
            write([])
        write(cells)
        number = index + 1
    if not number:
        raise Refusal("empty")
    write({"end": number})


def _require_room(index: int, width: int, characters: int) -> None:
    if index >= MOST_ROWS and (width or index >= MOST_EMPTY_ROWS):
        raise Refusal("rows", most=MOST_ROWS, row=index + 1)
    if width > MOST_COLUMNS:
        raise Refusal("columns", most=MOST_COLUMNS, column=column_letters(width - 1))
    if characters > MOST_CHARACTERS:
        raise Refusal("characters", most=MOST_CHARACTERS)


def _trimmed(row: list[Any]) -> list[Any]:
    width = len(row)
    while width and row[width - 1] in ("", None):
        width -= 1
    return row[:width]


def _with_formulas(cells: list[Encoded], formulas: Formulas, index: int) -> list[Encoded]:
    return [
        {"formula": cell} if formulas.at(index, column) else cell
        for column, cell in enumerate(cells)
    ]


def _text(value: str) -> Encoded:
    if len(value) > MOST_CHARACTERS_A_CELL:
        raise Refusal("cell", most=MOST_CHARACTERS_A_CELL)
    return None if not value or value.isspace() else unicodedata.normalize("NFC", value)


def _float(value: float) -> Encoded:
    if value.is_integer() and abs(value) < _EXACT_IN_A_FLOAT:
        return int(value)
    return value if math.isfinite(value) else str(value)


def _same(value: Encoded) -> Encoded:
    return value


def _other(value: object) -> Encoded:
    return _text(str(value))


_ENCODERS: Mapping[type, Callable[[Any], Encoded]] = {
    str: _text,
    float: _float,
    int: _same,
    bool: _same,
    type(None): _same,
    datetime: lambda value: {"moment": value.isoformat()},
    date: lambda value: {"day": value.isoformat()},
}
