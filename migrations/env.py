"""Runs migrations on a connection handed over by `app.db.migrate`."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import app.models  # noqa: F401  # registers every table

connection = context.config.attributes["connection"]


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Keep migrations plain: they must still run when the application's types have moved on."""
    if kind != "type":
        return False
    name = type(item).__name__
    if name == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # A migration that cannot have its lock soon gives up instead of queueing everybody.
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    context.run_migrations()
