"""Spreadsheets for people: templates to fill in, faulty files given back marked, plain downloads.

Every text is written as text: nothing that somebody typed becomes a formula, a link or a number.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from app.exchange.columns import ERRORS_HEADING, Header
from app.exchange.page_writing import (
    BOLD,
    FAULTY,
    PLAIN,
    WRAPPED,
    Page,
    Shown,
    Style,
    is_risky,
    sheet_name,
    workbook,
)
from app.exchange.template_writing import Say, template
from app.exchange.workbook_reading import Table
from app.exchange.written import Formula
from app.kit.clock import local
from app.kit.messages import Message

__all__ = ["Say", "Shown", "csv_text", "marked", "sheet", "template"]

# Each note is a drawing to Excel; the last column says everything anyway.
_MOST_NOTES = 1_000
_THOUSANDTHS = 3


def marked(
    table: Table,
    header: Header,
    faults: Mapping[tuple[int, str], Message],
    *,
    say: Say,
) -> bytes:
    """The same rows in the same places as .xlsx, faulty cells red with a note.

    One last column holds all sentences of the row.

    `faults` are by row number, as Excel counts, and column key; a key without a column is told
    in the last column alone. Reading the file again passes over that column.
    """
    sentences = _by_row(faults, say)
    errors = header.errors if header.errors is not None else len(table.rows[0])
    with workbook() as (book, buffer):
        page = Page(book, book.add_worksheet(sheet_name(table.sheet)))
        notes = _MOST_NOTES
        for number, row in enumerate(table.rows, start=1):
            said = sentences.get(number, {})
            cells = [None if at == errors else cell for at, cell in enumerate(row)]
            wrong = {header.columns.get(key, errors): why for key, why in said.items()}
            in_heading = header.first_row <= number <= header.row_number
            _write_row(page, number - 1, cells, wrong.keys(), BOLD if in_heading else PLAIN)
            notes -= _note(page, number - 1, dict(list(wrong.items())[:notes]))
            last = ERRORS_HEADING if number == header.first_row else "\n".join(said.values())
            if last:
                page.write(number - 1, errors, last, BOLD if in_heading else WRAPPED)
        page.sheet.freeze_panes(header.row_number, 0)
        page.fit()
    return buffer.getvalue()


def sheet(title: str, headings: Sequence[str], rows: Iterable[Sequence[Shown]]) -> bytes:
    """A plain .xlsx of one sheet: bold frozen headings, then the rows, numbers and days as such.

    Instants are shown as clocks in Viet Nam show them.
    """
    with workbook() as (book, buffer):
        page = Page(book, book.add_worksheet(sheet_name(title)))
        for column, heading in enumerate(headings):
            page.write(0, column, heading, BOLD)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                page.write(number, column, value)
        page.sheet.freeze_panes(1, 0)
        page.fit()
    return buffer.getvalue()


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Shown]]) -> str:
    """The table as RFC 4180 text with a byte order mark, for Excel to know it as UTF-8.

    Days are 2026-11-20, decimals have a point. A text that Excel would take for a formula gets an
    apostrophe before it, which the reader here takes away again.
    """
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([_csv_cell(heading) for heading in headings])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return f"\ufeff{lines.getvalue()}"


def _by_row(faults: Mapping[tuple[int, str], Message], say: Say) -> dict[int, dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for (number, key), why in faults.items():
        rows.setdefault(number, {})[key] = say(why)
    return rows


def _write_row(
    page: Page, at: int, cells: Sequence[Shown], wrong: Collection[int], style: Style
) -> None:
    for column, cell in enumerate(cells):
        page.write(at, column, cell, FAULTY if column in wrong else style)


def _note(page: Page, at: int, sentences: Mapping[int, str]) -> int:
    for column, why in sentences.items():
        page.sheet.write_comment(at, column, why)
    return len(sentences)


def _csv_cell(value: Shown) -> str:
    shown = value.result if isinstance(value, Formula) else value
    match shown:
        case None:
            return ""
        case str():
            return f"'{shown}" if is_risky(shown) else shown
        case bool():
            return str(shown).upper()
        case float() | Decimal():
            return _csv_number(Decimal(str(shown)))
        case datetime():
            return (local(shown) if shown.tzinfo else shown).strftime("%Y-%m-%d %H:%M")
        case _:
            return str(shown)


def _csv_number(number: Decimal) -> str:
    plain = f"{number.normalize():f}"
    # 1.125 would be read as one thousand one hundred and twenty-five in Viet Nam; 1.1250 is not.
    return f"{plain}0" if len(plain.partition(".")[2]) == _THOUSANDTHS else plain
