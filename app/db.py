"""Engines and the two kinds of session: one that writes, one that cannot (ADR 0001, 0008)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    bindparam,
    create_engine,
    event,
    insert,
    inspect,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, SQLModel

P = ParamSpec("P")
T = TypeVar("T")

# FULL: with NORMAL a power cut loses acknowledged writes; secure_delete: erased means erased.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cache_size=-65536",
)

# What only grows, by triggers on both engines too; nobody's application may change or delete a row.
APPEND_ONLY = (
    "ledger_entry",
    "log_growth",
    "log_part",
    "log_key",
    "log_checkpoint",
    "log_cosignature",
    "log_break",
    "log_check",
)

# Where a connection keeps whether it may write at the moment.
_MAY_WRITE = "may_write"

# Where a reading session keeps what `once_a_reading` read in it, and how much of that at most.
_REMEMBERED = "remembered"
MOST_REMEMBERED = 2_000

# So many entries of an index SQLite looks at to learn how many there are of a kind. It takes no kind
# for larger: with 1,000 it believed that few lots are of one crop, and sorted all for the newest.
_ENTRIES_LOOKED_AT = 100_000

# As many as the application has threads: writers queue in the database, not for a connection.
POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 20}


def engine_for(url: str) -> Engine:
    """An engine for SQLite (the embedded default) or PostgreSQL (`postgresql+psycopg://…`)."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(url, pool_pre_ping=True, **POOL)


