"""Who grows in these tests."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.diary import Planting
from app.models.registry import Organisation
from tests.conftest import Sign
from tests.diary.growing import Growing
from tests.given import Given


@pytest.fixture
def growing(given: Given) -> Growing:
    """A diary in sentences."""
    return Growing(given)


@pytest.fixture
def planting(growing: Growing, session: Session) -> Planting:
    made = growing.planting()
    session.commit()
    session.expunge(made)  # read again, it would hold the database
    return made


@pytest.fixture
def clerk(sign: Sign, planting: Planting, session: Session) -> TestClient:
    return sign(Role.STAFF, session.get_one(Organisation, planting.organisation_id))
