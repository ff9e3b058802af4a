"""The events of a lot for machines, as EPCIS 2.0."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.ledger.actors import Actor
from app.lots.commands import withdraw_lot
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.conftest import BASE_URL
from tests.given import Given
from tests.movements.moving import Moving
from tests.provenance.goods import gln, numbered

SCHEMA = json.loads((Path(__file__).parent / "epcis_schema.json").read_text())
CHECKED = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker(["uri"]))


def document(client: TestClient, lot: HarvestLot) -> dict[str, Any]:
    answer = client.get(f"/api/v1/public/lots/{lot.code}/events")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    told: dict[str, Any] = answer.json()
    CHECKED.validate(told)
    return told


def test_a_lot_made_of_others_is_told_without_them_and_without_its_buyer(
    client: TestClient, session: Session, given: Given
) -> None:
    moving = Moving(given)
    first = moving.lot(30, harvested_on=given.day(-3))
    second = moving.lot(10)
    merged = moving.merge(first, second)
    moving.ship(merged, 5_000)
    session.commit()
    told = document(client, merged)
    making, shipping = told["epcisBody"]["eventList"]
    assert (making["type"], making["bizStep"]) == ("TransformationEvent", "transforming")
    assert making["outputQuantityList"] == [
        {"epcClass": f"{BASE_URL}/t/{merged.code}", "quantity": 40.0, "uom": "KGM"}
    ]
    for lacks in ("transformationID", "outputQuantityList", "eventTime"):
        broken = {name: value for name, value in making.items() if name != lacks}
        with pytest.raises(jsonschema.ValidationError):
            CHECKED.validate({**told, "epcisBody": {"eventList": [broken]}})
    assert making["ilmd"]["cbvmda:harvestStartDate"] == given.day(-3).isoformat()
    assert making["ilmd"]["cbvmda:harvestEndDate"] == given.day(-1).isoformat()
    assert (shipping["bizStep"], shipping["disposition"]) == ("shipping", "in_transit")
    page = client.get(f"/t/{merged.code}").text
    assert "Gộp với" in page
    for hidden in (first.code, second.code, "Chợ đầu mối"):
        assert hidden not in json.dumps(told, ensure_ascii=False) + page


def test_the_harvest_is_commissioned_with_its_instance_data(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    code = given.code(area)
    held = given.certificate(area, standard="FOOD_SAFETY_2018", number="12/2026/ATTP-LC")
    lot = given.lot(area, kilograms=250, best_before=given.day(6))
    session.commit()
    told = document(client, lot)
    [harvest] = told["epcisBody"]["eventList"]
    assert (harvest["action"], harvest["bizStep"]) == ("ADD", "commissioning")
    assert harvest["quantityList"] == [
        {"epcClass": f"{BASE_URL}/t/{lot.code}", "quantity": 250.0, "uom": "KGM"}
    ]
    day = lot.harvested_on.isoformat()
    assert harvest["ilmd"] == {
        "cbvmda:lotNumber": lot.code,
        "cbvmda:descriptionShort": "Bắp cải",
        "cbvmda:harvestStartDate": day,
        "cbvmda:harvestEndDate": day,
        "cbvmda:countryOfOrigin": "VN",
        "cbvmda:bestBeforeDate": given.day(6).isoformat(),
    }
    assert harvest["eventTime"] == f"{given.day(-2)}T17:00:00.000Z"  # midnight of that day there
    assert harvest["bizLocation"]["id"] == f"{BASE_URL}/a/{area.uid}"
    page = client.get(harvest["bizLocation"]["id"], follow_redirects=True)
    assert code.code in page.text
    [certificate] = harvest["certificationInfo"]
    assert held.number in client.get(certificate).text


def test_packing_follows_and_the_area_s_own_number_names_the_place(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    numbered(session, session.get_one(Organisation, area.organisation_id), area)
    lot = given.lot(area, packed_on=given.day(0))
    session.commit()
    harvest, packing = document(client, lot)["epcisBody"]["eventList"]
    assert (packing["action"], packing["bizStep"]) == ("OBSERVE", "packing")
    assert "ilmd" not in packing
    assert packing["bizLocation"]["id"] == f"https://id.gs1.org/414/{gln()}"
    assert harvest["eventID"] != packing["eventID"]
    again = document(client, lot)["epcisBody"]["eventList"]
    assert [event["eventID"] for event in again] == [harvest["eventID"], packing["eventID"]]


def test_no_grower_is_named(client: TestClient, session: Session, given: Given) -> None:
    cooperative = given.cooperative()
    area = given.area(cooperative)
    grower = given.grower(cooperative, name="Sùng Thị Kín Danh")
    lot = given.lot(area, grower=grower.uid)
    session.commit()
    assert "Kín Danh" not in json.dumps(document(client, lot), ensure_ascii=False)


def test_a_lot_recorded_by_mistake_has_no_events(
    client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    withdraw_lot(session, lot=lot, reason="Ghi nhầm.", by=Actor.system(), now=given.now)
    session.commit()
    assert client.get(f"/api/v1/public/lots/{lot.code}/events").status_code == 410
    assert client.get("/api/v1/public/lots/LC1/events").status_code == 422


def test_the_schema_refuses_what_epcis_refuses(
    client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    session.commit()
    for broken in (
        {"eventTime": "2026-11-19"},
        {"action": "OBSERVE"},
        {"quantityList": [{"epcClass": "not a uri"}]},
        {"ilmd": {"lotNumber": "x"}},
    ):
        told = document(client, lot)
        told["epcisBody"]["eventList"][0] |= broken
        with pytest.raises(jsonschema.ValidationError):
            CHECKED.validate(told)
