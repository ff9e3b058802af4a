"""Units' own parts of a report: filled in from the records, kept beside them, reminded of, late."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.errors import Refused
from app.kit.quantities import SquareMetres
from app.models.accounts import Role
from app.models.catalogue import CropGroup
from app.models.registry import Organisation, OrganisationKind
from app.notices.queries import notices_of
from app.plan.part_reminders import remind_of_parts
from app.plan.report_periods import Period, ReportTerms, period_from, periods_offered
from app.plan.submission_rules import GroupPart, PartFigures, require_plausible
from tests.given import Given

API = "/api/v1/plan/submissions"
CAI = CropGroup.LEAF_BRASSICA


def test_a_part_is_filled_in_from_the_records_and_each_version_is_kept(
    session: Session, given: Given, client
):
    area = given.area(area_m2=20_000)
    given.season(area, sown=SquareMetres(20_000), harvest_from=-9)
    given.lot(area, kilograms=5_000)
    home = session.get_one(Organisation, area.organisation_id)
    boss, officer = given.headers(Role.COOP_ADMIN, home), given.headers(Role.PROVINCE_ADMIN)
    other = given.headers(Role.COOP_ADMIN)
    session.commit()
    page = client.get("/work/plan-report?period=2026-0", headers=boss)
    assert page.status_code == 200
    field = re.findall(r'name="output_g_leaf_brassica"[^>]*value="([^"]*)"', page.text)
    assert field == ["5"]
    bad = {"period": "2026-0", "land_m2": "2", "output_g_leaf_brassica": "năm tấn"}
    refused = client.post("/work/plan-report", data=bad, headers=boss)
    assert refused.status_code == 422 and "năm tấn" in refused.text
    good = {**bad, "sown_m2_leaf_brassica": "3,5", "output_g_leaf_brassica": "7,25", "once": "1"}
    for _ in range(2):  # pressed twice, sent once
        assert client.post("/work/plan-report", data=good, headers=boss).status_code == 303
    sent = {
        "year": 2026,
        "land_m2": 20_000,
        "groups": [{"group": "leaf_brassica", "sown_m2": 40_000, "output_g": 6_000_000}],
    }
    keyed = {**boss, "Idempotency-Key": "a"}
    assert client.post(API, json=sent, headers=keyed).json()["edition"] == 2
    mine = client.get(API, headers=boss).json()["items"]
    assert [one["edition"] for one in mine] == [2, 1]
    assert mine[1]["said"]["output_g"] == 7_250_000 and mine[1]["ours"]["output_g"] == 5_000_000
    assert client.get(API, headers=other).json()["items"] == []
    assert client.get(f"{API}/{mine[0]['id']}", headers=other).status_code == 404

    told = client.get(f"{API}/expected?year=2026", headers=officer).json()
    assert told["due_on"] == "2026-12-02"
    line = next(one for one in told["units"] if one["unit"]["name"] == home.name)
    assert line["edition"] == 2 and line["output_g"]["difference"] == 1_000_000
    communes = [one["unit"]["commune"] for one in told["units"] if one["unit"]["commune"]]
    assert len(communes) == 1
    # A commune has no account: an officer writes its part down, and nobody else may.
    part = {**sent, "commune": communes[0]}
    assert client.post(API, json=part, headers={**boss, "Idempotency-Key": "b"}).status_code == 422
    written = client.post(API, json=part, headers={**officer, "Idempotency-Key": "c"})
    assert written.status_code == 201 and written.json()["unit"]["kind"] == "commune"
    nobody = client.post(API, json=sent, headers={**officer, "Idempotency-Key": "d"})
    assert nobody.status_code == 422
    desk = client.get("/desk/plan/submissions?period=2026-0", headers=officer).text
    assert home.name in desk and written.json()["unit"]["name"] in desk


@pytest.mark.parametrize(
    ("part", "field"),
    [
        (PartFigures(), "land_m2"),
        (PartFigures(-1), "land_m2"),
        (PartFigures(10**10), "land_m2"),
        (PartFigures(0, (GroupPart(CAI, 100),)), "land_m2"),
        (PartFigures(1, (GroupPart(CAI, None, 5),)), "sown_m2_leaf_brassica"),
        (PartFigures(1, (GroupPart(CAI, 5, None, 5),)), "output_g_leaf_brassica"),
        (PartFigures(1, (GroupPart(CAI, 5, 5, 0),)), "value_dong_leaf_brassica"),
    ],
)
def test_what_no_unit_can_mean_is_refused_at_its_field(part, field):
    with pytest.raises(Refused) as refused:
        require_plausible(part)
    assert [one.field for one in refused.value.fields] == [field]
    require_plausible(PartFigures(0))
    require_plausible(PartFigures(1, (GroupPart(CAI, 5, 5, 1),)))


def test_units_are_reminded_before_the_day_and_told_once_when_it_passed(
    session: Session, given: Given, now
):
    area = given.area()
    given.organisation(OrganisationKind.AUTHORITY)
    session.flush()

    def told():
        page = notices_of(session, area.organisation_id, unread_only=True, after=None, limit=50)
        return sum(one.kind == "plan_part.due" for one in page.items)

    # Due on 2 December: fourteen days before, three days before, once it has passed.
    counts = []
    for day in (-3, 0, 8, 9, 12, 13, 20):
        remind_of_parts(session, now=now + timedelta(days=day))
        counts.append(told())
    assert counts == [0, 1, 1, 2, 2, 3, 3]


def test_periods_begin_and_end_where_they_say(now):
    today = now.date()
    assert [one.key for one in periods_offered(today)] == [
        "2026-0",
        "2025-0",
        "2026-4",
        "2026-3",
        "2026-2",
        "2026-1",
    ]
    fourth, terms = Period(2026, 4), ReportTerms()
    assert (str(fourth.first), str(fourth.last)) == ("2026-10-01", "2026-12-31")
    assert str(Period(2024, 1).last) == "2024-03-31"
    assert str(terms.report_due(Period(2026))) == "2026-12-09"  # before the 10th
    assert str(terms.part_due(fourth)) == "2027-01-03"
    for wrong in ("", "năm nay", "2026-5", "２０２６-0", "2026-00", "1999-0", "2027-0"):
        with pytest.raises(Refused):
            period_from(wrong, today)
