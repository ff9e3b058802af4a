"""Laboratory results on pages: written down by clerk and inspector, kept apart, corrected, taken back."""

import io
import re

import pikepdf
import pytest
from sqlalchemy import func, select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.inspection import LabReport
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from tests.given import Given

EN = {"Accept-Language": "en", "sec-fetch-site": "same-origin"}
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    session.commit()
    return made


def headers(session: Session, given: Given, role: Role, lot: HarvestLot) -> dict[str, str]:
    home = session.get_one(Organisation, lot.organisation_id) if role is Role.STAFF else None
    made = {**EN, "Cookie": "lang=en", **given.headers(role, home)}
    session.commit()
    return made


def typed(given: Given, **other: str) -> dict[str, str]:
    return {
        "once": "a",
        "lines": "4",
        "laboratory": "Trung tâm Kiểm nghiệm",
        "number": "KN-1",
        "sampled_on": given.day(-1).isoformat(),
        "reported_on": given.day(0).isoformat(),
        "analyte_1": "Cypermethrin",
        "group_1": "pesticide",
        "found_1": "2,4",
        "unit_1": "mg/kg",
        "limit_1": "1",
        **other,
    }


def sent(client: TestClient, address: str, head: dict[str, str], data: dict[str, str], **more):
    # As a browser sends a form that takes a file.
    files = more.pop("files", {"file": ("", b"", "application/octet-stream")})
    return client.post(address, headers=head, data=data, files=files, **more)


def test_a_failed_official_sample_offers_the_one_next_step(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    inspector = headers(session, given, Role.INSPECTOR, lot)
    answer = sent(client, f"/work/lots/{lot.code}/tests", inspector, typed(given))
    assert answer.status_code == 303
    page = client.get(f"/desk/lots/{lot.code}", headers=inspector).text
    assert "Official sample" in page
    assert page.index("Hold this lot") < page.index("What it may claim today")
    version, reason = VERSION.search(page), re.search(r'name="reason" value="([^"]+)"', page)
    assert version
    assert reason
    data = {"version": version[1], "reason": reason[1]}
    held = client.post(f"/desk/lots/{lot.code}/hold", headers=inspector, data=data)
    assert held.status_code == 303
    session.expire_all()
    assert session.get_one(HarvestLot, lot.pk).state is LotState.HELD
    clerk = headers(session, given, Role.STAFF, lot)
    theirs = client.get(f"/work/lots/{lot.code}", headers=clerk).text
    assert "The lot claims nothing until that is settled." in theirs
    assert f"/desk/lots/{lot.code}/hold" not in theirs


def test_an_own_test_is_told_apart_and_warns_both(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given))
    inspector = headers(session, given, Role.INSPECTOR, lot)
    for address, head in (("work", clerk), ("desk", inspector)):
        page = client.get(f"/{address}/lots/{lot.code}", headers=head).text
        assert "The cooperative&#39;s own test" in page
        assert "Official sample" not in page


def test_what_was_typed_stays_and_each_fault_stands_beside_its_field(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    wrong = typed(given, laboratory="", found_1="nhiều", analyte_2="Chì", sampled_on="2031-01-01")
    answer = sent(client, f"/work/lots/{lot.code}/tests", clerk, wrong)
    assert answer.status_code == 422
    for field in ("laboratory", "found_1", "found_2"):
        assert f'id="why-{field}"' in answer.text
    assert 'value="nhiều"' in answer.text
    assert 'value="Chì"' in answer.text


def test_more_lines_are_given_without_losing_any(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    page = sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given, more="yes")).text
    assert 'name="analyte_10"' in page
    assert 'value="Cypermethrin"' in page
    assert session.execute(select(func.count()).select_from(LabReport)).scalar_one() == 0


def test_pressing_twice_keeps_one_report(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    for _ in range(2):
        sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given))
    assert session.execute(select(func.count()).select_from(LabReport)).scalar_one() == 1


def test_the_paper_is_kept_without_its_script(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    pdf, written = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.save(written)
    files = {"file": ("phiếu.pdf", written.getvalue(), "application/pdf")}
    sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given), files=files)
    page = client.get(f"/work/lots/{lot.code}/tests", headers=clerk).text
    address = re.search(r"/work/lab-papers/[0-9a-f-]+", page)
    assert address
    answer = client.get(address[0], headers=clerk)
    assert answer.headers["content-disposition"].startswith("attachment")
    with pikepdf.open(io.BytesIO(answer.content)) as kept:
        assert "/OpenAction" not in kept.Root


def test_a_paper_that_is_none_keeps_no_report_either(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    files = {"file": ("phieu.pdf", b"<svg onload=alert(1)>", "application/pdf")}
    answer = sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given), files=files)
    assert answer.status_code == 422
    assert 'id="why-file"' in answer.text
    assert session.execute(select(func.count()).select_from(LabReport)).scalar_one() == 0


def test_a_report_is_corrected_from_what_it_said(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given))
    page = client.get(f"/work/lots/{lot.code}/tests", headers=clerk).text
    address = re.search(r"/work/lab-reports/[0-9a-f-]+", page)
    assert address
    form = client.get(f"{address[0]}/correct", headers=clerk).text
    assert 'value="2,4"' in form
    version = VERSION.search(form)
    assert version
    data = typed(given, found_1="0,24", version=version[1], once="b")
    assert sent(client, f"{address[0]}/tests", clerk, data).status_code == 303
    page = client.get(f"/work/lots/{lot.code}/tests", headers=clerk).text
    assert "Corrected by a later report" in page
    assert "failed:" not in page
    again = sent(client, f"{address[0]}/tests", clerk, {**data, "once": "c"})
    assert again.status_code == 422


def test_a_withdrawal_says_why(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    clerk = headers(session, given, Role.STAFF, lot)
    sent(client, f"/work/lots/{lot.code}/tests", clerk, typed(given))
    page = client.get(f"/work/lots/{lot.code}/tests", headers=clerk).text
    address = re.search(r"/work/lab-reports/[0-9a-f-]+", page)
    assert address
    data = {"version": "1", "reason": ""}
    assert client.post(f"{address[0]}/withdraw", headers=clerk, data=data).status_code == 422
    data["reason"] = "Nhầm lô <script>alert(1)</script>"
    assert client.post(f"{address[0]}/withdraw", headers=clerk, data=data).status_code == 303
    page = client.get(f"/work/lots/{lot.code}/tests", headers=clerk).text
    assert "Nhầm lô &lt;script&gt;" in page


def test_another_cooperative_finds_nothing(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    report, paper = given.lab_report(lot)
    stranger = {**EN, **given.headers(Role.STAFF)}
    session.commit()
    for address in (
        f"/work/lots/{lot.code}/tests",
        f"/work/lab-reports/{report.uid}/correct",
        f"/work/lab-papers/{paper.uid}",
    ):
        assert client.get(address, headers=stranger).status_code == 404
