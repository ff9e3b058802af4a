"""What is issued under which scheme, and what a scheme does not allow."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.reach import Reach
from app.errors import Conflict, Refused
from app.models.registry import (
    AreaCodeStep,
    CodeStatus,
)
from app.registry.code_commands import Change, revoke_code
from app.registry.code_queries import area_by_code
from tests.registry.decisions import BY, EXTERNAL, ND38, QD3156, TCCS774


def test_a_code_of_the_decree_names_province_crop_serial_and_market(session, given, area, issue):
    code = issue(given.application(area))
    assert code.code == "15-PUC-BAPCAI01-000001-VNM"
    assert json.loads(code.parts)["serial"] == 1
    assert (code.status, code.issued_on) == (CodeStatus.ACTIVE, ND38.decided_on)
    (step,) = session.execute(select(AreaCodeStep)).scalars()
    assert (step.status, step.effective_on) == (CodeStatus.ACTIVE, ND38.decided_on)


def test_the_officer_chooses_which_crop_the_code_names(given, area, issue):
    application = given.application(area)
    with pytest.raises(Refused) as refused:
        issue(application, crop="SU_SU")
    assert refused.value.fields[0].field == "crop"
    assert issue(application, crop="SU_HAO").code == "15-PUC-SUHAO01-000001-VNM"


def test_a_code_of_2022_names_the_former_district_and_commune(given, area, issue):
    assert issue(given.application(area), QD3156).code == "VN-10-085-02866-01-25"


def test_serials_count_within_their_scope(given, area, issue):
    nearby = given.area(commune="02839", former_commune="02866", established_on=date(2023, 1, 1))
    elsewhere = given.area(commune="02647", former_commune="02647", established_on=date(2023, 1, 1))
    codes = [issue(given.application(place), QD3156).code for place in (area, nearby, elsewhere)]
    assert codes == ["VN-10-085-02866-01-25", "VN-10-085-02866-02-25", "VN-10-080-02647-01-25"]


def test_a_code_of_2022_needs_the_former_commune(given, issue):
    area = given.area(former_commune=None, established_on=date(2023, 1, 1))
    with pytest.raises(Refused, match="former commune") as refused:
        issue(given.application(area), QD3156)
    assert refused.value.fields[0].field == "scheme"


def test_a_code_issued_elsewhere_is_kept_as_it_stands(session, given, area, issue):
    code = issue(given.application(area), EXTERNAL)
    assert code.code == "LCI/RAU 00017"
    assert area_by_code(session, "lci rau-00017", within=Reach.all()) is area


def test_an_export_code_of_2020_is_typed_in_for_export_only(given, area, issue):
    with pytest.raises(Refused, match="export only"):
        issue(given.application(area), TCCS774)
    assert issue(given.application(area, "CHN"), TCCS774).code == "VN-LCOR-0017"


def test_a_code_of_2022_is_for_the_home_market_only(given, area, issue):
    with pytest.raises(Refused, match="home market only"):
        issue(given.application(area, "CHN"), QD3156)


@pytest.mark.parametrize(
    ("decision", "typed"),
    [
        (EXTERNAL, ""),
        (EXTERNAL, "không số"),
        (EXTERNAL, "7\x00777"),
        (TCCS774, "LC-0017"),
        (TCCS774, "VN-LCPH-0017"),
        (ND38, "15-PUC-BAPCAI01-000009-VNM"),
    ],
)
def test_a_typed_code_has_its_form_and_others_are_not_typed(given, area, issue, decision, typed):
    with pytest.raises(Refused) as refused:
        issue(given.application(area, "CHN"), decision, typed_code=typed)
    assert refused.value.fields[0].field == "typed_code"


def test_a_code_is_given_to_one_area_however_it_is_typed(given, area, issue):
    issue(given.application(area), EXTERNAL)
    with pytest.raises(Conflict, match="given to an area already"):
        issue(given.application(given.area()), EXTERNAL, typed_code="lci.rau.00017")


def test_a_serial_the_portal_gave_out_itself_is_passed_over(given, area, issue):
    issue(given.application(area), EXTERNAL, typed_code="15-PUC-BAPCAI01-000001-VNM")
    other = given.area()
    assert issue(given.application(other)).code == "15-PUC-BAPCAI01-000002-VNM"


def test_a_new_code_follows_the_revoked_one(session, given, area, issue, now):
    first = issue(given.application(area))
    revoke_code(
        session, code=first, change=Change(date(2026, 10, 1), "Dùng thuốc cấm"), by=BY, now=now
    )
    application = given.application(area)
    with pytest.raises(Refused, match="held until"):
        issue(application, decided_on=date(2026, 9, 30))
    second = issue(application, decided_on=date(2026, 10, 1))
    assert second.predecessor_id == first.pk
    assert second.code == "15-PUC-BAPCAI01-000002-VNM"
    assert first.code == "15-PUC-BAPCAI01-000001-VNM"
