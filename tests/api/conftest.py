"""Who speaks to the JSON API."""

from collections.abc import Callable

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Organisation
from tests.api.machine import Machine
from tests.given import Given


@pytest.fixture
def calling(
    client: TestClient, given: Given, session: Session
) -> Callable[[Role, Organisation | None], Machine]:
    """A machine of a role, in an organisation of its own unless given. Commits what was made."""

    def act(role: Role, organisation: Organisation | None = None) -> Machine:
        headers = given.headers(role, organisation)
        session.commit()
        return Machine(client, headers)

    return act
