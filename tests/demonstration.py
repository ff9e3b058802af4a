"""The demonstration province on a database of a test, with everybody who may sign in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from starlette.testclient import TestClient

from app import demo
from app.db import transaction
from tests.databases import Postgres, Sqlite

BASE_URL = "https://truyxuat.test"


@dataclass(frozen=True)
class Demonstration:
    """Its engine, and login and password of each role."""

    engine: Engine
    people: dict[str, tuple[str, str]]


@contextmanager
def demonstrated(databases: Sqlite | Postgres, now: datetime) -> Iterator[Demonstration]:
    """A whole province, made for this block."""
    with databases.database() as engine, TemporaryDirectory() as folder:
        with transaction(engine) as session:
            people = demo.load(session, now=now, base_url=BASE_URL, data_dir=Path(folder))
        yield Demonstration(engine, {one.role: (one.login, one.password) for one in people})


def sign_in(client: TestClient, who: tuple[str, str]) -> None:
    """Come in as a browser does."""
    client.headers["sec-fetch-site"] = "same-origin"
    answer = client.post("/sign-in", data={"login": who[0], "password": who[1]})
    assert answer.status_code == 303, answer.status_code
