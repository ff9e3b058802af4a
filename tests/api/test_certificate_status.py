"""Suspending, restoring and withdrawing through the JSON API, on both engines."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Organisation, PlantingArea
from tests.api.certificate_calls import ADDRESS, REASON, at, changed, paper, posted, recorded
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
