"""The page of records entered twice: the count leads there, two buttons lead away."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Grower
from tests.given import PASSWORD, Given

SAME_SITE = {"sec-fetch-site": "same-origin", "accept-language": "en"}
Pair = tuple[Grower, Grower]


@pytest.fixture
def pair(session: Session, given: Given) -> Pair:
    home = given.cooperative()
    given.account(Role.STAFF, home, login="ke-toan")
    one = given.grower(home, "Giàng A Páo", phone="0912345678")
    other = given.grower(home, "Páo Giàng A", phone="0912345679")
    session.commit()
    return one, other


@pytest.fixture
def clerk(client: TestClient, pair: Pair) -> TestClient:
    client.headers.update(SAME_SITE)
    client.cookies.set("lang", "en")
    answer = client.post("/sign-in", data={"login": "ke-toan", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def test_the_count_leads_to_the_pairs_side_by_side(clerk: TestClient) -> None:
    assert "Entered twice? (1)" in clerk.get("/work/growers").text
    page = clerk.get("/work/growers/twins").text
    assert "The same name; the telephones differ by one digit." in page
    for differing in ("0912345678", "0912345679", "Giàng A Páo", "Páo Giàng A"):
        assert f"<b>{differing}</b>" in page


def test_not_the_same_is_remembered(clerk: TestClient, pair: Pair) -> None:
    one, other = pair
    told = {"noun": "grower", "one": str(one.uid), "other": str(other.uid)}
    answer = clerk.post("/work/growers/twins/apart", data=told)
    assert answer.headers["location"] == "/work/growers/twins?done=told_apart"
    assert "No grower looks entered twice." in clerk.get("/work/growers/twins").text
    assert "Entered twice? (" not in clerk.get("/work/growers").text


def test_merged_the_former_address_leads_to_the_one_that_stays(
    clerk: TestClient, pair: Pair
) -> None:
    one, other = pair
    sent = {"other": str(other.uid), "once": "mot-lan"}
    for _ in range(2):
        answer = clerk.post(f"/work/growers/{one.uid}/merge", data=sent)
        assert answer.headers["location"] == f"/work/growers/{one.uid}?done=merged"
    led = clerk.get(f"/work/growers/{other.uid}")
    assert led.status_code == 303
    assert led.headers["location"] == f"/work/growers/{one.uid}?done=merged"


@pytest.mark.parametrize("other", ["", "không", "01a2141d-6be2-7b24-84fa-20b17a3ddee0"])
def test_what_names_nothing_is_refused_with_a_sentence(
    clerk: TestClient, pair: Pair, other: str
) -> None:
    for address in (f"/work/growers/{pair[0].uid}/merge", "/work/growers/twins/apart"):
        answer = clerk.post(address, data={"one": str(pair[0].uid), "other": other})
        assert answer.status_code == 422
        assert "Not saved yet." in answer.text
