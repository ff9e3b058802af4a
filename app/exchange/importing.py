"""What a kind of list has to say for itself to be imported: one `Importer` a layout.

A layout is a file in `layouts/` that builds one: its columns, how a row is checked, how what was
checked is registered through the commands of its noun, and how that is taken back. Everything
else (files, pages, jobs, duplicates inside a file, restarts) is the same for all of them.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.exchange.columns import Column, Layout
from app.exchange.row_reading import RowReader
from app.exchange.template_writing import Lists, Say
from app.kit.messages import Message
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Organisation

ROWS_A_TRANSACTION = 500

Fact: TypeAlias = Any
Made: TypeAlias = UUID | str


@dataclass(frozen=True)
class Found:
    """What a row says: its natural key, whether that is registered already, else what to register.

    Without a key (too faulty to have one) a row is compared with no other.
    """

    key: Hashable | None = None
    known: bool = False
    fact: Fact | None = None


class Checker(Protocol):
    """Checks the rows of one file against what an organisation has; made anew for each file."""

    def check(self, row: RowReader) -> Found:
        """Read a row; what is wrong with it is noted in it."""


@dataclass(frozen=True)
class Doing:
    """For whom rows are registered, by whom and when, and in which import."""

    organisation: Organisation
    batch: UUID
    by: Actor
    now: datetime


@dataclass(frozen=True)
class Importer:
    """A layout with what it does.

    `register` enters many facts, all or none, and returns their public ids; `register_one` enters
    one through the noun's own command and is asked when many were refused. `fields` are columns
    by the fields that refusals name. An empty cell of a column in `filled_down` takes the value
    above it, as in a list that names a household once for all of its plots. `made_of` reads a public
    id back that was kept as text. Where registering a row takes long, `rows_a_transaction` are fewer:
    on SQLite nobody else writes meanwhile.
    """

    layout: Layout
    roles: frozenset[Role]
    checker: Callable[[Session, Organisation, datetime], Checker]
    register: Callable[[Session, Doing, Sequence[Fact]], Sequence[Made]]
    register_one: Callable[[Session, Doing, Fact], Made]
    take_back: Callable[[Session, Doing, Sequence[Any]], None]
    lists: Callable[[Session, Organisation, datetime, Say], Lists]
    words: Message
    fields: Mapping[str, str] = field(default_factory=dict)
    filled_down: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    made_of: Callable[[str], Made] = UUID
    rows_a_transaction: int = ROWS_A_TRANSACTION

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by key."""
        return {column.key: column for column in self.layout.columns}

    def column_of(self, name: str) -> str:
        """The column that a field of a refusal means; the first one for a field of none."""
        key = self.fields.get(name, name)
        return key if key in self.columns else self.layout.columns[0].key


def one_by_one(
    register_one: Callable[[Session, Doing, Fact], Made],
) -> Callable[[Session, Doing, Sequence[Fact]], Sequence[Made]]:
    """`register` of a layout whose facts are few."""

    def register(session: Session, doing: Doing, facts: Sequence[Fact]) -> Sequence[Made]:
        return [register_one(session, doing, fact) for fact in facts]

    return register


def own(organisation: Organisation) -> Reach:
    """References of a file stay inside its organisation."""
    return Reach.own(organisation.pk)
