"""What rests on rows of the register: whatever refers to them, in any table there is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlmodel import Session, SQLModel

from app.kit.messages import Message, say
from app.registry.grower_list_queries import batches

# Rows of these tables are parts of what they refer to and go with it.
PARTS = frozenset(
    {"grower_membership", "area_crop", "area_word", "area_tile", "plot_tile", "area_code_step"}
    | {"plan_cell", "plan_land", "plan_due"}  # worked out anew; the database takes them away
)

WORDS: Mapping[str, Message] = {
    "plot": say("plots"),
    "grower_consent": say("consents"),
    "harvest_lot": say("harvest lots"),
    "lot_source": say("harvest lots"),
    "certificate_area": say("certificates"),
    "certificate_member": say("certificates"),
    "code_application": say("applications for codes"),
    "area_code": say("planting-area codes"),
    "dossier": say("dossiers"),
    "document": say("papers"),
    "season_declaration": say("declarations of seasons"),
    "planting": say("plantings"),
    "planting_plot": say("plantings"),
    "diary_entry": say("diary entries"),
    "entry_plot": say("diary entries"),
}
_OTHERS = say("other records")


@dataclass(frozen=True)
class Dependents:
    """Rows of one kind that rest on some of the rows asked about; `example` is one of these."""

    words: Message
    count: int
    example: int


def find_dependents(session: Session, table: str, ids: Collection[int]) -> Dependents | None:
    """The first kind of rows found that refers to any of these rows; None when nothing does.

    Rows that follow one another and are all asked about do not count as resting on each other.
    """
    asked = set(ids)
    for column in referring_columns(table):
        own = column.table.name == table
        found = [
            _count_others(session, column, some, asked) if own else _count(session, column, some)
            for some in batches(ids)
        ]
        count = sum(number for number, _ in found)
        if count:
            example = min(least for _, least in found if least is not None)
            return Dependents(WORDS.get(column.table.name, _OTHERS), count, example)
    return None


def referring_columns(table: str) -> list[Column[Any]]:
    """Every column that refers to the table and belongs to no part of it, in a fixed order."""
    target: Table = SQLModel.metadata.tables[table]
    return [
        key.parent
        for other in SQLModel.metadata.sorted_tables
        if other.name not in PARTS
        for key in sorted(other.foreign_keys, key=lambda one: one.parent.name)
        if key.column.table is target
    ]


def _count(session: Session, column: Column[Any], ids: list[int]) -> tuple[int, int | None]:
    wanted = select(func.count(), func.min(column)).where(column.in_(ids))
    count, least = session.execute(wanted).one()
    return int(count), least


def _count_others(
    session: Session, column: Column[Any], ids: list[int], asked: set[int]
) -> tuple[int, int | None]:
    wanted = select(column.table.c.id, column).where(column.in_(ids))
    rests_on = [on for row, on in session.execute(wanted) if row not in asked]
    return len(rests_on), min(rests_on, default=None)
