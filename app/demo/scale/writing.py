"""Many rows at once: COPY into PostgreSQL, the driver's own executemany into SQLite, from columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Column, Dialect, func, select, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlmodel import Session, SQLModel

from app.db import is_sqlite

Columns = Mapping[str, Sequence[Any]]
Prepare = Callable[[Any], Any]


def write(session: Session, model: type[SQLModel], columns: Columns) -> int:
    """Insert as many rows as the columns are long; what is not given is the default, or nothing.

    Values pass through the types of the table, so that both databases hold what commands write.
    """
    count = len(next(iter(columns.values())))
    if count == 0:
        return 0
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    dialect = session.connection().dialect
    chosen = [column for column in table.columns if column.name in columns or not _keyed(column)]
    rows = zip(*(_prepared(one, columns, count, dialect) for one in chosen), strict=True)
    names = [f'"{column.name}"' for column in chosen]
    driver: Any = session.connection().connection.dbapi_connection
    if is_sqlite(session):
        marks = ", ".join("?" * len(names))
        into = f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES ({marks})'  # noqa: S608  # the tables' own names
        driver.executemany(into, rows)
    else:
        _copy(driver, f'COPY "{table.name}" ({", ".join(names)}) FROM STDIN', rows)
    return count


def number_on(session: Session) -> None:
    """PostgreSQL: let every table count its keys on from the highest that was given by hand."""
    if is_sqlite(session):
        return
    for table in SQLModel.metadata.sorted_tables:
        if "id" in table.c and _keyed(table.c.id):
            highest = session.execute(select(func.max(table.c.id))).scalar_one()
            if highest is not None:
                session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:named, 'id'), :highest)"),
                    {"named": table.name, "highest": highest},
                )


def _keyed(column: Column[Any]) -> bool:
    """Whether the database itself gives the value."""
    return column is column.table.autoincrement_column


def _prepared(column: Column[Any], columns: Columns, count: int, dialect: Dialect) -> Iterable[Any]:
    prepare: Prepare | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    given = columns.get(column.name)
    if given is not None:
        return given if prepare is None else map(prepare, given)
    plain = _default_of(column)
    return repeat(plain if prepare is None else prepare(plain), count)


def _default_of(column: Column[Any]) -> Any:
    if isinstance(column.default, ScalarElementColumnDefault):
        return column.default.arg
    if column.nullable:
        return None
    raise KeyError(f"{column.table.name}.{column.name}")


def _copy(driver: Any, statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with driver.cursor() as cursor, cursor.copy(statement) as copied:
        for row in rows:
            copied.write_row(row)
