"""Parts, holding, readiness, balance and archives through HTTP."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.quantities import Grams
from app.lots.archive_commands import write_archives
from app.lots.archive_signing import signing_key
from app.models.accounts import Role
from app.models.registry import Organisation, PlantingArea
from tests.given import Given
from tests.lots.growing import Growing

LOTS = "/api/v1/lots"


@pytest.fixture
def growing(session: Session, given: Given) -> Growing:
    return Growing(session, given)


@pytest.fixture
def area(given: Given) -> PlantingArea:
    return given.area()


@pytest.fixture
def clerk(session: Session, given: Given, area: PlantingArea) -> dict[str, str]:
    headers = given.headers(Role.STAFF, session.get_one(Organisation, area.organisation_id))
    session.commit()
    return {**headers, "Accept-Language": "en"}


@pytest.fixture
def inspector(session: Session, given: Given) -> dict[str, str]:
    headers = given.headers(Role.INSPECTOR)
    session.commit()
    return {**headers, "Accept-Language": "en"}


def record(
    client: TestClient, clerk: dict[str, str], area: PlantingArea, given: Given, **other: Any
):
    body = {
        "area": str(area.uid),
        "crop": "BAP_CAI",
        "harvested_on": given.day(-1).isoformat(),
        "quantity_g": 100_000,
        **other,
    }
    return client.post(LOTS, json=body, headers={**clerk, "Idempotency-Key": str(uuid4())})


def test_a_lot_in_parts_comes_back_with_them(
    client: TestClient, session: Session, clerk, area, given: Given, growing: Growing
) -> None:
    planting = growing.planting(area)
    session.commit()
    parts = [{"quantity_g": 60_000, "planting": str(planting.uid)}, {"quantity_g": 40_000}]
    made = record(client, clerk, area, given, parts=parts, grade="Loại 1")
    assert made.status_code == 201, made.text
    told = made.json()
    assert [part["quantity_g"] for part in told["parts"]] == [60_000, 40_000]
    assert (told["grade"], told["sellable_from"]) == ("Loại 1", None)
    short = record(client, clerk, area, given, parts=parts[:1])
    assert short.status_code == 422
    assert [error["at"] for error in short.json()["errors"]] == ["parts"]


def test_holding_names_the_version_and_only_an_officer_may(
    client: TestClient, clerk, inspector, area, given: Given
) -> None:
    made = record(client, clerk, area, given)
    path, why = f"{LOTS}/{made.json()['code']}", {"reason": "chờ kết quả mẫu"}
    tag = {"If-Match": made.headers["etag"]}
    assert client.post(f"{path}/hold", json=why, headers={**clerk, **tag}).status_code == 403
    assert client.post(f"{path}/hold", json=why, headers=inspector).status_code == 428
    held = client.post(f"{path}/hold", json=why, headers={**inspector, **tag})
    assert (held.status_code, held.json()["state"]) == (200, "held")
    late = client.post(f"{path}/release", json=why, headers={**inspector, **tag})
    assert late.status_code == 412
    now = {"If-Match": held.headers["etag"]}
    assert client.post(f"{path}/seal", headers={**clerk, **now}).json()["state"] == "sealed"


def test_a_sealed_lot_is_closed_once_it_has_left(
    client: TestClient, clerk, area, given: Given
) -> None:
    made = record(client, clerk, area, given)
    path = f"{LOTS}/{made.json()['code']}"
    first = client.post(f"{path}/close", headers={**clerk, "If-Match": made.headers["etag"]})
    assert first.status_code == 422
    sealed = client.post(f"{path}/seal", headers={**clerk, "If-Match": made.headers["etag"]})
    closed = client.post(f"{path}/close", headers={**clerk, "If-Match": sealed.headers["etag"]})
    assert closed.json()["state"] == "closed"
    steps = client.get(f"{path}/steps", headers=clerk).json()
    assert [step["state"] for step in steps] == ["open", "sealed", "closed"]


def test_readiness_says_what_is_missing_and_what_holds_it_back(
    client: TestClient, session: Session, clerk, area, given: Given, growing: Growing
) -> None:
    growing.spray(growing.planting(area), -3, product=growing.product(interval=7))
    session.commit()
    code = record(client, clerk, area, given).json()["code"]
    told = client.get(f"{LOTS}/{code}/readiness", headers=clerk).json()
    assert (told["may_leave"], told["may_be_labelled"]) == (False, False)
    assert told["sellable_from"] == "2026-11-24"
    assert (told["there"], told["of"]) == (7, 9)
    missing = {item["item"]: item["mend"] for item in told["items"] if not item["there"]}
    assert missing.keys() == {"expiry", "standards"}
    assert all(missing.values())


def test_balances_and_what_is_over(
    client: TestClient, session: Session, clerk, inspector, area, given: Given
) -> None:
    given.season(area, expected_output=Grams(95_000), harvest_from=-10, harvest_to=10)
    session.commit()
    code = record(client, clerk, area, given).json()["code"]
    [gauge] = client.get("/api/v1/balance/seasons", headers=clerk).json()
    assert (gauge["percent"], gauge["standing"], gauge["harvested_g"]) == (105, "over", 100_000)
    [over] = client.get("/api/v1/balance/lots-over", headers=inspector).json()
    assert (over["lot"]["code"], over["declared_g"]) == (code, 95_000)
    stranger = given.headers(Role.STAFF)
    session.commit()
    assert client.get("/api/v1/balance/seasons", headers=stranger).json() == []


def test_archives_are_listed_and_downloaded_by_the_province(
    client: TestClient, session: Session, given: Given, tmp_path: Path, inspector
) -> None:
    given.lot()
    session.flush()
    key = signing_key(tmp_path / "key.pem")
    [made] = write_archives(session, key=key, now=given.now + timedelta(days=1200))
    headers = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    [told] = client.get("/api/v1/archives", headers=headers).json()
    assert (told["name"], told["rows"], told["sha256"]) == ("lots-2026-11", 1, made.sha256)
    file = client.get(told["file"], headers=headers)
    assert file.content == made.content
    assert file.headers["content-type"] == "application/gzip"
    assert client.get(told["file"], headers=inspector).status_code == 403
