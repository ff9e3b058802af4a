"""Reports of shoppers through the API: sent by anybody with a key nobody can guess, answered by the offices."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation, OrganisationKind
from tests.given import Given

PUBLIC = "/api/v1/public/reports"
REPORTS = "/api/v1/reports"
CANARY = "0912000111"


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    session.commit()
    return made


@pytest.fixture
def clerk(session: Session, given: Given, lot: HarvestLot) -> dict[str, str]:
    made = given.headers(Role.STAFF, session.get_one(Organisation, lot.organisation_id))
    session.commit()
    return {**made, "Accept-Language": "en"}


@pytest.fixture
def inspector(session: Session, given: Given) -> dict[str, str]:
    made = given.headers(Role.INSPECTOR)
    session.commit()
    return {**made, "Accept-Language": "en"}


def send(client: TestClient, key: str = "", photo: bytes | None = None, **fields: str) -> Any:
    data = {"kind": "spoiled", "words": "Thối hết bên trong.", **fields}
    files = {"photo": ("anh.jpg", photo, "image/jpeg")} if photo is not None else {}
    # Fields of a form that may carry a file.
    parts = {name: (None, value) for name, value in data.items()} | files
    headers = {"Idempotency-Key": key or str(uuid4()), "Accept-Language": "en"}
    return client.post(PUBLIC, headers=headers, files=parts)


def test_a_report_is_sent_and_followed_without_an_account(
    client: TestClient, given: Given, lot: HarvestLot
) -> None:
    made = send(client, photo=given.picture(), code=lot.code, contact=CANARY)
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "received"
    assert CANARY not in made.text
    read = client.get(made.headers["location"])
    assert read.json() == made.json()
    page = client.get(made.json()["page"])
    assert page.status_code == 200
    assert client.get(f"{PUBLIC}/PA0000000000000A").status_code == 404


def test_a_key_repeats_the_answer_and_carries_nothing_of_the_contact(
    client: TestClient, session: Session, lot: HarvestLot
) -> None:
    key = str(uuid4())
    first = send(client, key, code=lot.code, contact=CANARY)
    again = send(client, key, code=lot.code, contact=CANARY)
    assert again.json()["ticket"] == first.json()["ticket"]
    assert again.headers["idempotency-replayed"] == "true"
    other = send(client, key, code=lot.code, words="Chuyện khác hẳn.")
    assert other.status_code == 422
    kept = session.execute(text("SELECT fingerprint, body FROM remembered_answer")).all()
    session.commit()
    without = send(client, key, code=lot.code)
    # The same fingerprint with and without a contact: none of it went in.
    assert without.json()["ticket"] == first.json()["ticket"]
    assert CANARY not in str(kept)


def test_a_key_that_could_be_guessed_is_refused(client: TestClient, lot: HarvestLot) -> None:
    assert send(client, "1", code=lot.code).status_code == 400
    assert send(client, "x" * 19, code=lot.code).status_code == 400
    assert send(client, "x" * 20, code=lot.code).status_code == 201


def test_every_fault_is_named(client: TestClient) -> None:
    answer = send(client, kind="x", words="ok", contact="gọi")
    assert answer.status_code == 422
    assert {one["at"] for one in answer.json()["errors"]} >= {"kind", "words", "contact"}
    assert send(client, no_such_field="1").status_code == 422
    hostile = send(client, photo=b"<svg onload=alert(1)>")
    assert [one["at"] for one in hostile.json()["errors"]] == ["photo"]


def test_a_flood_is_answered_with_when_to_come_back(
    app: FastAPI, client: TestClient, lot: HarvestLot
) -> None:
    most = app.state.settings.reports_per_hour
    statuses = [
        send(client, code=lot.code, words=f"Câu thứ {number}.").status_code
        for number in range(most + 1)
    ]
    assert statuses == [201] * most + [429]
    refused = send(client, code=lot.code, words="Câu nữa.")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_offices_work_with_it_from_the_version_they_read(
    client: TestClient,
    session: Session,
    given: Given,
    lot: HarvestLot,
    clerk: dict[str, str],
    inspector: dict[str, str],
) -> None:
    report = given.report(lot, contact=CANARY, photo=given.picture())
    session.commit()
    address = f"{REPORTS}/{report.uid}"
    read = client.get(address, headers=clerk)
    assert read.json()["photo"] is True
    assert client.get(f"{address}/photo", headers=clerk).headers["content-type"] == "image/jpeg"
    body = {"words": "Xin đổi hàng cho bạn."}
    assert client.post(f"{address}/answer", headers=clerk, json=body).status_code == 428
    stale = {**clerk, "If-Match": '"9"'}
    assert client.post(f"{address}/answer", headers=stale, json=body).status_code == 412
    fresh = {**clerk, "If-Match": read.headers["etag"]}
    answered = client.post(f"{address}/answer", headers=fresh, json=body)
    assert answered.json()["state"] == "answered"
    assert [one["kind"] for one in answered.json()["said"]] == ["answer"]
    closing = {**inspector, "If-Match": answered.headers["etag"]}
    closed = client.post(f"{address}/close", headers=closing, json={"reason": "Đã đổi hàng."})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    told = client.get(f"{PUBLIC}/{report.ticket}").json()
    assert [one["words"] for one in told["said"]] == ["Xin đổi hàng cho bạn."]
    for answer in (read, answered, closed):
        assert CANARY not in answer.text


def test_lists_have_pages_and_end_at_the_own_lots(
    client: TestClient,
    session: Session,
    given: Given,
    lot: HarvestLot,
    clerk: dict[str, str],
    inspector: dict[str, str],
) -> None:
    own = [given.report(lot), given.report(lot)]
    given.report(given.lot())
    given.report()
    session.commit()
    mine = client.get(REPORTS, headers=clerk).json()["items"]
    assert [one["uid"] for one in mine] == [str(own[1].uid), str(own[0].uid)]
    assert all(one["urgent"] and one["alike"] == 2 for one in mine)
    seen, after = [], ""
    while True:
        page = client.get(f"{REPORTS}?limit=3{after}", headers=inspector).json()
        seen += [one["uid"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 4
    assert client.get(f"{REPORTS}?state=closed", headers=inspector).json()["items"] == []


def test_another_cooperative_finds_nothing(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    report = given.report(lot)
    stranger = {**given.headers(Role.STAFF), "If-Match": '"1"'}
    session.commit()
    address = f"{REPORTS}/{report.uid}"
    assert client.get(address, headers=stranger).status_code == 404
    body = {"words": "Xin đổi hàng cho bạn."}
    assert client.post(f"{address}/answer", headers=stranger, json=body).status_code == 404
    assert client.get(f"{address}/photo", headers=stranger).status_code == 404


@pytest.mark.parametrize("named", [False, True])
def test_a_household_is_named_to_the_public_only_as_it_agreed(
    client: TestClient, session: Session, given: Given, named: bool
) -> None:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Vàng A Páo")
    home.name_public = named
    lot = given.lot(given.area(home))
    given.lab_report(lot)
    clerk, report = given.headers(Role.STAFF, home), given.report(lot)
    session.commit()
    address, ticket = f"{REPORTS}/{report.uid}", report.ticket
    fresh = {**clerk, "If-Match": client.get(address, headers=clerk).headers["etag"]}
    body = {"words": "Xin đổi hàng cho bạn."}
    assert client.post(f"{address}/answer", headers=fresh, json=body).status_code == 200
    for address in (f"{PUBLIC}/{ticket}", f"/r/{ticket}", f"/api/v1/public/lots/{lot.code}"):
        told = client.get(address, headers={"Accept-Language": "en"})
        assert told.status_code == 200
        assert ("Páo" in told.text) is named, address
        assert ("Growing household" in told.text) is not named, address
