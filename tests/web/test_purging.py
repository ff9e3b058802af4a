"""Telling the cache in front what changed: what was committed, all of it, again until it was heard."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.certificates.commands import Change, change_status
from app.db import transaction
from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.lots.queries import lot_by_code
from app.models.certificates import CertificateStatus
from app.models.pages import PurgeCursor
from app.provenance.page_store import ledger_end
from app.provenance.purging import Cache, purge_changed
from app.provenance.surrogate_keys import MOST_KEYS, ranked, surrogate_key, surrogate_keys
from app.settings import Settings
from tests.given import Given

BY = Actor.system()
EN = {"accept-language": "en"}


class FakeCache:
    """A cache that holds pages and drops them by their keys, as the ones sold do."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], list[str]]] = []
        self.answers: list[int] = []
        self.elsewhere = ""

    @property
    def keys(self) -> set[str]:
        return {key for _, _, keys in self.posts for key in keys}

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"] or 0))
        keys = json.loads(body)["surrogate_keys"]
        assert request.headers["surrogate-key"].split() == keys
        self.posts.append((request.path, dict(request.headers), keys))
        status = self.answers.pop(0) if self.answers else 204
        request.send_response(status)
        if status == 302:
            request.send_header("Location", self.elsewhere)
        request.end_headers()


