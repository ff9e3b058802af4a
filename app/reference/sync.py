"""Bringing a table to a list of facts: adds and changes, never deletes, never undoes an edit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlmodel import Session, SQLModel

from app.models.catalogue import RowSource
from app.reference.files import Values


@dataclass(frozen=True)
class Synced:
    """How many rows were added, changed, and left as an administrator wrote them."""

    added: int = 0
    changed: int = 0
    kept: int = 0

    def __str__(self) -> str:
        return f"{self.added} new, {self.changed} changed, {self.kept} kept as edited"


def synchronise(
    session: Session,
    table: type[SQLModel],
    facts: list[Values],
    *,
    key: tuple[str, ...],
    birth: Callable[[], Values] = dict,
) -> Synced:
    """Insert the facts that are new and update those that differ, in two bulk statements.

    `key` names the columns that identify a fact; `birth` gives what only a new row gets, such as
    its public id. A row that is in the table and not among the facts stays: others may refer to it.
    """
    rows = table.metadata.tables[str(table.__tablename__)]
    present = {_key(row, key): row for row in _all(session, rows)}
    new = [fact for fact in facts if _key(fact, key) not in present]
    known = [(present[_key(fact, key)], fact) for fact in facts if _key(fact, key) in present]
    differing = [(row, fact) for row, fact in known if any(row[n] != fact[n] for n in fact)]
    kept = [row for row, _ in differing if row.get("source") is RowSource.EDITED]
    changes = [(row, fact) for row, fact in differing if row.get("source") is not RowSource.EDITED]
    if new:
        session.execute(insert(rows), [{**birth(), **fact} for fact in new])
    if changes:
        _change(session, rows, changes)
    return Synced(added=len(new), changed=len(changes), kept=len(kept))


def _all(session: Session, rows: Table) -> list[Values]:
    return [dict(row) for row in session.execute(select(rows)).mappings()]


def _key(values: Values, key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(values[name] for name in key)


def _change(session: Session, rows: Table, changes: list[tuple[Values, Values]]) -> None:
    identity = [column.name for column in rows.primary_key]
    columns = [name for name in changes[0][1] if name not in identity]
    statement = (
        update(rows)
        .where(*(rows.c[name] == bindparam(f"this_{name}") for name in identity))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
    # On the connection: a session takes an update of many for one by primary key, of mapped rows.
    session.connection().execute(
        statement,
        [
            {f"this_{name}": row[name] for name in identity}
            | {f"new_{name}": fact[name] for name in columns}
            for row, fact in changes
        ],
    )
    session.expire_all()