def _sqlite_engine(url: str) -> Engine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    pool = POOL if database else {}  # one in memory has one connection
    engine = create_engine(url, connect_args={"check_same_thread": False}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    return _begins(engine, _begin_writing)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and skips DDL; ours is explicit (see _begins).
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _beginning(engine: Engine, begin: Callable[[Any], None]) -> Engine:
    """The same engine, whose transactions begin so: an event would slow down every statement."""
    engine.connect().close()  # what the dialect learns at its first connection is copied with it
    other = engine.execution_options()
    other.dialect = copy(engine.dialect)
    return _begins(other, begin)


def _begins(engine: Engine, begin: Callable[[Any], None]) -> Engine:
    dialect: Any = engine.dialect
    dialect.do_begin = begin
    return engine


def _begin_writing(connection: Any) -> None:
    _let_write(connection, writing=True)
    # IMMEDIATE: two writers queue here instead of one failing when it upgrades its lock.
    connection.execute("BEGIN IMMEDIATE")


def _begin_reading(connection: Any) -> None:
    _let_write(connection, writing=False)
    connection.execute("BEGIN")


def _begin_glance(connection: Any) -> None:
    _let_write(connection, writing=False)


def _let_write(connection: Any, *, writing: bool) -> None:
    # Only when it changes: whoever says it throws away every statement the connection has compiled.
    # `info` lives and dies with the driver's connection.
    if connection.info.get(_MAY_WRITE) is not writing:
        connection.execute(f"PRAGMA query_only={int(not writing)}")
        connection.info[_MAY_WRITE] = writing


def open_session(engine: Engine) -> Session:
    """A session that may write. Whoever opens it at an edge commits it."""
    return Session(engine, expire_on_commit=False)


def open_read_session(engine: Engine) -> Session:
    """A session the database itself refuses to let write."""
    return Session(_reader(engine), expire_on_commit=False, info={_REMEMBERED: None})


def is_reading(session: Session) -> bool:
    """Whether a session was opened as one that cannot write."""
    return _REMEMBERED in session.info


def once_a_reading(
    read: Callable[Concatenate[Session, P], T],
) -> Callable[Concatenate[Session, P], T]:
    """A query that a session which cannot write asks the database once in a transaction.

    A session that may write asks every time. Lists and dictionaries are handed out as copies.
    """

    @wraps(read)
    def answer(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not is_reading(session):
            return read(session, *args, **kwargs)
        about = (read, *map(_key_of, args), *sorted(kwargs.items()))
        known = _remembered(session) if session.in_transaction() else {}
        if about not in known:
            found = read(session, *args, **kwargs)
            known = _remembered(session)
            known[about] = found
        kept: T = known[about]
        return copy(kept) if isinstance(kept, list | dict) else kept

    return answer


def _remembered(session: Session) -> dict[object, Any]:
    now = session.get_transaction()
    held: tuple[object, dict[object, Any]] | None = session.info[_REMEMBERED]
    if held is None or held[0] is not now or len(held[1]) >= MOST_REMEMBERED:
        held = session.info[_REMEMBERED] = now, {}
    return held[1]


def _key_of(argument: object) -> object:
    """What names an argument: of a row its table and key, else its value."""
    if isinstance(argument, SQLModel):
        return type(argument), inspect(argument).identity
    return argument


def open_snapshot(engine: Engine) -> Session:
    """A session that cannot write either, and whose every answer is of one and the same instant."""
    return Session(_still(engine), expire_on_commit=False)


def open_glance(engine: Engine) -> Connection:
    """A connection for one lone SELECT, which is a transaction by itself: nothing begins, nothing ends."""
    return _glancer(engine).connect()


# The same engine with other options, sharing its pool; made once, as every request asks for one.
@lru_cache(maxsize=8)
def _reader(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return _beginning(engine, _begin_reading)
    return engine.execution_options(postgresql_readonly=True)


@lru_cache(maxsize=8)
def _still(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return _reader(engine)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@lru_cache(maxsize=8)
def _glancer(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return _beginning(engine, _begin_glance)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One unit of work outside a request: committed when the block ends well, else rolled back."""
    with open_session(engine) as session, session.begin():
        yield session


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows with every column that has no default in the database: one executemany."""
    if rows:
        target = SQLModel.metadata.tables[str(table.__tablename__)]
        session.connection().execute(insert(target), rows)


def update_rows(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Set other columns of the rows with these `id`s, the same ones in each: one executemany."""
    if not rows:
        return
    target = SQLModel.metadata.tables[str(table.__tablename__)]
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    wanted = update(target).where(target.c.id == bindparam("row_id")).values(changed)
    given = [
        {"row_id" if name == "id" else f"new_{name}": value for name, value in row.items()}
        for row in rows
    ]
    session.connection().execute(wanted, given)


def learn_statistics(engine: Engine) -> None:
    """SQLite: look anew at what is in the tables and indexes, which queries are planned by.

    It does so only when asked (`PRAGMA optimize` looks, in the versions in use, at no more than the
    asking connection has queried); PostgreSQL's autovacuum does by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"PRAGMA analysis_limit={_ENTRIES_LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")
    if engine.url.database:  # one in memory is gone with its connection
        engine.dispose()  # a connection plans by what it read when it was opened


class days_between(FunctionElement[int]):  # noqa: N801  # called as a function of SQL
    """How many days one date lies after another, on both engines."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "postgresql")
def _days_in_postgresql(asked: Any, compiler: Any, **how: Any) -> str:
    later, earlier = (compiler.process(one, **how) for one in asked.clauses)
    return f"({later} - {earlier})"


@compiles(days_between, "sqlite")
def _days_in_sqlite(asked: Any, compiler: Any, **how: Any) -> str:
    later, earlier = (compiler.process(one, **how) for one in asked.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


def is_sqlite(session: Session) -> bool:
    """Whether this session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def grant_to(session: Session, role: str) -> None:
    """PostgreSQL: give a role what the application needs and nothing that could rewrite history."""
    name = session.get_bind().dialect.identifier_preparer.quote(role)
    kept = ", ".join(APPEND_ONLY)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {name}",
        f"REVOKE DELETE, TRUNCATE ON log_tile FROM {name}",  # a trigger lets tiles only grow
    ):
        session.execute(text(statement))
