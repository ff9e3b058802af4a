"""What a signed-in request costs the database, and that it sees at once who may no longer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, get_ident
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.commands import revoke_api_key
from app.accounts.rules import idle_limit
from app.api import print_runs
from app.db import open_glance, open_read_session, transaction
from app.file_routes import AT_A_TIME
from app.ledger.actors import Actor
from app.models.accounts import Account, ApiKey, Membership, Role, SignInSession
from app.models.registry import Organisation
from tests.given import PASSWORD, Given

RUN = {
    "layout": "l1-50x30",
    "stock": "roll-50x30",
    "pack_g": 500,
    "storage": "nơi thoáng mát",
}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that everybody sends to the database meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def machine(client: TestClient, session: Session, given: Given, home: Organisation) -> TestClient:
    client.headers.update(given.headers(Role.STAFF, home))
    session.commit()
    return client


@pytest.fixture
def file(machine: TestClient, session: Session, given: Given, home: Organisation) -> str:
    """The address of a run's file."""
    lot = given.lot(given.area(home))
    session.commit()
    body = {**RUN, "lots": [{"lot": lot.code, "labels": 1}]}
    made = machine.post("/api/v1/print-runs", json=body, headers={"Idempotency-Key": "a"})
    return str(made.json()["file"])


def test_a_file_is_found_with_its_caller_by_two_selects(
    machine: TestClient, engine: Engine, file: str
) -> None:
    with counted(engine) as sent:
        assert machine.get(file).content.startswith(b"%PDF")
    assert [statement.split()[0] for statement in sent] == ["SELECT", "SELECT"]


