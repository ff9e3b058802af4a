"""An administrator changes the law as the system knows it: forward only, never rewritten."""

from datetime import date, datetime

import pytest
from sqlmodel import Session

from app import reference
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.queries import rule_history, rule_on, value_of
from app.errors import Conflict, NotFound, Refused
from app.kit.text import TextRefused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.catalogue import Confidence, LegalRule, RowSource

KEY = "certificate.organic.validity_months"
SINCE = date(2026, 12, 1)
ADMIN = Actor(account=None, role="province_admin", organisation=None)


def amend(session: Session, now: datetime, key: str = KEY, **details: object) -> LegalRule:
    chosen = {
        "valid_from": SINCE,
        "value": 36,
        "legal_ref": "NĐ 99/2026/NĐ-CP",
        "confidence": Confidence.VERIFIED,
    }
    amendment = RuleAmendment(**{**chosen, **details})  # type: ignore[arg-type]  # mixed values
    rule = set_legal_rule(session, key=key, amendment=amendment, by=ADMIN, now=now)
    session.flush()
    return rule


def told(session: Session, day: date, key: str = KEY) -> object:
    rule = rule_on(session, key, day)
    return None if rule is None else value_of(rule)


def test_a_rule_says_something_else_from_a_day_on(session: Session, now: datetime) -> None:
    amend(session, now)
    assert told(session, date(2026, 11, 30)) == 24
    assert told(session, SINCE) == 36


def test_the_former_version_stays_with_its_last_day(session: Session, now: datetime) -> None:
    amend(session, now)
    former, newer = rule_history(session, KEY)
    assert (former.value, former.valid_from, former.valid_to) == (
        "24",
        date(2018, 10, 15),
        date(2026, 11, 30),
    )
    assert (newer.unit, newer.valid_to, newer.source) == ("months", None, RowSource.EDITED)


def test_the_change_is_a_fact_of_the_ledger(session: Session, now: datetime) -> None:
    amend(session, now)
    (fact,) = history_of(session, KEY)
    assert (fact.kind, fact.role) == ("rule.set", "province_admin")
    assert (fact.facts["value"], fact.facts["former"]["value"]) == ("36", "24")


def test_loading_the_shipped_law_again_does_not_undo_it(session: Session, now: datetime) -> None:
    amend(session, now)
    report = reference.load(session, now=now)
    assert report.changed == 0
    assert report.files["legal_rules"].kept == 1
    assert told(session, SINCE) == 36
    assert rule_history(session, KEY)[0].valid_to == date(2026, 11, 30)


def test_without_the_mark_the_load_would_open_the_former_version_again(
    session: Session, now: datetime
) -> None:
    """The control of the test above."""
    amend(session, now)
    former = rule_history(session, KEY)[0]
    former.source = RowSource.SHIPPED
    session.flush()
    reference.load(session, now=now)
    assert former.valid_to is None


def test_a_rule_that_had_ended_begins_again(session: Session, now: datetime) -> None:
    key = "planting_area.minimum_m2.annual"
    amend(session, now, key, value=500, legal_ref="NQ 36/2026/NQ-CP")
    assert told(session, date(2026, 10, 1), key) is None
    assert told(session, SINCE, key) == 500
    former = rule_history(session, key)[0]
    assert (former.valid_to, former.source) == (date(2026, 7, 31), RowSource.SHIPPED)


def test_a_rule_of_secondary_source_can_be_switched_on(session: Session, now: datetime) -> None:
    key = "organic.conversion_months.annual"
    rule = amend(session, now, key, value=12, confidence=Confidence.SECONDARY, enforced=True)
    assert rule.enforced
    assert not rule_history(session, key)[0].enforced


def test_a_list_takes_new_members(session: Session, now: datetime) -> None:
    key = "planting_area.crop_tokens"
    amend(session, now, key, value=[["SU_SU", "SUSU01"]])
    assert told(session, SINCE, key) == [["SU_SU", "SUSU01"]]
    assert told(session, date(2026, 11, 30), key) == []


@pytest.mark.parametrize("day", [date(2018, 10, 15), date(2010, 1, 1)])
def test_history_is_not_rewritten(session: Session, now: datetime, day: date) -> None:
    with pytest.raises(Conflict) as refused:
        amend(session, now, valid_from=day)
    assert refused.value.fields[0].field == "valid_from"
    assert [rule.value for rule in rule_history(session, KEY)] == ["24"]


def test_two_amendments_cannot_start_on_one_day(session: Session, now: datetime) -> None:
    amend(session, now)
    with pytest.raises(Conflict):
        amend(session, now, value=48)
    assert told(session, SINCE) == 36


def test_an_unknown_rule_cannot_be_set(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        amend(session, now, "no.such.rule")


@pytest.mark.parametrize("value", ["36", 36.5, True, None, [36], {"months": 36}])
def test_a_value_of_another_kind_is_refused(session: Session, now: datetime, value: object) -> None:
    with pytest.raises(Refused) as refused:
        amend(session, now, value=value)
    assert refused.value.fields[0].field == "value"


def test_a_value_too_long_to_store_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(Refused):
        amend(session, now, "plan.report_day", value="1" * 2001)


def test_a_rule_without_an_act_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        amend(session, now, legal_ref="  ")
    assert refused.value.fields[0].field == "legal_ref"


def test_text_that_cannot_be_stored_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(TextRefused):
        amend(session, now, note="\ud800")
    with pytest.raises(TextRefused):
        amend(session, now, legal_ref="NĐ\x00")
