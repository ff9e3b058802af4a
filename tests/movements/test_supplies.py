"""Goods from suppliers outside of the system: what is kept of them, what they may claim, who may know."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pypdfium2 import PdfDocument
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.errors import Refused
from app.kit.quantities import Grams
from app.labels.layout_words import origin_said
from app.labels.origins import is_from_outside
from app.labels.snapshot import label_facts
from app.lots.claims import FROM_OUTSIDE
from app.lots.commands import withdraw_lot
from app.lots.evidence import claims_of, codes_of_lot
from app.lots.origin_queries import origins_of, percent_from_outside
from app.lots.queries import line_of, lot_by_code
from app.models.lots import LotKind, LotState
from app.models.movements import MovementKind
from app.movements.party_commands import PartyDetails, register_party
from app.movements.shipping_commands import Receiver
from app.movements.undoing_commands import undo_movement
from app.tracing.start_queries import Asked
from app.tracing.traces import Way, trace
from app.web.share_picture import card_of
from tests.given import Given
from tests.movements.moving import EN, SUPPLIER, Moving, holdings, piece, unaccounted

WHY = "Ghi nhầm phiếu."
SECRETS = ("Giàng A Sử", "Nậm Kín", "MST-77", "PNK-7")


def test_what_comes_from_outside_claims_nothing_and_lets_a_blend_claim_nothing(
    moving: Moving, session: Session, given: Given
) -> None:
    area = given.area(moving.home)
    given.code(area)
    harvest = moving.lot(60, area=area)
    movement, bought = moving.supply(40)
    assert (bought.kind, bought.area_id, bought.state) == (LotKind.SUPPLIED, None, LotState.SEALED)
    assert (movement.kind, movement.document) == (MovementKind.RECEIVING, "PNK-7")
    assert holdings(session, bought) == {"in_hand": 40_000}
    today = given.day(0)
    claims = claims_of(session, bought, today=today)
    assert claims
    assert {(one.granted, one.reason.msgid) for one in claims} == {
        (False, FROM_OUTSIDE.reason.msgid)
    }
    held = {one.kind for one in claims_of(session, harvest, today=today) if one.granted}
    assert "area_code" in held  # the control: by itself the harvest claims it
    blend = moving.merge(harvest, bought)
    assert [one for one in claims_of(session, blend, today=today) if one.granted] == []
    origins = origins_of(session, blend)
    assert [(one.percent, one.area is None) for one in origins] == [(60, False), (40, True)]
    assert percent_from_outside(origins) == 40
    assert codes_of_lot(session, blend, today=today) == []
    # A label says nothing that nobody knows: neither the commune nor the country of all of it.
    facts = label_facts(session, line_of(session, blend), base_url="https://x.test", now=given.now)
    assert facts.origin == origin_said("", "vi", outside=True) == "đóng gói tại Việt Nam"
    assert unaccounted(session) == []


def test_it_is_taken_back_by_its_movement_while_it_is_there(
    moving: Moving, session: Session, given: Given
) -> None:
    movement, bought = moving.supply(40)
    by = {"by": moving.doer.by, "now": given.now}
    with pytest.raises(Refused, match="undo the movement"):
        withdraw_lot(session, lot=bought, reason=WHY, **by)
    moving.make(MovementKind.PACKING, [piece(bought, 10_000)], [10_000])
    with pytest.raises(Refused):
        undo_movement(session, moving.doer, movement, WHY)
    session.rollback()


def test_it_is_gone_when_it_is_taken_back(moving: Moving, session: Session) -> None:
    movement, bought = moving.supply(40)
    undo_movement(session, moving.doer, movement, WHY)
    assert (bought.state, holdings(session, bought)) == (LotState.WITHDRAWN, {})
    told = trace(session, Asked(bought.code), Way.BACK, reach=Reach.all())
    assert told.supplies == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"document": " "}, "document"),
        ({"supplier": PartyDetails(name="Chợ")}, "party"),
        ({"harvested_on": None}, "harvested_on"),
        ({"harvested_on": 1}, "harvested_on"),
        ({"best_before": -3}, "best_before"),
        ({"crop": "RAU_LA"}, "crop"),
        ({"quantity": Grams(0)}, "outputs"),
        ({"quantity": Grams(10**12)}, "outputs"),
    ],
)
def test_what_is_not_whole_is_refused_at_its_field(
    moving: Moving, session: Session, wrong: dict[str, Any], field: str
) -> None:
    for name, value in wrong.items():
        if isinstance(value, int):
            wrong = {name: moving.given.day(value)}
        if isinstance(value, PartyDetails):
            wrong = {name: register_party(session, moving.doer, value)}
    with pytest.raises(Refused) as refused:
        moving.supply(40, **wrong)
    assert [one.field for one in refused.value.fields] == [field]
    session.rollback()


def test_one_step_back_is_for_its_organisation_and_inspectors(
    moving: Moving, session: Session, given: Given
) -> None:
    other = Moving(given)
    _, bought = moving.supply(40)
    lot = moving.merge(bought, moving.lot(10))
    sent = moving.ship(lot, 50_000, Receiver(organisation=other.home))
    other.receive(sent, lot, 50_000)
    for reach, seen in (
        (Reach.all(), 1),
        (Reach.own(moving.home.pk), 1),
        (Reach.own(other.home.pk), 0),
    ):
        told = trace(session, Asked(lot.code), Way.BACK, reach=reach)
        assert len(told.supplies) == seen
        assert (moving.home.pk in told.shown_buyers_of()) == bool(seen)
    [supply] = trace(session, Asked(lot.code), Way.BACK, reach=Reach.all()).supplies
    assert (supply.supplier, supply.supplier_address) == (SUPPLIER.name, SUPPLIER.address)
    assert (supply.document, supply.quantity_g) == ("PNK-7", 40_000)
    assert supply.received_at == given.now - timedelta(hours=1)


def test_the_page_says_it_and_names_no_supplier(
    clerk: TestClient, session: Session, given: Given, moving: Moving
) -> None:
    form = {
        "kind": "receiving",
        "receiver": "new",
        "name": "Hộ Giàng A Sử Kín",
        "party_kind": "supplier",
        "crop-0": "BAP_CAI",
        "out-0": "41,5",
        "harvested-0": given.day(0).isoformat(),
        "document": "PNK-7",
        "once": str(uuid4()),
    }
    page = clerk.get("/work/movements/new?kind=receiving")
    assert "A new supplier" in page.text
    bare = clerk.post("/work/movements/new", data=form)
    assert (bare.status_code, 'value="41,5"' in bare.text) == (422, True)
    assert 'id="why-address"' in bare.text
    whole = form | {"address": "Thôn Nậm Kín", "party_code": "MST-77", "once": str(uuid4())}
    done = clerk.post("/work/movements/new", data=whole)
    assert done.status_code == 303
    movement = clerk.get(done.headers["location"]).text
    for known in SECRETS:
        assert known in movement
    told = clerk.get(done.headers["location"].replace("/work/", "/api/v1/").partition("?")[0])
    [line] = told.json()["outputs"]
    bought = lot_by_code(session, line["lot"], within=Reach.all())
    # 40,5 kg of 162.
    blend = moving.make(
        MovementKind.MERGING,
        [piece(moving.lot(121), 121_000), piece(bought, 40_500)],
        [162_000],
    )[1][0]
    # 1 kg of 400 is less than half a percent, and is told all the same.
    pinch = moving.make(
        MovementKind.MERGING,
        [piece(moving.lot(399), 399_000), piece(bought, 1_000)],
        [400_000],
    )[1][0]
    assert is_from_outside(session, pinch)
    session.commit()
    public = TestClient(clerk.app, base_url=str(clerk.base_url), headers=EN)
    wholly, partly = "Its origin is outside", "Part of it comes from outside"
    for code, percent, said in (
        (line["lot"], 100, wholly),
        (blend.code, 25, partly),
        (pinch.code, 1, partly),
    ):
        page, answer = public.get(f"/t/{code}"), public.get(f"/api/v1/public/lots/{code}")
        events = public.get(f"/api/v1/public/lots/{code}/events")
        assert (page.status_code, answer.status_code, events.status_code) == (200, 200, 200)
        assert [one for one in (wholly, partly) if f"<b>{one} of this system</b>" in page.text] == [
            said
        ]
        assert ("<li>&lt;1 %:" in page.text) == (code == pinch.code)
        assert answer.json()["outside_percent"] == percent
        shared = card_of(moving.story(lot_by_code(session, code, within=Reach.all())), "en", None)
        assert (shared.place.startswith("Bought from"), bool(shared.apart)) == (
            said is wholly,
            said is partly,
        )
        assert "countryOfOrigin" not in events.text + page.text
        assert "Received from a supplier outside" in page.text
        for known in SECRETS:
            assert known not in page.text + answer.text + events.text
    assert public.get(f"/api/v1/public/lots/{line['lot']}").json()["origin"] == ""
    [begun] = public.get(f"/api/v1/public/lots/{line['lot']}/events").json()["epcisBody"][
        "eventList"
    ]
    assert (begun["bizStep"], "cbvmda:harvestStartDate" in begun["ilmd"]) == ("receiving", False)
    own = clerk.get(f"/work/trace?q={line['lot']}").text
    assert "From suppliers outside of this system" in own
    assert "Nậm Kín" in clerk.get(f"/work/trace/file.csv?q={line['lot']}").text
    assert "PNK-7" in clerk.get(f"/api/v1/trace?q={line['lot']}").text
    paper = PdfDocument(clerk.get(f"/work/trace/file.pdf?q={line['lot']}").content)
    words = " ".join(one.get_textpage().get_text_range() for one in paper)
    assert "Nậm Kín" in words
    assert "PNK-7" in words
    assert clerk.get(f"/work/lots/{line['lot']}").status_code == 200


def test_the_api_takes_it_and_refuses_what_is_no_supply(
    clerk: TestClient, session: Session, given: Given, moving: Moving
) -> None:
    party = str(register_party(session, moving.doer, SUPPLIER).uid)
    lot = moving.lot(10)
    session.commit()
    day = given.day(0).isoformat()
    out = {"quantity_g": 5_000, "crop": "BAP_CAI", "harvested_on": day}
    body = {"kind": "receiving", "party": party, "document": "PNK-7", "inputs": []}
    first = clerk.post("/api/v1/movements", json=body | {"outputs": [out]}, headers=key())
    assert first.status_code == 201
    assert [one["quantity_g"] for one in first.json()["outputs"]] == [5_000]
    inputs = [{"lot": lot.code, "quantity_g": 1_000}]
    for wrong, field in (
        ({"outputs": []}, "outputs"),
        ({"outputs": [out], "inputs": inputs}, "inputs"),
        ({"outputs": [out], "party": None}, "party"),
        (
            {"kind": "packing", "inputs": inputs, "outputs": [out | {"quantity_g": 1_000}]},
            "outputs",
        ),
    ):
        answer = clerk.post("/api/v1/movements", json=body | wrong, headers=key())
        assert answer.status_code == 422, answer.text
        assert field in answer.text


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}
