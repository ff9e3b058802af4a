"""The page of the own account, and the second step at sign-in, as a browser without scripts sees them."""

import re
from urllib.parse import quote

import pyotp
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.second_factor_queries import REQUIRED_ROLES
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.catalogue import Confidence
from tests.conftest import Clock
from tests.given import PASSWORD, Given

EN = {"sec-fetch-site": "same-origin", "accept-language": "en"}
HALF = "__Host-session-half"
WHOLE = "__Host-session"


@pytest.fixture
def clerk(client: TestClient, session: Session, given: Given) -> TestClient:
    """A clerk of a cooperative, signed in, in English."""
    given.account(Role.STAFF, login="ke-toan")
    session.commit()
    client.headers.update(EN)
    client.cookies.set("lang", "en")
    assert sign_in(client).headers["location"] == "/home"
    return client


def sign_in(client: TestClient, **more: str):
    return client.post("/sign-in", data={"login": "ke-toan", "password": PASSWORD, **more})


def enrolled(client: TestClient, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """Set the second step up through the pages; a minute later, so that its first code is spent."""
    started = client.post("/account/second-factor", data={"password": PASSWORD})
    assert started.headers["location"] == "/account/second-factor"
    page = client.get("/account/second-factor").text
    secret = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page)[1].replace(" ", "")
    app = pyotp.TOTP(secret)
    codes = client.post("/account/second-factor/confirm", data={"code": app.at(clock())})
    assert codes.status_code == 200
    assert codes.headers["cache-control"] == "private, no-store"
    clock.forward(minutes=1)
    return app, re.findall(r'<li class="code">([\w-]{14})</li>', codes.text)


def test_it_is_set_up_asked_for_and_turned_off_again(clerk: TestClient, clock: Clock) -> None:
    app, recovery = enrolled(clerk, clock)
    assert len(recovery) == 10
    clerk.post("/sign-out")
    asked = sign_in(clerk, next="/work/lots")
    assert asked.headers["location"] == "/sign-in/code?next=/work/lots"
    assert clerk.cookies.get(HALF)
    assert clerk.get("/work").headers["location"].startswith("/sign-in")
    wrong = clerk.post("/sign-in/code", data={"code": "000000", "next": "/work/lots"})
    assert wrong.status_code == 422
    assert 'value="/work/lots"' in wrong.text
    assert "does not fit" in wrong.text
    entered = clerk.post("/sign-in/code", data={"code": app.at(clock()), "next": "/work/lots"})
    assert entered.headers["location"] == "/work/lots"
    assert not clerk.cookies.get(HALF)
    assert "10 recovery codes are left" in clerk.get("/account").text
    removed = clerk.post("/account/second-factor/remove", data={"password": PASSWORD})
    assert removed.headers["location"] == "/account?done=second_factor_removed"
    assert "Set up the second step" in clerk.get("/account").text


def test_a_recovery_code_replaces_the_app(clerk: TestClient, clock: Clock) -> None:
    _, recovery = enrolled(clerk, clock)
    sign_in(clerk)
    assert clerk.post("/sign-in/code", data={"code": recovery[0]}).headers["location"] == "/home"
    assert "9 recovery codes are left" in clerk.get("/account").text
    fresh = clerk.post("/account/recovery-codes", data={"password": PASSWORD})
    assert recovery[1] not in fresh.text


def test_the_second_step_without_the_first_leads_back_to_it(client: TestClient) -> None:
    client.headers.update(EN)
    client.cookies.set("lang", "en")
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    answer = client.post("/sign-in/code", data={"code": "123456"})
    assert answer.headers["location"] == "/sign-in"
    client.cookies.set(HALF, "invented")
    assert client.get("/sign-in/code").status_code == 303


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil"])
def test_neither_step_leads_off_this_site(clerk: TestClient, clock: Clock, next_: str) -> None:
    app, _ = enrolled(clerk, clock)
    asked = sign_in(clerk, next=next_)
    assert asked.headers["location"] == f"/sign-in/code?next={quote(next_)}"
    assert 'name="next" value="/"' in clerk.get(asked.headers["location"]).text
    entered = clerk.post("/sign-in/code", data={"code": app.at(clock()), "next": next_})
    assert entered.headers["location"] == "/"


@pytest.mark.parametrize(
    "form",
    ["second-factor", "second-factor/remove", "recovery-codes", "password"],
)
def test_every_change_asks_for_the_password_again_and_counts_the_tries(
    clerk: TestClient, form: str
) -> None:
    for _ in range(5):
        answer = clerk.post(f"/account/{form}", data={"password": "sai"})
        assert answer.status_code == 422
        assert "The password is wrong." in answer.text
    assert "Too many tries" in clerk.post(f"/account/{form}", data={"password": PASSWORD}).text


