"""Who holds, gave and is covered by a certificate, on both engines."""

from uuid import uuid4

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.certificates.queries import Sight, certificate_line, scope_of
from app.errors import Forbidden, NotFound
from app.models.accounts import Role
from app.models.certificates import Confirmation
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from tests.certificates.examples import warned
from tests.given import Given
from tests.refusals import refused


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
    refused(lambda: given.certificate(area, by=impostor), Forbidden)


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
    assert refused(lambda: given.certificate(area, body=given.cooperative().uid)) == ["body"]
    assert refused(lambda: given.certificate(area, body=uuid4())) == ["body"]
    assert refused(lambda: given.certificate(area, body_name=" - ")) == ["body_name"]


@pytest.mark.parametrize("kind", [OrganisationKind.AUTHORITY, OrganisationKind.CERTIFICATION_BODY])
def test_only_producers_hold_certificates(given: Given, kind: OrganisationKind) -> None:
    area = given.area(given.organisation(kind))
    assert refused(lambda: given.certificate(area, by=given.caller(Role.INSPECTOR))) == ["holder"]


def test_areas_growers_and_crops_of_others_are_not_in_the_scope(
    given: Given, area: PlantingArea
) -> None:
    theirs = given.area()
    stranger = given.grower(given.cooperative())
    assert refused(lambda: given.certificate(area, areas=(area.uid, theirs.uid))) == ["areas"]
    assert refused(lambda: given.certificate(area, members=(stranger.uid,))) == ["members"]
    assert refused(lambda: given.certificate(area, crops=("BAP_CAI", "CA_CHUA"))) == ["crops"]


def test_a_crop_or_standard_that_does_not_exist_is_refused(
    given: Given, area: PlantingArea
) -> None:
    assert refused(lambda: given.certificate(area, crops=("SAU_RIENG",))) == ["crops"]
    assert refused(lambda: given.certificate(area, standard="VIETGAP_1999")) == ["standard"]


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
    assert refused(lambda: given.certificate(area, crops=(), areas=())) == ["crops", "areas"]
    facility = given.certificate(
        area, standard="FOOD_SAFETY_2024", number="ATTP-2", crops=(), areas=()
    )
    assert facility.pk


def test_an_overlap_with_another_certificate_warns_on_both(
    given: Given, session: Session, area: PlantingArea
) -> None:
    first = given.certificate(area)
    second = given.certificate(area, valid_from=given.day(300), valid_to=given.day(400))
    session.flush()
    days = f"from {given.day(300)} to {given.day(300)}."
    assert warned(session, first) == [f"Certificate {second.number} covers the same {days}"]
    assert warned(session, second) == [f"Certificate {first.number} covers the same {days}"]


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
