"""What the ledger refuses, detects and lets be erased, on both engines."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from app.ledger.leaf import leaf_hash, personal_hash
from app.ledger.queries import (
    entry_at,
    history_of,
    is_intact,
    personal_part_is_intact,
)
from app.models.ledger import LedgerEntry, LedgerPersonal
from tests.ledger.notes import note

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
    emptying = "DELETE FROM" if engine_name == "sqlite" else "TRUNCATE log_part, ledger_personal,"
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