def test_a_password_is_changed_and_signs_out_everywhere(clerk: TestClient) -> None:
    new = "suối chảy qua bản nhỏ"
    weak = {"password": PASSWORD, "new_password": "matkhau1234567", "again": "matkhau1234567"}
    answer = clerk.post("/account/password", data=weak)
    assert answer.status_code == 422
    assert 'aria-describedby="why-new-password"' in answer.text
    differing = {"password": PASSWORD, "new_password": new, "again": "khác"}
    assert "The two passwords differ" in clerk.post("/account/password", data=differing).text
    good = {"password": PASSWORD, "new_password": new, "again": new}
    changed = clerk.post("/account/password", data=good)
    assert changed.headers["location"] == "/sign-in?done=password"
    assert clerk.get("/work").status_code == 303
    assert sign_in(clerk).status_code == 422
    assert sign_in(clerk, password=new).status_code == 303


def test_a_key_is_no_person_and_sets_up_nothing(
    client: TestClient, session: Session, given: Given
) -> None:
    headers = {**EN, **given.headers(Role.STAFF)}
    session.commit()
    answer = client.post("/account/second-factor/confirm", data={"code": "1"}, headers=headers)
    assert answer.status_code in {303, 422}


def test_who_must_have_it_reaches_nothing_else_before(
    client: TestClient, session: Session, given: Given, clock: Clock
) -> None:
    given.account(Role.STAFF, login="ke-toan")
    set_legal_rule(
        session,
        key=REQUIRED_ROLES,
        amendment=RuleAmendment(
            given.day(0), ["staff"], "TCVN 14423:2026", Confidence.SECONDARY, enforced=True
        ),
        by=Actor.system(),
        now=given.now,
    )
    session.commit()
    client.headers.update(EN)
    client.cookies.set("lang", "en")
    sign_in(client)
    for address in ("/work", "/home", "/work/lots/new"):
        assert client.get(address).headers["location"] == "/account", address
    assert client.post("/work/lots/new", data={}).status_code == 403
    refused = client.get("/api/v1/me")
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/enrol-first"
    assert client.get("/").status_code == 200
    assert "needs a second step" in client.get("/account").text
    enrolled(client, clock)
    assert client.get("/work").status_code == 200
    removed = client.post("/account/second-factor/remove", data={"password": PASSWORD})
    assert "must keep the second step" in removed.text


def test_a_manager_takes_it_away_from_somebody_who_lost_the_phone(
    client: TestClient, session: Session, given: Given, clock: Clock
) -> None:
    home = given.cooperative()
    clerk = given.account(Role.STAFF, home, login="ke-toan")
    manager = {**EN, **given.headers(Role.COOP_ADMIN, home)}
    session.commit()
    client.headers.update(EN)
    client.cookies.set("lang", "en")
    sign_in(client)
    enrolled(client, clock)
    client.cookies.clear()
    client.cookies.set("lang", "en")
    assert f"/work/team/{clerk.uid}/second-factor" in client.get("/work/team", headers=manager).text
    done = client.post(f"/work/team/{clerk.uid}/second-factor", headers=manager)
    assert done.headers["location"] == "/work/team?done=second_factor_reset"
    assert sign_in(client).headers["location"] == "/home"


def test_the_api_says_who_has_it_and_takes_it_away_once(
    client: TestClient, session: Session, given: Given, clock: Clock
) -> None:
    home = given.cooperative()
    clerk = given.account(Role.STAFF, home, login="ke-toan")
    manager = {**EN, **given.headers(Role.COOP_ADMIN, home)}
    session.commit()
    client.headers.update(EN)
    client.cookies.set("lang", "en")
    sign_in(client)
    enrolled(client, clock)
    client.cookies.clear()
    client.cookies.set("lang", "en")
    listed = client.get("/api/v1/accounts", headers=manager).json()["items"]
    assert {one["login"]: one["second_factor"] for one in listed}["ke-toan"]
    address = f"/api/v1/accounts/{clerk.uid}/second-factor/reset"
    for _ in range(2):
        answer = client.post(address, headers={**manager, "Idempotency-Key": "mat-dien-thoai"})
        assert answer.json() == {"account": str(clerk.uid), "second_factor": False}
    assert client.get("/api/v1/me", headers=manager).json()["second_factor"] is False
