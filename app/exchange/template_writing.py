"""The template of a layout: a sheet to fill in, one that explains it, and hidden lists to choose from."""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import TypeAlias

from xlsxwriter.utility import xl_range_abs

from app.exchange.cell_days import day
from app.exchange.cell_numbers import decimal
from app.exchange.columns import Column, Kind, Layout
from app.exchange.page_writing import (
    BOLD,
    DAY,
    PLAIN,
    WRAPPED,
    Page,
    Shown,
    Style,
    sheet_name,
    workbook,
)
from app.exchange.sheet_limits import MOST_ROWS
from app.exchange.written import CellFault
from app.kit.messages import Message, say

Say: TypeAlias = Callable[[Message], str]
Lists: TypeAlias = Mapping[str, Sequence[str]]

_NOTICE = say("Rows in grey italics are examples. They are not read; you may type over them.")
_INSTRUCTIONS = say("Instructions")
_EXAMPLE = say("Example")
_ADVICE = (
    say("Fill in one row for each. Leave the headings as they are; columns may be in any order."),
    say("Columns with * have to be filled in. Formulas are not accepted."),
    say("Write days as day/month/year, numbers as 1.250 or 12,5."),
    say("Write areas with their unit: 1.500 m², 0,5 ha, 3 sào (of 360 m²) or 1 mẫu 2 sào."),
)
_EXPLAINED = (say("Column"), say("Required"), say("How to fill it in"), _EXAMPLE)
_YES = say("yes")

_NOTICE_ROW, _HEADING_ROW, _FIRST_EXAMPLE = 0, 1, 2
_GREY: Style = {"italic": True, "font_color": "#6B6B6B"}
_SHADED: Style = {**_GREY, "bg_color": "#F2F2F2"}
_AS_TEXT: Style = {"num_format": 49}  # Excel's own number for text
_TEXTS = frozenset({Kind.TEXT, Kind.CODE, Kind.PHONE})
_NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.AREA, Kind.WEIGHT})
_LISTS_SHEET = "_lists"


def template(layout: Layout, *, say: Say, lists: Lists) -> bytes:
    """An .xlsx to fill in: headings with hints as notes, drop-downs, two grey example rows.

    `lists` are the texts to choose from by column key; they replace the `choices` of a column.
    Whoever types over an example has typed a row; an example left alone is passed over when read
    (see `columns.is_example`).
    """
    offered = [_offered(column, lists, say) for column in layout.columns]
    with workbook() as (book, buffer):
        title = sheet_name(say(layout.title) if layout.title else layout.name)
        page = Page(book, book.add_worksheet(title))
        _write_headings(page, layout, say)
        _write_examples(page, layout, say)
        _offer(page, offered)
        page.fit({at: page.format(_style(column)) for at, column in enumerate(layout.columns)})
        _instruct(Page(book, book.add_worksheet(sheet_name(say(_INSTRUCTIONS)))), layout, say)
        _list(Page(book, book.add_worksheet(_LISTS_SHEET)), offered)
    return buffer.getvalue()


def _write_headings(page: Page, layout: Layout, say: Say) -> None:
    page.sheet.write_string(_NOTICE_ROW, 0, say(_NOTICE), page.format(_GREY))
    for at, column in enumerate(layout.columns):
        page.write(_HEADING_ROW, at, _heading(column, say), BOLD)
        if column.hint:
            page.sheet.write_comment(_HEADING_ROW, at, say(column.hint))
    page.sheet.freeze_panes(_FIRST_EXAMPLE, 0)


def _write_examples(page: Page, layout: Layout, say: Say) -> None:
    for turn in (0, 1):
        row = _FIRST_EXAMPLE + turn
        for at, column in enumerate(layout.columns):
            page.write(row, at, _example(column, turn), {**_SHADED, **_style(column)})
        # Its column has no heading, so that nothing is made of it.
        page.write(row, len(layout.columns), f"← {say(_EXAMPLE)}", _GREY)


def _offer(page: Page, offered: Sequence[Sequence[str]]) -> None:
    for at, texts in enumerate(offered):
        if texts:
            source = f"={_LISTS_SHEET}!{xl_range_abs(0, at, len(texts) - 1, at)}"
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            page.sheet.data_validation(_FIRST_EXAMPLE, at, MOST_ROWS - 1, at, rule)


def _list(page: Page, offered: Sequence[Sequence[str]]) -> None:
    # In a sheet of its own: a list inside the rule holds no more than 255 characters.
    for row, texts in enumerate(zip_longest(*offered)):
        for at, text in enumerate(texts):
            page.write(row, at, text)
    page.sheet.very_hidden()


def _instruct(page: Page, layout: Layout, say: Say) -> None:
    for row, advice in enumerate(_ADVICE):
        page.sheet.write_string(row, 0, say(advice))
    first = len(_ADVICE) + 1
    for at, heading in enumerate(_EXPLAINED):
        page.write(first, at, say(heading), BOLD)
    for row, column in enumerate(layout.columns, start=first + 1):
        page.write(row, 0, say(column.heading))
        page.write(row, 1, say(_YES) if column.required else None)
        page.write(row, 2, say(column.hint) if column.hint else None, WRAPPED)
        page.write(row, 3, column.examples[0])
    page.fit()


def _heading(column: Column, say: Say) -> str:
    return f"{say(column.heading)} *" if column.required else say(column.heading)


def _style(column: Column) -> Style:
    if column.kind in _TEXTS:
        return _AS_TEXT
    return DAY if column.kind is Kind.DAY else PLAIN


def _example(column: Column, turn: int) -> Shown:
    written = column.examples[turn]
    try:
        if column.kind is Kind.DAY:
            return day(written)
        return decimal(written) if column.kind in _NUMBERS else written
    except CellFault:
        return written  # an area with its unit, or nothing


def _offered(column: Column, lists: Lists, say: Say) -> Sequence[str]:
    if column.key in lists:
        return lists[column.key]
    return ["x"] if column.kind is Kind.YES else [say(choice) for choice in column.choices]
