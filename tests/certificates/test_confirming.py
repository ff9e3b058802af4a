"""Whose word stands for a certificate: declared, confirmed, disputed, adopted; on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.certificates.amending_commands import amend_certificate
from app.certificates.commands import CertificateDetails, Change, change_status
from app.certificates.confirming_commands import confirm_certificate, dispute_certificate
from app.certificates.history_queries import words_about
from app.certificates.queries import certificates_of, scope_of
from app.certificates.rules import Lot, NotCovered, coverage
from app.errors import Conflict, Forbidden, Refused
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.certificates import Certificate, CertificateStatus, Confirmation
from app.models.notices import Notice
from app.models.registry import Organisation, PlantingArea
from tests.given import Given
from tests.refusals import refused

SAW = "Đã xem bản gốc tại trụ sở."


@pytest.fixture
def body(given: Given) -> Caller:
    """Somebody of a registered certification body."""
    return given.caller(Role.CERTIFIER)


@pytest.fixture
def declared(given: Given, area: PlantingArea, body: Caller) -> Certificate:
    """What a cooperative declared of that body."""
    return given.certificate(area, body=body.organisation_uid, body_name="")


def confirmed(given: Given, certificate: Certificate, by: Caller, words: str = "") -> Certificate:
    return confirm_certificate(
        given.session, certificate=certificate, words=words, caller=by, now=given.now
    )


def disputed(
    given: Given,
    certificate: Certificate,
    by: Caller,
    words: str = "Số này không phải của chúng tôi.",
) -> Certificate:
    return dispute_certificate(
        given.session, certificate=certificate, words=words, caller=by, now=given.now
    )


def told(session: Session, organisation_id: int) -> list[str]:
    wanted = select(Notice).where(col(Notice.organisation_id) == organisation_id)
    return [notice.kind for notice in session.execute(wanted).scalars()]


def test_the_body_confirms_what_a_cooperative_recorded_first(
    given: Given, session: Session, declared: Certificate, body: Caller
) -> None:
    assert declared.confirmation is Confirmation.SELF_DECLARED
    confirmed(given, declared, body)
    assert declared.confirmation is Confirmation.BODY
    strengths = [word.row.confirmation.value for word in words_about(session, declared)]
    assert strengths == ["self_declared", "body"]
    kinds = [fact.kind for fact in history_of(session, str(declared.uid))]
    assert kinds == ["certificate.recorded", "certificate.confirmed"]
    assert told(session, declared.organisation_id) == ["certificate.confirmed"]


def test_the_body_is_told_of_a_certificate_recorded_in_its_name(
    session: Session, declared: Certificate, body: Caller
) -> None:
    assert told(session, body.organisation_id) == ["certificate.recorded"]


def test_an_inspector_needs_words_or_a_paper(
    given: Given, session: Session, declared: Certificate
) -> None:
    inspector = given.caller(Role.INSPECTOR)
    assert refused(lambda: confirmed(given, declared, inspector)) == ["words"]
    given.certificate_paper(declared)
    confirmed(given, declared, inspector)
    assert declared.confirmation is Confirmation.INSPECTOR


def test_an_inspector_who_records_says_what_was_seen(given: Given, area: PlantingArea) -> None:
    inspector = given.caller(Role.INSPECTOR)
    assert refused(lambda: given.certificate(area, by=inspector, evidence=" ")) == ["evidence"]
    assert given.certificate(area, by=inspector, evidence=SAW).pk


def test_an_inspector_does_not_weaken_the_word_of_the_body(
    given: Given, declared: Certificate, body: Caller
) -> None:
    confirmed(given, declared, body)
    confirmed(given, declared, given.caller(Role.INSPECTOR), SAW)
    assert declared.confirmation is Confirmation.BODY


def test_nobody_vouches_twice(given: Given, declared: Certificate, body: Caller) -> None:
    confirmed(given, declared, body)
    with pytest.raises(Conflict):
        confirmed(given, declared, body)


@pytest.mark.parametrize("role", [Role.COOP_ADMIN, Role.PROVINCE_ADMIN, Role.STAFF])
def test_only_bodies_and_inspectors_vouch(given: Given, declared: Certificate, role: Role) -> None:
    refused(lambda: confirmed(given, declared, given.caller(role), SAW), Forbidden)


def test_a_body_neither_confirms_nor_disputes_the_certificate_of_another(
    given: Given, declared: Certificate
) -> None:
    rival = given.caller(Role.CERTIFIER)
    refused(lambda: confirmed(given, declared, rival), Forbidden)
    refused(lambda: disputed(given, declared, rival), Forbidden)


def test_a_body_named_only_in_writing_makes_the_certificate_its_own(
    given: Given, area: PlantingArea, body: Caller
) -> None:
    certificate = given.certificate(area, body_name="TT chứng nhận nào đó")
    confirmed(given, certificate, body)
    assert (certificate.body_id, certificate.body_name) == (
        body.organisation_id,
        body.organisation_name,
    )


def test_a_name_typed_as_a_registered_body_writes_it_is_that_body(
    given: Given, area: PlantingArea, body: Caller
) -> None:
    typed = f"  {body.organisation_name.upper()} "
    assert given.certificate(area, body_name=typed).body_id == body.organisation_id


def test_a_disputed_certificate_covers_no_harvest_until_its_body_confirms_it(
    given: Given, session: Session, area: PlantingArea, declared: Certificate, body: Caller
) -> None:
    def covers() -> bool:
        (facts,) = certificates_of(session, area.organisation_id)
        (crop,) = facts.crops
        lot = Lot(crop, "Bắp cải", area.pk, area.name, None, given.day(-1))
        return not isinstance(coverage(facts, lot), NotCovered)

    assert covers()
    disputed(given, declared, body)
    assert not covers()
    assert told(session, declared.organisation_id) == ["certificate.disputed"]
    with pytest.raises(Refused):
        confirmed(given, declared, given.caller(Role.INSPECTOR), SAW)
    confirmed(given, declared, body)
    assert covers()


def test_an_inspectors_dispute_is_told_to_the_body_and_lifted_by_an_inspector(
    given: Given, session: Session, declared: Certificate, body: Caller
) -> None:
    inspector = given.caller(Role.INSPECTOR)
    disputed(given, declared, inspector)
    assert told(session, body.organisation_id) == ["certificate.recorded"] * 2
    confirmed(given, declared, inspector, SAW)
    assert not declared.disputed


def test_a_dispute_needs_words(given: Given, declared: Certificate, body: Caller) -> None:
    assert refused(lambda: disputed(given, declared, body, "ko")) == ["words"]


def test_a_body_that_records_the_same_number_writes_over_what_was_declared(
    given: Given, session: Session, area: PlantingArea, body: Caller
) -> None:
    holder = session.get_one(Organisation, area.organisation_id)
    other = given.area(holder, name="Ruộng dưới")
    declared = given.certificate(area, number="TBC-1", valid_to=given.day(900))
    recorded = given.certificate(
        area, number="TBC-1", areas=(other.uid,), valid_to=given.day(200), by=body
    )
    assert recorded is declared
    assert recorded.confirmation is Confirmation.BODY
    assert recorded.valid_to == given.day(200)
    assert [one.name for one in scope_of(session, recorded).areas] == ["Ruộng dưới"]
    assert told(session, holder.pk) == ["certificate.confirmed"]


def test_a_body_is_not_stopped_by_another_holder_who_wrote_its_number_down(
    given: Given, session: Session, area: PlantingArea, body: Caller
) -> None:
    false = given.certificate(given.area(), number="TBC-2")
    true = given.certificate(area, number="TBC-2", by=body)
    assert true is not false
    assert (true.confirmation, true.disputed) == (Confirmation.BODY, False)
    assert false.disputed
    assert "certificate.disputed" in told(session, false.organisation_id)


def test_what_its_body_confirmed_is_not_recorded_again(
    given: Given, area: PlantingArea, body: Caller
) -> None:
    given.certificate(area, number="TBC-3", by=body)
    assert refused(lambda: given.certificate(area, number="TBC-3", by=body), Conflict)
    assert refused(lambda: given.certificate(given.area(), number="TBC-3", by=body), Conflict)


def test_two_registered_bodies_may_number_alike(
    given: Given, area: PlantingArea, body: Caller
) -> None:
    given.certificate(given.area(), number="01/2026", by=given.caller(Role.CERTIFIER))
    assert given.certificate(area, number="01/2026", by=body).pk


def test_a_disputed_record_stands_in_no_other_cooperatives_way(
    given: Given, area: PlantingArea
) -> None:
    false = given.certificate(given.area(), number="X-9")
    assert refused(lambda: given.certificate(area, number="X-9"), Conflict) == ["number"]
    disputed(given, false, given.caller(Role.INSPECTOR))
    assert given.certificate(area, number="X-9").pk


Amend = Callable[..., Certificate]


@pytest.fixture
def amend(given: Given, session: Session, area: PlantingArea) -> Amend:
    """Correct a certificate as its holder."""
    holder = session.get_one(Organisation, area.organisation_id)

    def act(certificate: Certificate, **details: Any) -> Certificate:
        chosen: dict[str, Any] = {
            "standard": "VIETGAP_2017",
            "number": certificate.number,
            "issued_on": certificate.issued_on,
            "valid_from": certificate.valid_from,
            "valid_to": certificate.valid_to,
            "crops": ("BAP_CAI",),
            "areas": (area.uid,),
            "body_name": "Trung tâm Chứng nhận Tây Bắc",
            **details,
        }
        return amend_certificate(
            session,
            certificate=certificate,
            details=CertificateDetails(**chosen),
            caller=given.caller(Role.COOP_ADMIN, holder),
            now=given.now,
        )

    return act


def test_a_holder_corrects_what_nobody_confirmed(
    given: Given, session: Session, area: PlantingArea, amend: Amend
) -> None:
    certificate = given.certificate(area)
    amend(certificate, number="VietGAP-TT-13-09-10-7777", valid_to=given.day(100))
    assert certificate.number_key == "vietgap tt 13 09 10 7777"
    assert certificate.version == 2
    kinds = [fact.kind for fact in history_of(session, str(certificate.uid))]
    assert kinds == ["certificate.recorded", "certificate.amended"]


def test_a_correction_is_held_against_the_same_rules(
    given: Given, area: PlantingArea, amend: Amend
) -> None:
    taken = given.certificate(given.area())
    certificate = given.certificate(area)
    assert refused(lambda: amend(certificate, number=taken.number), Conflict) == ["number"]
    assert refused(lambda: amend(certificate, valid_to=given.day(-301))) == ["valid_to"]
    assert refused(lambda: amend(certificate, crops=("CA_CHUA",))) == ["crops"]


def test_once_somebody_confirmed_or_changed_it_the_holder_corrects_nothing(
    given: Given, area: PlantingArea, amend: Amend
) -> None:
    certificate = given.certificate(area)
    confirmed(given, certificate, given.caller(Role.INSPECTOR), SAW)
    with pytest.raises(Refused):
        amend(certificate)
    other = given.certificate(area, number="VG-2", crops=("BAP_CAI",))
    change_status(
        given.session,
        certificate=other,
        change=Change(CertificateStatus.SUSPENDED, given.day(0), "Kết quả giám sát"),
        by=given.caller(Role.INSPECTOR).actor,
        now=given.now,
    )
    with pytest.raises(Refused):
        amend(other, number="VG-2")


def test_a_dispute_stays_after_a_correction(given: Given, area: PlantingArea, amend: Amend) -> None:
    certificate = given.certificate(area)
    disputed(given, certificate, given.caller(Role.INSPECTOR))
    amend(certificate, number="VG-moi")
    assert certificate.disputed
