"""Cartons and pallets by their SSCC, as whoever scans one meets them."""

from pathlib import Path

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.catalogue.gs1_key_commands import register_prefix
from app.catalogue.gs1_numbers import sscc_of
from app.ledger.actors import Actor
from app.lots.commands import recall_lot, withdraw_lot
from app.models.lots import HarvestLot
from app.models.print_runs import PrintRun, RunState
from app.models.registry import Organisation
from tests.conftest import BASE_URL
from tests.given import Given
from tests.labels.printing import Printing
from tests.provenance.goods import LINKSET, require_linkset

PREFIX = "95212349"
BY = Actor.system()


@pytest.fixture
def lot(given: Given) -> HarvestLot:
    area = given.area()
    given.code(area)
    return given.lot(area, kilograms=20_000)


@pytest.fixture
def run(session: Session, given: Given, lot: HarvestLot, tmp_path: Path) -> PrintRun:
    """Three pallets of the lot."""
    owner = session.get_one(Organisation, lot.organisation_id)
    register_prefix(session, organisation=owner, prefix=PREFIX, by=BY, now=given.now)
    pallet = {"layout": "l4-100x150", "stock": "roll-100x150", "sscc": True}
    made = Printing(session, given, tmp_path).run((lot, 3), **pallet)
    session.commit()
    return made


@pytest.mark.usefixtures("run")
def test_a_pallet_leads_to_the_lot_in_it(client: TestClient, lot: HarvestLot) -> None:
    for number in range(3):
        path = f"/00/{sscc_of(PREFIX, number)}"
        for _ in range(2):  # made, then from memory
            answer = client.get(path)
            assert answer.status_code == 307
            assert answer.headers["location"] == f"{BASE_URL}/t/{lot.code}"
        said = client.get(path, headers=LINKSET).json()
        require_linkset(said)
        assert said["linkset"][0]["anchor"] == f"{BASE_URL}{path}"
        assert sscc_of(PREFIX, number) in said["linkset"][0]["itemDescription"]


@pytest.mark.usefixtures("run")
def test_a_number_nobody_was_given_says_so(client: TestClient) -> None:
    answer = client.get(f"/00/{sscc_of(PREFIX, 3)}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["fault"]) == (404, "unknown-sscc")
    wrong = sscc_of(PREFIX, 0)[:-1] + str((int(sscc_of(PREFIX, 0)[-1]) + 1) % 10)
    assert client.get(f"/00/{wrong}").status_code == 400


def test_pallets_that_were_never_printed_are_none(
    client: TestClient, session: Session, run: PrintRun
) -> None:
    run.state = RunState.CANCELLED
    session.commit()
    assert client.get(f"/00/{sscc_of(PREFIX, 0)}").status_code == 404


@pytest.mark.usefixtures("run")
def test_a_recall_is_the_first_thing_said_and_a_withdrawn_lot_is_gone(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    path = f"/00/{sscc_of(PREFIX, 1)}"
    assert client.get(path).status_code == 307
    recall_lot(session, lot=lot, reason="Thuốc trừ sâu", by=BY, now=given.now)
    session.commit()
    said = client.get(path, headers=LINKSET).json()["linkset"][0]
    default = said["https://ref.gs1.org/voc/defaultLink"][0]
    assert "thu hồi" in default["title"].lower()


@pytest.mark.usefixtures("run")
def test_a_withdrawn_lot_is_gone(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    withdraw_lot(session, lot=lot, reason="Nhập nhầm", by=BY, now=given.now)
    session.commit()
    assert client.get(f"/00/{sscc_of(PREFIX, 1)}").status_code == 410
