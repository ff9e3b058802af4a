"""A spreadsheet as uploaded, recognised by its content and read in a process that may die of it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeAlias

from app.errors import Refused, refuse
from app.exchange.reading_process import lines_of
from app.exchange.sheet_limits import MOST_BYTES, Refusal
from app.exchange.written import Cell
from app.kit.messages import Message, say

Merged: TypeAlias = tuple[int, int, int, int]

_MEBIBYTE = 1024 * 1024
_LONGEST_NAME = 160

WHY = {
    "unknown": say(
        "{filename} is no spreadsheet. Send a file of Excel (.xlsx, .xls), LibreOffice (.ods) "
        "or a table as text (.csv)."
    ),
    "binary": say("{filename} is a binary Excel file. Save it as .xlsx and send that."),
    "web_page": say(
        "{filename} is a web page under the name of a spreadsheet. Open it in Excel, save it as "
        ".xlsx and send that."
    ),
    "locked": say("{filename} is locked with a password. Save it without one and send it again."),
    "damaged": say("{filename} is damaged and cannot be read. Save it again and send that."),
    "empty": say("{filename} has no visible sheet with anything in it."),
    "entries": say("{filename} is packed from more than {most} parts."),
    "unpacked": say("{filename} unpacks to more than {most} MB."),
    "declaration": say("{filename} declares entities of its own, which Excel never does."),
    "rows": say(
        "The sheet goes down to row {row}; at most {most} rows are read. Send it in several "
        "files, or delete what stands far below the table."
    ),
    "columns": say(
        "The sheet goes to column {column}; at most {most} columns are read. Delete what stands "
        "far to the right of the table."
    ),
    "cell": say("A cell holds more than {most} characters."),
    "characters": say("The sheet holds more than {most} characters. Send it in several files."),
    "encoding": say(
        "The letters of {filename} cannot be read. Save it as .xlsx, or as CSV UTF-8, and send "
        "that."
    ),
    "memory": say(
        "{filename} is too large to be read: something stands far below the table or far to its "
        "right, or there are too many filled cells. Copy the rows alone into a new file."
    ),
    "time": say("Reading {filename} takes too long. Copy the rows alone into a new file."),
}


@dataclass(frozen=True)
class Table:
    """The rows of one sheet from its first on, all equally wide; `rows[0]` is row 1 of Excel.

    `merged` are cells merged downwards: first row and column, last row and column, from 0.
    """

    sheet: str
    rows: list[tuple[Cell, ...]]
    merged: tuple[Merged, ...] = ()


def read_table(content: bytes, *, filename: str, preferred: Sequence[str] = ()) -> Table:
    """The table in a file of Excel, LibreOffice or text.

    Of several sheets, the one with a name in `preferred`, else the first visible one with data.

    Refused (on `file`) for what is no spreadsheet, is locked or damaged, or exceeds the limits of
    `sheet_limits`; within WALL_SECONDS, whatever the file does. Formulas of .xlsx come marked as
    `Formula`; those of other files as their last results.
    """
    name = PurePath(filename.replace("\\", "/")).name[:_LONGEST_NAME]
    if len(content) > MOST_BYTES:
        raise refuse(
            "file",
            say("The file is larger than {most} MB.", most=MOST_BYTES // _MEBIBYTE),
        )
    try:
        with closing(lines_of(content, preferred)) as lines:
            sheet, rows, merged = _table_of(lines)
    except Refusal as refusal:
        raise _refused(refusal, name) from refusal
    width = max(map(len, rows))
    even = [row + (None,) * (width - len(row)) for row in rows]
    return Table(sheet or PurePath(name).stem, even, merged)


def _table_of(lines: Iterator[Any]) -> tuple[str, list[tuple[Cell, ...]], tuple[Merged, ...]]:
    sheet, rows = "", []
    merged: tuple[Merged, ...] = ()
    for line in lines:
        match line:
            case list():
                rows.append(tuple(line))
            case {"sheet": str(name)}:
                sheet = name
            case {"merged": list(ranges)}:
                merged = tuple(tuple(one) for one in ranges)
            case {"refused": [str(code), dict(values)]}:
                raise Refusal(code, **values)
            case _:
                pass
    return sheet, rows, merged


def _refused(refusal: Refusal, filename: str) -> Refused:
    return refuse(
        "file", Message(WHY[refusal.code].msgid, {"filename": filename, **refusal.values})
    )
