"""Certificates through the JSON API, on both engines."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Organisation, PlantingArea
from tests.api.certificate_calls import ADDRESS, at, paper, posted, recorded
from tests.given import Given


@pytest.fixture
def area(given: Given) -> PlantingArea:
    """A cooperative's cabbage field."""
    return given.area(given.cooperative("HTX Tả Van Chư"), name="Ruộng trên")


@pytest.fixture
def holder(session: Session, area: PlantingArea) -> Organisation:
    return session.get_one(Organisation, area.organisation_id)


@pytest.fixture
def admin(given: Given, session: Session, holder: Organisation) -> dict[str, str]:
    """Headers of the holder's administrator."""
    headers = given.headers(Role.COOP_ADMIN, holder)
    session.commit()
    return headers


def test_a_cooperative_records_a_certificate_and_reads_it_back(
    client: TestClient, given: Given, area: PlantingArea, admin: dict[str, str]
) -> None:
    answer = posted(client, paper(given, area), admin)
    assert answer.status_code == 201
    told = answer.json()
    assert told["confirmation"] == "self_declared"
    assert told["standing"] == "active"
    assert told["holder_name"] == "HTX Tả Van Chư"
    assert told["areas"] == [{"id": str(area.uid), "name": "Ruộng trên"}]
    assert told["crops"] == ["BAP_CAI"]
    assert told["warnings"] == []
    assert answer.headers["ETag"] == '"1"'
    read = client.get(answer.headers["Location"], headers=admin)
    assert read.json() == told
    assert read.headers["ETag"] == '"1"'


def test_the_same_key_records_once_and_replays_the_answer(
    client: TestClient, given: Given, area: PlantingArea, admin: dict[str, str]
) -> None:
    body = paper(given, area)
    first, again = (posted(client, body, admin, key="k-1") for _ in range(2))
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(client.get(ADDRESS, headers=admin).json()["items"]) == 1
    other = posted(client, paper(given, area, number="VG 2"), admin, key="k-1")
    assert other.status_code == 422


def test_without_a_key_nothing_is_recorded(
    client: TestClient, given: Given, area: PlantingArea, admin: dict[str, str]
) -> None:
    assert client.post(ADDRESS, json=paper(given, area), headers=admin).status_code == 400
    assert client.get(ADDRESS, headers=admin).json() == {"items": [], "next": None}


def test_a_warning_is_said_in_the_readers_language_and_stops_nothing(
    client: TestClient, given: Given, area: PlantingArea, admin: dict[str, str]
) -> None:
    answer = posted(client, paper(given, area, number="QUACERT 12"), admin)
    assert answer.status_code == 201
    assert answer.json()["warnings"] == [
        {"at": "number", "why": "The number does not look like VietGAP-TT-00-00-00-0000."}
    ]
    vietnamese = client.get(
        answer.headers["Location"], headers={**admin, "Accept-Language": "vi"}
    ).json()["warnings"]
    assert "VietGAP-TT-00-00-00-0000" in vietnamese[0]["why"]
    assert vietnamese != answer.json()["warnings"]


BAD_INPUT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "organic for three years": (
        {"standard": "ORGANIC_2017", "valid_to": "2029-01-01"},
        ["valid_to"],
    ),
    "GGN that does not add up": (
        {"standard": "GLOBALGAP_IFA_6", "number": "4049928415685"},
        ["number"],
    ),
    "ends before it begins": (
        {"valid_from": "2026-11-01", "valid_to": "2026-10-01"},
        ["valid_to"],
    ),
    "no crop": ({"crops": []}, ["crops"]),
    "unknown crop": ({"crops": ["SAU_RIENG"]}, ["crops"]),
    "unknown area": ({"areas": ["01937b5e-6f00-7000-8000-000000000001"]}, ["areas"]),
    "unknown grower": ({"members": ["01937b5e-6f00-7000-8000-000000000001"]}, ["members"]),
    "unknown body": ({"body": "01937b5e-6f00-7000-8000-000000000001"}, ["body"]),
    "no body": ({"body_name": ""}, ["body_name"]),
    "NUL": ({"number": "VG\x00"}, ["number"]),
    "endless number": ({"number": "x" * 81}, ["number"]),
    "lone surrogate": ({"body_name": "\ud800"}, ["body_name"]),
    "day in another form": ({"issued_on": "12/10/2025"}, ["issued_on"]),
    "year 9999": ({"valid_to": "9999-12-31"}, ["valid_to"]),
    "no id": ({"areas": ["x"]}, ["areas.0"]),
    "unknown field": ({"stars": 3}, ["stars"]),
}