@contextmanager
def listening() -> Iterator[tuple[FakeCache, str]]:
    fake = FakeCache()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.handle(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield fake, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def fake() -> Iterator[tuple[FakeCache, str]]:
    with listening() as found:
        yield found


def test_a_recall_is_told_by_keys_that_the_pages_bear(
    client: TestClient,
    engine: Engine,
    session: Session,
    given: Given,
    fake: tuple[FakeCache, str],
) -> None:
    cache, url = fake[0], Cache(f"{fake[1]}/purge?service=1", "ngk-secret")
    area = given.area()
    code, _ = given.code(area), given.certificate(area, number="VG-1")
    lot, other = given.lot(area), given.lot()
    session.commit()
    paths = (f"/t/{lot.code}", f"/register/{code.code_key}", f"/t/{other.code}")
    borne = {
        path: set(client.get(path, headers=EN).headers["surrogate-key"].split()) for path in paths
    }
    assert purge_changed(engine, url, given.now) == 0  # from here on
    recall_lot(session, lot=lot, reason="Tồn dư thuốc.", by=BY, now=given.now)
    session.commit()
    assert purge_changed(engine, url, given.now) == len(cache.keys)
    assert lot.code in cache.keys
    assert borne[f"/t/{lot.code}"] & cache.keys
    assert not borne[f"/t/{other.code}"] & cache.keys  # the control: what others did is not told
    path, headers, _ = cache.posts[0]
    assert path == "/purge?service=1"
    assert headers["Authorization"] == "Bearer ngk-secret"
    assert purge_changed(engine, url, given.now) == 0
    assert len(cache.posts) == 1


def test_a_certificate_s_withdrawal_reaches_every_page_it_changes(
    client: TestClient,
    engine: Engine,
    session: Session,
    given: Given,
    fake: tuple[FakeCache, str],
) -> None:
    cache, url = fake[0], Cache(fake[1])
    home = given.cooperative()
    area = given.area(home)
    code, held = given.code(area), given.certificate(area, number="VG-1")
    lot = given.lot(area)
    session.commit()
    paths = (f"/t/{lot.code}", f"/register/{code.code_key}", f"/o/{home.uid}", "/certificates/VG-1")
    borne = {
        path: set(client.get(path, headers=EN).headers["surrogate-key"].split()) for path in paths
    }
    purge_changed(engine, url, given.now)
    change = Change(CertificateStatus.WITHDRAWN, given.day(0), "Không duy trì điều kiện.")
    change_status(session, certificate=held, change=change, by=BY, now=given.now)
    session.commit()
    purge_changed(engine, url, given.now)
    assert [path for path in paths if not borne[path] & cache.keys] == []


def test_what_was_rolled_back_is_not_told(
    engine: Engine, session: Session, given: Given, fake: tuple[FakeCache, str]
) -> None:
    lot = given.lot()
    session.commit()
    cache, url = fake[0], Cache(fake[1])
    purge_changed(engine, url, given.now)
    recall_lot(session, lot=lot, reason="Tồn dư thuốc.", by=BY, now=given.now)
    session.rollback()
    assert purge_changed(engine, url, given.now) == 0
    assert cache.posts == []


def test_a_cache_that_fails_is_asked_again_after_a_wait(
    engine: Engine, session: Session, given: Given, fake: tuple[FakeCache, str]
) -> None:
    cache, url = fake[0], Cache(fake[1])
    session.commit()
    purge_changed(engine, url, given.now)
    lot = given.lot()
    session.commit()
    cache.answers = [503]
    assert purge_changed(engine, url, given.now) == 0
    assert purge_changed(engine, url, given.now + timedelta(seconds=5)) == 0
    assert len(cache.posts) == 1
    assert purge_changed(engine, url, given.now + timedelta(seconds=10)) > 0
    assert lot.code in cache.posts[1][2]


def test_a_cache_that_is_away_holds_nobody_up(
    engine: Engine, session: Session, given: Given
) -> None:
    with listening() as (_, gone):
        pass
    purge_changed(engine, Cache(gone), given.now)
    lot = given.lot()
    session.commit()
    assert purge_changed(engine, Cache(gone), given.now) == 0
    with transaction(engine) as other:  # nobody holds a lock
        standing = lot_by_code(other, lot.code, within=Reach.all())
        recall_lot(other, lot=standing, reason="Tồn dư thuốc.", by=BY, now=given.now)
    with listening() as (cache, url):
        later = given.now + timedelta(minutes=1)
        assert purge_changed(engine, Cache(url), later) > 0
        assert lot.code in cache.keys


def test_no_other_address_is_ever_asked(
    engine: Engine, session: Session, given: Given, fake: tuple[FakeCache, str]
) -> None:
    with listening() as (elsewhere, url):
        purge_changed(engine, Cache(fake[1]), given.now)
        given.lot()
        session.commit()
        fake[0].answers, fake[0].elsewhere = [302], url
        assert purge_changed(engine, Cache(fake[1]), given.now) == 0
        assert elsewhere.posts == []
    assert len(fake[0].posts) == 1


def test_many_facts_are_told_in_parts_and_none_is_left_out(
    engine: Engine,
    session: Session,
    given: Given,
    fake: tuple[FakeCache, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.provenance.purging.A_POST", 3)
    monkeypatch.setattr("app.provenance.purging.MOST_AT_ONCE", 10)
    cache, url = fake[0], Cache(fake[1])
    purge_changed(engine, url, given.now)
    area = given.area()
    lots = [given.lot(area) for _ in range(12)]
    session.commit()
    while purge_changed(engine, url, given.now):
        pass
    assert {lot.code for lot in lots} <= cache.keys
    assert len(cache.posts) > 4
    session.expire_all()
    assert session.get_one(PurgeCursor, 1).position == ledger_end(session)


def test_two_processes_tell_it_once(
    engine: Engine, session: Session, given: Given, fake: tuple[FakeCache, str]
) -> None:
    cache, url = fake[0], Cache(fake[1])
    purge_changed(engine, url, given.now)
    given.lot()
    session.commit()
    both = [threading.Thread(target=purge_changed, args=(engine, url, given.now)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    told = [key for _, _, keys in cache.posts for key in keys]
    assert len(told) == len(set(told)) > 0


def test_without_a_cache_nothing_is_noted(engine: Engine, session: Session, given: Given) -> None:
    given.lot()
    session.commit()
    assert purge_changed(engine, None, given.now) == 0
    assert session.get(PurgeCursor, 1) is None


def test_keys_are_short_and_say_nothing_of_persons() -> None:
    lot = "LC0123456789ABC"
    uid = "01a2141d-6be2-7b24-84fa-20b17a3ddee0"
    assert surrogate_key(lot) == lot
    assert surrogate_keys(ranked({uid, f"{uid}/lot", lot})).split(" ") == [
        lot,
        surrogate_key(f"{uid}/lot"),
        surrogate_key(uid),
    ]
    assert uid[:8] not in surrogate_key(uid)
    assert surrogate_keys(()) == ""
    assert surrogate_keys((lot,)) == lot
    many = surrogate_keys(ranked({f"{number}" for number in range(1_000)})).split(" ")
    assert len(many) == MOST_KEYS
    assert len(" ".join(many)) < 1_000


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/",
        "//x",
        "http://",
        "http://user:word@x/",
        "http://x/#a",
        "http://x/\r\nY: z",
        "file:///etc",
    ],
)
def test_an_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(purge_url=url)
    assert Settings(purge_url="https://cdn.test/purge").purge_url  # the control


@pytest.mark.parametrize("token", ["a b", "a\r\nX: y", "ngọc"])
def test_a_token_that_would_break_a_header_is_refused(token: str) -> None:
    with pytest.raises(ValidationError):
        Settings(purge_token=token)
