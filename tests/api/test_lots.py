"""Lots through HTTP: recorded once, changed from the right version, refused without a scratch."""

import json
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import PlantingArea
from tests.conftest import BASE_URL
from tests.given import Given

LOTS = "/api/v1/lots"


@pytest.fixture
def area(session: Session, given: Given) -> PlantingArea:
    return given.area()


@pytest.fixture
def clerk(session: Session, given: Given, area: PlantingArea) -> dict[str, str]:
    """Headers of a clerk of the area's cooperative, asking in English."""
    home = session.get_one(type(given.cooperative()), area.organisation_id)
    headers = given.headers(Role.STAFF, home)
    session.commit()
    return {**headers, "Accept-Language": "en"}


def harvest(area: PlantingArea, given: Given, /, **other: Any) -> dict[str, Any]:
    return {
        "area": str(area.uid),
        "crop": "BAP_CAI",
        "harvested_on": given.day(-1).isoformat(),
        "quantity_g": 250_000,
        **other,
    }


def count(session: Session) -> int:
    session.rollback()
    found = session.execute(select(func.count()).select_from(HarvestLot)).scalar_one()
    session.rollback()  # a write session left open would make every other writer wait
    return found


def post(client: TestClient, clerk: dict[str, str], body: Any, key: str = "k1"):
    return client.post(LOTS, json=body, headers={**clerk, "Idempotency-Key": key})


def test_the_same_key_and_body_act_once_and_answer_the_same(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, session: Session, given: Given
) -> None:
    body = harvest(area, given)
    first, again = (post(client, clerk, body) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert count(session) == 1
    assert post(client, clerk, body, "k2").json()["code"] != first.json()["code"]


def test_the_same_key_for_something_else_is_refused(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, session: Session, given: Given
) -> None:
    post(client, clerk, harvest(area, given))
    other = post(client, clerk, harvest(area, given, quantity_g=1))
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/refused"
    assert count(session) == 1


def test_eight_at_once_with_one_key_record_one_lot(
    app: FastAPI, clerk: dict[str, str], area: PlantingArea, session: Session, given: Given
) -> None:
    answers: list[tuple[int, str]] = []
    gate = threading.Barrier(8)

    def send() -> None:
        client = TestClient(app, base_url=BASE_URL)
        gate.wait()
        answer = post(client, clerk, harvest(area, given))
        answers.append((answer.status_code, answer.json()["code"]))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert count(session) == 1


def test_a_key_is_needed(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, given: Given
) -> None:
    answer = client.post(LOTS, json=harvest(area, given), headers=clerk)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_change_names_the_version_it_was_made_from(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, given: Given
) -> None:
    made = post(client, clerk, harvest(area, given))
    path, tag = f"{LOTS}/{made.json()['code']}", made.headers["etag"]
    change = {"quantity_g": 240_000, "packed_on": None, "best_before": None, "note": "cân lại"}
    assert client.put(path, json=change, headers=clerk).status_code == 428
    first = client.put(path, json=change, headers={**clerk, "If-Match": tag})
    assert first.status_code == 200
    assert first.headers["etag"] != tag
    late = client.put(path, json=change, headers={**clerk, "If-Match": tag})
    assert late.status_code == 412
    assert late.json()["type"] == "/problems/stale-version"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity_g": 0}, "quantity_g"),
        ({"quantity_g": -5}, "quantity_g"),
        ({"quantity_g": 10**30}, "quantity_g"),
        ({"quantity_g": "nhiều"}, "quantity_g"),
        ({"harvested_on": "2030-01-01"}, "harvested_on"),
        ({"harvested_on": "2001-01-01"}, "harvested_on"),
        ({"harvested_on": "31/12/2026"}, "harvested_on"),
        ({"crop": "SU_SU"}, "crop"),
        ({"crop": "KHONG_CO"}, "crop"),
        ({"area": "không phải mã"}, "area"),
        ({"lạ": 1}, "lạ"),
        ({"note": "\x00"}, "note"),
        ({"note": "x" * 9999}, "note"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_written(
    client: TestClient,
    clerk: dict[str, str],
    area: PlantingArea,
    session: Session,
    given: Given,
    wrong: dict[str, Any],
    field: str,
) -> None:
    answer = post(client, clerk, harvest(area, given, **wrong))
    assert answer.status_code == 422, answer.text
    assert field in {one["at"] for one in answer.json()["errors"]}
    assert count(session) == 0


@pytest.mark.parametrize("field", ["note", "crop", "area", "harvested_on", "quantity_g"])
def test_lone_surrogates_are_refused_and_never_echoed(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, given: Given, field: str
) -> None:
    body = harvest(area, given)
    body[field] = "LONE"
    text = json.dumps(body).replace("LONE", "bí mật \\ud800")
    headers = {**clerk, "Idempotency-Key": "s", "Content-Type": "application/json"}
    answer = client.post(LOTS, content=text, headers=headers)
    assert answer.status_code == 422
    assert "bí mật" not in answer.text


@pytest.mark.parametrize("told", [True, False])
def test_ten_megabytes_are_too_large(
    client: TestClient, clerk: dict[str, str], session: Session, told: bool
) -> None:
    headers = {**clerk, "Idempotency-Key": "g", "Content-Type": "application/json"}
    piece = b" " * 2**20
    content = piece * 10 if told else iter([piece] * 10)  # with its length, or as a stream
    answer = client.post(LOTS, content=content, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"
    assert count(session) == 0


def test_broken_json_and_deep_json_are_the_callers_fault(
    client: TestClient, clerk: dict[str, str]
) -> None:
    for content in (b"{", b"\xff\xfe", b"[" * 100_000, b"NaN", b'{"area": NaN}'):
        headers = {**clerk, "Idempotency-Key": "j", "Content-Type": "application/json"}
        assert 400 <= client.post(LOTS, content=content, headers=headers).status_code < 500


def test_a_foreign_cursor_is_refused(client: TestClient, clerk: dict[str, str]) -> None:
    for cursor in ("x", "WyJhIl0", "W10", "9" * 300):
        assert client.get(f"{LOTS}?after={cursor}", headers=clerk).status_code == 400


def test_refusals_speak_the_callers_language(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, given: Given
) -> None:
    wrong = harvest(area, given, quantity_g=0)
    said = {
        tag: post(client, {**clerk, "Accept-Language": tag}, wrong).json()["detail"]
        for tag in ("vi", "en", "zh")
    }
    assert len(set(said.values())) == 3
    assert said["en"] == "A harvest weighs more than nothing."
