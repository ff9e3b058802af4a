"""Ready-made pages where the database is a file: read from it at once, and never what was true before."""

from threading import Thread

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, update
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.db import transaction
from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.lots.queries import lot_by_code
from app.models.catalogue import Confidence
from app.models.lots import HarvestLot
from app.models.pages import PageKind, StoredPage
from app.provenance.page_store import MadePage, PageKey
from app.web import page_file
from app.web.kept_pages import memory_of
from app.web.page_file import PageFile
from tests.given import Given

BY = Actor.system()
EN = {"Accept-Language": "en"}


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    """A lot with a page that its area's records are on too."""
    made = given.lot(given.area(given.cooperative()), best_before=given.day(10))
    session.commit()
    return made


class _NoLock:
    """What stands between two threads if nothing does."""

    def acquire(self, *, blocking: bool = True) -> bool:
        return blocking or True

    def release(self) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_raised: object) -> None: ...


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
def test_a_recall_while_the_page_is_read_from_the_file_is_not_lost(
    client: TestClient,
    app: FastAPI,
    engine: Engine,
    engine_name: str,
    given: Given,
    lot: HarvestLot,
    monkeypatch: pytest.MonkeyPatch,
    locked: bool,
) -> None:
    if engine_name != "sqlite":
        pytest.skip("there is no file")
    client.get(f"/t/{lot.code}", headers=EN)
    app.state.kept_pages = None
    memory = memory_of(app.state)
    memory.refresh()
    if not locked:
        memory._lock = _NoLock()
    looks = []
    find = PageFile.find

    def find_and_recall(file: PageFile, key: PageKey, language: str, end: int) -> MadePage | None:
        page = find(file, key, language, end)
        with transaction(engine) as deciding:
            standing = lot_by_code(deciding, lot.code, within=Reach.all())
            recall_lot(deciding, lot=standing, reason="Tồn dư thuốc.", by=BY, now=given.now)
        looks.append(Thread(target=memory.refresh))
        looks[0].start()
        looks[0].join(0.5 if locked else 30)
        return page

    key = PageKey(PageKind.LOT, lot.code)
    memory.get(key, "en", given.now.timestamp())  # what is read again is kept
    monkeypatch.setattr(PageFile, "find", find_and_recall)
    assert memory.get(key, "en", given.now.timestamp()) is not None  # asked for before the recall
    looks[0].join(30)
    monkeypatch.undo()
    assert not memory.grew
    assert (memory.get(key, "en", given.now.timestamp()) is None) is locked


def test_a_page_from_the_file_needs_no_look_at_the_ledger_before(
    client: TestClient,
    app: FastAPI,
    session: Session,
    engine_name: str,
    given: Given,
    lot: HarvestLot,
) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    app.state.kept_pages = None
    memory = memory_of(app.state)
    key, now = PageKey(PageKind.LOT, lot.code), given.now.timestamp()
    assert memory.read(key, "en", now) is None  # nobody looked at the ledger yet
    memory.refresh()
    assert (memory.read(key, "en", now) is not None) is (engine_name == "sqlite")
    # Of anybody: what the new fact is about is not known before the next look.
    given.lot()
    session.commit()
    assert memory.read(key, "en", now) is None
    memory.refresh()
    assert (memory.read(key, "en", now) is not None) is (engine_name == "sqlite")
    assert (memory.get(key, "en", now) is not None) is (engine_name == "sqlite")
    assert memory.read(key, "en", now) is None  # it is in memory now


@pytest.mark.parametrize("most", [page_file.MOST_MARKS, 0], ids=["kept", "begun anew"])
def test_a_fact_about_what_pages_share_turns_those_in_the_file_stale(
    client: TestClient,
    app: FastAPI,
    session: Session,
    given: Given,
    monkeypatch: pytest.MonkeyPatch,
    *,
    most: int,
) -> None:
    # With few of them known, the file is asked for what is older than the newest mark.
    monkeypatch.setattr(page_file, "NEWEST_MARKS", most or 1)
    area = given.area()
    others = [given.lot(area) for _ in range(2)]
    session.commit()
    for other in others:
        client.get(f"/t/{other.code}", headers=EN)
    given.lot()
    session.commit()
    app.state.kept_pages = None
    memory, now = memory_of(app.state), given.now.timestamp()
    memory.refresh()
    memory.get(PageKey(PageKind.LOT, others[0].code), "en", now)  # the shared marks are known now
    monkeypatch.setattr(page_file, "MOST_MARKS", most)
    given.lot()
    session.commit()
    memory.refresh()  # nobody reads between this fact and the next
    amendment = RuleAmendment(given.day(1), 24, "NĐ 109/2018/NĐ-CP", Confidence.VERIFIED)
    key = "certificate.organic.validity_months"
    set_legal_rule(session, key=key, amendment=amendment, by=BY, now=given.now)
    session.commit()
    memory.refresh()
    monkeypatch.setattr(page_file, "MOST_MARKS", 100_000)
    for other in others:
        assert memory.get(PageKey(PageKind.LOT, other.code), "en", now) is None


def test_who_would_wait_for_a_look_at_the_ledger_finds_the_page_in_the_slower_way(
    client: TestClient, app: FastAPI, engine_name: str, given: Given, lot: HarvestLot
) -> None:
    page = client.get(f"/t/{lot.code}", headers=EN).text
    app.state.kept_pages = None
    memory = memory_of(app.state)
    memory.refresh()
    key, now = PageKey(PageKind.LOT, lot.code), given.now.timestamp()
    with memory._lock:
        assert memory.get(key, "en", now) is None
    assert (memory.get(key, "en", now) is not None) is (engine_name == "sqlite")
    assert client.get(f"/t/{lot.code}", headers=EN).text == page


def test_no_statement_on_the_file_hides_from_another_what_was_written_meanwhile(
    client: TestClient, app: FastAPI, engine: Engine, engine_name: str, lot: HarvestLot
) -> None:
    if engine_name != "sqlite":
        pytest.skip("there is no file")
    client.get(f"/t/{lot.code}", headers=EN)
    file = memory_of(app.state)._file
    before = file.version()
    told = []
    asking = Thread(target=lambda: told.append(file.version()))
    with file._lock:  # as for every statement
        halfway = file._file.execute("SELECT subject FROM subject_mark")
        halfway.fetchone()
        with transaction(engine) as session:
            session.execute(update(StoredPage).values(brotli=b""))
        asking.start()
        asking.join(0.2)
        # Who did not wait would be told of the past in which the statement began.
        assert file._file.execute("PRAGMA data_version").fetchone()[0] == before
        halfway.close()
    asking.join(30)
    assert told == [file.version()] != [before]
