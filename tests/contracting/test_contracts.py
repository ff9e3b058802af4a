"""What a contract is worth: what counts for it, who sees it, what cannot be written."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.catalogue.queries import crop_by_slug
from app.contracts.commands import amend_contract, cancel_contract, end_contract, sign_contract
from app.contracts.queries import agreed_prices, contract_by_uid, newest_contracts
from app.contracts.rules import ContractProgress, Period
from app.errors import Conflict, DomainError, NotFound, Refused
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.models.accounts import Role
from app.models.contracts import Contract
from app.movements.ending_commands import sell_lots, take_back_lots
from app.movements.recording import Circumstances
from app.movements.shipping_commands import Receiver, ship_lots
from app.movements.undoing_commands import undo_movement
from tests.contracting.agreeing import agreed, signed, terms
from tests.given import Given
from tests.movements.moving import Moving, piece


def so_far(session: Session, contract: Contract, *, days: int = 0) -> ContractProgress:
    """How far a contract is, today or in some days."""
    today = day_of(contract.recorded_at) + timedelta(days=days)
    told = contract_by_uid(session, contract.uid, within=Reach.all(), today=today)
    return told.progress


def test_what_arrives_counts_and_what_comes_back_does_not(session: Session, given: Given) -> None:
    moving = Moving(given)
    party = moving.party()
    lot = moving.lot(900)
    before = moving.ship(lot, 50_000, Receiver(party=party))  # nothing was agreed yet
    contract = signed(moving, party, 500)
    assert before.movement.contract_id is None
    sent = moving.ship(lot, 200_000, Receiver(party=party))
    assert sent.movement.contract_id == contract.pk
    assert so_far(session, contract).on_the_way == Grams(200_000)
    moving.receive(sent, lot, 180_000, refused=15_000)
    sold = sell_lots(session, moving.doer, [piece(lot, 20_000)], moving.told, party=party)
    undone = sell_lots(session, moving.doer, [piece(lot, 30_000)], moving.told, party=party)
    undo_movement(session, moving.doer, undone, "Ghi nhầm.")
    back = take_back_lots(session, moving.doer, [piece(lot, 5_000)], moving.told, party=party)
    assert {sold.contract_id, back.contract_id} == {contract.pk}
    told = so_far(session, contract)
    assert (told.delivered, told.on_the_way) == (Grams(195_000), Grams(0))
    assert (told.left, told.late, told.percent) == (Grams(305_000), Grams(0), 39)
    assert so_far(session, contract, days=31).late == Grams(305_000)
    end_contract(session, contract, "Giao đủ theo thoả thuận.", by=moving.doer.by, now=given.now)
    assert so_far(session, contract, days=31).late == Grams(0)
    assert moving.ship(lot, 1_000, Receiver(party=party)).movement.contract_id is None


def test_goods_are_for_the_contract_that_is_named_or_for_none(
    session: Session, given: Given
) -> None:
    moving = Moving(given)
    party, other = moving.party(), moving.party("Bếp ăn")
    lot = moving.lot(500)
    first, second = signed(moving, party), signed(moving, party, number="HĐ-2")
    foreign = signed(moving, other, number="HĐ-3")
    tomatoes = signed(moving, party, number="HĐ-4", crop="CA_CHUA")

    def shipped(**named: object) -> int | None:
        told = Circumstances(moving.told.happened_at, **named)  # type: ignore[arg-type] # by name
        to = Receiver(party=party)
        sent = ship_lots(session, moving.doer, [piece(lot, 1_000)], told, to=to)
        return sent.movement.contract_id

    assert shipped() is None  # two it could be
    assert shipped(contract=second) == second.pk
    for wrong in (foreign, tomatoes, agreed(moving, party, number="HĐ-5")):
        with pytest.raises(Refused) as refused:
            shipped(contract=wrong)
        assert refused.value.fields[0].field == "contract"
    cancel_contract(session, second, "Ghi trùng.", by=moving.doer.by, now=given.now)
    assert shipped() == first.pk
    assert shipped(outside_contracts=True) is None


def test_what_cannot_be_agreed_is_refused_beside_its_field(session: Session, given: Given) -> None:
    moving = Moving(given)
    party = moving.party()
    contract = signed(moving, party)
    today = day_of(given.now)
    upside_down = Period(today, today - timedelta(days=1))
    refusals = {
        "number": {"number": contract.number.lower()},
        "ends_on": {"period": upside_down, "number": "A"},
        "price_dong": {"price_dong": 0, "number": "B"},
        "crop": {"crop": "NO_CROP", "number": "C"},
        "product": {"product": given.product(moving.home, crop="CA_CHUA"), "number": "D"},
        "buyer": {"buyer": moving.home, "party": None, "number": "E"},
    }
    for field, details in refusals.items():
        with pytest.raises(DomainError) as refused:
            agreed(moving, party, **details)
        assert [fault.field for fault in refused.value.fields] == [field]
        session.expunge_all()
    again = session.merge(contract)
    by = {"by": moving.doer.by, "now": given.now}
    with pytest.raises(Conflict):
        amend_contract(session, again, terms(moving, party), **by)
    with pytest.raises(Conflict):
        sign_contract(session, again, today, **by)
    with pytest.raises(Refused):
        end_contract(session, again, "  ", **by)


def test_a_contract_is_its_parties_own(session: Session, given: Given) -> None:
    moving, buyer, stranger = Moving(given), given.cooperative(), given.cooperative()
    today = day_of(given.now)
    contract = agreed(moving, buyer)

    def seen_by(reach: Reach) -> bool:
        found = newest_contracts(session, within=reach, today=today).items
        return contract.uid in {one.contract.uid for one in found}

    assert seen_by(Reach.own(moving.home.pk))
    assert seen_by(Reach.all())
    assert not seen_by(Reach.own(buyer.pk))  # a draft is its seller's
    sign_contract(session, contract, today, by=moving.doer.by, now=given.now)
    assert seen_by(Reach.own(buyer.pk))
    assert not seen_by(Reach.own(stranger.pk))
    with pytest.raises(NotFound):
        contract_by_uid(session, contract.uid, within=Reach.own(stranger.pk), today=today)
    prices = agreed_prices(session, crop_by_slug(session, "BAP_CAI"), today)
    assert [(one.dong_per_kg, one.quantity) for one in prices] == [(9_500, Grams(1_000_000))]
    assert agreed_prices(session, crop_by_slug(session, "CA_CHUA"), today) == []
    later = today + timedelta(days=31)
    assert agreed_prices(session, crop_by_slug(session, "BAP_CAI"), later) == []


def test_from_draft_to_delivery_on_the_pages(
    client: TestClient, session: Session, given: Given
) -> None:
    moving, inspected = Moving(given), given.headers(Role.INSPECTOR)
    lot = moving.lot(100)
    manager = {
        "Accept-Language": "en",
        "sec-fetch-site": "same-origin",
        **given.headers(Role.COOP_ADMIN, moving.home),
    }
    session.commit()
    client.headers.update(manager)
    client.cookies.set("lang", "en")
    form = {
        "number": "HĐLK-03/2026",
        "receiver": "new",
        "name": "Bếp ăn Trường Bản Phố",
        "party_kind": "kitchen",
        "crop": "BAP_CAI",
        "quantity_g": "1,5",
        "quantity_unit": "tan",
        "price_dong": "9.500",
        "starts_on": day_of(given.now).isoformat(),
        "ends_on": "",
        "once": str(uuid4()),
    }
    bad = client.post("/work/contracts/new", data=form)
    assert bad.status_code == 422
    assert 'value="HĐLK-03/2026"' in bad.text
    form["ends_on"] = (day_of(given.now) + timedelta(days=90)).isoformat()
    page = client.post("/work/contracts/new", data=form).headers["location"].partition("?")[0]
    told = {"version": "1", "signed_on": day_of(given.now).isoformat()}
    assert client.post(f"{page}/sign", data=told).status_code == 303
    assert client.post(f"{page}/sign", data=told).status_code == 422  # of an older version
    shown = client.get(page).text
    assert "1,500 kg" in shown or "1.500 kg" in shown or "1,5 t" in shown
    assert "9,500" in shown or "9.500" in shown
    uid = page.rpartition("/")[2]
    body = {"kind": "shipping", "inputs": [{"lot": lot.code, "quantity_g": 60_000}]}
    party = client.get(f"/api/v1/contracts/{uid}").json()["party"]
    sent = client.post(
        "/api/v1/movements",
        json={**body, "party": party},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert sent.json()["contract"] == uid
    assert client.get("/api/v1/contracts?state=signed").json()["items"][0]["on_the_way_g"] == 60_000
    for address in ("/work/contracts", f"{page}/edit", "/work/contracts/new"):
        assert client.get(address).status_code in {200, 303}
    assert "HĐLK-03/2026" in client.get("/work/movements/new?kind=shipping").text
    # The price is in no part of the log that anybody may read, and an official's look is kept.
    client.headers.update(inspected)
    assert "9,500" in client.get(page).text
    client.headers.update(manager)
    assert "A contract with its price" in client.get("/work/looks").text
