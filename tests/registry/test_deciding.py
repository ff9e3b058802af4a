"""Deciding about codes: reasons of the law, many at once, one in the place of another, who is told."""

from datetime import date

import pytest
from sqlmodel import col, select

from app.errors import Refused
from app.ledger.actors import Actor
from app.models.notices import Notice
from app.models.registry import AreaCode, CodeScheme, CodeSerial, CodeStatus
from app.registry.code_commands import Change, cancel_code, suspend_code, warn_code
from app.registry.code_queries import find_standing_code, steps_of, successor_of
from app.registry.decision_queries import Decision
from app.registry.issue_commands import issue_codes, reissue_code

BY = Actor.system()
DECISION = Decision(CodeScheme.ND38_2026, date(2026, 11, 18), "120/QĐ-TTBVTV")


def test_a_reason_of_the_law_needs_no_words(session, given, now):
    code = given.code(given.area())
    warn_code(
        session, code=code, change=Change(given.day(-1), reason_slug="no_diary"), by=BY, now=now
    )
    step = steps_of(session, code)[-1]
    assert (step.status, step.reason_slug, step.reason) == (CodeStatus.WARNED, "no_diary", "")


@pytest.mark.parametrize(
    "change",
    [
        Change(date(2026, 11, 1)),
        Change(date(2026, 11, 1), reason="  x "),
        Change(date(2026, 11, 1), reason_slug="no_such_reason"),
        Change(date(2026, 11, 1), reason_slug="forged_papers"),
    ],
)
def test_a_step_has_a_reason_that_could_be_given_for_it(session, given, now, change):
    code = given.code(given.area())
    with pytest.raises(Refused) as refused:
        suspend_code(session, code=code, change=change, by=BY, now=now)
    assert refused.value.fields[0].field in {"reason", "reason_slug"}
    assert code.status is CodeStatus.ACTIVE


def test_a_reason_ends_with_its_law(session, given, now):
    from_law = Change(date(2026, 11, 1), reason_slug="too_small")
    with pytest.raises(Refused, match="cannot be given"):
        suspend_code(session, code=given.code(given.area()), change=from_law, by=BY, now=now)


def test_a_warned_code_still_holds(session, given, now):
    area = given.area()
    code = given.code(area)
    warn_code(session, code=code, change=Change(given.day(-1), "Thiếu nhật ký"), by=BY, now=now)
    assert find_standing_code(session, area.pk, "VNM") is code


def test_many_codes_are_issued_by_one_decision(session, given, now):
    asked = [given.application(given.area()) for _ in range(5)]
    made = issue_codes(session, applications=asked, decision=DECISION, by=BY, now=now)
    assert [code.code for code in made] == [
        f"15-PUC-BAPCAI01-{serial:06}-VNM" for serial in range(1, 6)
    ]
    assert {code.decision_number for code in made} == {"120/QĐ-TTBVTV"}


def test_of_many_codes_none_is_issued_when_one_cannot_be(session, given, now):
    good, decided = given.application(given.area()), given.application(given.area())
    given.issue(decided)
    session.commit()
    with pytest.raises(Refused) as refused:
        issue_codes(session, applications=[good, decided], decision=DECISION, by=BY, now=now)
    session.rollback()
    assert [fault.field for fault in refused.value.fields] == [f"application:{decided.uid}"]
    assert len(session.exec(select(AreaCode)).all()) == 1
    assert session.exec(select(CodeSerial)).one().last == 1


def test_a_code_is_replaced_and_both_name_each_other(session, given, now):
    old = given.code(given.area())
    new = reissue_code(session, code=old, decision=DECISION, by=BY, now=now)
    assert (old.status, new.status) == (CodeStatus.SUPERSEDED, CodeStatus.ACTIVE)
    assert new.predecessor_id == old.pk
    assert successor_of(session, old) is new
    assert new.code != old.code


def test_a_suspended_code_is_not_replaced(session, given, now):
    code = given.code(given.area())
    suspend_code(session, code=code, change=Change(given.day(-3), "Dư lượng"), by=BY, now=now)
    with pytest.raises(Refused):
        reissue_code(session, code=code, decision=DECISION, by=BY, now=now)


def test_the_holder_is_told_of_every_step(session, given, now):
    area = given.area()
    code = given.code(area)
    for change, command in (("Thiếu nhật ký", warn_code), ("Theo đề nghị", cancel_code)):
        command(session, code=code, change=Change(given.day(-1), change), by=BY, now=now)
    told = session.exec(
        select(Notice.kind)
        .where(col(Notice.organisation_id) == area.organisation_id)
        .order_by(col(Notice.id))
    ).all()
    assert told == ["code.issued", "code.warned", "code.cancelled"]
