"""Publishing: what is signed, when, with which keys, and what is never signed; on both engines."""

import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db import open_read_session, open_session, transaction
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.transparency import publishing
from app.transparency.breaks import settle_with_published
from app.transparency.checkpoints import Checkpoint
from app.transparency.faults import Fault, LogAtFault
from app.transparency.log_keys import LogKeys, read_key
from app.transparency.notes import Verifier, public_bytes, read_note, verified_by
from app.transparency.outside import all_published, newest_published
from app.transparency.publishing import introduce_key, publish_checkpoint
from app.transparency.queries import (
    breaks_of,
    checkpoints,
    newest_checkpoint,
    state_of,
    verifiers,
)
from app.transparency.sequencing import extend_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.transparency.facts import owner, published, write_facts


def test_a_checkpoint_is_a_signed_note_over_the_root(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 10)
    with open_read_session(engine) as session:
        kept = newest_checkpoint(session)
        assert kept is not None
        root = StoredTree(session).root(size)
        known = verifiers(session)
    note = read_note(kept.note)
    assert Checkpoint.read(note.text) == Checkpoint("truyxuat.test/log", size, root)
    assert verified_by(note, known) == known
    assert str(known[0]).startswith("truyxuat.test/log+")


def test_nothing_new_is_not_published_again(engine: Engine, log: TheLog, now: datetime) -> None:
    published(engine, log, now, 3)
    with transaction(engine) as session:  # the fact of the key came with the first
        extend_log(session, log, now=now)
        assert publish_checkpoint(session, log, now=now) is not None
    with transaction(engine) as session:
        extend_log(session, log, now=now)
        assert publish_checkpoint(session, log, now=now) is None


def test_what_is_younger_than_the_delay_waits(engine: Engine, log: TheLog, now: datetime) -> None:
    waiting = replace(log, merge_delay=timedelta(minutes=2))
    with transaction(engine) as session:
        write_facts(session, now, 4)
        size = extend_log(session, waiting, now=now)
    later = now + timedelta(minutes=1)
    with transaction(engine) as session:
        write_facts(session, later, 4, begin=4)
        extend_log(session, waiting, now=later)
        assert publish_checkpoint(session, waiting, now=later) is None
    with transaction(engine) as session:
        made = publish_checkpoint(session, waiting, now=now + timedelta(minutes=2))
        assert made is not None
        assert made.size == size
    with transaction(engine) as session:  # the control: without the delay all of it goes out
        made = publish_checkpoint(session, log, now=now + timedelta(minutes=2))
        assert made is not None
        assert made.size == size + 4


def test_it_is_due_after_its_time(engine: Engine, log: TheLog, now: datetime) -> None:
    with open_read_session(engine) as session:
        assert publishing.is_due(session, log, now=now)
    published(engine, log, now, 1)
    with open_read_session(engine) as session:
        assert not publishing.is_due(session, log, now=now + timedelta(minutes=4))
        assert publishing.is_due(session, log, now=now + timedelta(minutes=5))


