"""Counting the serials of planting-area codes without a gap, however many officers issue at once."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.db import is_sqlite
from app.models.registry import CodeScheme, CodeSerial


def next_serial(session: Session, scheme: CodeScheme, scope: str) -> int:
    """The next serial of a scope, from 1. The counter moves in the transaction of the issue.

    On PostgreSQL the upsert holds the counter's row until commit: the next officer waits, and an
    issue that fails gives its serial back. SQLite has one writer at a time anyway.
    """
    insert: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    first = insert(CodeSerial).values(scheme=scheme.value, scope=scope, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["scheme", "scope"], set_={"last": col(CodeSerial.last) + 1}
    ).returning(col(CodeSerial.last))
    return int(session.execute(counted).scalar_one())
