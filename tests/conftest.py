"""Fixtures every test may ask for: an engine of its own, a session, the time, a client."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

import pytest
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts import passwords
from app.db import open_read_session, open_session
from app.main import create_app
from app.models.accounts import Role
from app.models.registry import Organisation
from app.settings import Settings
from tests.databases import BASE_URL, NOW, Postgres, Sqlite, open_folder, start_server
from tests.given import PASSWORD, Given
from tests.postgres import NoServer

Sign = Callable[[Role, Organisation | None], TestClient]
_REAL_HASHER = passwords._HASHER


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgres", "both"), default="both", help="which databases"
    )


def pytest_configure(config: pytest.Config) -> None:
    # The controlling process makes the folder and starts the server; xdist's workers inherit both.
    if hasattr(config, "workerinput"):
        return
    open_folder()
    if config.getoption("--engine") != "sqlite":
        try:
            start_server()
        except NoServer as why:
            raise pytest.UsageError(str(why)) from why


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        names = ("sqlite", "postgres") if chosen == "both" else (chosen,)
        if metafunc.definition.get_closest_marker("one_engine"):
            names = names[:1]
        metafunc.parametrize("engine_name", names, scope="session")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords hashed with the least work: a fifth of the time of all tests went into the real one.

    What tests passwords themselves asks for `real_passwords`.
    """
    with pytest.MonkeyPatch.context() as patched:
        least = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_HASHER", PasswordHash((least,)))
        yield


@pytest.fixture(scope="module")
def real_passwords(quick_passwords: None) -> Iterator[None]:
    """Passwords hashed with the work the product does."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_HASHER", _REAL_HASHER)
        yield


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(engine_name: str) -> Iterator[Sqlite | Postgres]:
    made: Sqlite | Postgres = Sqlite() if engine_name == "sqlite" else Postgres()
    yield made
    made.close()


@pytest.fixture
def engine(databases: Sqlite | Postgres) -> Iterator[Engine]:
    """An engine on a migrated database with the reference data, for this test alone."""
    with databases.database() as found:
        yield found


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A write session; what a test wants to outlive it, it commits."""
    with open_session(engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def facts(databases: Sqlite | Postgres) -> Iterator[Session]:
    """The shipped reference data, to be read only: one database for all tests that ask for it."""
    with databases.database() as engine, open_read_session(engine) as opened:
        yield opened


class Clock:
    """A clock that stands still until told otherwise."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def forward(self, **by: float) -> None:
        """Move on by days, hours, minutes …"""
        self.instant += timedelta(**by)


@pytest.fixture
def now() -> datetime:
    """20 November 2026, ten in the morning in Viet Nam."""
    return NOW


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def given(session: Session, now: datetime) -> Given:
    """The world in sentences."""
    return Given(session, now)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The whole application, put together once: that takes longer than most tests."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url="sqlite://",
        base_url=BASE_URL,
        page_bound_seconds=0,
        guess_limit=100_000,  # every test comes from one address
    )
    return create_app(settings)


_untouched: WeakKeyDictionary[FastAPI, dict[str, object]] = WeakKeyDictionary()


def move(app: FastAPI, engine: Engine, clock: Callable[[], datetime]) -> FastAPI:
    """Have an application serve another database: what it remembers of the last one goes.

    To be called before it serves anybody: what it knows then is what it goes back to.
    """
    state = app.state._state
    known = _untouched.setdefault(app, dict(state))
    state.clear()
    state.update(known, engine=engine, clock=clock)
    return app


@pytest.fixture
def app(built: FastAPI, engine: Engine, clock: Clock) -> FastAPI:
    """The whole application on this test's database and clock."""
    return move(built, engine, clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser, or a machine, at the door. It follows no redirects."""
    with TestClient(app, base_url=BASE_URL, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def sign(client: TestClient, given: Given, session: Session) -> Sign:
    """The browser, signed in as somebody of a role."""

    def act(role: Role, home: Organisation | None = None) -> TestClient:
        login = f"ai.{role.value}".replace("_", "-")
        given.account(role, home, login=login)
        session.commit()
        client.headers.update({"sec-fetch-site": "same-origin"})
        client.cookies.set("lang", "en")
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return act
