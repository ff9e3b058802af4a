"""Suspending, restoring and withdrawing certificates, on both engines."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col

from app.certificates.commands import (
    Change,
    change_status,
)
from app.certificates.queries import steps_of
from app.certificates.rules import status_on
from app.db import open_session
from app.errors import Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.certificates import Certificate, CertificateStatus
from app.models.registry import PlantingArea
from tests.given import Given
from tests.refusals import refused

OFFICER = Actor(uuid4(), "province_admin", uuid4())
SUSPENDED, ACTIVE, WITHDRAWN = (
    CertificateStatus.SUSPENDED,
    CertificateStatus.ACTIVE,
    CertificateStatus.WITHDRAWN,
)


def changed(
    given: Given, certificate: Certificate, status: CertificateStatus, days: int
) -> Certificate:
    change = Change(status, given.day(days), "Kết quả giám sát")
    return change_status(
        given.session, certificate=certificate, change=change, by=OFFICER, now=given.now
    )


def test_a_suspension_a_restoration_and_a_withdrawal_each_count_from_their_day(
    given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = given.certificate(area)
    changed(given, certificate, SUSPENDED, -30)
    changed(given, certificate, ACTIVE, -20)
    changed(given, certificate, WITHDRAWN, -10)
    session.commit()
    steps = steps_of(session, [certificate.pk])[certificate.pk]
    told = [status_on(steps, given.day(days)) for days in (-31, -30, -21, -20, -11, -10, 0)]
    assert told == [ACTIVE, SUSPENDED, SUSPENDED, ACTIVE, ACTIVE, WITHDRAWN, WITHDRAWN]
    assert certificate.status is WITHDRAWN
    kinds = [fact.kind for fact in history_of(session, str(certificate.uid))]
    assert kinds == [
        f"certificate.{verb}" for verb in ("recorded", "suspended", "restored", "withdrawn")
    ]


def test_a_change_needs_a_reason_in_words(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    change = Change(SUSPENDED, given.day(0), "ok")
    told = refused(
        lambda: change_status(
            given.session, certificate=certificate, change=change, by=OFFICER, now=given.now
        )
    )
    assert told == ["reason"]
    assert certificate.status is ACTIVE


@pytest.mark.parametrize("days", [1, -301])
def test_a_change_lies_neither_in_the_future_nor_before_the_certificate(
    given: Given, area: PlantingArea, days: int
) -> None:
    certificate = given.certificate(area)
    told = refused(lambda: changed(given, certificate, SUSPENDED, days))
    assert told == ["effective_on"]


def test_a_change_lies_not_before_an_earlier_one(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    changed(given, certificate, SUSPENDED, -10)
    assert refused(lambda: changed(given, certificate, ACTIVE, -11)) == ["effective_on"]
    changed(given, certificate, ACTIVE, -10)
    steps = steps_of(given.session, [certificate.pk])[certificate.pk]
    assert status_on(steps, given.day(0)) is certificate.status


def test_the_status_allows_only_certain_changes(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    refused(lambda: changed(given, certificate, ACTIVE, 0))
    changed(given, certificate, WITHDRAWN, 0)
    with pytest.raises(Refused) as refusal:
        changed(given, certificate, ACTIVE, 0)
    assert str(refusal.value) == "A certificate that is withdrawn cannot be changed like this."


def test_of_two_who_change_it_at_once_the_second_is_told(
    given: Given, session: Session, engine: Engine, area: PlantingArea
) -> None:
    uid = given.certificate(area).uid
    session.commit()
    mine = session.execute(select(Certificate).where(col(Certificate.uid) == uid)).scalar_one()
    session.commit()
    with open_session(engine) as theirs:
        wanted = select(Certificate).where(col(Certificate.uid) == uid)
        their_given = Given(theirs, given.now)
        changed(their_given, theirs.execute(wanted).scalar_one(), SUSPENDED, 0)
        theirs.commit()
    with pytest.raises(StaleDataError):
        changed(given, mine, WITHDRAWN, 0)
    session.rollback()
    with open_session(engine) as reading:
        kinds = [fact.kind for fact in history_of(reading, str(uid))]
    assert kinds == ["certificate.recorded", "certificate.suspended"]
