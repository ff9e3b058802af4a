"""The form of a recall is filled in by where it was opened, and only for who may open one."""

import re
from decimal import Decimal
from html import unescape

from sqlmodel import Session
from starlette.testclient import TestClient

from app.inspection.lab_rules import Finding
from app.models.accounts import Role
from tests.given import Given
from tests.inspection.visiting import found_at
from tests.recalls.recalling import running, world_of


def test_the_form_is_filled_from_a_result_a_report_a_finding_and_a_trace(
    session: Session, given: Given, client: TestClient
) -> None:
    world = world_of(session, given)
    lot, code = world.harvest, world.harvest.code
    much = Finding("Chlorpyrifos", value=Decimal("1.8"), unit="mg/kg", limit=Decimal("0.05"))
    result, _ = given.lab_report(lot, much, number="KN-77")
    report = given.report(lot)
    finding = found_at(session, given, world.home)
    officer = given.headers(Role.INSPECTOR)
    clerk = given.headers(Role.STAFF, world.home)
    stranger = given.headers(Role.COOP_ADMIN, world.friend)
    session.commit()

    def linked(page: str) -> str:
        """The form that a page's button leads to."""
        shown = client.get(page, headers=officer).text
        [first, *_] = re.findall(r'href="(/work/recalls/new[^"]+)"', shown)
        return unescape(client.get(unescape(first), headers=officer).text)

    for page, wanted in (
        (f"/work/lots/{lot.code}/tests", (lot.code, "Chlorpyrifos", "KN-77", str(result.uid))),
        (f"/desk/reports/{report.uid}", (lot.code, str(report.uid))),
        (f"/desk/findings/{finding.uid}", (world.packed.code, finding.words)),
        (f"/desk/trace?q={world.packed.code}", (world.packed.code,)),
        (f"/desk/trace?since={given.day(-90)}", (world.packed.code, lot.code)),
    ):
        form = linked(page)
        assert [one for one in wanted if one not in form] == [], page
    button = "/work/recalls/new"
    assert button not in client.get(f"/work/lots/{lot.code}/tests", headers=clerk).text
    # What somebody may not see fills nothing.
    other = client.get(f"{button}?lab_report={result.uid}", headers=stranger)
    assert other.status_code == 200
    assert "KN-77" not in other.text
    assert client.get(f"{button}?lab_report=x&trace=y&finding=z", headers=officer).is_success
    running(session, given, world)
    session.commit()
    assert f"{button}?lab" not in client.get(f"/work/lots/{code}/tests", headers=officer).text
