"""A lot that is reported, and who reads of it: its cooperative, an inspector, the shopper."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.conftest import Clock
from tests.given import Given
from tests.reports.shopping import EN, Shopper


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    session.commit()
    return made


@pytest.fixture
def home(session: Session, given: Given, lot: HarvestLot) -> dict[str, str]:
    made = given.headers(Role.STAFF, session.get_one(Organisation, lot.organisation_id))
    session.commit()
    return {**EN, **made}


@pytest.fixture
def desk(session: Session, given: Given) -> dict[str, str]:
    made = given.headers(Role.INSPECTOR)
    session.commit()
    return {**EN, **made}


@pytest.fixture
def shopper(client: TestClient, clock: Clock) -> Shopper:
    return Shopper(client, clock)
