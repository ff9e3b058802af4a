"""The clerk's pages of movements, the buyer's page behind a link, the same over the API."""

import re
from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.codes import grouped
from app.models.lots import HarvestLot
from app.movements.shipping_commands import Receiver
from app.web.share_picture import card_of
from tests.given import Given
from tests.movements.moving import EN, Moving, holdings

TA_PHIN = "03013"
LINK = re.compile(r'href="https?://[^/"]+(/d/[\w-]+)"')


def shipped(clerk: TestClient, lot: HarvestLot, kilograms: str = "60") -> str:
    """The address of the delivery of what was shipped to a buyer who is written down with it."""
    sent = {
        "kind": "shipping",
        "lot-0": lot.code,
        "take-0": kilograms,
        "receiver": "new",
        "name": "Bếp ăn Trường Bản Phố",
        "party_kind": "kitchen",
        "document": "PXK-7",
        "once": str(uuid4()),
    }
    answer = clerk.post("/work/movements/new", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def test_from_the_lot_to_the_buyer_s_confirmation(
    clerk: TestClient, session: Session, moving: Moving
) -> None:
    lot = moving.lot(100, grower=moving.given.grower(moving.home, "Lý Thị Mẩy Kín").uid)
    session.commit()
    page = clerk.get(f"/work/lots/{lot.code}").text
    assert f'href="/work/movements/new?kind=shipping&amp;lot={lot.code}"' in page
    delivery = shipped(clerk, lot)
    link = LINK.search(clerk.post(f"{delivery}/link").text)
    assert link
    public = TestClient(clerk.app, base_url=str(clerk.base_url), headers=EN)
    door = public.get(link[1])
    assert door.status_code == 200
    for hidden in ("Lý Thị Mẩy Kín", "Bếp ăn", "Vùng"):
        assert hidden not in door.text
    told = {
        "received-0": "57,5",
        "refused-0": "1",
        "condition-0": "damaged",
        "received_by": "Cô Hoa",
    }
    # A field left empty is no answer: it would be read as all of it missing.
    empty = public.post(link[1], data=told | {"received-0": " "})
    assert (empty.status_code, "0 where none were" in empty.text) == (422, True)
    # Nor is a condition that nobody knows read as a good one: what was typed is kept.
    unknown = public.post(link[1], data=told | {"condition-0": "tốt"})
    assert (unknown.status_code, 'value="57,5"' in unknown.text) == (422, True)
    assert 'id="why-condition-0"' in unknown.text
    done = public.post(link[1], data=told)
    assert "Thank you" in done.text
    assert public.post(link[1], data=told).status_code == 410
    assert public.get(link[1]).status_code == 410
    session.expire_all()
    assert holdings(session, lot) == {
        "in_hand": 40_000,
        "with_party": 57_500,
        "in_transit": 1_000,
        "missing": 1_500,
    }
    session.rollback()
    assert "1,5 kg" in clerk.get(delivery).text or "1.5 kg" in clerk.get(delivery).text
    assert clerk.post(f"{delivery}/return").status_code == 303


def test_bad_figures_are_refused_beside_what_was_typed(
    clerk: TestClient, session: Session, moving: Moving
) -> None:
    lot = moving.lot(100)
    session.commit()
    sent = {"kind": "packing", "lot-0": lot.code, "take-0": "100", "out-0": "80", "loss": "2"}
    answer = clerk.post("/work/movements/new", data={**sent, "once": "m"})
    assert answer.status_code == 422
    assert "18 kg are not accounted for" in answer.text
    assert 'value="80"' in answer.text
    session.rollback()
    unknown = {"kind": "giao", "lot-0": lot.code, "take-0": "1", "receiver": "new", "name": "Chợ"}
    assert clerk.post("/work/movements/new", data=unknown | {"once": "n"}).status_code == 422
    assert holdings(session, lot) == {"in_hand": 100_000}


def test_a_delivery_refused_by_mistake_is_confirmed_anew(
    clerk: TestClient, session: Session, given: Given, moving: Moving
) -> None:
    sender = Moving(given)
    lot = sender.lot(20)
    sent = sender.ship(lot, 20_000, Receiver(organisation=moving.home))
    other = sender.ship(sender.lot(5), 5_000)
    session.commit()
    delivery, address = sent.delivery.uid, f"/work/deliveries/{sent.delivery.uid}"
    line = {"lot": lot.code, "received_g": 0, "refused_g": 20_000, "condition": "tốt"}
    api, key = f"/api/v1/deliveries/{delivery}", {"Idempotency-Key": str(uuid4())}
    bad = clerk.post(f"{api}/receive", json={"lines": [line]}, headers=key)
    assert (bad.status_code, "condition" in bad.text) == (422, True)
    refused = {"received-0": "0", "refused-0": "20", "condition-0": "spoiled"}
    assert clerk.post(f"{address}/receive", data=refused).status_code == 303
    assert clerk.post(f"{address}/reopen", data={"reason": ""}).status_code == 422
    assert clerk.post(f"{address}/reopen", data={"reason": "Bấm nhầm."}).status_code == 303
    assert "What arrived?" in clerk.get(address).text
    assert clerk.post(f"{address}/receive", data=refused).status_code == 303
    reopened = clerk.post(f"{api}/reopen", json={"reason": "Bấm nhầm."}, headers=key)
    assert (reopened.status_code, reopened.json()["state"]) == (200, "awaiting")
    # Another's answers are not taken back, nor is what nobody answered.
    foreign = f"/api/v1/deliveries/{other.delivery.uid}/reopen"
    for where, status in ((foreign, 404), (f"{api}/reopen", 409)):
        again = {"Idempotency-Key": str(uuid4())}
        assert clerk.post(where, json={"reason": "Nhầm."}, headers=again).status_code == status


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_movements_and_stock_leave_as_a_file(
    clerk: TestClient, session: Session, moving: Moving, form: str
) -> None:
    lot = moving.lot(10)
    moving.ship(lot, 1_000)
    session.commit()
    held = clerk.get(f"/work/stock/table.{form}?state=in_transit")
    assert held.status_code == 200
    if form == "csv":
        assert f"{grouped(lot.code)},Cabbage,1,On the way" in held.text
        assert grouped(lot.code) in clerk.get("/work/stock/table.csv").text
        told = clerk.get("/work/movements/table.csv").text
        assert f"Shipping,Comes out,{grouped(lot.code)},Cabbage,1," in told
    answer = clerk.get(f"/work/movements/table.{form}")
    assert answer.status_code == 200
    assert len(answer.content) > 100


@pytest.mark.parametrize(
    "page", ["/work/stock", "/work/movements", "/work/deliveries", "/work/parties"]
)
def test_the_lists_show_what_was_done(
    clerk: TestClient, session: Session, moving: Moving, page: str
) -> None:
    lot = moving.lot(10)
    moving.ship(lot, 1_000)
    session.commit()
    assert clerk.get(page).status_code == 200


@pytest.mark.parametrize(
    "kind",
    ["packing", "merging", "splitting", "processing", "storing", "selling", "returning"],
)
def test_every_kind_has_its_form(
    clerk: TestClient, session: Session, moving: Moving, kind: str
) -> None:
    lot = moving.lot(10)
    session.commit()
    page = clerk.get(f"/work/movements/new?kind={kind}&lot={lot.code}")
    assert page.status_code == 200
    assert lot.code in page.text


def test_the_same_over_the_api_once_however_often_it_is_sent(
    clerk: TestClient, session: Session, moving: Moving
) -> None:
    lot = moving.lot(100)
    session.commit()
    body = {
        "kind": "splitting",
        "inputs": [{"lot": lot.code, "quantity_g": 100_000}],
        "outputs": [{"quantity_g": 70_000}, {"quantity_g": 30_000}],
    }
    headers = {"Idempotency-Key": str(uuid4())}
    first = clerk.post("/api/v1/movements", json=body, headers=headers)
    again = clerk.post("/api/v1/movements", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    made = first.json()["outputs"]
    assert [one["quantity_g"] for one in made] == [70_000, 30_000]
    stock = clerk.get("/api/v1/stock").json()["items"]
    assert {one["lot"] for one in stock} == {one["lot"] for one in made}
    undo = clerk.post(
        f"/api/v1/movements/{first.json()['id']}/undo",
        json={"reason": "Ghi nhầm số cân."},
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert undo.status_code == 201
    assert holdings(session, lot) == {"in_hand": 100_000}
    # The link for a buyer is a secret: it is told once and remembered nowhere.
    to_buyer = {
        "kind": "shipping",
        "inputs": [{"lot": lot.code, "quantity_g": 1_000}],
        "party": str(moving.party().uid),
    }
    session.commit()
    key = {"Idempotency-Key": str(uuid4())}
    told, again = (clerk.post("/api/v1/movements", json=to_buyer, headers=key) for _ in range(2))
    assert "/d/" in told.json()["link"]
    assert again.json() == told.json() | {"link": ""}
    renewing = f"/api/v1/deliveries/{told.json()['delivery']}/link"
    key = {"Idempotency-Key": str(uuid4())}
    told, again = (clerk.post(renewing, headers=key) for _ in range(2))
    assert ("/d/" in told.json()["link"], again.json()["link"]) == (True, "")


def test_a_derived_lot_has_a_public_page_of_its_own(
    clerk: TestClient, session: Session, moving: Moving
) -> None:
    elsewhere = moving.given.area(moving.home, commune=TA_PHIN)
    merged = moving.merge(moving.lot(30), moving.lot(10, area=elsewhere))
    session.commit()
    page = clerk.get(f"/t/{merged.code}")
    assert page.status_code == 200
    # At its head, where it grew, beside the sketch, in what search engines read, and on the
    # picture of a shared link.
    assert page.text.count("Xã Bắc Hà, Xã Tả Phìn") == 4
    assert 'src="/m/02839-03013.svg"' in page.text
    shared = card_of(moving.story(merged), "vi", None)
    assert (shared.place, shared.apart) == ("Xã Bắc Hà, Xã Tả Phìn, tỉnh Lào Cai", "")
    assert "75 %" in page.text
    told = clerk.get(f"/api/v1/public/lots/{merged.code}").json()
    assert [one["percent"] for one in told["origins"]] == [75, 25]
    assert clerk.get(f"/work/lots/{merged.code}").status_code == 200