def test_the_keys_are_files_for_their_owner_alone_and_not_in_the_database(
    engine: Engine, log: TheLog, now: datetime, engine_name: str
) -> None:
    published(engine, log, now, 2)
    files = sorted(log.keys.folder.iterdir())
    assert [file.name for file in files] == ["1.pem", "salts.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(log.keys.folder.stat().st_mode) == 0o700
    if engine_name == "sqlite":
        secrets = [read_key(files[0]).private_bytes_raw(), files[1].read_bytes()]
        database = Path(str(engine.url.database))
        engine.dispose()
        whole = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
        assert [secret in whole for secret in secrets] == [False, False]
        assert read_key(files[0]).public_key().public_bytes_raw() in whole  # the control


def test_a_second_key_signs_beside_the_first_and_old_ones_stay_published(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 2)
    with transaction(engine) as session:
        (first,) = verifiers(session)
        second = introduce_key(session, log, by=Actor.system(), now=now)
    published(engine, log, now, 2, begin=2)
    with open_read_session(engine) as session:
        assert verifiers(session) == [second, first]
        kept = newest_checkpoint(session)
        assert kept is not None
        assert [fact.kind for fact in history_of(session, "truyxuat.test/log")] == [
            "ledger.key_introduced"
        ] * 2
    assert verified_by(read_note(kept.note), [first, second]) == [second, first]
    (log.keys.folder / "1.pem").unlink()  # the old key is put away
    published(engine, log, now, 2, begin=4)
    with open_read_session(engine) as session:
        kept = newest_checkpoint(session)
        assert kept is not None
        assert verified_by(read_note(kept.note), [first, second]) == [second]
        assert verifiers(session) == [second, first]


def test_a_folder_of_strange_keys_signs_nothing(
    engine: Engine, log: TheLog, now: datetime, tmp_path: Path
) -> None:
    published(engine, log, now, 2)
    strange = replace(log, keys=LogKeys(tmp_path / "strange"))
    with open_session(engine) as session:
        write_facts(session, now, 1, begin=9)
        extend_log(session, log, now=now)
        with pytest.raises(LogAtFault) as refused:
            publish_checkpoint(session, strange, now=now)
        assert refused.value.fault is Fault.UNKNOWN_KEY


def test_what_contradicts_the_last_checkpoint_is_never_signed(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 5)
    with open_session(engine) as session:
        write_facts(session, now, 2, begin=5)
        extend_log(session, log, now=now)
        with owner(session):
            _flip(session)
        with pytest.raises(LogAtFault) as refused:
            publish_checkpoint(session, log, now=now)
        assert refused.value.fault is Fault.CHECKPOINT_DIFFERS


def _flip(session: Session) -> None:
    kept = session.execute(text("SELECT hashes FROM log_tile WHERE level = 0")).scalar_one()
    flipped = bytes([kept[0] ^ 1]) + bytes(kept[1:])
    session.execute(text("UPDATE log_tile SET hashes = :it WHERE level = 0"), {"it": flipped})


def test_every_checkpoint_stands_outside_the_database_before_it_goes_out(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 2)
    published(engine, log, now, 2, begin=2)
    with open_read_session(engine) as session:
        kept = checkpoints(session).items
    assert [str(one.note) for one in all_published(log.published)] == [one.note for one in kept]


def test_a_process_that_dies_after_writing_outside_has_lost_nothing(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 4)
    with open_session(engine) as session:  # killed between the file and the commit
        extend_log(session, log, now=now)
        made = publish_checkpoint(session, log, now=now)
        assert made is not None
        size = made.size
        session.rollback()
    outside = newest_published(log.published)
    assert outside is not None
    assert outside.checkpoint.size == size
    with transaction(engine) as session:  # another comes, and takes up what went out
        extend_log(session, log, now=now)
        assert settle_with_published(session, log, now=now) is None
        kept = newest_checkpoint(session)
        assert kept is not None
        assert kept.note == str(outside.note)
        assert breaks_of(session) == []


def test_a_line_cut_off_by_a_crash_is_passed_over_and_does_not_spoil_the_next(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 2)
    before = newest_published(log.published)
    with log.published.open("ab") as opened:
        opened.write(b'{"note": "truyxuat.te')
    assert newest_published(log.published) == before
    size = published(engine, log, now, 2, begin=2)
    outside = newest_published(log.published)
    assert outside is not None
    assert outside.checkpoint.size == size


def test_the_name_of_another_host_is_another_log_under_the_same_key(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    published(engine, log, now, 2)
    moved = replace(log, name="moi.test/log")
    published(engine, moved, now, 1, begin=2)
    with open_read_session(engine) as session:
        keys = verifiers(session)
        assert [one.name for one in keys] == ["moi.test/log", "truyxuat.test/log"]
        assert keys[0].key == keys[1].key
        assert state_of(session).breaks == []
    assert keys[0] == Verifier("moi.test/log", public_bytes(log.keys.signing_keys()[0]))
