"""Papers of an area: kept once, bounded, taken away for good."""

import hashlib

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.reach import Reach
from app.errors import Conflict, NotFound, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.dossiers import DocumentContent, DocumentKind
from app.models.registry import AreaCodeStep
from app.registry import document_commands
from app.registry.document_commands import add_document, remove_document
from app.registry.document_queries import content_of, document_by_uid, documents_of
from app.registry.papers import Paper

BY = Actor.system()


def paper(content=b"noi dung", name="ban-do.png"):
    return Paper(content, "image/png", name, 1, ())


@pytest.fixture
def add(session, now):
    def adding(area, content=b"noi dung", **other):
        return add_document(
            session, area=area, kind=DocumentKind.MAP, paper=paper(content), by=BY, now=now, **other
        )

    return adding


def test_a_paper_is_kept_with_its_digest(session, given, add):
    area = given.area()
    document = add(area)
    assert documents_of(session, area) == [document]
    assert content_of(session, document) == b"noi dung"
    assert document.sha256 == hashlib.sha256(b"noi dung").hexdigest()


def test_the_same_paper_is_not_kept_twice(given, add):
    area = given.area()
    add(area)
    with pytest.raises(Conflict, match=r"ban-do\.png"):
        add(area)
    add(given.area())  # another area may have it


def test_an_area_has_room_for_so_many(given, add, monkeypatch):
    monkeypatch.setattr(document_commands, "MOST_PAPERS", 2)
    area = given.area()
    add(area, b"1")
    add(area, b"2")
    with pytest.raises(Refused, match="at most 2"):
        add(area, b"3")


def test_an_area_has_room_for_so_much(given, add, monkeypatch):
    monkeypatch.setattr(document_commands, "MOST_BYTES_AN_AREA", 5)
    with pytest.raises(Refused, match="MB"):
        add(given.area(), b"123456")


def test_a_paper_taken_away_leaves_its_fact_and_no_content(session, given, add, now):
    area = given.area()
    document = add(area)
    remove_document(session, document=document, area=area, by=BY, now=now)
    session.flush()
    assert documents_of(session, area) == []
    assert session.exec(select(func.count(col(DocumentContent.document_id)))).one() == 0
    with pytest.raises(NotFound):
        document_by_uid(session, document.uid, within=Reach.all())
    kinds = [fact.kind for fact in history_of(session, str(area.uid))]
    assert {"document.added", "document.removed"} <= set(kinds)


def test_what_a_decision_rests_on_stays(session, given, add, now):
    area = given.area()
    given.code(area)
    step = session.exec(select(AreaCodeStep)).one()
    document = add(area, step=step)
    with pytest.raises(Refused, match="decision"):
        remove_document(session, document=document, area=area, by=BY, now=now)


def test_another_cooperatives_paper_is_not_found(session, given, add):
    document = add(given.area())
    session.flush()
    with pytest.raises(NotFound):
        document_by_uid(session, document.uid, within=Reach.own(given.cooperative().pk))
