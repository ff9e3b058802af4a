"""Recording certificates and changing their status, on both engines."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import Engine, select
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.queries import crop_by_slug
from app.certificates.checks import warnings_about
from app.certificates.commands import (
    CertificateDetails,
    Change,
    change_status,
    record_certificate,
)
from app.certificates.queries import Sight, certificate_line, scope_of, steps_of
from app.certificates.rules import status_on
from app.db import open_session
from app.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.certificates import Certificate, CertificateStatus, Confirmation
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from tests.given import Given

OFFICER = Actor(uuid4(), "province_admin", uuid4())
SUSPENDED, ACTIVE, WITHDRAWN = (
    CertificateStatus.SUSPENDED,
    CertificateStatus.ACTIVE,
    CertificateStatus.WITHDRAWN,
)
A_GGN = "4049928415684"


@pytest.fixture
def area(given: Given) -> PlantingArea:
    """A cooperative's cabbage field."""
    return given.area(name="Tả Van Chư")


def faults(act: Callable[[], object], kind: type[DomainError] = Refused) -> list[str]:
    """The fields a refusal names."""
    with pytest.raises(kind) as refusal:
        act()
    return [fault.field for fault in refusal.value.fields]


def warned(session: Session, certificate: Certificate) -> list[str]:
    return [str(warning.why) for warning in warnings_about(session, certificate)]


def months(number: int, begins: date = date(2026, 1, 24)) -> dict[str, date]:
    """Days of a certificate that runs so many months."""
    last = begins + relativedelta(months=number)
    return {"issued_on": begins, "valid_from": begins, "valid_to": last}


def test_what_is_recorded_can_be_read_back(
    given: Given, session: Session, area: PlantingArea
) -> None:
    holder = session.get_one(Organisation, area.organisation_id)
    may = given.grower(holder)
    certificate = given.certificate(area, members=(may.uid,))
    session.commit()
    session.expire_all()
    scope = scope_of(session, certificate)
    assert [crop.slug for crop in scope.crops] == ["BAP_CAI"]
    assert [found.uid for found in scope.areas] == [area.uid]
    assert [grower.uid for grower in scope.members] == [may.uid]
    assert certificate.status is ACTIVE
    assert warned(session, certificate) == []


