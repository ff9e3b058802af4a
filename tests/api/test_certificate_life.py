"""Correcting, confirming, extending, scope, papers and bodies through the JSON API, on both engines."""

from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from tests.api.certificate_calls import ADDRESS, at, paper, posted, recorded
from tests.given import Given

REASON = "Đánh giá giám sát ngày 05/05/2026."


@pytest.fixture
def area(given: Given) -> PlantingArea:
    return given.area(given.cooperative("HTX Tả Van Chư"), name="Ruộng trên")


@pytest.fixture
def holder(session: Session, area: PlantingArea) -> Organisation:
    return session.get_one(Organisation, area.organisation_id)


@pytest.fixture
def admin(given: Given, session: Session, holder: Organisation) -> dict[str, str]:
    headers = given.headers(Role.COOP_ADMIN, holder)
    session.commit()
    return headers


@pytest.fixture
def inspector(given: Given, session: Session) -> dict[str, str]:
    headers = given.headers(Role.INSPECTOR)
    session.commit()
    return headers


def english(headers: dict[str, str], version: int = 1) -> dict[str, str]:
    key = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
    return {"Accept-Language": "en", **key, **headers}


def test_the_holder_corrects_what_nobody_confirmed(
    client: TestClient,
    given: Given,
    session: Session,
    area: PlantingArea,
    admin: dict[str, str],
    inspector: dict[str, str],
) -> None:
    certificate = recorded(given, session, area)
    address = f"{ADDRESS}/{certificate.uid}"
    body = paper(given, area, number="VietGAP-TT-13-09-10-0777", area_m2=20_000)
    told = client.put(address, json=body, headers=english(admin))
    assert told.status_code == 200
    assert told.json()["number"] == "VietGAP-TT-13-09-10-0777"
    assert told.headers["ETag"] == '"2"'
    assert client.put(address, json=body, headers=english(admin)).status_code == 412
    words = {"words": "Đã xem bản gốc."}
    sent = client.post(f"{address}/confirm", json=words, headers=english(inspector, 2))
    assert sent.json()["confirmation"] == "inspector"
    assert client.put(address, json=body, headers=english(admin, 3)).status_code == 422


def test_the_body_confirms_disputes_and_its_words_are_told(
    client: TestClient, given: Given, session: Session, area: PlantingArea
) -> None:
    caller, key = given.key(Role.CERTIFIER)
    certificate = recorded(given, session, area, body=caller.organisation_uid)
    headers = {"Authorization": f"Bearer {key}"}
    address = f"{ADDRESS}/{certificate.uid}"
    wrong = {"words": "Số này không phải của chúng tôi."}
    told = client.post(f"{address}/dispute", json=wrong, headers=english(headers)).json()
    assert (told["standing"], told["disputed"]) == ("disputed", True)
    told = client.post(f"{address}/confirm", json={}, headers=english(headers, 2)).json()
    assert (told["standing"], told["confirmation"]) == ("active", "body")
    assert [word["disputed"] for word in told["words"]] == [False, True, False]
    again = client.post(f"{address}/confirm", json={}, headers=english(headers, 3))
    assert again.status_code == 409