def test_only_a_few_files_are_answered_at_a_time_where_the_database_is_one(
    machine: TestClient, file: str, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that take turns at every statement cost more than those that finish."""
    inside: set[int] = set()
    crowded = Event()
    patience = 0.05 if engine_name == "sqlite" else 10.0

    def slowly(_wanted: object, _folder: object) -> bytes:
        inside.add(get_ident())
        if len(inside) > AT_A_TIME:
            crowded.set()
        crowded.wait(patience)
        inside.remove(get_ident())
        return b"%PDF"

    monkeypatch.setattr(print_runs, "delivered", slowly)
    asked = 3 * AT_A_TIME
    with ThreadPoolExecutor(asked) as crowd:
        answers = list(crowd.map(machine.get, [file] * asked))
    assert {answer.status_code for answer in answers} == {200}
    assert crowded.is_set() is (engine_name != "sqlite")


def test_a_caller_is_found_by_one_select(machine: TestClient, engine: Engine) -> None:
    with counted(engine) as sent:
        assert machine.get("/api/v1/me").status_code == 200
    assert sum("api_key" in statement for statement in sent) == 1


def test_who_says_nothing_of_himself_costs_the_database_nothing(
    client: TestClient, engine: Engine
) -> None:
    with counted(engine) as sent:
        assert client.get("/problems/refused").status_code == 200
        assert client.get("/api/v1/me").status_code == 401
    assert sent == []


def test_a_file_is_refused_as_any_other_address(
    client: TestClient, session: Session, given: Given, file: str
) -> None:
    of_others = given.headers(Role.STAFF)
    inspector = given.headers(Role.INSPECTOR)
    session.commit()
    assert client.get(file).status_code == 200
    malformed = client.get("/api/v1/print-runs/x/file")
    assert malformed.status_code == 422
    assert malformed.json()["errors"][0]["at"] == "run"
    assert client.get(f"/api/v1/print-runs/{uuid4()}/file").status_code == 404
    assert client.get(file, headers=of_others).status_code == 404
    assert client.get(file, headers=inspector).status_code == 403
    assert client.get("/api/v1/print-runs/x/file", headers=inspector).status_code == 403
    del client.headers["Authorization"]
    nobody = client.get(file)
    assert nobody.status_code == 401
    assert nobody.headers["content-type"] == "application/problem+json"


def _revoke(session: Session, given: Given) -> None:
    key = session.execute(select(ApiKey)).scalar_one()
    revoke_api_key(session, key=key, by=Actor.system(), now=given.now)


def _end_membership(session: Session, given: Given) -> None:
    session.execute(update(Membership).values(valid_to=given.day(-1), valid_from=given.day(-2)))


def _change_role(session: Session, given: Given) -> None:
    session.execute(update(Membership).values(role=Role.INSPECTOR))


def _disable(session: Session, given: Given) -> None:
    session.execute(update(Account).values(disabled_at=given.now))


@pytest.mark.parametrize(
    ("change", "status"),
    [(_revoke, 401), (_end_membership, 401), (_disable, 401), (_change_role, 403)],
    ids=lambda what: getattr(what, "__name__", None),
)
def test_what_is_taken_from_a_key_is_gone_at_the_next_request(
    machine: TestClient, session: Session, given: Given, file: str, change, status: int
) -> None:
    assert machine.get(file).status_code == 200
    change(session, given)
    session.commit()
    assert machine.get(file).status_code == status


def _sign_out(session: Session, given: Given) -> None:
    session.execute(update(SignInSession).values(revoked_at=given.now))


def _rest_too_long(session: Session, given: Given) -> None:
    rested = idle_limit(Role.STAFF, idle_minutes=720, staff_idle_minutes=15)
    seen = given.now - rested - timedelta(seconds=1)
    session.execute(update(SignInSession).values(last_seen_at=seen))


def _must_enrol(session: Session, given: Given) -> None:
    session.execute(update(SignInSession).values(must_enrol=True))


@pytest.mark.parametrize(
    ("change", "leads_to"),
    [
        (_sign_out, "/sign-in"),
        (_rest_too_long, "/sign-in"),
        (_end_membership, "/sign-in"),
        (_must_enrol, "/account"),
    ],
    ids=lambda what: getattr(what, "__name__", None),
)
def test_what_is_taken_from_a_cookie_is_gone_at_the_next_request(
    client: TestClient, session: Session, given: Given, change, leads_to: str
) -> None:
    home = given.cooperative()
    given.account(Role.STAFF, home, login="may.ly")
    session.commit()
    client.post(
        "/sign-in",
        data={"login": "may.ly", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    wanted = f"/work/labels/runs/{uuid4()}/file"
    assert client.get(wanted).status_code == 404  # let in, and there is no such run
    change(session, given)
    session.commit()
    refused = client.get(wanted)
    assert refused.status_code == 303
    assert refused.headers["location"].startswith(leads_to)


def test_a_glance_cannot_write(engine: Engine, engine_name: str) -> None:
    with open_glance(engine) as glance:
        assert glance.execute(select(1)).scalar_one() == 1
        if engine_name == "sqlite":
            with pytest.raises(DBAPIError):
                glance.execute(text("DELETE FROM api_key"))


def test_a_connection_that_wrote_cannot_write_for_who_reads(
    engine: Engine, engine_name: str
) -> None:
    if engine_name != "sqlite":
        return
    sent: list[str] = []
    with engine.connect() as held:
        driver: Any = held.connection.dbapi_connection
    driver.set_trace_callback(sent.append)
    try:
        for _ in range(2):
            with transaction(engine) as writing:
                writing.execute(text("DELETE FROM api_key"))
            for _ in range(2):
                with open_glance(engine) as glance, pytest.raises(DBAPIError):
                    glance.execute(text("DELETE FROM api_key"))
                with open_read_session(engine) as reading, pytest.raises(DBAPIError):
                    reading.execute(text("DELETE FROM api_key"))
    finally:
        driver.set_trace_callback(None)
    assert sent.count("BEGIN IMMEDIATE") == 2, "all of it went over one connection"
    # Said when it changes, and not before each reading: it undoes what the connection compiled.
    assert sum(statement.startswith("PRAGMA query_only") for statement in sent) <= 4


def test_readers_never_wait_for_each_other_s_connections(
    machine: TestClient, engine: Engine, session: Session
) -> None:
    """Every answer gives its connection back before it leaves."""
    for _ in range(3):
        assert machine.get("/api/v1/lots").status_code == 200
        file = f"/api/v1/print-runs/{uuid4()}/file"
        assert machine.get(file).status_code == 404
        assert machine.get(file, headers={"Authorization": "Bearer ngk_no"}).status_code == 401
    assert engine.pool.checkedout() <= 1  # the test's own
    assert session.execute(select(col(ApiKey.id))).first() is not None
