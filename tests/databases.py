"""A real database for every test: made once per process by the migrations, then copied."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from app import reference
from app.db import engine_for, transaction
from app.migrating import migrate
from tests.postgres import NoServer, throwaway_server

SERVER_VARIABLE = "NGUONGOC_TEST_POSTGRES_URL"
LOADED_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
HELP = (
    "No PostgreSQL for the tests. Run make setup, or name a server: "
    f"{SERVER_VARIABLE}=postgresql+psycopg://user:password@host/postgres make test"
)


def start_server() -> str:
    """The address of a PostgreSQL server: the one that was named, or one of this run's own.

    Run by the process that controls the workers; they inherit the address. Raises NoServer.
    """
    if not os.environ.get(SERVER_VARIABLE):
        try:
            os.environ[SERVER_VARIABLE] = throwaway_server()
        except NoServer as why:
            raise NoServer(f"{why}\n{HELP}") from why
    return os.environ[SERVER_VARIABLE]


class Sqlite:
    """Copies of a migrated file."""

    name = "sqlite"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nguongoc-sqlite-"))
        self.template = self.folder / "template.db"
        _fill(f"sqlite:///{self.template}")

    @contextmanager
    def database(self) -> Iterator[Engine]:
        """An engine on a database nobody else uses."""
        file = self.folder / f"{uuid4().hex}.db"
        shutil.copyfile(self.template, file)
        engine = engine_for(f"sqlite:///{file}")
        try:
            yield engine
        finally:
            engine.dispose()
            for left in self.folder.glob(f"{file.name}*"):
                left.unlink()

    def close(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres:
    """Copies of a migrated database."""

    name = "postgres"

    def __init__(self) -> None:
        self.server = make_url(start_server())
        self.admin = create_engine(self.server, isolation_level="AUTOCOMMIT")
        self.template = f"template_{uuid4().hex}"
        self._run(f'CREATE DATABASE "{self.template}"')
        _fill(self._address(self.template))

    @contextmanager
    def database(self) -> Iterator[Engine]:
        """An engine on a database nobody else uses."""
        name = f"test_{uuid4().hex}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY file_copy')
        engine = engine_for(self._address(name))
        try:
            yield engine
        finally:
            engine.dispose()
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Leave nothing behind."""
        self._run(f'DROP DATABASE IF EXISTS "{self.template}" WITH (FORCE)')
        self.admin.dispose()

    def _address(self, database: str) -> str:
        return self.server.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))


def _fill(url: str) -> None:
    engine = engine_for(url)
    migrate(engine)
    with transaction(engine) as session:
        reference.load(session, now=LOADED_AT)
    # The last connection to close writes SQLite's log back into the file that is copied.
    engine.dispose()