def test_recording_is_a_fact_of_the_holders_history(
    given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = given.certificate(area)
    (fact,) = history_of(session, str(certificate.uid))
    assert fact.kind == "certificate.recorded"
    assert fact.facts["crops"] == ["BAP_CAI"]
    assert fact.facts["areas"] == [str(area.uid)]
    assert fact.facts["confirmation"] == "self_declared"
    assert fact.intact


@pytest.mark.parametrize(
    ("role", "confirmation"),
    [
        (Role.COOP_ADMIN, Confirmation.SELF_DECLARED),
        (Role.INSPECTOR, Confirmation.INSPECTOR),
        (Role.CERTIFIER, Confirmation.BODY),
    ],
)
def test_who_records_decides_how_strongly_it_is_vouched_for(
    given: Given, area: PlantingArea, role: Role, confirmation: Confirmation
) -> None:
    assert given.certificate(area, by=given.caller(role)).confirmation is confirmation


def test_a_certifier_records_only_in_the_name_of_its_own_body(
    given: Given, area: PlantingArea
) -> None:
    rival = given.organisation(OrganisationKind.CERTIFICATION_BODY, "Chứng nhận Đối Thủ")
    certifier = given.caller(Role.CERTIFIER)
    certificate = given.certificate(area, by=certifier, body=rival.uid, body_name="Ai đó")
    assert certificate.body_id == certifier.organisation_id
    assert certificate.body_name == certifier.organisation_name


def test_a_certifier_whose_organisation_is_no_certification_body_records_nothing(
    given: Given, area: PlantingArea
) -> None:
    impostor = given.caller(Role.CERTIFIER, given.cooperative())
    faults(lambda: given.certificate(area, by=impostor), Forbidden)


def test_a_registered_body_may_be_named_and_then_sees_the_certificate(
    given: Given, session: Session, area: PlantingArea
) -> None:
    certifier = given.caller(Role.CERTIFIER)
    certificate = given.certificate(area, body=certifier.organisation_uid, body_name="")
    assert certificate.body_name == certifier.organisation_name
    assert certificate.confirmation is Confirmation.SELF_DECLARED
    sight = Sight.of(certifier, Reach.own(certifier.organisation_id))
    assert certificate_line(session, certificate.uid, sight=sight).certificate is certificate


def test_a_body_that_is_none_is_refused(given: Given, area: PlantingArea) -> None:
    assert faults(lambda: given.certificate(area, body=given.cooperative().uid)) == ["body"]
    assert faults(lambda: given.certificate(area, body=uuid4())) == ["body"]
    assert faults(lambda: given.certificate(area, body_name=" - ")) == ["body_name"]


@pytest.mark.parametrize("kind", [OrganisationKind.AUTHORITY, OrganisationKind.CERTIFICATION_BODY])
def test_only_producers_hold_certificates(given: Given, kind: OrganisationKind) -> None:
    area = given.area(given.organisation(kind))
    assert faults(lambda: given.certificate(area, by=given.caller(Role.INSPECTOR))) == ["holder"]


def test_an_organic_certificate_of_more_than_two_years_is_refused(
    given: Given, area: PlantingArea
) -> None:
    """NĐ 109/2018/NĐ-CP art. 8(2), text seen."""
    longer = months(24)
    longer["valid_to"] += relativedelta(days=1)
    organic: dict[str, Any] = {"standard": "ORGANIC_2017", "number": "HC-1"}
    assert faults(lambda: given.certificate(area, **organic, **longer)) == ["valid_to"]
    assert given.certificate(area, **organic, **months(24)).pk


def test_a_food_safety_certificate_of_more_than_three_years_is_refused_and_a_pledge_warns(
    given: Given, session: Session, area: PlantingArea
) -> None:
    """Luật 55/2010/QH12 art. 37, text seen; TT 17/2018/TT-BNNPTNT at second hand."""
    longer = months(37)
    certificate: dict[str, Any] = {"standard": "FOOD_SAFETY_2024", "number": "ATTP-1"}
    assert faults(lambda: given.certificate(area, **certificate, **longer)) == ["valid_to"]
    pledge = given.certificate(area, standard="FOOD_SAFETY_PLEDGE", number="CK-1", **longer)
    expected = "Such a certificate is valid for at most 36 months (TT 17/2018/TT-BNNPTNT)."
    assert warned(session, pledge) == [expected]


def test_a_vietgap_certificate_of_more_than_three_years_is_kept_with_a_warning(
    given: Given, session: Session, area: PlantingArea
) -> None:
    assert warned(session, given.certificate(area, **months(36))) == []
    other = given.area(session.get_one(Organisation, area.organisation_id))
    longer = given.certificate(other, **months(37))
    expected = "Such a certificate is valid for at most 36 months (TT 28/2012/TT-BKHCN)."
    assert warned(session, longer) == [expected]


def test_an_old_vietgap_certificate_ran_two_years_and_three_months_at_most(
    given: Given, session: Session, area: PlantingArea
) -> None:
    """TT 48/2012/TT-BNNPTNT art. 17, while crops were under it."""
    old = date(2018, 3, 1)
    extended = given.certificate(area, **months(27, old))
    assert warned(session, extended) == []
    longer = given.certificate(area, **months(28, old))
    assert any("27 months" in warning for warning in warned(session, longer))


def test_a_rule_known_at_second_hand_refuses_once_the_administrator_switched_it_on(
    given: Given, session: Session, area: PlantingArea, now: datetime
) -> None:
    ocop: dict[str, Any] = {"standard": "OCOP_2023", "areas": (), **months(37)}
    first = given.certificate(area, number="OCOP-1", **ocop)
    assert any("36 months" in warning for warning in warned(session, first))
    strict = RuleAmendment(date(2026, 1, 1), 36, "QĐ 148/QĐ-TTg", Confidence.SECONDARY, True)
    set_legal_rule(
        session, key="certificate.ocop.validity_months", amendment=strict, by=OFFICER, now=now
    )
    assert faults(lambda: given.certificate(area, number="OCOP-2", **ocop)) == ["valid_to"]


def test_an_unusual_vietgap_number_is_kept_with_a_warning(
    given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = given.certificate(area, number="QUACERT 0123/2025")
    assert certificate.number == "QUACERT 0123/2025"
    expected = "The number does not look like VietGAP-TT-00-00-00-0000."
    assert warned(session, certificate) == [expected]


def test_a_ggn_must_add_up_and_is_kept_without_spaces(given: Given, area: PlantingArea) -> None:
    gap: dict[str, Any] = {"standard": "GLOBALGAP_IFA_6"}
    wrong = A_GGN[:-1] + "5"
    assert faults(lambda: given.certificate(area, number=wrong, **gap)) == ["number"]
    assert given.certificate(area, number="404 99284 15684", **gap).number == A_GGN


def test_a_permanent_ggn_may_come_again_when_the_certificate_is_renewed(
    given: Given, area: PlantingArea
) -> None:
    gap: dict[str, Any] = {"standard": "GLOBALGAP_IFA_6", "number": A_GGN}
    given.certificate(area, **gap, **months(12, date(2025, 1, 24)))
    assert faults(lambda: given.certificate(area, **gap, **months(12)), Conflict) == ["number"]
    renewed = months(12, date(2026, 1, 25))
    assert given.certificate(area, **gap, **renewed).pk


def test_one_number_is_recorded_once(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    again = {"number": certificate.number}
    assert faults(lambda: given.certificate(given.area(), **again), Conflict) == ["number"]


def test_areas_growers_and_crops_of_others_are_not_in_the_scope(
    given: Given, area: PlantingArea
) -> None:
    theirs = given.area()
    stranger = given.grower(given.cooperative())
    assert faults(lambda: given.certificate(area, areas=(area.uid, theirs.uid))) == ["areas"]
    assert faults(lambda: given.certificate(area, members=(stranger.uid,))) == ["members"]
    assert faults(lambda: given.certificate(area, crops=("BAP_CAI", "CA_CHUA"))) == ["crops"]


def test_a_crop_or_standard_that_does_not_exist_is_refused(
    given: Given, area: PlantingArea
) -> None:
    assert faults(lambda: given.certificate(area, crops=("SAU_RIENG",))) == ["crops"]
    assert faults(lambda: given.certificate(area, standard="VIETGAP_1999")) == ["standard"]


def test_the_scope_of_an_organisation_grows_in_one_of_its_areas(
    given: Given, session: Session, area: PlantingArea
) -> None:
    holder = session.get_one(Organisation, area.organisation_id)
    tomatoes = given.area(holder, crop="CA_CHUA")
    both = given.certificate(area, areas=(area.uid, tomatoes.uid), crops=("BAP_CAI", "CA_CHUA"))
    assert len(scope_of(session, both).crops) == 2
    # An OCOP product is not bound to areas: anything the holder grows anywhere will do.
    ocop = given.certificate(
        area, standard="OCOP_2023", number="OCOP-9", areas=(), crops=("CA_CHUA",)
    )
    assert scope_of(session, ocop).areas == []


def test_goods_need_a_crop_and_an_area_and_a_facility_neither(
    given: Given, area: PlantingArea
) -> None:
    assert faults(lambda: given.certificate(area, crops=(), areas=())) == ["crops", "areas"]
    facility = given.certificate(
        area, standard="FOOD_SAFETY_2024", number="ATTP-2", crops=(), areas=()
    )
    assert facility.pk


def test_every_fault_is_told_at_once(given: Given, area: PlantingArea) -> None:
    wrong: dict[str, Any] = {
        "issued_on": given.day(1),
        "valid_from": given.day(2),
        "valid_to": given.day(1),
        "in_conversion": True,
    }
    told = faults(lambda: given.certificate(area, **wrong))
    assert told == ["valid_to", "issued_on", "in_conversion"]


def test_a_grade_that_does_not_pass_is_kept_with_a_warning(
    given: Given, session: Session, area: PlantingArea
) -> None:
    facility = given.certificate(
        area, standard="FOOD_SAFETY_2024", number="ATTP-3", grade="fail", **months(36)
    )
    assert any("has not passed" in warning for warning in warned(session, facility))


def test_an_overlap_with_another_certificate_warns_on_both(
    given: Given, session: Session, area: PlantingArea
) -> None:
    first = given.certificate(area)
    second = given.certificate(area, valid_from=given.day(300), valid_to=given.day(400))
    session.flush()
    days = f"from {given.day(300)} to {given.day(300)}."
    assert warned(session, first) == [f"Certificate {second.number} covers the same {days}"]
    assert warned(session, second) == [f"Certificate {first.number} covers the same {days}"]


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
    told = faults(
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
    told = faults(lambda: changed(given, certificate, SUSPENDED, days))
    assert told == ["effective_on"]


def test_a_change_lies_not_before_an_earlier_one(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    changed(given, certificate, SUSPENDED, -10)
    assert faults(lambda: changed(given, certificate, ACTIVE, -11)) == ["effective_on"]
    changed(given, certificate, ACTIVE, -10)
    steps = steps_of(given.session, [certificate.pk])[certificate.pk]
    assert status_on(steps, given.day(0)) is certificate.status


def test_the_status_allows_only_certain_changes(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    faults(lambda: changed(given, certificate, ACTIVE, 0))
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


def test_a_certifier_does_not_find_the_certificates_of_another_body(
    given: Given, session: Session, area: PlantingArea
) -> None:
    one, other = given.caller(Role.CERTIFIER), given.caller(Role.CERTIFIER)
    certificate = given.certificate(area, by=one)
    own = Sight.of(one, Reach.own(one.organisation_id))
    assert certificate_line(session, certificate.uid, sight=own).certificate is certificate
    strange = Sight.of(other, Reach.own(other.organisation_id))
    with pytest.raises(NotFound):
        certificate_line(session, certificate.uid, sight=strange)


def test_a_certificate_is_recorded_with_its_day_of_issue_in_the_past(
    given: Given, session: Session, area: PlantingArea, now: datetime
) -> None:
    holder = session.get_one(Organisation, area.organisation_id)
    details = CertificateDetails(
        standard="VIETGAP_2026",
        number="VietGAP-TT-26-09-15-0001",
        issued_on=given.day(1),
        valid_from=given.day(0),
        valid_to=given.day(100),
        crops=(crop_by_slug(session, "BAP_CAI").slug,),
        areas=(area.uid,),
        body_name="Tây Bắc",
    )
    told = faults(
        lambda: record_certificate(
            session,
            holder=holder,
            details=details,
            caller=given.caller(Role.COOP_ADMIN, holder),
            now=now,
        )
    )
    assert told == ["issued_on"]
