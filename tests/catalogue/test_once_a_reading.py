"""What was read of the law is not asked for again until a fact changes it; who writes asks every time."""

from datetime import date, timedelta

from sqlalchemy import Engine, event
from sqlmodel import Session

from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.queries import regulated_actives, rule_on, value_of
from app.db import open_read_session, transaction
from app.kit.clock import day_of
from app.ledger.actors import Actor
from app.models.catalogue import Confidence

RULE = "certificate.organic.validity_months"
OTHER = "certificate.vietgap.validity_months"


def asked(session: Session, day: date, times: int) -> int:
    """How often the database is asked when the rule of a day is wanted so many times."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        found = {value_of(rule_on(session, RULE, day)) for _ in range(times)}
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(found) == 1
    return sum("legal_rule" in statement for statement in sent)


def amend(engine: Engine, key: str, months: int, now) -> None:
    with transaction(engine) as writing:
        amended = RuleAmendment(day_of(now), months, "sửa", Confidence.VERIFIED)
        set_legal_rule(writing, key=key, amendment=amended, by=Actor.system(), now=now)
        assert asked(writing, day_of(now), 3) == 3
        assert value_of(rule_on(writing, key, day_of(now))) == months


def test_a_rule_is_read_once_and_anew_when_a_fact_changed_it(engine: Engine, now) -> None:
    today = day_of(now)
    with open_read_session(engine) as session:
        assert asked(session, today, 3) == 1
        assert asked(session, today - timedelta(days=1), 2) == 1  # of another day
        before = value_of(rule_on(session, RULE, today))
        amend(engine, RULE, before + 7, now)
        assert value_of(rule_on(session, RULE, today)) == before  # as it was when it was read
        session.rollback()
        assert value_of(rule_on(session, RULE, today)) == before + 7
    with open_read_session(engine) as another:
        assert asked(another, today, 2) == 0
        assert rule_on(another, RULE, today) not in another


def test_who_read_before_a_change_tells_nobody_who_came_after(engine: Engine, now) -> None:
    today = day_of(now)
    with open_read_session(engine) as early, open_read_session(engine) as late:
        before = value_of(rule_on(early, RULE, today))
        amend(engine, OTHER, 99, now)
        assert value_of(rule_on(late, RULE, today)) == before
        rule_on(early, OTHER, today)  # on SQLite still as it was
        late.rollback()
        assert value_of(rule_on(late, OTHER, today)) == 99


def test_a_list_that_was_read_is_nobody_s_to_change_for_others(engine: Engine) -> None:
    with open_read_session(engine) as session:
        found = regulated_actives(session)
        found.clear()
        assert regulated_actives(session)
