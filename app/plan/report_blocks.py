"""A report as blocks that every kind of file draws in its own way. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Manner(StrEnum):
    """How a paragraph is set."""

    BODY = "body"
    HEADING = "heading"
    SUBHEADING = "subheading"
    ITEM = "item"
    NOTE = "note"


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    manner: Manner = Manner.BODY


@dataclass(frozen=True)
class Head:
    """A cell of a table's head, over so many columns and rows."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class Line:
    """A row of a table."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table. `widths` are shares of the width; columns from `numbers` on stand to the right."""

    caption: str
    heads: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]
    widths: tuple[int, ...]
    numbers: int = 1
    unit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One pair of bars: what the plan states and what was reached, in one unit."""

    name: str
    planned: float | None
    reached: float | None


@dataclass(frozen=True)
class Chart:
    """Bars side by side; `said` tells in words what they show, for whoever does not see them."""

    caption: str
    unit: str
    bars: tuple[Bar, ...]
    planned_name: str
    reached_name: str
    said: str


Block: TypeAlias = Words | Table | Chart


@dataclass(frozen=True)
class Annex:
    """A numbered annex on pages of its own; wide ones lie across."""

    number: str
    title: str
    blocks: tuple[Block, ...]
    wide: bool = True


@dataclass(frozen=True)
class Letter:
    """The letterhead and the foot of an administrative document (NĐ 30/2020/NĐ-CP, Phụ lục I)."""

    superior: str
    office: str
    number: str
    place_and_day: str
    kind: str
    subject: str
    addressee: str
    recipients: tuple[str, ...]
    signer_title: tuple[str, ...]
    signer: str


@dataclass(frozen=True)
class ReportDocument:
    """The whole report."""

    letter: Letter
    body: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    name: str
    enclosed_with: str
