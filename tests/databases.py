"""A real database for every test: made once a run by the migrations, then copied."""

import fcntl
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Dialect, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from app import demo, reference
from app.db import engine_for, transaction
from app.migrating import migrate
from tests.postgres import NoServer, keep, roomy, throwaway_server

SERVER_VARIABLE = "NGUONGOC_TEST_POSTGRES_URL"
FOLDER_VARIABLE = "NGUONGOC_TEST_FOLDER"
LOADED_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
# 20 November 2026, ten in the morning in Viet Nam.
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BASE_URL = "https://truyxuat.test"
HELP = (
    "No PostgreSQL for the tests. Run make setup, or name a server: "
    f"{SERVER_VARIABLE}=postgresql+psycopg://user:password@host/postgres make test"
)

# Login and password by role.
People = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Template:
    """What a database holds before a test begins: written once a run, then copied.

    `fill` writes into a database that has the reference data; what it tells is kept for the tests.
    """

    name: str
    fill: Callable[[Engine], Any] | None = None


EMPTY = Template("empty")


def _demonstrate(engine: Engine) -> People:
    with transaction(engine) as session, tempfile.TemporaryDirectory() as folder:
        people = demo.load(session, now=NOW, base_url=BASE_URL, data_dir=Path(folder))
    return {one.role: (one.login, one.password) for one in people}


DEMONSTRATION = Template("demonstration", _demonstrate)


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


def open_folder() -> None:
    """A folder for this run. Made by the process that controls the workers; they inherit it."""
    folder = tempfile.mkdtemp(prefix="nguongoc-tests-", dir=roomy())
    keep(Path(folder))
    os.environ[FOLDER_VARIABLE] = folder


def once(mark: Path, make: Callable[[], None]) -> None:
    """Have something made by whichever process of this run comes first; the others wait for it."""
    with mark.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            make()
            mark.touch()


def movable(url: str) -> Engine:
    """An engine whose next connections lead wherever its `url` is set to, as the product makes one."""
    engine = engine_for(url)

    def lead(dialect: Dialect, _record: object, where: list[str], how: dict[str, object]) -> None:
        places, named = dialect.create_connect_args(engine.url)
        where[:] = places
        how.update(named)

    event.listen(engine, "do_connect", lead)
    return engine


def _migrated(engine: Engine) -> None:
    migrate(engine)
    with transaction(engine) as session:
        reference.load(session, now=LOADED_AT)


class Databases:
    """Copies of what was made once for the whole run, whichever worker asked first."""

    name: str

    def __init__(self) -> None:
        self.folder = Path(os.environ[FOLDER_VARIABLE])
        self._idle: list[Engine] = []
        self._made: set[str] = set()

    @contextmanager
    def database(self, template: Template = EMPTY) -> Iterator[Engine]:
        """An engine on a database nobody else uses: migrated, with the reference data."""
        self._ready(template)
        with self._copied(template.name) as url:
            # One that served before knows how this program's statements are written: finding that
            # out anew took a fifth of the time of all tests.
            engine = self._idle.pop() if self._idle else movable(url)
            engine.url = make_url(url)
            try:
                yield engine
            finally:
                engine.dispose()
                self._idle.append(engine)

    def told(self, template: Template) -> Any:
        """What the filling of a template told, such as who may sign in."""
        return self.once(f"template-{template.name}", lambda: self._make(template))

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What one process of this run made, for all of them; it must be fit to be pickled."""
        kept = self.folder / f"{self.name}-{name}"
        once(kept, lambda: kept.with_suffix(".pickle").write_bytes(pickle.dumps(make())))
        return pickle.loads(kept.with_suffix(".pickle").read_bytes())

    def _ready(self, template: Template) -> None:
        if template.name not in self._made:
            self.told(template)
            self._made.add(template.name)

    def _make(self, template: Template) -> Any:
        if template.fill is not None:
            self._ready(EMPTY)
        like = EMPTY.name if template.fill else None
        with self._template(template.name, like) as url:
            engine = engine_for(url)
            told = template.fill(engine) if template.fill else _migrated(engine)
            # The last connection to close writes SQLite's log back into the file that is copied.
            engine.dispose()
        return told

    @contextmanager
    def _template(self, name: str, like: str | None = None) -> Iterator[str]:
        raise NotImplementedError

    @contextmanager
    def _copied(self, template: str) -> Iterator[str]:
        raise NotImplementedError

    def close(self) -> None:
        """Leave no connection open."""


class Sqlite(Databases):
    """Copies of a file."""

    name = "sqlite"

    @contextmanager
    def _template(self, name: str, like: str | None = None) -> Iterator[str]:
        file = self._file(name)
        if like is not None:
            shutil.copyfile(self._file(like), file)
        yield f"sqlite:///{file}"

    @contextmanager
    def _copied(self, template: str) -> Iterator[str]:
        file = self.folder / f"{uuid4().hex}.db"
        shutil.copyfile(self._file(template), file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for left in self.folder.glob(f"{file.name}*"):
                left.unlink()

    def _file(self, template: str) -> Path:
        return self.folder / f"template-{template}.db"


class Postgres(Databases):
    """Copies of a database."""

    name = "postgres"

    def __init__(self) -> None:
        super().__init__()
        self.server = make_url(start_server())
        self.admin = create_engine(self.server, isolation_level="AUTOCOMMIT")

    @contextmanager
    def _template(self, name: str, like: str | None = None) -> Iterator[str]:
        self._create(self._named(name), like)
        yield self._address(self._named(name))

    @contextmanager
    def _copied(self, template: str) -> Iterator[str]:
        name = f"test_{uuid4().hex}"
        self._create(name, template)
        try:
            yield self._address(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Leave no connection open."""
        self.admin.dispose()

    def _create(self, name: str, like: str | None) -> None:
        copied = f'TEMPLATE "{self._named(like)}" STRATEGY file_copy' if like else ""
        self._run(f'CREATE DATABASE "{name}" {copied}')

    def _named(self, template: str) -> str:
        # Of this run: a server that was named by hand may hold those of another.
        return f"template_{template}_{self.folder.name[-8:]}"

    def _address(self, database: str) -> str:
        return self.server.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))