def test_an_unlinked_certificate_can_be_confirmed_and_not_suspended_by_any_body(
    client: TestClient, given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = recorded(given, session, area, body_name="TT nào đó")
    headers = given.headers(Role.CERTIFIER)
    session.commit()
    address = f"{ADDRESS}/{certificate.uid}"
    assert client.get(address, headers=headers).status_code == 200
    suspend = {"effective_on": "2026-11-18", "reason": REASON}
    for verb, body in (("suspend", suspend), ("dispute", {"words": REASON})):
        sent = client.post(f"{address}/{verb}", json=body, headers=english(headers))
        assert sent.status_code == 404
    assert client.post(f"{address}/confirm", json={}, headers=english(headers)).status_code == 200


def test_an_extension_and_a_change_of_scope_are_told_with_their_days(
    client: TestClient,
    given: Given,
    session: Session,
    area: PlantingArea,
    holder: Organisation,
    inspector: dict[str, str],
) -> None:
    lower = given.area(holder, name="Ruộng dưới")
    certificate = recorded(given, session, area)
    address = f"{ADDRESS}/{certificate.uid}"
    longer = {"valid_to": str(given.day(330)), "reason": "Chờ đánh giá lại."}
    told = client.post(f"{address}/extend", json=longer, headers=english(inspector)).json()
    assert told["valid_to"] == str(given.day(330))
    assert told["extensions"][0]["was_valid_to"] == str(given.day(300))
    joins = {
        "effective_on": str(given.day(-9)),
        "reason": REASON,
        "joins": {"areas": [str(lower.uid)]},
    }
    told = client.post(f"{address}/scope", json=joins, headers=english(inspector, 2)).json()
    expected = {
        "listed": "areas",
        "what": str(lower.uid),
        "since": str(given.day(-9)),
        "until": None,
    }
    assert told["terms"] == [expected]
    again = client.post(f"{address}/scope", json=joins, headers=english(inspector, 3))
    assert (again.status_code, at(again)) == (422, ["areas_join"])


def test_a_renewal_names_what_it_replaces(
    client: TestClient, given: Given, session: Session, area: PlantingArea, admin: dict[str, str]
) -> None:
    former = recorded(given, session, area)
    body = paper(
        given, area, number="VG-2", predecessor=str(former.uid), valid_from=str(given.day(-9))
    )
    told = posted(client, body, admin).json()
    assert told["replaces"] == str(former.uid)
    old = client.get(f"{ADDRESS}/{former.uid}", headers=admin).json()
    assert (old["standing"], old["replaced_by"]) == ("replaced", told["id"])


def test_papers_are_added_read_and_taken_away(
    client: TestClient, given: Given, session: Session, area: PlantingArea, admin: dict[str, str]
) -> None:
    certificate = recorded(given, session, area)
    address = f"{ADDRESS}/{certificate.uid}/papers"
    sent = {"file": ("a.png", given.picture(), "image/png")}
    made = client.post(address, files=sent, headers=english(admin))
    assert made.status_code == 201
    assert len(client.get(address, headers=admin).json()["items"]) == 1
    assert client.post(address, files=sent, headers=english(admin)).status_code == 409
    content = client.get(made.headers["Location"], headers=admin)
    assert content.headers["content-type"] == "image/png"
    assert client.delete(made.headers["Location"], headers=admin).status_code == 204
    assert client.get(made.headers["Location"], headers=admin).status_code == 404
    script = {"file": ("a.pdf", b"MZ\x90", "application/pdf")}
    assert client.post(address, files=script, headers=english(admin)).status_code == 422


def test_a_certifier_is_told_names_and_codes_of_members_and_no_more(
    client: TestClient, given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    may = given.grower(holder, "Lý Thị Mẩy", phone="0912345678")
    headers = given.headers(Role.CERTIFIER)
    session.commit()
    found = client.get("/api/v1/certificate-holders", params={"q": "ta van"}, headers=headers)
    assert [one["name"] for one in found.json()["items"]] == ["HTX Tả Van Chư"]
    told = client.get(f"/api/v1/certificate-holders/{holder.uid}", headers=headers)
    assert told.json()["members"] == [{"id": str(may.uid), "code": may.code, "name": may.name}]
    assert told.json()["areas"][0]["crops"] == ["BAP_CAI"]
    assert "0912345678" not in told.text


def test_the_province_writes_down_when_a_body_is_registered(
    client: TestClient, given: Given, session: Session
) -> None:
    body = given.organisation(OrganisationKind.CERTIFICATION_BODY, "Tây Bắc")
    farm = given.cooperative()
    officer = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    period = {"number": "12/CN", "valid_from": "2024-01-01"}

    def send(uid: object, **days: str) -> int:
        address = f"/api/v1/certification-bodies/{uid}/registrations"
        sent = client.post(address, json=period | days, headers=english(officer))
        return sent.status_code

    assert send(body.uid) == 201
    assert send(body.uid) == 409
    assert send(body.uid, valid_to="2025-12-31") == 201
    assert send(body.uid, valid_to="2023-12-31") == 422
    assert send(farm.uid) == 422
    (told,) = client.get("/api/v1/certification-bodies", headers=officer).json()["items"]
    assert told["registrations"] == [
        {"number": "12/CN", "valid_from": "2024-01-01", "valid_to": "2025-12-31"}
    ]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"standard": "OCOP_2023", "areas": [], "points": 101}, ["points"]),
        ({"area_m2": 0}, ["area_m2"]),
        ({"area_m2": "12"}, ["area_m2"]),
        ({"expected_output_g": 10**30}, ["expected_output_g"]),
        ({"conversion_from": "2025-01-01"}, ["conversion_from"]),
        ({"predecessor": str(uuid4())}, ["predecessor"]),
    ],
)
def test_new_fields_are_refused_beside_themselves(
    client: TestClient,
    given: Given,
    area: PlantingArea,
    admin: dict[str, str],
    wrong: dict[str, object],
    fields: list[str],
) -> None:
    answer = posted(client, paper(given, area, **wrong), admin)
    assert answer.status_code == 422
    assert at(answer) == fields


def test_a_list_is_narrowed_by_standing_and_kind(
    client: TestClient, given: Given, session: Session, area: PlantingArea, admin: dict[str, str]
) -> None:
    recorded(given, session, area, number="VG-1")
    recorded(given, session, area, number="VG-2", valid_to=given.day(40))

    def numbers(**asked: str) -> list[str]:
        answer = client.get(ADDRESS, params=asked, headers=admin)
        return [line["number"] for line in answer.json()["items"]]

    assert numbers(standing="ending") == ["VG-2"]
    assert numbers(standing="withdrawn") == []
    assert numbers(kind="vietgap") == ["VG-2", "VG-1"]
    assert client.get(ADDRESS, params={"standing": "x"}, headers=admin).status_code == 422
