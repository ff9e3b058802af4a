"""Recording facts and reading them, gapless under threads, on both engines."""

import json
from datetime import datetime
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import transaction
from app.errors import NotFound
from app.ledger.commands import record
from app.ledger.leaf import canonical, leaf_hash
from app.ledger.queries import (
    entry_at,
    history_of,
    is_intact,
    newest_facts,
)
from app.models.accounts import Role
from tests.given import Given
from tests.ledger.notes import CLERK, entries, next_position, note
from tests.threads import at_once


def test_a_fact_is_kept_as_canonical_json_with_its_leaf_hash(
    session: Session, now: datetime
) -> None:
    entry = entry_at(session, note(session, now))
    assert entry.body == (
        '{"at":"2026-11-20T03:00:00.000000+00:00",'
        '"by":{"account":"00000000-0000-0000-0000-000000000007",'
        '"organisation":"00000000-0000-0000-0000-000000000009","role":"staff"},'
        '"facts":{"number":1},"kind":"thing.noted",'
        '"organisation":"00000000-0000-0000-0000-000000000009","subject":"thing"}'
    )
    assert entry.body.encode() == canonical(json.loads(entry.body))
    assert entry.leaf_hash == leaf_hash(entry.body.encode())
    assert is_intact(entry)


def test_positions_follow_on_without_a_gap_even_after_a_rollback(
    session: Session, now: datetime
) -> None:
    first = next_position(session)
    assert note(session, now) == first
    session.commit()
    assert note(session, now) == first + 1
    session.rollback()
    assert note(session, now) == first + 1
    session.commit()
    assert [entry.position for entry in entries(session)] == list(range(first + 2))


def test_eight_writers_at_once_leave_no_gap_and_no_double(engine: Engine, now: datetime) -> None:
    writers, each = 8, 12

    def write(writer: int) -> None:
        for number in range(each):
            with transaction(engine) as session:
                note(session, now, writer * each + number)

    with transaction(engine) as session:
        before = next_position(session)
    outcomes = at_once([partial(write, writer) for writer in range(writers)])
    assert outcomes == [None] * writers
    with transaction(engine) as session:
        found = entries(session)
    assert [entry.position for entry in found] == list(range(before + writers * each))
    numbers = {json.loads(entry.body)["facts"]["number"] for entry in found[before:]}
    assert numbers == set(range(writers * each))
    assert all(is_intact(entry) for entry in found)


def test_a_fact_belongs_to_the_organisation_it_is_about_else_to_the_actors(
    session: Session, now: datetime
) -> None:
    about = uuid4()
    assert entry_at(session, note(session, now, organisation=about)).organisation == about
    assert entry_at(session, note(session, now)).organisation == CLERK.organisation


def test_instants_are_kept_in_utc_to_the_microsecond(session: Session, now: datetime) -> None:
    later = now.replace(microsecond=123456)
    entry = entry_at(session, note(session, later))
    session.commit()
    session.expire_all()
    assert json.loads(entry.body)["at"] == "2026-11-20T03:00:00.123456+00:00"
    assert entry.at == later
    assert is_intact(entry)


def test_a_history_names_who_did_what_in_order(given: Given, session: Session) -> None:
    caller = given.caller(Role.STAFF)
    for number in (1, 2):
        record(
            session,
            kind="thing.noted",
            subject="thing",
            by=caller.actor,
            now=given.now,
            facts={"number": number},
        )
    told = history_of(session, "thing")
    assert [fact.facts["number"] for fact in told] == [1, 2]
    assert {fact.account_name for fact in told} == {caller.name}
    assert {fact.organisation_name for fact in told} == {caller.organisation_name}
    assert {fact.role for fact in told} == {"staff"}


def test_all_facts_come_newest_first_page_by_page(session: Session, now: datetime) -> None:
    made = [note(session, now, number) for number in range(5)]
    first = newest_facts(session, limit=2)
    second = newest_facts(session, after=first.next, limit=2)
    told = [fact.position for fact in (*first.items, *second.items)]
    assert told == list(reversed(made))[:4]


def test_a_position_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        entry_at(session, 10_000)
