"""What a certificate may say, by the law of its day, on both engines."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from sqlmodel import Session

from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.queries import crop_by_slug
from app.certificates.commands import (
    CertificateDetails,
    record_certificate,
)
from app.certificates.queries import scope_of
from app.errors import Conflict
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.certificates import CertificateStatus, Confirmation
from app.models.registry import Organisation, PlantingArea
from tests.certificates.examples import warned
from tests.given import Given
from tests.refusals import refused

OFFICER = Actor(uuid4(), "province_admin", uuid4())
A_GGN = "4049928415684"


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
    assert certificate.status is CertificateStatus.ACTIVE
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


def test_an_organic_certificate_of_more_than_two_years_is_refused(
    given: Given, area: PlantingArea
) -> None:
    """NĐ 109/2018/NĐ-CP art. 8(2), text seen."""
    longer = months(24)
    longer["valid_to"] += relativedelta(days=1)
    organic: dict[str, Any] = {"standard": "ORGANIC_2017", "number": "HC-1"}
    assert refused(lambda: given.certificate(area, **organic, **longer)) == ["valid_to"]
    assert given.certificate(area, **organic, **months(24)).pk


def test_a_food_safety_certificate_of_more_than_three_years_is_refused_and_a_pledge_warns(
    given: Given, session: Session, area: PlantingArea
) -> None:
    """Luật 55/2010/QH12 art. 37, text seen; TT 17/2018/TT-BNNPTNT at second hand."""
    longer = months(37)
    certificate: dict[str, Any] = {"standard": "FOOD_SAFETY_2024", "number": "ATTP-1"}
    assert refused(lambda: given.certificate(area, **certificate, **longer)) == ["valid_to"]
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
    assert refused(lambda: given.certificate(area, number="OCOP-2", **ocop)) == ["valid_to"]


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
    assert refused(lambda: given.certificate(area, number=wrong, **gap)) == ["number"]
    assert given.certificate(area, number="404 99284 15684", **gap).number == A_GGN


def test_a_permanent_ggn_may_come_again_when_the_certificate_is_renewed(
    given: Given, area: PlantingArea
) -> None:
    gap: dict[str, Any] = {"standard": "GLOBALGAP_IFA_6", "number": A_GGN}
    given.certificate(area, **gap, **months(12, date(2025, 1, 24)))
    assert refused(lambda: given.certificate(area, **gap, **months(12)), Conflict) == ["number"]
    renewed = months(12, date(2026, 1, 25))
    assert given.certificate(area, **gap, **renewed).pk


def test_one_number_is_recorded_once(given: Given, area: PlantingArea) -> None:
    certificate = given.certificate(area)
    again = {"number": certificate.number}
    assert refused(lambda: given.certificate(given.area(), **again), Conflict) == ["number"]


def test_every_fault_is_told_at_once(given: Given, area: PlantingArea) -> None:
    wrong: dict[str, Any] = {
        "issued_on": given.day(1),
        "valid_from": given.day(2),
        "valid_to": given.day(1),
        "in_conversion": True,
    }
    told = refused(lambda: given.certificate(area, **wrong))
    assert told == ["valid_to", "issued_on", "in_conversion"]


def test_a_grade_that_does_not_pass_is_kept_with_a_warning(
    given: Given, session: Session, area: PlantingArea
) -> None:
    facility = given.certificate(
        area, standard="FOOD_SAFETY_2024", number="ATTP-3", grade="fail", **months(36)
    )
    assert any("has not passed" in warning for warning in warned(session, facility))


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
    told = refused(
        lambda: record_certificate(
            session,
            holder=holder,
            details=details,
            caller=given.caller(Role.COOP_ADMIN, holder),
            now=now,
        )
    )
    assert told == ["issued_on"]
