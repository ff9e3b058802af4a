"""Cells that a list writes once for several rows: merged ones, and names left out below. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.exchange.columns import Header
from app.exchange.workbook_reading import Table
from app.exchange.written import Cell, is_blank
from app.kit.text import fold

_TOTALS = frozenset({"cong", "tong", "tong cong", "tong so", "cong tong", "total", "合计", "总计"})


def unmerged(table: Table, header: Header) -> Table:
    """The table with the value of a cell merged downwards in every row it covers.

    Headings stay as they are.
    """
    rows = list(table.rows)
    for first, column, last, _ in table.merged:
        if first < header.row_number or first >= len(rows) or column >= len(rows[first]):
            continue
        value = rows[first][column]
        for at in range(first + 1, min(last + 1, len(rows))):
            rows[at] = (*rows[at][:column], value, *rows[at][column + 1 :])
    return replace(table, rows=rows)


@dataclass(frozen=True)
class FilledRow:
    """A row with what it took from above. `doubtful`: cells it may not have meant to take.

    A row that opens with words of its own in one group and leaves a later one empty may mean the
    same as above, or nobody: that is to be said.
    """

    number: int
    cells: dict[str, Cell]
    doubtful: tuple[str, ...] = ()


def filled_down(
    rows: Iterator[tuple[int, dict[str, Cell]]], groups: Sequence[Sequence[str]]
) -> Iterator[FilledRow]:
    """The rows, a group of columns that is empty as a whole taking the values of the row above."""
    above: dict[str, Cell] = {}
    for number, written in rows:
        cells = dict(written)
        opens, doubtful = False, list[str]()
        for group in groups:
            if all(is_blank(cells.get(key)) for key in group):
                taken = {key: above[key] for key in group if key in above}
                cells.update(taken)
                given = [key for key, value in taken.items() if not is_blank(value)]
                doubtful += given[:1] if opens else []
            else:
                opens = True
            above |= {key: cells.get(key) for key in group}
        yield FilledRow(number, cells, tuple(doubtful))


def is_total(row: Sequence[Cell]) -> bool:
    """Whether a row adds up those above it: its first words are "Cộng", "Tổng cộng" …"""
    first = next((cell for cell in row if isinstance(cell, str) and cell.strip()), "")
    words = fold(first[:40]) or first.strip()
    return words in _TOTALS or words.startswith(("tong cong", "tong so"))
