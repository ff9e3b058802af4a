"""Ready-made pages: kept, answered at once, and never staler than they may be."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.certificates.commands import Change, change_status
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.commands import Correction, amend_lot, recall_lot, withdraw_lot
from app.lots.queries import lot_by_code
from app.models.catalogue import Confidence
from app.models.certificates import Certificate, CertificateStatus
from app.models.lots import HarvestLot
from app.models.pages import PageKind, StoredPage
from app.models.registry import AreaCode, Grower, PlantingArea
from app.provenance.page_store import PageKey
from app.provenance.queries import story_of
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import suspend_code
from app.registry.grower_commands import give_consent
from app.web import kept_pages
from app.web.kept_pages import Memory
from app.web.rendering import render
from tests.conftest import BASE_URL
from tests.given import Given

BY = Actor.system()
EN = {"Accept-Language": "en"}


def rendered(session: Session, code: str, now: object) -> str:
    """What the page would say if it were made this moment."""
    story = story_of(session, code, address=f"{BASE_URL}/t/{code}", now=now)
    return render("en", "public/lot.html", story=story, path=f"/t/{code}", caller=None)


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    """A lot with everything a page can speak of."""
    cooperative = given.cooperative()
    area = given.area(cooperative)
    given.code(area)
    given.certificate(area)
    grower = given.grower(cooperative, name="Sùng Thị Kín Danh")
    made = given.lot(area, grower=grower.uid, best_before=given.day(10))
    session.commit()
    return made


def test_the_second_scan_comes_from_the_memory(
    client: TestClient, app: FastAPI, lot: HarvestLot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"/t/{lot.code}", headers=EN)
    monkeypatch.setattr("app.web.kept_answer.page_of", lambda *_a, **_k: pytest.fail("made again"))
    again = client.get(f"/T/{lot.code}", headers=EN)
    assert again.text == first.text
    assert again.headers["etag"].rstrip('bg"') == first.headers["etag"].rstrip('bg"')


def test_the_first_reader_does_not_wait_for_the_smallest_form_and_need_not_fetch_it_again(
    client: TestClient, lot: HarvestLot
) -> None:
    everything = {**EN, "Accept-Encoding": "br, gzip"}
    first = client.get(f"/t/{lot.code}", headers=everything)
    again = client.get(f"/t/{lot.code}", headers=everything)
    assert first.headers["content-encoding"] == "gzip"
    assert again.headers["content-encoding"] == "br"
    assert again.text == first.text
    had = {**everything, "If-None-Match": first.headers["etag"]}
    unchanged = client.get(f"/t/{lot.code}", headers=had)
    assert unchanged.status_code == 304
    assert unchanged.headers["etag"] == first.headers["etag"]
    of_others = {"Accept-Language": "en", "Accept-Encoding": "br, gzip", "If-None-Match": '"x-g"'}
    assert client.get(f"/t/{lot.code}", headers=of_others).status_code == 200


def test_a_slash_at_the_end_of_the_address_changes_nothing(
    client: TestClient, lot: HarvestLot
) -> None:
    plain = client.get(f"/t/{lot.code}")
    for path in (f"/t/{lot.code}/", f"/T/{lot.code.lower()}/"):
        assert client.get(path).text == plain.text


def test_another_process_finds_the_page_in_the_database(
    client: TestClient, app: FastAPI, lot: HarvestLot, session: Session
) -> None:
    first = client.get(f"/t/{lot.code}", headers=EN)
    assert session.execute(select(func.count(col(StoredPage.id)))).scalar_one() == 1
    app.state.kept_pages = None
    assert client.get(f"/t/{lot.code}", headers=EN).text == first.text
    assert session.execute(select(func.count(col(StoredPage.id)))).scalar_one() == 1


def test_the_page_in_every_encoding_is_the_same(client: TestClient, lot: HarvestLot) -> None:
    told = {}
    for encoding in ("identity", "gzip", "br"):
        with client.stream(
            "GET", f"/t/{lot.code}", headers={**EN, "Accept-Encoding": encoding}
        ) as answer:
            body = b"".join(answer.iter_raw())
            assert answer.headers.get("content-encoding", "identity") == encoding
            assert int(answer.headers["content-length"]) == len(body)
            assert "Accept-Encoding" in answer.headers["vary"]
            told[encoding] = body, answer.headers["etag"]
    assert gzip.decompress(told["gzip"][0]) == told["identity"][0]
    assert brotli.decompress(told["br"][0]) == told["identity"][0]
    assert len({etag for _, etag in told.values()}) == 3
    assert len(told["br"][0]) < 3_000


def test_who_has_the_page_gets_304_and_head_no_body(client: TestClient, lot: HarvestLot) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    for _ in range(2):
        page = client.get(f"/t/{lot.code}", headers=EN)
        etag = page.headers["etag"]
        unchanged = client.get(f"/t/{lot.code}", headers={**EN, "If-None-Match": f'"x", W/{etag}'})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == etag
        head = client.head(f"/t/{lot.code}", headers=EN)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == page.headers["content-length"]


def test_every_answer_carries_the_guard_s_headers(client: TestClient, lot: HarvestLot) -> None:
    for _ in range(2):
        answer = client.get(f"/t/{lot.code}", headers=EN)
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["surrogate-key"].split()[0] == lot.code
        assert "s-maxage=30" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "query", "tag"),
    [
        ({"Accept-Language": "zh-CN,zh;q=0.9"}, "", "zh-Hans"),
        ({"Accept-Language": "en", "Cookie": "a=b; lang=zh"}, "", "zh-Hans"),
        ({"Accept-Language": "en", "Cookie": "lang=zh"}, "?lang=vi", "vi"),
        ({}, "", "vi"),
    ],
)
def test_the_language_is_chosen_alike_from_memory_and_made_anew(
    client: TestClient, lot: HarvestLot, headers: dict[str, str], query: str, tag: str
) -> None:
    for _ in range(2):
        answer = client.get(f"/t/{lot.code}{query}", headers=headers)
        assert answer.headers["content-language"] == tag


Changing = Callable[[Session, Given, HarvestLot], None]


def _recall(session: Session, given: Given, lot: HarvestLot) -> None:
    recall_lot(session, lot=lot, reason="Tồn dư thuốc vượt mức.", by=BY, now=given.now)


def _withdraw_certificate(session: Session, given: Given, lot: HarvestLot) -> None:
    held = session.execute(select(Certificate)).scalars().first()
    change = Change(CertificateStatus.WITHDRAWN, given.day(0), "Không duy trì điều kiện.")
    change_status(session, certificate=held, change=change, by=BY, now=given.now)


def _new_certificate(session: Session, given: Given, lot: HarvestLot) -> None:
    area = session.get_one(PlantingArea, lot.area_id)
    given.certificate(area, standard="ORGANIC_2017", number="HC-1")


def _suspend_code(session: Session, given: Given, lot: HarvestLot) -> None:
    code = session.execute(select(AreaCode)).scalars().first()
    change = CodeChange(given.day(-5), "Dùng thuốc ngoài danh mục.")
    suspend_code(session, code=code, change=change, by=BY, now=given.now)


def _consent(session: Session, given: Given, lot: HarvestLot) -> None:
    give_consent(session, grower=session.get_one(Grower, lot.grower_id), by=BY, now=given.now)


def _amend(session: Session, given: Given, lot: HarvestLot) -> None:
    correction = Correction(Grams(240_000), given.day(0), given.day(9), "")
    amend_lot(session, lot=lot, correction=correction, by=BY, now=given.now)


CHANGES = [_recall, _withdraw_certificate, _new_certificate, _suspend_code, _consent, _amend]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_changes_the_page_is_on_it_at_the_next_scan(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, change: Changing
) -> None:
    before = client.get(f"/t/{lot.code}", headers=EN).text
    standing = lot_by_code(session, lot.code, within=Reach.all())
    change(session, given, standing)
    session.commit()
    after = client.get(f"/t/{lot.code}", headers=EN).text
    assert after == rendered(session, lot.code, given.now)
    assert after != before
    assert client.get(f"/t/{lot.code}", headers=EN).text == after


def test_without_the_question_to_the_ledger_a_recall_would_not_show(
    client: TestClient,
    session: Session,
    given: Given,
    lot: HarvestLot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    monkeypatch.setattr(Memory, "grew", property(lambda _self: False))
    _recall(session, given, lot_by_code(session, lot.code, within=Reach.all()))
    session.commit()
    assert "do not eat" not in client.get(f"/t/{lot.code}", headers=EN).text


def test_what_others_do_leaves_the_page_alone(
    client: TestClient, app: FastAPI, session: Session, given: Given, lot: HarvestLot
) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    given.lot()
    session.commit()
    client.get(f"/t/{lot.code}", headers=EN)
    pages = session.execute(select(col(StoredPage.position))).scalars().all()
    assert len(pages) == 1
    assert (PageKey(PageKind.LOT, lot.code), "en") in app.state.kept_pages._pages


def test_a_withdrawn_lot_is_gone_from_memory_too(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    standing = lot_by_code(session, lot.code, within=Reach.all())
    withdraw_lot(session, lot=standing, reason="Ghi nhầm vùng.", by=BY, now=given.now)
    session.commit()
    for _ in range(2):
        assert client.get(f"/t/{lot.code}", headers=EN).status_code == 410


def test_a_certificate_runs_out_at_midnight_in_viet_nam(
    client: TestClient, session: Session, given: Given, clock
) -> None:
    area = given.area()
    given.certificate(area, valid_to=given.day(3))
    lot = given.lot(area)
    session.commit()
    before = client.get(f"/t/{lot.code}", headers=EN).text
    clock.instant = clock.instant.replace(hour=16, minute=59, second=59)  # 23:59:59 there
    clock.forward(days=3)
    assert client.get(f"/t/{lot.code}", headers=EN).text == before
    clock.forward(seconds=1)
    assert client.get(f"/t/{lot.code}", headers=EN).text != before


def test_a_changed_law_makes_every_page_anew(
    client: TestClient, app: FastAPI, session: Session, given: Given, lot: HarvestLot
) -> None:
    client.get(f"/t/{lot.code}", headers=EN)
    amendment = RuleAmendment(given.day(1), 24, "NĐ 109/2018/NĐ-CP", Confidence.VERIFIED)
    key = "certificate.organic.validity_months"
    set_legal_rule(session, key=key, amendment=amendment, by=BY, now=given.now)
    session.commit()
    client.get(f"/t/{lot.code}", headers=EN)
    newest = session.execute(select(col(StoredPage.position))).scalar_one()
    assert newest > lot.ledger_position


def test_the_memory_stays_within_its_room(
    client: TestClient,
    app: FastAPI,
    session: Session,
    given: Given,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_pages, "MOST_BYTES", 20_000)
    area = given.area()
    lots = [given.lot(area) for _ in range(8)]
    session.commit()
    for lot in lots:
        client.get(f"/t/{lot.code}", headers=EN)
    memory = app.state.kept_pages
    assert 0 < memory._bytes <= 20_000
    assert memory._bytes == sum(page.size for page in memory._pages.values())
