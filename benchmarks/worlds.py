"""An installation to measure: reference data and the demonstration, on either engine, thrown away after."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url
from sqlmodel import col

from app import demo, reference
from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.migrating import migrate
from app.models.lots import HarvestLot, LotState
from tests.databases import start_server

BASE_URL = "https://truyxuat.test"


@dataclass(frozen=True)
class World:
    """Where its database is, and codes of lots whose pages answer 200."""

    engine: str
    url: str
    codes: list[str]


@contextmanager
def world(engine: str) -> Iterator[World]:
    """A filled installation on `sqlite` or `postgres`."""
    with empty_database(engine) as url:
        opened = engine_for(url)
        migrate(opened)
        with transaction(opened) as session:
            reference.load(session, now=system_clock())
            demo.load(session, now=system_clock(), base_url=BASE_URL)
        with transaction(opened) as session:
            wanted = select(col(HarvestLot.code)).where(col(HarvestLot.state) != LotState.WITHDRAWN)
            codes = list(session.execute(wanted.limit(100)).scalars())
        opened.dispose()
        yield World(engine, url, codes)


@contextmanager
def empty_database(engine: str) -> Iterator[str]:
    """The address of a database with nothing in it, thrown away after."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'world.db'}"
        return
    server = make_url(start_server())
    name = f"bench_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
