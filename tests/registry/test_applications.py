"""Applying for a code, and deciding: who waits, who decides, and what stands at the end."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from app.accounts.reach import Reach
from app.db import open_session
from app.errors import Conflict, NotFound, Refused
from app.kit.cursor import UnreadableCursor, encode
from app.models.ledger import LedgerEntry
from app.models.registry import (
    ApplicationState,
    AreaCode,
    CodeApplication,
    CodeScheme,
)
from app.registry.application_commands import file_application, reject_application
from app.registry.application_queries import (
    application_line,
    applications,
    applications_of,
    count_overdue,
)
from app.registry.area_commands import amend_area
from app.registry.code_commands import Change, suspend_code
from app.registry.code_queries import area_by_code, codes_of
from app.registry.issue_commands import issue_code
from app.registry.serial_commands import next_serial
from tests.registry.decisions import BY, ND38
from tests.registry.test_areas import DETAILS
from tests.threads import at_once


def test_an_application_waits_for_a_decision(session, given, area):
    application = given.application(area, "vnm")
    line = application_line(session, application.uid, within=Reach.all())
    assert (line.application.state, line.application.market) == (ApplicationState.SUBMITTED, "VNM")
    assert line.code is None


def test_one_application_waits_per_area_and_market(given, area):
    given.application(area)
    with pytest.raises(Conflict, match="waits"):
        given.application(area)
    assert given.application(area, "CHN")


def test_of_six_clerks_who_apply_at_once_one_succeeds(engine, session, area, now):
    session.commit()

    def apply():
        with open_session(engine) as own:
            file_application(own, area=area, market="VNM", note="", by=BY, now=now)
            own.commit()

    outcomes = at_once([apply] * 6)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if outcome} <= {Conflict, IntegrityError}


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_an_area_with_a_code_does_not_apply_for_that_market_again(
    session, given, area, now, status
):
    code = given.code(area)
    if status == "suspended":
        suspend_code(
            session, code=code, change=Change(given.day(0), "Thiếu nhật ký"), by=BY, now=now
        )
    with pytest.raises(Conflict, match=code.code):
        given.application(area)


@pytest.mark.parametrize("market", ["", "V", "VN", "XYZ", "\ud800NM"])
def test_a_market_is_a_country(given, area, market):
    with pytest.raises(Refused) as refused:
        given.application(area, market)
    assert refused.value.fields[0].field == "market"


def test_a_closed_area_does_not_apply(given):
    with pytest.raises(Refused, match="closed"):
        given.application(given.area(closed_on=given.day(-1)))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"decided_on": date(2026, 11, 21)}, "decided_on"),
        ({"decided_on": date(2022, 12, 31)}, "decided_on"),
        ({"number": " "}, "number"),
        ({"number": "\ud800"}, "number"),
        ({"number": "x" * 81}, "number"),
    ],
)
def test_a_decision_has_a_plausible_day_and_a_number(session, given, area, issue, changed, field):
    application = given.application(area)
    with pytest.raises(Refused) as refused:
        issue(application, **changed)
    assert refused.value.fields[0].field == field
    assert application.state is ApplicationState.SUBMITTED
    assert next_serial(session, CodeScheme.ND38_2026, "15-PUC-BAPCAI01-VNM") == 1


def test_an_application_is_decided_once(session, given, area, issue, now):
    application = given.application(area)
    issue(application)
    with pytest.raises(Conflict, match="decided already"):
        issue(application)
    with pytest.raises(Conflict, match="decided already"):
        reject_application(session, application=application, reason="Trùng hồ sơ", by=BY, now=now)


def test_an_application_is_rejected_with_a_reason(session, given, area, now):
    application = given.application(area)
    with pytest.raises(Refused) as refused:
        reject_application(session, application=application, reason="  ", by=BY, now=now)
    assert refused.value.fields[0].field == "reason"
    reject_application(
        session, application=application, reason="Thiếu bản đồ vùng trồng", by=BY, now=now
    )
    assert application.state is ApplicationState.REJECTED
    assert given.application(area)


def test_of_two_officers_at_once_one_decides_and_one_code_is_issued(
    engine, session, given, area, now
):
    application = given.application(area)
    session.commit()

    def decide():
        with open_session(engine) as own:
            mine = own.get_one(CodeApplication, application.pk)
            issue_code(own, application=mine, decision=ND38, by=BY, now=now)
            own.commit()

    outcomes = at_once([decide] * 2)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if outcome} <= {Conflict, StaleDataError}
    session.expire_all()
    assert [code.code for code in codes_of(session, area)] == ["15-PUC-BAPCAI01-000001-VNM"]


def test_the_history_of_a_code_is_read_with_its_area(session, given, area, issue):
    code = issue(given.application(area))
    kinds = session.execute(
        select(col(LedgerEntry.kind), col(LedgerEntry.body))
        .where(col(LedgerEntry.subject) == str(area.uid))
        .order_by(col(LedgerEntry.position))
    ).all()
    assert [kind for kind, _ in kinds] == [
        "area.registered",
        "application.submitted",
        "code.issued",
    ]
    assert json.loads(kinds[-1][1])["facts"]["code"] == code.code


def test_the_worklist_shows_what_is_due_first_and_of_what_is_decided_the_newest(
    session, given, issue
):
    export = given.application(given.area(), "CHN")
    home, late = given.application(given.area()), given.application(given.area())
    late.due_on = given.day(-3)
    session.flush()

    def listed(state):
        """Page by page, one a page."""
        found, after = [], None
        for _ in range(4):
            page = applications(session, within=Reach.all(), state=state, after=after, limit=1)
            found += [line.application for line in page.items]
            after = page.next
            if after is None:
                return found
        raise AssertionError("the pages have no end")

    assert home.due_on < export.due_on
    assert listed(ApplicationState.SUBMITTED) == [late, home, export]
    for application in (export, home):
        issue(application)
    assert listed(ApplicationState.ISSUED) == [home, export]
    assert count_overdue(session, given.day(0), within=Reach.all()) == {
        ApplicationState.SUBMITTED: 1
    }


@pytest.mark.parametrize("cursor", [encode("2026-99-99", 1), encode(1), encode("x", 1), "!"])
def test_a_cursor_of_another_list_is_not_read(session, cursor):
    with pytest.raises(UnreadableCursor):
        applications(session, within=Reach.all(), after=cursor)


def test_the_worklist_shows_who_waited_longest_first(session, given, area, issue):
    one, other = given.application(area), given.application(given.area())
    issue(one)

    def listed(**narrowed):
        page = applications(session, within=Reach.all(), **narrowed)
        return [line.application for line in page.items]

    assert listed() == [one, other]
    assert listed(state=ApplicationState.SUBMITTED) == [other]
    assert applications_of(session, area) == [one]
    first = applications(session, within=Reach.all(), limit=1)
    assert first.items[0].code is not None
    assert listed(after=first.next) == [other]


def test_what_is_out_of_reach_is_not_found(session, given, area, issue):
    application = given.application(area)
    code = issue(application)
    within = Reach.own(given.cooperative("HTX khác").pk)
    with pytest.raises(NotFound):
        application_line(session, application.uid, within=within)
    with pytest.raises(NotFound):
        area_by_code(session, code.code, within=within)
    assert applications(session, within=within).items == ()


def test_the_database_itself_keeps_one_standing_code_per_market(session, given, area, issue):
    code = issue(given.application(area))
    copy = {name: getattr(code, name) for name in ("area_id", "market", "scheme", "issued_on")}
    session.add(AreaCode(**copy, code="X1", code_key="x1", created_at=code.created_at))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_amended_area_keeps_its_code(session, given, area, issue, now):
    code = issue(given.application(area))
    amend_area(session, area=area, details=DETAILS, by=BY, now=now)
    assert codes_of(session, area) == [code]
