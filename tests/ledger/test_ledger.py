"""The ledger on both engines: gapless under threads, append-only, erasable where it must be."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from app.db import transaction
from app.errors import NotFound
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.ledger.leaf import canonical, leaf_hash, personal_hash
from app.ledger.queries import (
    entry_at,
    history_of,
    is_intact,
    newest_facts,
    personal_part_is_intact,
)
from app.models.accounts import Role
from app.models.ledger import LedgerEntry, LedgerPersonal
from tests.given import Given

CLERK = Actor(UUID(int=7), "staff", UUID(int=9))


def note(session: Session, now: datetime, number: int = 1, **more: object) -> int:
    """Record some fact about `thing`."""
    return record(
        session,
        kind="thing.noted",
        subject="thing",
        by=CLERK,
        now=now,
        facts={"number": number},
        **more,  # type: ignore[arg-type]  # personal, organisation
    )


def entries(session: Session) -> list[LedgerEntry]:
    wanted = select(LedgerEntry).order_by(col(LedgerEntry.position))
    return list(session.execute(wanted).scalars())


def next_position(session: Session) -> int:
    return len(entries(session))


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
    start = threading.Barrier(writers)
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            start.wait()
            for number in range(each):
                with transaction(engine) as session:
                    note(session, now, writer * each + number)
        except BaseException as failure:  # noqa: BLE001  # told by the test itself
            failures.append(failure)

    with transaction(engine) as session:
        before = next_position(session)
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with transaction(engine) as session:
        found = entries(session)
    assert [entry.position for entry in found] == list(range(before + writers * each))
    numbers = {json.loads(entry.body)["facts"]["number"] for entry in found[before:]}
    assert numbers == set(range(writers * each))
    assert all(is_intact(entry) for entry in found)


REWRITING = [
    pytest.param(update(LedgerEntry).values(kind="thing.forged"), id="UPDATE"),
    pytest.param(delete(LedgerEntry), id="DELETE"),
]


@pytest.mark.parametrize("statement", REWRITING)
def test_the_database_itself_refuses_to_rewrite_history(
    session: Session, now: datetime, statement: object
) -> None:
    position = note(session, now)
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)  # type: ignore[call-overload]  # either kind of statement
    session.rollback()
    assert entry_at(session, position).kind == "thing.noted"


def test_an_entry_is_not_replaced_by_inserting_over_it(
    session: Session, now: datetime, engine_name: str
) -> None:
    """SQLite's REPLACE deletes without a DELETE; PostgreSQL's ON CONFLICT is an UPDATE."""
    position = note(session, now)
    session.commit()
    columns = "position, at, kind, subject, organisation, body, leaf_hash"
    replacing = (
        f"INSERT OR REPLACE INTO ledger_entry ({columns}) SELECT position, at, 'forged', "
        "subject, organisation, body, leaf_hash FROM ledger_entry WHERE position = :position"
        if engine_name == "sqlite"
        else f"INSERT INTO ledger_entry ({columns}) SELECT {columns} FROM ledger_entry "
        "WHERE position = :position ON CONFLICT (position) DO UPDATE SET kind = 'forged'"
    )
    with pytest.raises(DBAPIError):
        session.execute(text(replacing), {"position": position})
    session.rollback()
    assert entry_at(session, position).kind == "thing.noted"


def test_the_ledger_cannot_be_emptied_at_once(
    session: Session, now: datetime, engine_name: str
) -> None:
    # SQLite knows no TRUNCATE: a DELETE of everything is its truncation.
    emptying = "DELETE FROM" if engine_name == "sqlite" else "TRUNCATE ledger_personal,"
    note(session, now)
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(f"{emptying} ledger_entry"))


@contextmanager
def without_triggers(session: Session) -> Iterator[None]:
    """What somebody with the keys of the database itself could do."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER ledger_entry_no_update"))
    else:
        session.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))
    yield
    session.expire_all()


TAMPERING = {
    "body": '{"facts":{"number":2},"kind":"thing.noted","subject":"thing"}',
    "kind": "thing.forged",
    "subject": "another",
    "organisation": None,
}


