"""A code's life: suspended, restored, revoked, and what its status was on any day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from app.accounts.reach import Reach
from app.db import open_session
from app.errors import NotFound, Refused
from app.ledger.actors import Actor
from app.models.registry import AreaCode, CodeStatus
from app.registry.code_commands import Change, restore_code, revoke_code, suspend_code
from app.registry.code_queries import code_line, codes_of, codes_on, steps_of, steps_of_area

BY = Actor.system()
ISSUED = date(2026, 6, 1)


@pytest.fixture
def area(given):
    return given.area()


@pytest.fixture
def code(given, area):
    return given.code(area, decided_on=ISSUED)


@pytest.fixture
def change(session, now):
    def act(command, code, day, reason="Không cập nhật nhật ký"):
        return command(session, code=code, change=Change(day, reason), by=BY, now=now)

    return act


def status_of(session, area, day):
    return [status for _, status in codes_on(session, area.pk, day)]


def test_a_code_has_a_status_from_its_first_day_on(session, area, code):
    assert codes_on(session, area.pk, ISSUED - timedelta(days=1)) == []
    assert codes_on(session, area.pk, ISSUED) == [(code, CodeStatus.ACTIVE)]


def test_a_suspension_counts_from_its_day_until_the_restoration(session, area, code, change):
    change(suspend_code, code, date(2026, 8, 1))
    change(restore_code, code, date(2026, 9, 1))
    days = [date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [status_of(session, area, day)[0].value for day in days] == [
        "active",
        "suspended",
        "suspended",
        "active",
    ]
    assert code.status is CodeStatus.ACTIVE


def test_a_step_may_lie_up_to_thirty_days_ahead(session, area, given, code, change):
    change(suspend_code, code, given.day(30))
    assert status_of(session, area, given.day(0)) == [CodeStatus.ACTIVE]
    assert status_of(session, area, given.day(30)) == [CodeStatus.SUSPENDED]


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 12, 21)])
def test_a_step_is_neither_before_the_issue_nor_far_ahead(code, change, day):
    with pytest.raises(Refused) as refused:
        change(suspend_code, code, day)
    assert refused.value.fields[0].field == "effective_on"


def test_steps_follow_each_other_in_time(code, change):
    change(suspend_code, code, date(2026, 8, 1))
    with pytest.raises(Refused, match="cannot be earlier"):
        change(restore_code, code, date(2026, 7, 31))


@pytest.mark.parametrize("reason", ["", "vì", "lý\x00do dài", "x" * 501])
def test_every_step_has_a_reason(session, code, change, reason):
    with pytest.raises(Refused) as refused:
        change(suspend_code, code, date(2026, 8, 1), reason)
    assert refused.value.fields[0].field == "reason"
    assert len(steps_of(session, code)) == 1


def test_what_is_revoked_cannot_be_restored(code, change):
    change(revoke_code, code, date(2026, 8, 1))
    for command in (restore_code, suspend_code, revoke_code):
        with pytest.raises(Refused, match="revoked"):
            change(command, code, date(2026, 9, 1))


def test_an_active_code_is_not_restored_and_a_suspended_one_not_suspended(code, change):
    with pytest.raises(Refused, match="is active"):
        change(restore_code, code, date(2026, 8, 1))
    change(suspend_code, code, date(2026, 8, 1))
    with pytest.raises(Refused, match="is suspended"):
        change(suspend_code, code, date(2026, 8, 2))


def test_a_code_is_never_rewritten(code, change):
    before = (code.code, code.parts, code.issued_on)
    change(suspend_code, code, date(2026, 8, 1))
    change(restore_code, code, date(2026, 9, 1))
    assert (code.code, code.parts, code.issued_on) == before


def test_each_market_has_its_own_code_and_status(session, given, area, code, change):
    export = given.code(area, "CHN", decided_on=ISSUED)
    change(suspend_code, export, date(2026, 8, 1))
    told = {one.market: status for one, status in codes_on(session, area.pk, given.day(0))}
    assert told == {"VNM": CodeStatus.ACTIVE, "CHN": CodeStatus.SUSPENDED}
    assert codes_of(session, area) == [code, export]


def test_the_steps_of_an_area_come_with_their_codes_in_order(session, area, code, change):
    change(suspend_code, code, date(2026, 8, 1))
    ((found, steps),) = steps_of_area(session, area.pk)
    assert found is code
    assert [step.status for step in steps] == [CodeStatus.ACTIVE, CodeStatus.SUSPENDED]


def test_a_code_out_of_reach_is_not_found(session, given, area, code):
    assert code_line(session, code.uid, within=Reach.own(area.organisation_id)).area is area
    with pytest.raises(NotFound):
        code_line(session, code.uid, within=Reach.own(given.cooperative().pk))


def test_of_two_officers_at_once_the_second_is_stale(engine, session, code, change):
    session.commit()
    with open_session(engine) as other:
        other.execute(update(AreaCode).where(col(AreaCode.id) == code.pk).values(version=2))
        other.commit()
    with pytest.raises(StaleDataError):
        change(suspend_code, code, date(2026, 8, 1))
