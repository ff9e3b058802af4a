"""Print runs, paper, layouts and printers on the wire."""

from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.given import Given

BODY = {"layout": "l1-50x30", "stock": "roll-50x30", "pack_g": 500, "storage": "nơi thoáng mát"}


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def lot(session: Session, given: Given, home: Organisation) -> HarvestLot:
    made = given.lot(given.area(home))
    session.commit()
    return made


@pytest.fixture
def api(client: TestClient, session: Session, given: Given, home: Organisation) -> TestClient:
    client.headers.update(given.headers(Role.COOP_ADMIN, home))
    session.commit()
    return client


def order(lot: HarvestLot, labels: int = 3, **changed: Any) -> dict[str, Any]:
    return {**BODY, "lots": [{"lot": lot.code, "labels": labels}], **changed}


def started(api: TestClient, body: dict[str, Any], key: str = "one") -> Any:
    return api.post("/api/v1/print-runs", json=body, headers={"Idempotency-Key": key})


def test_check_start_read_fetch(api: TestClient, lot: HarvestLot) -> None:
    checked = api.post("/api/v1/print-runs/check", json=order(lot)).json()
    assert checked["total"] == 3
    assert all(checked["complete"].values())
    assert not any(lack["refuses"] for lack in checked["lacks"])
    made = started(api, order(lot))
    assert made.status_code == 201
    run = made.json()
    assert run["state"] == "ready"
    assert api.get(made.headers["location"]).json()["lots"] == [
        {
            "lot": lot.code,
            "first": 1,
            "last": 3,
            "printed": 3,
            "applied": 0,
            "voided": 0,
            "unknown": 3,
            "first_sscc": None,
            "last_sscc": None,
        }
    ]
    assert api.get(run["file"]).content.startswith(b"%PDF")
    assert [one["id"] for one in api.get(f"/api/v1/print-runs?lot={lot.code}").json()["items"]] == [
        run["id"]
    ]


def test_the_same_order_sent_twice_prints_once(api: TestClient, lot: HarvestLot) -> None:
    body = order(lot, serialised=True)
    assert started(api, body).json()["id"] == started(api, body).json()["id"]
    assert len(api.get("/api/v1/print-runs").json()["items"]) == 1


def test_a_refused_order_names_its_fields(api: TestClient, lot: HarvestLot) -> None:
    answer = started(api, order(lot, labels=1_000_000))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "copies"


def test_a_serial_tells_what_it_is_worth(api: TestClient, lot: HarvestLot) -> None:
    run = started(api, order(lot, labels=1, serialised=True, output="svg")).json()
    drawing = api.get(run["file"]).text
    serial = drawing.partition("<desc>")[2].partition("</desc>")[0].rpartition("· ")[2]
    address = f"/api/v1/lots/{lot.code}/serials"
    assert api.get(f"{address}/{serial}").json() == {
        "number": 1,
        "state": "printed",
        "run": run["id"],
        "reason": "",
        "cause": None,
    }
    assert api.get(f"{address}/0000ABCDEFGH").json()["state"] == "invented"
    api.post(
        f"/api/v1/print-runs/{run['id']}/marks",
        json={"kind": "voided", "first": 1, "last": 1, "reason": "rách"},
        headers={"Idempotency-Key": "voided"},
    )
    assert api.get(f"{address}/{serial.lower()}").json()["state"] == "voided"


def test_a_printer_is_added_measured_and_printed_with(api: TestClient, lot: HarvestLot) -> None:
    made = api.post(
        "/api/v1/printers",
        json={"name": "Máy kho", "stock": "roll-50x30", "output": "tspl"},
        headers={"Idempotency-Key": "printer"},
    )
    printer = made.json()
    assert printer["checked_at"] is None
    changed = api.put(
        f"/api/v1/printers/{printer['id']}",
        json={
            "name": "Máy kho",
            "stock": "roll-50x30",
            "output": "tspl",
            "offset_x_um": 500,
            "measured": True,
        },
        headers={"If-Match": made.headers["etag"]},
    )
    assert changed.json()["checked_at"] is not None
    body = order(lot, printer=printer["id"])
    del body["stock"]
    run = started(api, body).json()
    assert (run["stock"], run["output"], run["dpi"]) == ("roll-50x30", "tspl", 203)
    assert b"BITMAP" in api.get(run["file"]).content
    stale = api.put(
        f"/api/v1/printers/{printer['id']}",
        json={"name": "x", "stock": "roll-50x30", "output": "tspl"},
        headers={"If-Match": made.headers["etag"]},
    )
    assert stale.status_code == 412


def test_a_layout_becomes_an_own_copy_and_then_a_new_edition(
    api: TestClient, lot: HarvestLot
) -> None:
    shipped = api.get("/api/v1/label-layouts/l1-60x40")
    body = {"name": "Tem HTX", "body": shipped.json()["body"]}
    copy = api.put(
        "/api/v1/label-layouts/l1-60x40", json=body, headers={"If-Match": shipped.headers["etag"]}
    )
    own = copy.json()
    assert (own["edition"], own["own"]) == (1, True)
    again = api.put(
        f"/api/v1/label-layouts/{own['slug']}",
        json=body,
        headers={"If-Match": copy.headers["etag"]},
    ).json()
    assert (again["slug"], again["edition"]) == (own["slug"], 2)
    run = started(api, order(lot, layout=own["slug"], stock="roll-60x40")).json()
    assert run["edition"] == 2
    assert api.get("/api/v1/label-layouts/l1-60x40").json() == shipped.json()


def test_a_layout_is_seen_before_it_is_saved(api: TestClient) -> None:
    body = api.get("/api/v1/label-layouts/l1-50x30").json()["body"]
    address = "/api/v1/label-layouts/l1-50x30/preview"
    assert api.post(address, json={"body": body}).content.startswith(b"\x89PNG")
    body["blocks"][0]["x"] = 5
    refused = api.post(address, json={"body": body})
    assert refused.status_code == 422
    assert refused.json()["errors"]


def test_paper_of_the_province_is_everybodys(
    api: TestClient, session: Session, given: Given
) -> None:
    province = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    paper = {
        "name": "Cuộn 45 × 25",
        "kind": "roll",
        "page_width_um": 45_000,
        "page_height_um": 25_000,
        "width_um": 45_000,
        "height_um": 25_000,
    }
    made = api.post(
        "/api/v1/label-stocks", json=paper, headers={**province, "Idempotency-Key": "paper"}
    )
    assert made.status_code == 201
    assert api.get(f"/api/v1/label-stocks/{made.json()['slug']}").json()["checked"] is False


def test_the_address_of_a_numbered_label_shows_its_lot(api: TestClient, lot: HarvestLot) -> None:
    invented = api.get(f"/T/{lot.code}/0000ABCDEFGH")
    assert invented.status_code == 404
    assert lot.code[-4:] in invented.text