@pytest.mark.parametrize(("wrong", "fields"), BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_bad_input_is_refused_beside_its_field_and_nothing_is_written(
    client: TestClient,
    given: Given,
    area: PlantingArea,
    admin: dict[str, str],
    wrong: dict[str, Any],
    fields: list[str],
) -> None:
    answer = posted(client, paper(given, area, **wrong), admin)
    assert answer.status_code == 422
    assert at(answer) == fields
    assert client.get(ADDRESS, headers=admin).json()["items"] == []


def test_a_number_that_stands_already_is_a_conflict(
    client: TestClient, given: Given, area: PlantingArea, admin: dict[str, str]
) -> None:
    assert posted(client, paper(given, area), admin).status_code == 201
    assert posted(client, paper(given, area), admin).status_code == 409


def test_another_cooperatives_area_and_certificate_are_not_there(
    client: TestClient, given: Given, session: Session, area: PlantingArea, admin: dict[str, str]
) -> None:
    other = given.cooperative()
    theirs = given.area(other)
    certificate = recorded(given, session, theirs)
    answer = posted(client, paper(given, area, areas=[str(theirs.uid)]), admin)
    assert (answer.status_code, at(answer)) == (422, ["areas"])
    assert client.get(f"{ADDRESS}/{certificate.uid}", headers=admin).status_code == 404
    assert client.get(ADDRESS, headers=admin).json()["items"] == []
    answer = posted(client, paper(given, theirs, holder=str(other.uid)), admin)
    assert answer.status_code == 404


def test_members_are_told_by_code_and_not_by_name(
    client: TestClient, given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    """Luật 91/2025/QH15: a certification body has no need of a grower's name here."""
    may = given.grower(holder, "Lý Thị Mẩy")
    certifier = given.caller(Role.CERTIFIER)
    certificate = recorded(given, session, area, by=certifier, members=(may.uid,))
    body = session.get_one(Organisation, certifier.organisation_id)
    headers = given.headers(Role.CERTIFIER, body)
    session.commit()
    answer = client.get(f"{ADDRESS}/{certificate.uid}", headers=headers)
    assert answer.json()["members"] == [{"id": str(may.uid), "code": may.code}]
    assert "Mẩy" not in answer.text


def test_certificates_come_newest_first_page_by_page_and_by_words(
    client: TestClient, given: Given, session: Session, area: PlantingArea, admin: dict[str, str]
) -> None:
    for number in range(3):
        recorded(given, session, area, number=f"VG {number}")
    first = client.get(ADDRESS, params={"limit": 2}, headers=admin).json()
    rest = client.get(ADDRESS, params={"limit": 2, "after": first["next"]}, headers=admin).json()
    numbers = [line["number"] for line in (*first["items"], *rest["items"])]
    assert numbers == ["VG 2", "VG 1", "VG 0"]
    assert rest["next"] is None
    found = client.get(ADDRESS, params={"q": "ta van vg 1"}, headers=admin).json()["items"]
    assert [line["number"] for line in found] == ["VG 1"]
    assert client.get(ADDRESS, params={"after": "xyz"}, headers=admin).status_code == 400


def test_what_is_no_id_is_refused_and_an_unknown_one_not_found(
    client: TestClient, admin: dict[str, str]
) -> None:
    assert client.get(f"{ADDRESS}/khong-co", headers=admin).status_code == 422
    assert client.get(f"{ADDRESS}/{uuid4()}", headers=admin).status_code == 404
    assert client.get(ADDRESS).status_code == 401
