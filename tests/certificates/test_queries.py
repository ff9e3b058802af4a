"""Finding certificates and their scope, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from app.accounts.reach import Reach
from app.certificates.commands import Change, change_status
from app.certificates.listing_queries import Wanted, certificates, running_out
from app.certificates.queries import (
    Sight,
    certificate_line,
    certificates_of,
    certification_bodies,
)
from app.errors import NotFound
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.catalogue import Crop
from app.models.certificates import CertificateStatus
from app.models.registry import Organisation, OrganisationKind
from tests.given import Given

EVERYTHING = Sight(Reach.all())


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL that goes to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_the_newest_certificates_come_first_page_by_page(given: Given, session: Session) -> None:
    area = given.area()
    made = [given.certificate(area, number=f"VG {number}") for number in range(5)]
    session.flush()
    first = certificates(session, today=given.day(0), sight=EVERYTHING, limit=2)
    second = certificates(session, today=given.day(0), sight=EVERYTHING, after=first.next, limit=2)
    third = certificates(session, today=given.day(0), sight=EVERYTHING, after=second.next, limit=2)
    told = [line.certificate.uid for page in (first, second, third) for line in page.items]
    assert told == [certificate.uid for certificate in reversed(made)]
    assert third.next is None


def test_words_of_the_number_and_of_the_holder_find_it_without_diacritics(
    given: Given, session: Session
) -> None:
    area = given.area(given.cooperative("HTX Rau Tả Van Chư"))
    certificate = given.certificate(area, number="QUACERT-Đ 77")
    given.certificate(given.area(given.cooperative("HTX Bản Phố")), number="QUACERT 78")

    def found(q: str) -> list[str]:
        page = certificates(session, today=given.day(0), sight=EVERYTHING, wanted=Wanted(q))
        return [line.certificate.number for line in page.items]

    assert found("ta van chu") == [certificate.number]
    assert found("quacert d 77 TẢ VAN") == [certificate.number]
    assert len(found("QUACERT")) == 2
    assert found("khong co") == []


def test_a_holder_sees_its_own_certificates_and_no_others(given: Given, session: Session) -> None:
    mine, theirs = given.certificate(given.area()), given.certificate(given.area())
    sight = Sight(Reach.own(mine.organisation_id))
    assert [
        line.certificate for line in certificates(session, today=given.day(0), sight=sight).items
    ] == [mine]
    assert certificate_line(session, mine.uid, sight=sight).holder.pk == mine.organisation_id
    for unknown in (theirs.uid, uuid4()):
        with pytest.raises(NotFound):
            certificate_line(session, unknown, sight=sight)


def test_a_body_sees_what_it_certified_whoever_holds_it(given: Given, session: Session) -> None:
    certifier = given.caller(Role.CERTIFIER)
    certified = [given.certificate(given.area(), by=certifier) for _ in range(2)]
    given.certificate(given.area())
    sight = Sight.of(certifier, Reach.own(certifier.organisation_id))
    told = {
        line.certificate.uid
        for line in certificates(session, today=given.day(0), sight=sight).items
    }
    assert told == {certificate.uid for certificate in certified}


def test_an_inspector_sees_everything(given: Given, session: Session) -> None:
    given.certificate(given.area())
    given.certificate(given.area())
    sight = Sight.of(given.caller(Role.INSPECTOR), Reach.all())
    assert len(certificates(session, today=given.day(0), sight=sight).items) == 2


def test_the_facts_of_a_holders_certificates_hold_their_whole_scope(
    given: Given, session: Session
) -> None:
    holder = given.cooperative()
    area, tomatoes = given.area(holder), given.area(holder, crop="CA_CHUA")
    may = given.grower(holder)
    session.flush()
    certificate = given.certificate(
        area, areas=(area.uid, tomatoes.uid), crops=("BAP_CAI", "CA_CHUA"), members=(may.uid,)
    )
    suspension = Change(CertificateStatus.SUSPENDED, given.day(-3), "Kết quả giám sát")
    change_status(
        session, certificate=certificate, change=suspension, by=Actor.system(), now=given.now
    )
    given.certificate(given.area())
    session.commit()
    (facts,) = certificates_of(session, holder.pk)
    assert facts.kind == "vietgap"
    assert facts.edition == "TCVN 11892-1:2017"
    assert {session.get_one(Crop, crop).slug for crop in facts.crops} == {"BAP_CAI", "CA_CHUA"}
    assert facts.areas == {area.pk, tomatoes.pk}
    assert facts.members == {may.pk}
    assert facts.standing_on(given.day(-4)) == "active"
    assert facts.standing_on(given.day(0)) == "suspended"


def test_the_facts_take_three_statements_however_many_certificates_there_are(
    given: Given, session: Session, engine: Engine
) -> None:
    area = given.area()
    given.certificate(area, number="VG 0")
    session.commit()
    with statements(engine) as for_one:
        certificates_of(session, area.organisation_id)
    for number in range(1, 6):
        given.certificate(area, number=f"VG {number}")
    session.commit()
    with statements(engine) as for_six:
        found = certificates_of(session, area.organisation_id)
    assert len(found) == 6
    selects = [sql for sql in for_six if sql.startswith("SELECT")]
    assert len(selects) == len([sql for sql in for_one if sql.startswith("SELECT")]) == 3


def test_certificates_that_run_out_soon_come_soonest_first(given: Given, session: Session) -> None:
    area = given.area()
    later, soon = (given.certificate(area, valid_to=given.day(days)) for days in (30, 10))
    given.certificate(area, valid_to=given.day(91))
    given.certificate(area, valid_to=given.day(-1))
    found = running_out(session, sight=EVERYTHING, today=given.day(0), until=given.day(90))
    assert [line.certificate for line in found] == [soon, later]


def test_the_certification_bodies_are_listed_by_name(given: Given, session: Session) -> None:
    for name in ("Viện B", "Đánh giá A"):
        given.organisation(OrganisationKind.CERTIFICATION_BODY, name)
    given.cooperative()
    bodies: list[Organisation] = certification_bodies(session)
    assert [body.name for body in bodies] == ["Đánh giá A", "Viện B"]
