"""Whose goods move in these tests, and the clerk who writes it down."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from tests.given import Given
from tests.movements.moving import EN, Moving


@pytest.fixture
def moving(given: Given) -> Moving:
    return Moving(given)


@pytest.fixture
def clerk(
    client: TestClient, session: Session, given: Given, moving: Moving
) -> Iterator[TestClient]:
    headers = given.headers(Role.STAFF, moving.home)
    session.commit()
    client.headers.update({**EN, **headers})
    client.cookies.set("lang", "en")
    yield client
