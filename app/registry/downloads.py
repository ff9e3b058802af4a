"""Tables and points as files: CSV, XLSX and GeoJSON, written row by row so that memory stays small."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal
Written = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
# A spreadsheet runs what begins with one of these (OWASP: CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 22
_TEXT_ONLY = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_csv(out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """UTF-8 with the mark that spreadsheets need to know it by; text that looks like a formula is quoted."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    text.detach()


def write_xlsx(
    out: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """One sheet, its first row fixed; numbers stay numbers and texts are never formulas."""
    write_book(out, [(title, headings, rows)])


def write_book(out: IO[bytes], sheets: Iterable[Written]) -> None:
    """Several sheets, each with its title, its headings and its rows."""
    with Workbook(out, _TEXT_ONLY) as book:
        bold = book.add_format({"bold": True})
        for title, headings, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(headings) - 1, _WIDTH)
            for at, heading in enumerate(headings):
                sheet.write_string(0, at, heading, bold)
            for number, row in enumerate(rows, start=1):
                _write_row(sheet, number, row)


def _write_row(sheet: Worksheet, number: int, row: Sequence[Cell]) -> None:
    for at, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(number, at, cell)
        else:
            sheet.write_number(number, at, cell)


def write_geojson(
    out: IO[bytes], points: Iterable[tuple[tuple[float, float] | None, dict[str, Any]]]
) -> None:
    """A FeatureCollection (RFC 7946) of points; what lies nowhere known has no geometry (§3.2)."""
    out.write(b'{"type":"FeatureCollection","features":[')
    for number, (position, properties) in enumerate(points):
        geometry = None if position is None else {"type": "Point", "coordinates": position}
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        out.write(b",\n" if number else b"\n")
        out.write(json.dumps(feature, ensure_ascii=False, separators=(",", ":")).encode())
    out.write(b"\n]}\n")


def _inert(cell: Cell) -> Cell:
    dangerous = isinstance(cell, str) and cell.startswith(_FORMULA_STARTS)
    return f"'{cell}" if dangerous else cell
