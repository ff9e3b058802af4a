"""Stale pages are made anew before their next reader comes, and say what is so."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import sleep

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.db import transaction
from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.lots.hold_commands import hold_lot
from app.lots.queries import lot_by_code
from app.models.lots import HarvestLot
from app.models.pages import StoredPage
from app.provenance.page_store import MadePage
from app.web import remaking
from app.web.making_pages import Draft, page_of
from app.web.page_drafts import DRAFTERS
from app.web.remaking import Remaker
from tests.conftest import Clock
from tests.given import Given

BY = Actor.system()
EN, ZH = {"Accept-Language": "en"}, {"Accept-Language": "zh"}
WARNING = "do not eat"


def recall(engine: Engine, code: str, now: datetime) -> None:
    with transaction(engine) as session:
        lot = lot_by_code(session, code, within=Reach.all())
        recall_lot(session, lot=lot, reason="Dư lượng", by=BY, now=now)


@pytest.fixture
def lots(session: Session, given: Given) -> list[HarvestLot]:
    area = given.area(given.cooperative())
    made = [given.lot(area), given.lot(area)]
    session.commit()
    return made


@pytest.fixture
def drafted() -> Counter[str]:
    return Counter()


@pytest.fixture
def remaker(app: FastAPI, client: TestClient, drafted: Counter[str]) -> Remaker:
    """One that is told to look, and counts what it drafts."""

    def draft(session: Session, code: str, base_url: str, now: datetime) -> Draft:
        drafted[code] += 1
        return DRAFTERS["lot"](session, code, base_url, now)

    return Remaker(app.state, {"lot": draft})


class Made(Exception):
    """A reader had to wait for a page to be made."""


def nobody_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_given: object, **_named: object) -> None:
        raise Made

    monkeypatch.setattr("app.web.kept_answer.page_of", made)


def test_a_recalled_lot_has_its_page_ready_in_every_language_that_was_read(
    client: TestClient,
    engine: Engine,
    session: Session,
    lots: list[HarvestLot],
    now: datetime,
    remaker: Remaker,
    drafted: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, other = lots[0].code, lots[1].code
    for headers in (EN, ZH):
        assert WARNING not in client.get(f"/t/{code}", headers=headers).text
    assert remaker.look() == 0  # nothing is stale
    recall(engine, code, now)
    assert remaker.look() == 2
    assert drafted == {code: 1}
    stored = select(col(StoredPage.language), col(StoredPage.brotli)).where(
        col(StoredPage.code) == code
    )
    session.rollback()
    kept = {language: bool(brotli) for language, brotli in session.execute(stored)}
    session.rollback()  # whoever keeps a page would wait for this transaction
    assert kept == {"en": True, "zh": True}
    with monkeypatch.context() as patched:
        nobody_makes(patched)
        assert WARNING in client.get(f"/t/{code}", headers=EN).text
        client.get(f"/t/{code}", headers=ZH).raise_for_status()
    # Its neighbour was read by nobody, so it is made for its first reader.
    assert WARNING not in client.get(f"/t/{other}", headers=EN).text
    assert remaker.look() == 0


def test_without_it_the_first_reader_has_the_page_made(
    client: TestClient,
    engine: Engine,
    lots: list[HarvestLot],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.get(f"/t/{lots[0].code}", headers=EN)
    recall(engine, lots[0].code, now)
    nobody_makes(monkeypatch)
    with pytest.raises(Made):
        client.get(f"/t/{lots[0].code}", headers=EN)


def test_a_crowd_at_one_page_has_it_made_once(
    client: TestClient, lots: list[HarvestLot], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def slowly(*given: object, **named: object) -> tuple[MadePage, bool]:
        made.append("a page")
        sleep(0.05)
        return page_of(*given, **named)

    monkeypatch.setattr("app.web.kept_answer.page_of", slowly)

    def ask(_number: int) -> int:
        return client.get(f"/t/{lots[0].code}", headers=EN).status_code

    with ThreadPoolExecutor(8) as crowd:
        assert set(crowd.map(ask, range(8))) == {200}
    assert len(made) == 1


def test_what_is_recorded_while_a_page_is_made_is_on_the_page_that_is_sent(
    app: FastAPI, client: TestClient, engine: Engine, lots: list[HarvestLot], now: datetime
) -> None:
    code = lots[0].code

    def interrupted(session: Session, code: str, base_url: str, now: datetime) -> Draft:
        read = DRAFTERS["lot"](session, code, base_url, now)
        recall(engine, code, now)  # after its facts were read, before the page is kept
        return read

    client.get(f"/t/{code}", headers=EN)
    with transaction(engine) as session:
        lot = lot_by_code(session, code, within=Reach.all())
        hold_lot(session, lot=lot, reason="Chờ kết quả", by=BY, now=now)
    assert Remaker(app.state, {"lot": interrupted}).look() == 1
    assert WARNING in client.get(f"/t/{code}", headers=EN).text


def test_a_page_is_made_for_the_new_day_but_not_over_and_over(
    client: TestClient,
    engine: Engine,
    lots: list[HarvestLot],
    clock: Clock,
    remaker: Remaker,
    drafted: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = lots[0].code
    client.get(f"/t/{code}", headers=EN)
    clock.forward(days=8)
    assert remaker.look() == 1
    with monkeypatch.context() as patched:
        nobody_makes(patched)
        client.get(f"/t/{code}", headers=EN).raise_for_status()
    recall(engine, code, clock())
    assert remaker.look() == 0  # it was made a moment ago
    assert WARNING in client.get(f"/t/{code}", headers=EN).text
    monkeypatch.setattr(remaking, "SECONDS_BETWEEN_MAKINGS", 0.0)
    assert remaker.look() == 0  # its reader had it made
    assert drafted == {code: 1}


def test_it_works_by_itself_and_lets_go(
    client: TestClient,
    app: FastAPI,
    engine: Engine,
    lots: list[HarvestLot],
    now: datetime,
    remaker: Remaker,
    drafted: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remaking, "SECONDS_BETWEEN_LOOKS", 0.01)
    client.get(f"/t/{lots[0].code}", headers=EN)
    remaker.start()
    try:
        recall(engine, lots[0].code, now)
        for _ in range(1_000):
            if drafted:
                break
            remaker._stopped.wait(0.02)
    finally:
        remaker.stop()
    assert drafted == {lots[0].code: 1}
    assert remaker._thread is not None
    assert not remaker._thread.is_alive()
