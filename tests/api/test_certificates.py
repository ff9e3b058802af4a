"""Certificates through the JSON API, on both engines."""

import json
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.certificates import Certificate
from app.models.registry import Organisation, PlantingArea
from tests.given import Given

ADDRESS = "/api/v1/certificates"
JSON = {"Content-Type": "application/json"}
REASON = "Không khắc phục lỗi sau lần giám sát."


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


def paper(given: Given, area: PlantingArea, **details: Any) -> dict[str, Any]:
    """What a clerk copies from a certificate."""
    usual = {
        "standard": "VIETGAP_2017",
        "number": "VietGAP-TT-13-09-10-0096",
        "issued_on": str(given.day(-300)),
        "valid_from": str(given.day(-300)),
        "valid_to": str(given.day(300)),
        "crops": ["BAP_CAI"],
        "areas": [str(area.uid)],
        "body_name": "Trung tâm Chứng nhận Tây Bắc",
    }
    return usual | details


def escaped(body: dict[str, Any]) -> str:
    """JSON in ASCII: the one way a lone surrogate can be sent at all."""
    return json.dumps(body)


def posted(
    client: TestClient, body: dict[str, Any], headers: dict[str, str], key: str = ""
) -> Response:
    chosen = {"Idempotency-Key": key or str(uuid4()), "Accept-Language": "en", **headers}
    return client.post(ADDRESS, content=escaped(body), headers=chosen | JSON)


def changed(
    client: TestClient,
    certificate: Certificate,
    verb: str,
    headers: dict[str, str],
    **body: str,
) -> Response:
    chosen = {"If-Match": '"1"', "Accept-Language": "en", **headers}
    sent = {"effective_on": "2026-11-18", "reason": REASON, **body}
    address = f"{ADDRESS}/{certificate.uid}/{verb}"
    return client.post(address, content=escaped(sent), headers=chosen | JSON)


def recorded(given: Given, session: Session, area: PlantingArea, **details: Any) -> Certificate:
    """A certificate that stands already."""
    certificate = given.certificate(area, **details)
    session.commit()
    return certificate


def at(answer: Response) -> list[str]:
    """The fields a problem names."""
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["at"] for error in answer.json()["errors"]]


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


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"standard": "ORGANIC_2017", "valid_to": "2029-01-01"}, ["valid_to"]),
        ({"standard": "GLOBALGAP_IFA_6", "number": "4049928415685"}, ["number"]),
        ({"valid_from": "2026-11-01", "valid_to": "2026-10-01"}, ["valid_to"]),
        ({"crops": []}, ["crops"]),
        ({"crops": ["SAU_RIENG"]}, ["crops"]),
        ({"areas": [str(uuid4())]}, ["areas"]),
        ({"members": [str(uuid4())]}, ["members"]),
        ({"body": str(uuid4())}, ["body"]),
        ({"body_name": ""}, ["body_name"]),
        ({"number": "VG\x00"}, ["number"]),
        ({"number": "x" * 81}, ["number"]),
        ({"body_name": "\ud800"}, ["body_name"]),
        ({"issued_on": "12/10/2025"}, ["issued_on"]),
        ({"valid_to": "9999-12-31"}, ["valid_to"]),
        ({"areas": ["x"]}, ["areas.0"]),
        ({"stars": 3}, ["stars"]),
    ],
    ids=",".join,
)
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


def test_a_certifier_records_for_a_cooperative_and_suspends_what_it_gave(
    client: TestClient, given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    certifier = given.headers(Role.CERTIFIER)
    session.commit()
    answer = posted(client, paper(given, area, holder=str(holder.uid)), certifier)
    told = answer.json()
    assert (told["confirmation"], told["body_name"]) != ("body", "Trung tâm Chứng nhận Tây Bắc")
    assert told["confirmation"] == "body"
    suspended = client.post(
        f"{ADDRESS}/{told['id']}/suspend",
        json={"effective_on": "2026-11-18", "reason": REASON},
        headers={**certifier, "If-Match": '"1"'},
    )
    assert suspended.status_code == 200
    assert suspended.json()["standing"] == "suspended"
    assert suspended.json()["steps"][0]["reason"] == REASON
    assert suspended.headers["ETag"] == '"2"'


@pytest.mark.parametrize("verb", ["suspend", "restore", "withdraw"])
def test_another_bodys_certificate_is_not_there_for_a_certifier(
    client: TestClient, given: Given, session: Session, area: PlantingArea, verb: str
) -> None:
    certificate = recorded(given, session, area, by=given.caller(Role.CERTIFIER))
    stranger = given.headers(Role.CERTIFIER)
    session.commit()
    assert changed(client, certificate, verb, stranger).status_code == 404
    assert client.get(f"{ADDRESS}/{certificate.uid}", headers=stranger).status_code == 404


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.PROVINCE_ADMIN])
def test_officials_suspend_restore_and_withdraw(
    client: TestClient, given: Given, session: Session, area: PlantingArea, role: Role
) -> None:
    certificate = recorded(given, session, area)
    official = given.headers(role)
    session.commit()
    told = [
        changed(client, certificate, verb, {**official, "If-Match": f'"{version}"'}).json()
        for version, verb in enumerate(("suspend", "restore", "withdraw"), 1)
    ]
    assert [one["standing"] for one in told] == ["suspended", "active", "withdrawn"]
    assert [one["version"] for one in told] == [2, 3, 4]


def test_a_holder_may_not_change_the_status_of_its_own_certificate(
    client: TestClient, given: Given, session: Session, area: PlantingArea, admin: dict[str, str]
) -> None:
    certificate = recorded(given, session, area)
    assert changed(client, certificate, "restore", admin).status_code == 403


def test_of_two_editors_the_second_reads_again(
    client: TestClient, given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = recorded(given, session, area)
    official = given.headers(Role.INSPECTOR)
    session.commit()
    assert changed(client, certificate, "suspend", official).status_code == 200
    assert changed(client, certificate, "withdraw", official).status_code == 412
    address = f"{ADDRESS}/{certificate.uid}/withdraw"
    body = {"effective_on": "2026-11-18", "reason": REASON}
    assert client.post(address, json=body, headers=official).status_code == 428


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"effective_on": "2026-11-21"}, "effective_on"),
        ({"reason": "ok"}, "reason"),
        ({"reason": "\ud800\ud800\ud800\ud800\ud800"}, "reason"),
    ],
)
def test_a_change_of_status_says_when_and_why(
    client: TestClient,
    given: Given,
    session: Session,
    area: PlantingArea,
    body: dict[str, str],
    field: str,
) -> None:
    certificate = recorded(given, session, area)
    official = given.headers(Role.INSPECTOR)
    session.commit()
    answer = changed(client, certificate, "suspend", official, **body)
    assert (answer.status_code, at(answer)) == (422, [field])


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
