"""A database older than what was published is declared, never passed over; on both engines."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import open_read_session, open_session, transaction
from app.errors import Conflict
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.registry import OrganisationKind
from app.models.transparency import BreakCause, LogCheckpoint
from app.notices.queries import notices_of
from app.transparency.breaks import declare_break, settle_with_published
from app.transparency.checkpoints import Checkpoint, encoded
from app.transparency.faults import Fault, LogAtFault
from app.transparency.merkle import is_consistent
from app.transparency.notes import read_note, verified_by
from app.transparency.outside import newest_published
from app.transparency.publishing import publish_checkpoint
from app.transparency.queries import (
    breaks_of,
    newest_checkpoint,
    verifiers,
)
from app.transparency.sequencing import extend_log
from app.transparency.tending import look_again, publish, settle
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.given import Given
from tests.transparency.facts import owner, published, write_facts


def restored(engine: Engine, size: int) -> None:
    """The database as a backup has it that was taken when the log had this many facts."""
    with transaction(engine) as session, owner(session):
        session.execute(text("DELETE FROM log_check"))
        session.execute(text("DELETE FROM log_break"))
        for table, column in (
            ("log_checkpoint", "size >"),
            ("log_growth", "size >"),
            ("log_part", "position >="),
            ("ledger_personal", "position >="),
            ("ledger_entry", "position >="),
        ):
            session.execute(text(f"DELETE FROM {table} WHERE {column} :size"), {"size": size})
        _cut_tiles(session, size)


def _cut_tiles(session: Session, size: int) -> None:
    rows = session.execute(text("SELECT level, number, hashes, salts FROM log_tile")).all()
    for level, number, hashes, salts in rows:
        width = min(256, max(0, (size >> 8 * level) - number * 256))
        where = {"level": level, "number": number}
        if not width:
            session.execute(
                text("DELETE FROM log_tile WHERE level = :level AND number = :number"), where
            )
        else:
            cut = {"hashes": bytes(hashes)[: width * 32], "salts": bytes(salts)[: width * 32]}
            session.execute(
                text(
                    "UPDATE log_tile SET hashes = :hashes, salts = :salts "
                    "WHERE level = :level AND number = :number"
                ),
                where | cut,
            )


def newest(engine: Engine) -> LogCheckpoint:
    with open_read_session(engine) as session:
        found = newest_checkpoint(session)
        assert found is not None
        return found


def test_a_database_older_than_what_was_published_is_declared_as_a_break(
    engine: Engine, log: TheLog, now: datetime, given: Given
) -> None:
    authority = given.organisation(OrganisationKind.AUTHORITY)
    given.session.commit()
    kept = published(engine, log, now, 260)
    lost = published(engine, log, now, 40, begin=260)
    before = newest(engine)
    restored(engine, kept)
    with transaction(engine) as session:
        write_facts(session, now, 80, begin=900)  # others than those that were published

    settle(engine, log, now)
    publish(engine, log, now)

    after = newest(engine)
    told = Checkpoint.read(read_note(after.note).text)
    with open_read_session(engine) as session:
        (one,) = breaks_of(session)
        assert (one.number, one.cause, one.size, one.kept) == (1, BreakCause.RESTORED, lost, kept)
        assert one.note == before.note
        (fact,) = history_of(session, "break 1")
        assert fact.position == one.ledger_position
        assert fact.facts["published_root"] == encoded(before.root)
        assert verified_by(read_note(after.note), verifiers(session))
        (notice, *_) = notices_of(session, authority.pk, limit=5).items
        assert "Break number" in notice.sentence
    assert told.origin == "truyxuat.test/log/2"
    assert told.extensions == (f"break 1 {lost} {encoded(before.root)} {kept}",)
    assert look_again(engine, now, full=True).fault == ""
    # It is said once, and the log goes on.
    settle(engine, log, now)
    published(engine, log, now, 3, begin=2000)
    with open_read_session(engine) as session:
        assert len(breaks_of(session)) == 1
    assert Checkpoint.read(read_note(newest(engine).note).text).extensions == told.extensions


def test_without_the_file_outside_the_log_forks_and_nobody_notices(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    """The control: two histories under one name, both signed."""
    kept = published(engine, log, now, 20)
    published(engine, log, now, 20, begin=20)
    before = newest(engine)
    restored(engine, kept)
    log.published.unlink()
    published(engine, log, now, 40, begin=900)
    after = newest(engine)
    assert after.origin == before.origin
    assert after.size > before.size
    with open_read_session(engine) as session:
        tree = StoredTree(session)
        proof = tree.consistency(before.size, after.size)
        assert breaks_of(session) == []
    assert not is_consistent(before.size, after.size, proof, before.root, after.root)


def test_a_backup_that_has_the_facts_but_not_their_tree_is_no_break(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    """The salts are the same whenever a fact is taken in: what was published is made again."""
    kept = published(engine, log, now, 20)
    published(engine, log, now, 20, begin=20)
    before = newest(engine)
    with transaction(engine) as session, owner(session):
        session.execute(text("DELETE FROM log_checkpoint WHERE size > :size"), {"size": kept})
        session.execute(text("DELETE FROM log_growth WHERE size > :size"), {"size": kept})
        session.execute(text("DELETE FROM log_part WHERE position >= :size"), {"size": kept})
        _cut_tiles(session, kept)
    settle(engine, log, now)
    with open_read_session(engine) as session:
        assert breaks_of(session) == []
    assert newest(engine).note == before.note


def test_a_second_break_tells_of_the_first_as_well(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    kept = published(engine, log, now, 20)
    published(engine, log, now, 20, begin=20)
    restored(engine, kept)
    published(engine, log, now, 3, begin=500)
    first = newest(engine)
    assert first.origin == "truyxuat.test/log/2"
    restored(engine, kept)  # the same old backup once more, which knows of no break
    published(engine, log, now, 5, begin=700)
    last = Checkpoint.read(read_note(newest(engine).note).text)
    assert last.origin == "truyxuat.test/log/3"
    assert [one.number for one in last.breaks] == [1, 2]
    assert last.breaks[1].root == first.root
    with open_read_session(engine) as session:
        assert [one.number for one in breaks_of(session)] == [1, 2]


def test_a_file_of_another_log_breaks_nothing_and_stops_publishing(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 3)
    outside = newest_published(log.published)
    assert outside is not None
    whole = log.published.read_text()
    forged = str(Checkpoint(outside.checkpoint.origin, 999, bytes(32)))
    note = str(outside.note).replace(outside.note.text, forged)
    strange = whole.replace("truyxuat.test/log", "other.test/log")
    for content in (strange, whole + f'{{"note": {json.dumps(note)}}}\n'):
        log.published.write_text(content)
        with open_session(engine) as session, pytest.raises(LogAtFault) as refused:
            settle_with_published(session, log, now=now)
        assert refused.value.fault is Fault.FOREIGN_CHECKPOINTS
    log.published.write_text(whole)
    with open_session(engine) as session:
        assert settle_with_published(session, log, now=now) is None
        assert breaks_of(session) == []


def test_a_log_that_moved_to_another_address_goes_on_under_its_new_name(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 3)
    moved = replace(log, name="moi.test/log")
    assert settle(engine, moved, now) is None
    published(engine, moved, now, 2, begin=10)
    assert read_note(newest(engine).note).text.startswith("moi.test/log\n")
    assert look_again(engine, now, full=True).fault == ""
    # What it published under the old name and the database never knew is of another log by now.
    restored(engine, 1)
    log.published.write_text(log.published.read_text().replace("moi.test/log", "truyxuat.test/log"))
    fault = settle(engine, moved, now)
    assert isinstance(fault, LogAtFault)
    assert fault.fault is Fault.FOREIGN_CHECKPOINTS


def test_a_break_is_declared_by_hand_only_where_there_is_one(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 5)
    by = Actor.system()
    with open_session(engine) as session, pytest.raises(Conflict):
        declare_break(session, log, reason="thử", by=by, now=now)
    with transaction(engine) as session, owner(session):
        kept = session.execute(text("SELECT hashes FROM log_tile WHERE level = 0")).scalar_one()
        flipped = bytes([kept[0] ^ 1]) + bytes(kept[1:])
        session.execute(text("UPDATE log_tile SET hashes = :it WHERE level = 0"), {"it": flipped})
    with transaction(engine) as session:
        made = declare_break(session, log, reason="Đĩa hỏng.", by=by, now=now)
        assert (made.cause, made.size, made.kept) == (BreakCause.DECLARED, size, 0)
    with transaction(engine) as session:
        extend_log(session, log, now=now)
        again = publish_checkpoint(session, log, now=now)
        assert again is not None
        assert again.origin == "truyxuat.test/log/2"