@pytest.mark.parametrize("column", TAMPERING)
def test_tampering_below_the_triggers_is_detected(
    session: Session, now: datetime, column: str
) -> None:
    position, untouched = note(session, now), note(session, now, 5)
    session.commit()
    with without_triggers(session):
        session.execute(
            update(LedgerEntry)
            .where(col(LedgerEntry.position) == position)
            .values({column: TAMPERING[column]})
        )
    assert not is_intact(entry_at(session, position))
    assert is_intact(entry_at(session, untouched))


def test_a_body_changed_with_its_hash_no_longer_fits_its_columns(
    session: Session, now: datetime
) -> None:
    position = note(session, now)
    session.commit()
    body = entry_at(session, position).body.replace("thing.noted", "thing.forged")
    with without_triggers(session):
        session.execute(
            update(LedgerEntry)
            .where(col(LedgerEntry.position) == position)
            .values(body=body, leaf_hash=leaf_hash(body.encode()))
        )
    assert not is_intact(entry_at(session, position))


def test_a_changed_instant_is_detected(session: Session, now: datetime) -> None:
    position = note(session, now)
    session.commit()
    with without_triggers(session):
        session.execute(
            update(LedgerEntry)
            .where(col(LedgerEntry.position) == position)
            .values(at=now.replace(year=2025))
        )
    assert not is_intact(entry_at(session, position))


def test_a_body_made_unreadable_is_shown_as_broken_and_breaks_no_page(
    session: Session, now: datetime
) -> None:
    position = note(session, now)
    session.commit()
    with without_triggers(session):
        session.execute(
            text("UPDATE ledger_entry SET body = 'ôi' WHERE position = :position"),
            {"position": position},
        )
    (fact,) = history_of(session, "thing")
    assert fact.position == position
    assert not fact.intact


PERSONAL = {"name": "Lý Thị Mẩy", "phone": "0912000001"}


def personal(session: Session, now: datetime) -> LedgerEntry:
    """A fact about a person."""
    return entry_at(session, note(session, now, personal=PERSONAL))


def test_personal_data_stands_beside_the_ledger_and_only_its_salted_hash_within(
    session: Session, now: datetime
) -> None:
    entry = personal(session, now)
    part = session.get_one(LedgerPersonal, entry.position)
    assert json.loads(part.body) == PERSONAL
    assert "Mẩy" not in entry.body
    assert "0912000001" not in entry.body
    expected = personal_hash(part.salt, part.body.encode())
    assert json.loads(entry.body)["personal_hash"] == expected
    assert len(part.salt) == 16
    assert personal_part_is_intact(session, entry) is True


def test_the_same_personal_data_twice_gives_two_different_hashes(
    session: Session, now: datetime
) -> None:
    """Else whoever knows a phone number could find its owner by hashing."""
    one, other = personal(session, now), personal(session, now)
    hashes = {json.loads(entry.body)["personal_hash"] for entry in (one, other)}
    assert len(hashes) == 2


def test_the_personal_part_can_be_erased_and_the_ledger_stays_intact(
    session: Session, now: datetime
) -> None:
    entry = personal(session, now)
    session.commit()
    session.execute(delete(LedgerPersonal).where(col(LedgerPersonal.position) == entry.position))
    session.commit()
    assert is_intact(entry)
    assert personal_part_is_intact(session, entry) is None
    assert session.execute(select(LedgerPersonal)).all() == []


def test_a_changed_personal_part_is_detected(session: Session, now: datetime) -> None:
    entry = personal(session, now)
    session.commit()
    session.execute(update(LedgerPersonal).values(body='{"name":"Khác"}'))
    session.commit()
    session.expire_all()
    assert personal_part_is_intact(session, entry) is False


def test_a_fact_without_personal_data_has_no_personal_part(session: Session, now: datetime) -> None:
    entry = entry_at(session, note(session, now))
    assert "personal_hash" not in json.loads(entry.body)
    assert personal_part_is_intact(session, entry) is None


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


def test_nothing_is_inserted_out_of_its_turn(session: Session, now: datetime) -> None:
    position = note(session, now)
    session.commit()
    entry = entry_at(session, position)
    skipping = insert(LedgerEntry).values(
        position=position + 2,
        at=now,
        kind=entry.kind,
        subject=entry.subject,
        organisation=None,
        body=entry.body,
        leaf_hash=entry.leaf_hash,
    )
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(skipping)
