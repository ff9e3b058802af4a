"""A world for whoever walks all routes: made once a run, then copied."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.contracts.world import WORLD, World
from tests.databases import EMPTY, Postgres, Sqlite


@pytest.fixture
def engine(databases: Sqlite | Postgres, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on a database of this test's own; for a walk, with the world in it."""
    walks = request.node.get_closest_marker("walk")
    with databases.database(WORLD if walks else EMPTY) as found:
        yield found


@pytest.fixture
def world(databases: Sqlite | Postgres, session: Session) -> World:
    """What lies in the database of a walk."""
    return World(session, databases.told(WORLD))
