"""The pages of the public log: for everybody, and at the desk of the province."""

from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.db import open_read_session, transaction
from app.main import handlers_for
from app.models.accounts import Role
from app.transparency.queries import newest_full_check, verifiers, witnesses
from app.transparency.tending import Tender, look_again, publish, take_in
from app.transparency.the_log import TheLog
from app.transparency.verifying import Trust, verify_bundle
from tests.conftest import Clock
from tests.given import PASSWORD, Given
from tests.transparency.facts import owner
from tests.transparency.test_witnesses import Voucher


@pytest.fixture
def the_log(app: FastAPI) -> TheLog:
    return TheLog.of(app.state.settings)


def published(engine: Engine, log: TheLog, now: datetime) -> None:
    take_in(engine, log, now - timedelta(minutes=10))
    publish(engine, log, now)


def signed_in(client: TestClient, given: Given, role: Role) -> None:
    given.account(role, login="ai.do")
    given.session.commit()
    client.headers["sec-fetch-site"] = "same-origin"
    answer = client.post("/sign-in", data={"login": "ai.do", "password": PASSWORD})
    assert answer.status_code == 303


def test_the_proof_of_a_lot_is_readable_without_a_script(
    client: TestClient, given: Given, engine: Engine, the_log: TheLog, now: datetime
) -> None:
    lot = given.lot(kilograms=240)
    given.session.commit()
    waiting = client.get(f"/log/lots/{lot.code}?lang=en")
    assert "Not published yet." in waiting.text
    published(engine, the_log, now)
    page = client.get(f"/log/lots/{lot.code}?lang=en")
    assert page.status_code == 200
    for words in ("Harvest recorded", "Harvested:", "in the log", "Your browser runs no scripts"):
        assert words in page.text
    assert "240 kg" not in page.text
    assert f"/log/lots/{lot.code}/evidence.zip" in page.text
    assert "tlog-proof" in page.text
    assert "noindex" in page.text
    lower = lot.code.lower()
    assert client.get(f"/log/lots/{lower[:6]} {lower[6:]}").status_code == 200


def test_the_form_leads_to_the_proof_and_says_what_is_mistyped(
    client: TestClient, given: Given
) -> None:
    lot = given.lot()
    given.session.commit()
    found = client.get(f"/log/verify?lot=https://truyxuat.test/t/{lot.code}")
    assert (found.status_code, found.headers["Location"]) == (303, f"/log/lots/{lot.code}")
    slip = client.get("/log/verify?lot=LC12&lang=en")
    assert slip.status_code == 422
    assert 'value="LC12"' in slip.text
    assert 'id="why-lot"' in slip.text


def test_the_desk_shows_how_the_log_is_and_publishes_once_it_is_time(
    client: TestClient, given: Given, clock: Clock
) -> None:
    signed_in(client, given, Role.PROVINCE_ADMIN)
    empty = client.get("/desk/ledger?lang=en")
    assert "Nothing is published yet." in empty.text
    assert "Nothing is published yet." in client.get("/desk/ledger/sheet?lang=en").text
    assert client.post("/desk/ledger/checkpoint").headers["Location"].endswith("nothing_new")
    clock.forward(minutes=1)
    assert client.post("/desk/ledger/checkpoint").headers["Location"].endswith("published")
    root = client.get("/log/checkpoint").text.split("\n")[2]
    assert root in client.get("/desk/ledger").text.replace("&#43;", "+")
    sheet = client.get("/desk/ledger/sheet?lang=en").text
    assert root in sheet.replace("&#43;", "+")
    assert "<svg" in sheet


def test_a_whole_look_is_asked_for_at_the_desk_and_done_in_the_background(
    client: TestClient, app: FastAPI, given: Given, engine: Engine, clock: Clock
) -> None:
    signed_in(client, given, Role.PROVINCE_ADMIN)
    Tender(TheLog.of(app.state.settings))(engine, clock())
    assert client.post("/desk/ledger/check").headers["Location"].endswith("check_queued")
    runner = app.state.runner
    assert "log.check" in handlers_for(app.state.settings)
    while runner.run_one():
        pass
    with open_read_session(engine) as session:
        check = newest_full_check(session)
        assert check is not None
        assert check.fault == ""
    assert "Whole." in client.get("/desk/ledger?lang=en").text


def test_a_fault_stands_on_the_desk_until_it_is_cleared_up(
    client: TestClient, given: Given, engine: Engine, the_log: TheLog, clock: Clock
) -> None:
    given.lot()
    signed_in(client, given, Role.INSPECTOR)
    published(engine, the_log, clock())
    with transaction(engine) as session, owner(session):
        session.execute(text("UPDATE ledger_entry SET subject = 'x' WHERE position = 1"))
    look_again(engine, clock(), full=True)
    page = client.get("/desk/ledger?lang=en").text
    assert "A record was altered after it was written." in page
    assert "First at entry 1." in page
    assert "/desk/ledger/check" not in page  # an inspector looks, the province acts


def test_a_witness_is_registered_and_retired_at_the_desk(
    client: TestClient, given: Given, engine: Engine
) -> None:
    signed_in(client, given, Role.PROVINCE_ADMIN)
    wrong = client.post("/desk/ledger/witnesses?lang=en", data={"who": "Ai đó", "key": "x"})
    assert wrong.status_code == 422
    assert "This is no key of a witness" in wrong.text
    assert 'value="Ai đó"' in wrong.text
    key = str(Voucher().verifier)
    assert (
        client.post("/desk/ledger/witnesses", data={"who": "Trung tâm", "key": key}).status_code
        == 303
    )
    with open_read_session(engine) as session:
        (row,) = witnesses(session)
    stale = client.post(f"/desk/ledger/witnesses/{row.uid}/retire", data={"version": "9"})
    assert stale.status_code == 422
    client.post(f"/desk/ledger/witnesses/{row.uid}/retire", data={"version": "1"})
    assert "retired" in client.get("/desk/ledger?lang=en").text


def test_an_inspector_takes_the_whole_evidence_and_it_verifies(
    client: TestClient,
    given: Given,
    engine: Engine,
    the_log: TheLog,
    now: datetime,
    session: Session,
) -> None:
    lot = given.lot()
    signed_in(client, given, Role.INSPECTOR)
    published(engine, the_log, now)
    assert f"/log/lots/{lot.code}" in client.get(f"/desk/lots/{lot.code}").text
    link = f"/desk/lots/{lot.code}/evidence.zip"
    assert link in client.get(f"/log/lots/{lot.code}").text
    whole = client.get(f"/desk/lots/{lot.code}/evidence.zip").content
    public = client.get(f"/log/lots/{lot.code}/evidence.zip").content
    trust = Trust(keys=tuple(verifiers(session)))
    for content, count in ((whole, 2), (public, 1)):
        report = verify_bundle(content, trust)
        assert report.whole
        assert len(report.entries) == count
    assert b"area.registered" in whole
    assert b"area.registered" not in public
