"""A recall turns the links of a lot at once, in every process."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.commands import recall_lot
from app.lots.queries import lot_by_code
from app.main import create_app
from app.models.lots import HarvestLot
from app.models.products import Product
from app.models.registry import Organisation
from app.provenance.links import VOCABULARY
from app.web.kept_pages import Memory
from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import LINKSET, get, linkset_of

BY = Actor.system()


def test_a_recalled_lot_says_so_first_and_by_default(
    client: TestClient, session: Session, given: Given, address: str, lot: HarvestLot
) -> None:
    before = linkset_of(client, address)[0]
    assert get(client, address).status_code == 307
    standing = lot_by_code(session, lot.code, within=Reach.all())
    recall_lot(session, lot=standing, reason="Dư lượng vượt mức.", by=BY, now=given.now)
    session.commit()
    for _ in range(2):
        level = linkset_of(client, address)[0]
        assert (
            next(one for one in level if one.startswith(VOCABULARY)) == VOCABULARY + "recallStatus"
        )
        assert level != before
        recall, default = level[VOCABULARY + "recallStatus"], level[VOCABULARY + "defaultLink"]
        assert recall[0]["href"].partition("?")[0] == default[0]["href"]
        assert default[0]["title"].startswith("Đã thu hồi")
        assert get(client, address).headers["location"] == default[0]["href"]
    told = client.get(f"/api/v1/public/lots/{lot.code}/recall", headers={"Accept-Language": "en"})
    assert told.json()["recalled"] is True
    assert told.json()["state"] == "recalled"
    assert told.json()["reason"] == "Dư lượng vượt mức."
    assert "Do not eat" in told.json()["what_to_do"]


def test_a_recall_turns_the_links_in_every_process(
    app: FastAPI,
    client: TestClient,
    engine: Engine,
    clock,
    session: Session,
    given: Given,
    address: str,
    lot: HarvestLot,
) -> None:
    """Two applications on one database share nothing else; so do processes."""
    other = TestClient(
        create_app(app.state.settings, clock=clock, engine=engine),
        base_url=BASE_URL,
        follow_redirects=False,
    )
    path = f"{address}?linkType=gs1:recallStatus"
    for _ in range(2):
        for reader in (client, other):
            assert get(reader, path, Accept="text/html").headers["location"].partition("?")[0] == (
                f"{BASE_URL}/api/v1/public/lots/{lot.code}/recall"
            )
    standing = lot_by_code(session, lot.code, within=Reach.all())
    recall_lot(session, lot=standing, reason="Dư lượng vượt mức.", by=BY, now=given.now)
    session.commit()
    for reader in (client, other):
        location = get(reader, path, Accept="text/html").headers["location"]
        assert location.startswith(f"{BASE_URL}/t/{lot.code}?lang=vi")


def test_without_the_question_to_the_ledger_a_recall_would_not_turn_them(
    client: TestClient,
    session: Session,
    given: Given,
    address: str,
    lot: HarvestLot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = client.get(address, headers=LINKSET).text
    monkeypatch.setattr(Memory, "grew", property(lambda _self: False))
    standing = lot_by_code(session, lot.code, within=Reach.all())
    recall_lot(session, lot=standing, reason="Dư lượng vượt mức.", by=BY, now=given.now)
    session.commit()
    assert client.get(address, headers=LINKSET).text == before


def test_a_product_s_new_name_is_in_its_links(
    client: TestClient, session: Session, given: Given, address: str, product: Product
) -> None:
    assert "Bắp cải túi 1" in client.get(address, headers=LINKSET).text
    standing = session.get_one(Product, product.pk)
    standing.name_vi = "Bắp cải tím"
    session.add(standing)
    record(
        session,
        kind="product.changed",
        subject=str(standing.uid),
        by=BY,
        now=given.now,
        facts={},
        organisation=session.get_one(Organisation, standing.organisation_id).uid,
    )
    session.commit()
    for path in (address, f"/01/{product.gtin}"):
        assert "Bắp cải tím" in client.get(path, headers=LINKSET).text
