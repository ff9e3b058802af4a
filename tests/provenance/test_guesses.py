"""A flood of guessed codes finds nothing, is slowed down, and costs nobody else anything."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.catalogue.gs1_key_commands import register_prefix
from app.catalogue.gs1_numbers import sscc_of
from app.kit.codes import new_lot_code
from app.ledger.actors import Actor
from app.main import create_app
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.settings import Settings
from app.web.guesses import FAR_OVER, Guesses, guesses_of, is_guarded, is_inside
from tests.conftest import BASE_URL, move
from tests.given import Given
from tests.labels.printing import Printing
from tests.provenance.goods import gtin, product_of

LIMIT, WINDOW = 20, 600
PREFIX = "95212349"
GUESSER, SHOP = ("203.0.113.7", 4711), ("198.51.100.9", 4712)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url="sqlite://",
        base_url=BASE_URL,
        page_bound_seconds=0,
        guess_limit=LIMIT,
        guess_window_seconds=WINDOW,
    )
    return create_app(settings)


@pytest.fixture
def served(guarded: FastAPI, engine: Engine, clock) -> FastAPI:
    return move(guarded, engine, clock)


@pytest.fixture
def guesser(served: FastAPI) -> Iterator[TestClient]:
    with TestClient(served, base_url=BASE_URL, client=GUESSER, follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def shop(served: FastAPI) -> TestClient:
    return TestClient(served, base_url=BASE_URL, client=SHOP, follow_redirects=False)


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    product_of(session, made)
    session.commit()
    return made


def addresses(code: str) -> list[str]:
    """Where a lot can be asked for."""
    return [
        f"/t/{code}",
        f"/01/{gtin()}/10/{code}",
        f"/api/v1/public/lots/{code}",
        f"/api/v1/public/lots/{code}/recall",
        f"/i/{code}/vi.jpg",
    ]


def flood(client: TestClient, guesses: int, make: Callable[[], str] = new_lot_code) -> list[int]:
    """The statuses of so many guesses of lots, put to the application without a client between."""

    async def ask(path: str) -> int:
        statuses: list[int] = []
        raw = path.encode()
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": raw,
            "query_string": b"",
            "headers": [(b"accept", b"*/*")],
            "client": GUESSER,
            "server": ("x", 80),
            "scheme": "https",
            "http_version": "1.1",
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await client.app(scope, receive, send)
        return statuses[0]

    async def every() -> list[int]:
        return [await ask(f"/t/{make()}") for _ in range(guesses)]

    # In a thread of its own: a browser test in this process may have left a loop running here.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(every())).result()


def test_ten_thousand_guesses_find_nothing_and_are_told_to_wait(
    guesser: TestClient, shop: TestClient, lot: HarvestLot
) -> None:
    statuses = flood(guesser, 10_000)
    assert set(statuses) == {404, 429}
    assert statuses[:LIMIT] == [404] * LIMIT
    assert set(statuses[LIMIT:]) == {429}
    for path in addresses(lot.code):
        assert shop.get(path).status_code in {200, 307}


def test_every_way_of_asking_counts_as_one(guesser: TestClient, lot: HarvestLot) -> None:
    for _ in range(LIMIT // 5):
        for path in addresses(new_lot_code()):
            assert guesser.get(path).status_code == 404
    for path in (
        *addresses(new_lot_code()),
        "/01/123",
        "/api/v1/public/gs1?text=x",
        "/find?code=1234",
    ):
        answer = guesser.get(path, headers={"Accept": "*/*"})
        assert answer.status_code == 429, path
        assert 0 < int(answer.headers["retry-after"]) <= WINDOW
        assert answer.headers["content-type"] == "application/problem+json"
        assert "nosniff" in answer.headers["x-content-type-options"]
        if path == "/find?code=1234":
            assert answer.json()["type"] == "/problems/too-many"
    page = guesser.get(
        f"/t/{new_lot_code()}", headers={"Accept": "text/html", "Accept-Language": "en"}
    )
    assert (page.status_code, "Too many codes" in page.text) == (429, True)


def test_good_codes_never_count_and_pass_behind_the_same_address(
    guesser: TestClient, lot: HarvestLot
) -> None:
    for _ in range(LIMIT + 5):
        for path in addresses(lot.code):
            assert guesser.get(path).status_code in {200, 307}
    flood(guesser, LIMIT + 5)
    for path in addresses(lot.code):
        assert guesser.get(path).status_code in {200, 307}


def test_far_over_the_limit_only_pages_in_memory_are_shown_until_it_is_forgotten(
    guesser: TestClient, lot: HarvestLot, session: Session, given: Given, clock
) -> None:
    fresh = given.lot()
    session.commit()
    assert guesser.get(f"/t/{lot.code}").status_code == 200
    flood(guesser, LIMIT * FAR_OVER + 1)
    assert guesser.get(f"/t/{lot.code}").status_code == 200
    assert guesser.get(f"/t/{fresh.code}").status_code == 429
    clock.forward(seconds=WINDOW)  # forgotten
    assert guesser.get(f"/t/{new_lot_code()}").status_code == 404
    assert guesser.get(f"/t/{fresh.code}").status_code == 200


def test_without_the_limit_every_guess_would_be_looked_up(
    guesser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.guesses.is_guarded", lambda _path: False)
    assert set(flood(guesser, LIMIT * 3)) == {404}


def test_nobody_s_address_is_kept(guesser: TestClient, served: FastAPI) -> None:
    flood(guesser, 3)
    guesses = guesses_of(served.state)
    assert len(guesses._counts) == 1
    assert GUESSER[0] not in repr(vars(guesses))
    assert Guesses(None, limit=1, window_seconds=1).key(GUESSER[0]) != guesses.key(GUESSER[0])


@pytest.mark.parametrize(
    ("limit", "workers", "share"), [(60, 1, 60), (60, 4, 15), (61, 4, 16), (60, 64, 5), (2, 8, 2)]
)
def test_processes_share_the_limit(limit: int, workers: int, share: int) -> None:
    chosen = Settings(guess_limit=limit, workers=workers)
    assert guesses_of(SimpleNamespace(engine=None, settings=chosen)).limit == share


def test_whoever_counts_up_the_numbers_of_pallets_is_stopped_though_each_is_found(
    guesser: TestClient, shop: TestClient, session: Session, given: Given, tmp_path: Path
) -> None:
    lot = given.lot(kilograms=20_000)
    owner = session.get_one(Organisation, lot.organisation_id)
    register_prefix(session, organisation=owner, prefix=PREFIX, by=Actor.system(), now=given.now)
    pallet = {"layout": "l4-100x150", "stock": "roll-100x150", "sscc": True}
    Printing(session, given, tmp_path).run((lot, 3), **pallet)
    session.commit()
    ssccs = [sscc_of(PREFIX, number) for number in range(3)]
    found = [guesser.get(f"/00/{ssccs[at % 3]}").status_code for at in range(LIMIT + 3)]
    assert found == [307] * LIMIT + [429] * 3
    assert guesser.get(f"/t/{lot.code}").status_code == 200
    assert shop.get(f"/00/{ssccs[0]}").status_code == 307


def test_one_network_of_ipv6_is_one_address() -> None:
    guesses = Guesses(None, limit=1, window_seconds=1)
    assert guesses.key("2001:db8:1:2::1") == guesses.key("2001:db8:1:2:ffff::9")
    assert guesses.key("2001:db8:1:2::1") != guesses.key("2001:db8:1:3::1")
    assert guesses.key("::ffff:203.0.113.7") == guesses.key("203.0.113.7")
    assert guesses.key("testclient") != guesses.key("")


def test_the_memory_of_addresses_stays_within_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.guesses.MOST_ADDRESSES", 3)
    guesses = Guesses(None, limit=1, window_seconds=10)
    for number in range(9):
        guesses.missed(guesses.key(f"203.0.113.{number}"), 0.0)
    assert len(guesses._counts) == 3


def test_a_proxy_nobody_named_does_not_lock_everybody_out(
    served: FastAPI, lot: HarvestLot, session: Session, given: Given
) -> None:
    proxied = TestClient(served, base_url=BASE_URL, client=("10.0.0.2", 1), follow_redirects=False)
    guesses, now = guesses_of(served.state), served.state.clock().timestamp()
    for _ in range(LIMIT * FAR_OVER + 1):
        guesses.missed(guesses.key("10.0.0.2"), now)
    assert proxied.get(f"/t/{new_lot_code()}").status_code == 429
    assert proxied.get(f"/t/{lot.code}").status_code == 200
    assert [is_inside(host) for host in ("::1", "192.168.1.9", "203.0.113.7", "x")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_guarded() -> None:
    guarded = [
        "/t/x",
        "/T/x",
        "/01/1",
        "/414/1",
        "/gtin/1",
        "/find",
        "/api/v1/public/lots/x",
        "/p/1",
    ]
    assert all(map(is_guarded, guarded))
    assert not any(
        map(is_guarded, ["/", "/home", "/work/lots/x", "/api/v1/lots", "/static/app.css"])
    )
