"""Laboratory results of lots: what they do to claims, to notices, to the page, and who may change them."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.caller import Caller
from app.errors import Refused
from app.inspection.lab_commands import (
    ReportDetails,
    correct_report,
    record_report,
    withdraw_report,
)
from app.inspection.lab_rules import Finding
from app.ledger.queries import history_of
from app.lots.evidence import claims_of
from app.lots.lab_queries import lab_reports_of, lab_results_of
from app.lots.queries import line_of
from app.models.accounts import Role
from app.models.inspection import AnalyteGroup, LabReport, Sampler, Verdict
from app.models.lots import HarvestLot
from app.models.notices import Notice
from app.models.registry import Organisation
from tests.given import Given

EN = {"Accept-Language": "en"}
OVER = Finding("Cypermethrin", value=Decimal("2.4"), unit="mg/kg", limit=Decimal(1))
FINE = Finding("Cypermethrin", value=Decimal("0.02"), unit="mg/kg", limit=Decimal(1))


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    area = given.area(given.cooperative("Hợp tác xã Bản Phố"))
    given.code(area)
    made = given.lot(area)
    session.commit()
    return made


def report(
    given: Given,
    lot: HarvestLot,
    caller: Caller,
    *findings: Finding,
    number: str = "KN-1",
    **other: object,
) -> LabReport:
    return record_report(
        given.session,
        line=line_of(given.session, lot),
        details=details(given, *findings, number=number, **other),
        caller=caller,
        now=given.now,
    )


def details(
    given: Given, *findings: Finding, number: str = "KN-1", **other: object
) -> ReportDetails:
    return ReportDetails(
        laboratory="Trung tâm Kiểm nghiệm",
        number=number,
        sampled_on=given.day(-1),
        reported_on=given.day(0),
        findings=findings,
        **other,
    )


def granted(given: Given, lot: HarvestLot) -> set[str]:
    claims = claims_of(given.session, lot, today=given.day(0))
    return {claim.kind for claim in claims if claim.granted}


def staff(given: Given, lot: HarvestLot) -> Caller:
    return given.caller(Role.STAFF, given.session.get_one(Organisation, lot.organisation_id))


def told(session: Session) -> list[tuple[str, str]]:
    wanted = (
        select(col(Organisation.kind), col(Notice.address))
        .join(Organisation, col(Organisation.id) == col(Notice.organisation_id))
        .where(col(Notice.kind) == "lab.failed")
        .order_by(col(Notice.id))
    )
    return [(kind.value, address) for kind, address in session.execute(wanted)]


def test_whose_sample_it_was_follows_from_who_writes_it_down(given: Given, lot: HarvestLot) -> None:
    report(given, lot, given.caller(Role.INSPECTOR), FINE)
    report(given, lot, staff(given, lot), FINE, number="TN-2")
    assert [one.sampler for one in lab_results_of(given.session, lot)] == [
        Sampler.OWN,
        Sampler.OFFICIAL,
    ]


def test_a_name_is_written_as_the_catalogue_writes_it(given: Given, lot: HarvestLot) -> None:
    pesticide, metal = (
        Finding(name, group, value=Decimal("0.01"), unit="mg/kg")
        for name, group in (
            ("MATRINE 2%", AnalyteGroup.PESTICIDE),
            ("Cadmium", AnalyteGroup.HEAVY_METAL),
        )
    )
    report(given, lot, staff(given, lot), pesticide, metal)
    [results] = [one.results for one in lab_results_of(given.session, lot)]
    assert [one.analyte for one in results] == ["matrine", "Cadmium"]


def test_a_dated_row_stands_in_for_a_limit_that_the_report_does_not_name(
    session: Session, given: Given
) -> None:
    lot = given.lot(given.area(crop="CA_CHUA"), crop="CA_CHUA")
    found = Finding("Acephate", value=Decimal("0.4"), unit="mg/kg")
    report(given, lot, staff(given, lot), found)
    [[result]] = [one.results for one in lab_results_of(session, lot)]
    assert (result.limit, result.limit_ref) == (Decimal(1), "TT 50/2016/TT-BYT")
    assert result.limit_confidence is not None
    assert result.verdict is Verdict.NOT_JUDGED  # an inferred row only shows what it knows


def test_a_failed_official_sample_withholds_every_claim_and_says_why(
    given: Given, lot: HarvestLot
) -> None:
    assert granted(given, lot) == {"area_code"}
    report(given, lot, given.caller(Role.INSPECTOR), OVER, number="KN-77")
    assert granted(given, lot) == set()
    [claim] = [
        one for one in claims_of(given.session, lot, today=given.day(0)) if one.kind == "area_code"
    ]
    assert "Cypermethrin" in str(claim.reason)
    assert "KN-77" in str(claim.reason)
    assert claim.mend is not None


@pytest.mark.parametrize("finding", [FINE, OVER])
def test_an_own_test_takes_no_claim_away(given: Given, lot: HarvestLot, finding: Finding) -> None:
    report(given, lot, staff(given, lot), finding)
    assert granted(given, lot) == {"area_code"}


def test_a_failed_own_test_is_told_to_the_cooperative_and_every_authority(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    given.caller(Role.INSPECTOR)
    report(given, lot, staff(given, lot), OVER)
    assert told(session) == [
        ("cooperative", f"/work/lots/{lot.code}"),
        ("authority", f"/desk/lots/{lot.code}"),
    ]


def test_a_failed_official_sample_is_told_to_its_holder(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    report(given, lot, given.caller(Role.INSPECTOR), OVER)
    assert told(session) == [("cooperative", f"/work/lots/{lot.code}")]


def test_one_that_passes_is_told_to_nobody(session: Session, given: Given, lot: HarvestLot) -> None:
    report(given, lot, given.caller(Role.INSPECTOR), FINE)
    report(given, lot, staff(given, lot), FINE)
    assert told(session) == []


def test_a_verification_test_that_passes_lifts_it_and_another_does_not(
    given: Given, lot: HarvestLot
) -> None:
    officer = given.caller(Role.INSPECTOR)
    failed = report(given, lot, officer, OVER)
    report(given, lot, officer, FINE, number="KN-2")  # a sample of its own
    assert granted(given, lot) == set()
    report(given, lot, officer, FINE, number="KN-3", verifies=failed.uid)
    assert granted(given, lot) == {"area_code"}
    lifted = {one.number: one.lifted for one in lab_results_of(given.session, lot)}
    assert lifted == {"KN-1": True, "KN-2": False, "KN-3": False}


def test_only_an_officer_verifies_and_only_of_the_same_lot(given: Given, lot: HarvestLot) -> None:
    officer = given.caller(Role.INSPECTOR)
    failed = report(given, lot, officer, OVER)
    elsewhere = given.lot()
    with pytest.raises(Refused):
        report(given, lot, staff(given, lot), FINE, verifies=failed.uid)
    with pytest.raises(Refused):
        report(given, elsewhere, officer, FINE, verifies=failed.uid)


def test_a_correction_keeps_the_original_and_counts_in_its_place(
    given: Given, lot: HarvestLot
) -> None:
    officer = given.caller(Role.INSPECTOR)
    wrong = report(given, lot, officer, OVER)
    correct_report(
        given.session,
        report=wrong,
        details=details(given, FINE, number="KN-1"),
        caller=officer,
        now=given.now,
    )
    assert granted(given, lot) == {"area_code"}
    lines = lab_reports_of(given.session, lot)
    assert [(one.told.verdict, one.stands) for one in lines] == [
        (Verdict.PASSED, True),
        (Verdict.FAILED, False),
    ]
    assert lines[0].corrects == wrong.uid
    with pytest.raises(Refused):
        correct_report(
            given.session, report=wrong, details=details(given, FINE), caller=officer, now=given.now
        )


def test_a_withdrawn_report_counts_no_more_and_stays_to_be_read(
    given: Given, lot: HarvestLot
) -> None:
    officer = given.caller(Role.INSPECTOR)
    wrong = report(given, lot, officer, OVER)
    with pytest.raises(Refused):
        withdraw_report(given.session, report=wrong, reason=" ", caller=officer, now=given.now)
    withdraw_report(
        given.session, report=wrong, reason="Nhầm mẫu của lô khác.", caller=officer, now=given.now
    )
    assert granted(given, lot) == {"area_code"}
    assert lab_results_of(given.session, lot) == ()
    [line] = lab_reports_of(given.session, lot)
    assert line.report.withdrawn_reason == "Nhầm mẫu của lô khác."


def test_neither_side_changes_what_the_other_wrote(given: Given, lot: HarvestLot) -> None:
    officer, clerk = given.caller(Role.INSPECTOR), staff(given, lot)
    official, own = report(given, lot, officer, OVER), report(given, lot, clerk, OVER)
    for one, caller in ((official, clerk), (own, officer)):
        with pytest.raises(Refused):
            withdraw_report(
                given.session, report=one, reason="Không đúng.", caller=caller, now=given.now
            )


def test_everything_is_in_the_lot_s_history(given: Given, lot: HarvestLot) -> None:
    officer = given.caller(Role.INSPECTOR)
    made = report(given, lot, officer, OVER)
    withdraw_report(given.session, report=made, reason="Nhầm lô.", caller=officer, now=given.now)
    kinds = [fact.kind for fact in history_of(given.session, lot.code)]
    assert kinds[-2:] == ["lab.recorded", "lab.withdrawn"]


def test_the_page_follows_at_the_next_scan(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    def page() -> str:
        return client.get(f"/t/{lot.code}", headers=EN).text

    before = page()
    assert "A laboratory test failed: do not eat" not in before
    officer = given.caller(Role.INSPECTOR)
    failed = report(given, lot, officer, OVER)
    session.commit()
    assert "A laboratory test failed: do not eat" in page()
    twin = client.get(f"/api/v1/public/lots/{lot.code}", headers=EN).json()
    assert "Cypermethrin" in twin["failed_test"]
    report(given, lot, officer, FINE, number="KN-3", verifies=failed.uid)
    session.commit()
    assert "A laboratory test failed: do not eat" not in page()
