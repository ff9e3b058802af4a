"""Visits: each state of a sheet counts once, the newest one wins, and nothing is lost on the way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.caller import Caller
from app.accounts.commands import disable_account
from app.accounts.queries import account_by_uid
from app.accounts.reach import Reach
from app.errors import NotFound, Refused
from app.inspection.plan_commands import PlanDetails, drop_plan, plan_visit
from app.inspection.visit_commands import (
    Bearer,
    TakenKind,
    save_sheet,
    take_in_sheets,
    take_over,
)
from app.inspection.visit_queries import details_of, find_visit, visit_line, visits
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.checklists import ChecklistItem
from app.models.notices import Notice
from app.models.registry import Organisation, OrganisationKind
from app.models.visits import PlanState
from tests.given import Given
from tests.inspection.visiting import finding_of, sheet_of, visited


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("Hợp tác xã Rau Bản Phố")


@pytest.fixture
def officer(given: Given) -> Caller:
    return given.caller(Role.INSPECTOR)


def test_a_visit_begins_goes_on_and_ends_and_its_home_is_told(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    bearer = Bearer(officer, given.now)
    begun = sheet_of(session, given, home, finished_at=None, answers=[], signatures=[])
    visit = save_sheet(session, sheet=begun, bearer=bearer)
    with pytest.raises(NotFound):
        visit_line(session, visit.uid, within=Reach.own(home.pk))
    later = begun.model_copy(update={"revision": 2, "note": "Ruộng ướt."})
    save_sheet(session, sheet=later, bearer=bearer)
    ended = sheet_of(session, given, home, uid=begun.uid, revision=3)
    save_sheet(session, sheet=ended, bearer=bearer)
    line = visit_line(session, visit.uid, within=Reach.own(home.pk))
    details = details_of(session, line.visit)
    assert (line.visit.revision, line.visit.draft) == (3, "")
    assert len(details.answers) == len(details.items) == 10
    assert [(one.name, bool(one.strokes)) for one in details.signatures] == [
        ("Trần Văn Hải", True),
        ("Lý Thị Mẩy", False),
    ]
    kinds = [fact.kind for fact in history_of(session, str(visit.uid))]
    assert kinds == ["visit.started", "visit.saved", "visit.finished"]
    [notice] = session.execute(
        select(Notice).where(col(Notice.organisation_id) == home.pk)
    ).scalars()
    assert notice.address == f"/work/visits/{visit.uid}"


def test_sheets_arrive_in_any_order_and_again_and_count_once(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    bearer = Bearer(officer, given.now)
    first = sheet_of(session, given, home, finished_at=None, answers=[], signatures=[])
    last = sheet_of(session, given, home, uid=first.uid, revision=4)
    outcomes = take_in_sheets(session, sheets=[last, first, last], bearer=bearer)
    assert [one.kind for one in outcomes] == [TakenKind.CREATED, TakenKind.KNOWN, TakenKind.KNOWN]
    changed = last.model_copy(update={"revision": 5, "note": "Viết thêm sau."})
    [late] = take_in_sheets(session, sheets=[changed], bearer=bearer)
    assert late.kind is TakenKind.REFUSED
    visit = find_visit(session, first.uid)
    assert visit is not None
    assert (visit.revision, visit.note) == (4, "")
    facts = [fact.kind for fact in history_of(session, str(first.uid))]
    assert facts == ["visit.started", "visit.finished"]


def test_a_visit_is_not_finished_with_something_missing(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    whole = sheet_of(session, given, home, fails=("condition", "crop"))
    broken = whole.model_copy(update={"answers": whole.answers[1:], "signatures": []})
    [told] = take_in_sheets(session, sheets=[broken], bearer=Bearer(officer, given.now))
    assert told.kind is TakenKind.REFUSED
    # "condition" stands in the law as we saw it; "crop" in a secondary source that nobody enforced.
    assert [fault.field for fault in told.fields] == [
        "answer_boundary",
        "finding_condition",
        "signature_inspector",
        "signature_host",
    ]
    assert find_visit(session, whole.uid) is None
    # The control: the same visit with what was missing.
    mended = sheet_of(session, given, home, fails=("condition",), findings=[finding_of()])
    assert save_sheet(session, sheet=mended, bearer=Bearer(officer, given.now)).finished_at


def test_what_an_administrator_enforces_demands_a_finding(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    bearer = Bearer(officer, given.now)
    sheet = sheet_of(session, given, home, fails=("crop",))
    item = session.execute(
        select(ChecklistItem).where(col(ChecklistItem.key) == "crop")
    ).scalar_one()
    item.enforced = True
    with pytest.raises(Refused):
        save_sheet(session, sheet=sheet, bearer=bearer)
    item.enforced = False
    assert save_sheet(session, sheet=sheet, bearer=bearer).finished_at is not None


def test_a_clock_that_jumps_makes_no_visit_end_before_it_begins(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    now = given.now
    for began, ended, sent in (
        (now - timedelta(days=1), now - timedelta(days=2), now),
        (now + timedelta(days=3650), now + timedelta(days=3651), now + timedelta(days=3651)),
        (now + timedelta(hours=3), now + timedelta(hours=4), now),
        (now - timedelta(days=400), now - timedelta(days=400), now - timedelta(days=400)),
    ):
        sheet = sheet_of(session, given, home, started_at=began, finished_at=ended)
        visit = save_sheet(session, sheet=sheet, bearer=Bearer(officer, now, sent))
        assert visit.finished_at is not None
        assert visit.started_at <= visit.finished_at <= now
        assert visit.clock_doubted
    right = sheet_of(session, given, home)
    assert not save_sheet(session, sheet=right, bearer=Bearer(officer, now, now)).clock_doubted


def test_an_inspector_who_is_suspended_on_a_visit_loses_nothing(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    office = given.organisation(OrganisationKind.AUTHORITY)
    officer, secret = given.key(Role.INSPECTOR, office)
    colleague = given.caller(Role.INSPECTOR, office)
    begun = sheet_of(session, given, home, finished_at=None, note="Chưa xong.", signatures=[])
    save_sheet(session, sheet=begun, bearer=Bearer(officer, given.now))
    account = account_by_uid(session, officer.account_uid, within=Reach.all())
    disable_account(session, account=account, by=Actor.system(), now=given.now)
    session.commit()
    body = {"person": str(officer.account_uid), "items": [begun.model_dump(mode="json")]}
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/v1/inspection/sync", json=body, headers=headers)
    assert answer.status_code == 401
    # Their telephone keeps the sheet; a colleague carries it in, and it stays the suspended one's.
    carried = sheet_of(
        session, given, home, uid=begun.uid, revision=9, written_for=officer.account_uid
    )
    stranger = carried.model_copy(update={"written_for": None})
    bearer = Bearer(colleague, given.now)
    outcomes = take_in_sheets(session, sheets=[stranger, carried], bearer=bearer)
    assert [one.kind for one in outcomes] == [TakenKind.REFUSED, TakenKind.CREATED]
    visit = find_visit(session, begun.uid)
    assert visit is not None
    assert visit.finished_at is not None
    session.commit()  # its connection goes back before the application shuts its pool


def test_a_colleague_takes_a_visit_over_and_the_former_is_told_kindly(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    begun = sheet_of(session, given, home, finished_at=None, answers=[], signatures=[])
    visit = save_sheet(session, sheet=begun, bearer=Bearer(officer, given.now))
    colleague = given.caller(Role.INSPECTOR)
    take_over(session, visit=visit, caller=colleague, now=given.now)
    late = begun.model_copy(update={"revision": 2})
    [told] = take_in_sheets(session, sheets=[late], bearer=Bearer(officer, given.now))
    assert told.kind is TakenKind.REFUSED
    assert "goes on with this visit" in str(told.why)
    assert visit.carried_for == officer.account_uid


def test_a_visit_closes_its_plan_and_a_dropped_plan_stops_no_visit(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    details = PlanDetails("planting_area", given.day(3))
    first = plan_visit(session, organisation=home, details=details, by=officer.actor, now=given.now)
    visited(session, given, home, officer, plan=first.uid)
    assert first.state is PlanState.VISITED
    other = plan_visit(session, organisation=home, details=details, by=officer.actor, now=given.now)
    drop_plan(session, plan=other, reason="Trùng lịch.", by=officer.actor, now=given.now)
    visit = visited(session, given, home, officer, plan=other.uid)
    assert visit.plan_id is None
    stranger = given.cooperative()
    with pytest.raises(Refused):
        visited(session, given, stranger, officer, plan=first.uid)


def test_a_page_of_visits_follows_the_other(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    made = [visited(session, given, home, officer) for _ in range(3)]
    first = visits(session, within=Reach.own(home.pk), limit=2)
    rest = visits(session, within=Reach.own(home.pk), after=first.next, limit=2)
    seen = [line.visit.pk for line in (*first.items, *rest.items)]
    assert seen == sorted((one.pk for one in made), reverse=True)


def test_telephones_send_sheets_and_photographs_over_the_wire(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    officer, secret = given.key(Role.INSPECTOR)
    sheet = sheet_of(session, given, home)
    picture = given.picture()
    session.commit()
    headers = {"Authorization": f"Bearer {secret}"}
    unknown = {
        "data": {"entry": str(sheet.uid)},
        "files": {"file": ("a.png", picture, "image/png")},
    }
    early = client.post("/api/v1/inspection/photos", headers=headers, **unknown)
    assert early.status_code == 409
    items = [sheet.model_dump(mode="json"), {"uid": str(uuid4()), "strokes": 1}, "x"]
    body = {"person": str(officer.account_uid), "items": items}
    told = client.post("/api/v1/inspection/sync", json=body, headers=headers).json()["items"]
    assert [one["outcome"] for one in told] == ["created", "refused", "refused"]
    again = [
        client.post("/api/v1/inspection/photos", headers=headers, **unknown).status_code
        for _ in range(2)
    ]
    assert again == [201, 200]
    shown = client.get(f"/api/v1/inspection/visits/{sheet.uid}", headers=headers).json()
    assert len(shown["pictures"]) == 1
    foreign = {**body, "person": str(uuid4())}
    assert client.post("/api/v1/inspection/sync", json=foreign, headers=headers).status_code == 403


def test_a_telephone_is_told_all_it_needs_and_nothing_twice(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    officer, secret = given.key(Role.INSPECTOR)
    area = given.area(home, name="Đồi Sân Chùa")
    begun = sheet_of(session, given, home, finished_at=None, area=area.uid, signatures=[])
    save_sheet(session, sheet=begun, bearer=Bearer(officer, given.now))
    session.commit()
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "vi"}
    answer = client.get("/api/v1/inspection/start", headers=headers)
    start = answer.json()
    assert [one["slug"] for one in start["checklists"]] == [
        "food_safety",
        "planting_area",
        "vietgap",
    ]
    assert [one["uid"] for one in start["visits"]] == [str(begun.uid)]
    assert start["organisations"][0]["areas"][0]["name"] == "Đồi Sân Chùa"
    headers["If-None-Match"] = answer.headers["etag"]
    assert client.get("/api/v1/inspection/start", headers=headers).status_code == 304
