"""The demonstration province on a database of a test, with everybody who may sign in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.databases import DEMONSTRATION, Databases, People


@dataclass(frozen=True)
class Demonstration:
    """Its engine, and login and password of each role."""

    engine: Engine
    people: People


@contextmanager
def demonstrated(databases: Databases) -> Iterator[Demonstration]:
    """A whole province, told at NOW, for this block."""
    with databases.database(DEMONSTRATION) as engine:
        yield Demonstration(engine, databases.told(DEMONSTRATION))


def sign_in(client: TestClient, who: tuple[str, str]) -> None:
    """Come in as a browser does."""
    client.headers["sec-fetch-site"] = "same-origin"
    answer = client.post("/sign-in", data={"login": who[0], "password": who[1]})
    assert answer.status_code == 303, answer.status_code
