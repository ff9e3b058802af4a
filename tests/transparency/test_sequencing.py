"""The sequencer: the same tree whoever runs it, however often, and wherever it is stopped; on both engines."""

import json
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from app.db import APPEND_ONLY as KEPT
from app.db import grant_to, open_read_session, open_session, transaction
from app.ledger.commands import record_all
from app.models.ledger import LedgerEntry
from app.models.transparency import LogPart, LogTile
from app.transparency.entries import Salts, entry_of
from app.transparency.faults import Fault, LogAtFault
from app.transparency.log_keys import BOTH_SALTS
from app.transparency.sequencing import extend_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree, log_size
from tests.threads import at_once
from tests.transparency import trees
from tests.transparency.facts import (
    CLERK,
    LOT,
    OTHER_LOT,
    lot_fact,
    owner,
    published,
    write_facts,
)


def leaves_of(session: Session, log: TheLog) -> list[bytes]:
    """The leaves as decision 0028 describes them, made here from the stored facts and the secret of the salts."""
    parts = {part.position: part for part in session.execute(select(LogPart)).scalars()}
    found = []
    for fact in session.execute(select(LedgerEntry).order_by(col(LedgerEntry.position))).scalars():
        tile, place = divmod(fact.position, 256)
        salts = Salts.of(log.keys.salts(tile, 0)[place * BOTH_SALTS : (place + 1) * BOTH_SALTS])
        part = parts.get(fact.position)
        told = (part.part, part.is_open) if part else (None, False)
        entry = entry_of(fact.at, fact.kind, fact.leaf_hash, salts, told[0], is_open=told[1])
        found.append(trees.leaf(entry))
    return found


def tiles(session: Session) -> list[tuple[int, int, bytes]]:
    wanted = select(LogTile).order_by(col(LogTile.level), col(LogTile.number))
    return [(one.level, one.number, bytes(one.hashes)) for one in session.execute(wanted).scalars()]


def extend_all(engine: Engine, log: TheLog, now: datetime, most: int = 2_000) -> None:
    while True:
        with transaction(engine) as session:
            if not extend_log(session, log, now=now, most=most):
                return


def test_the_stored_tree_is_the_tree_of_the_text_at_every_size(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    with transaction(engine) as session:
        write_facts(session, now, 700)
    extend_all(engine, log, now, most=97)
    with open_read_session(engine) as session:
        leaves, tree, size = leaves_of(session, log), StoredTree(session), log_size(session)
        assert size == len(leaves) > 700
        for at in (1, 2, 255, 256, 257, 511, 512, 513, size):
            assert tree.root(at) == trees.mth(leaves[:at])
        for index in (0, 255, 256, 511, size - 1):
            assert tree.inclusion(index, size) == trees.path(index, leaves)
        for former in (1, 255, 256, 300, size):
            assert tree.consistency(former, size) == trees.proof(former, leaves)
        with pytest.raises(LookupError):
            tree.root(size + 1)


def test_how_the_facts_come_in_changes_nothing_of_the_tree(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    with transaction(engine) as session:
        write_facts(session, now, 300)
    with open_session(engine) as session:  # the whole at once, and undone
        extend_log(session, log, now=now)
        at_once_made = tiles(session)
        session.rollback()
        assert log_size(session) == 0
    for most in (1, 13, 255, 256):
        with transaction(engine) as session:
            extend_log(session, log, now=now, most=most)
    extend_all(engine, log, now, most=50)
    with open_read_session(engine) as session:
        assert tiles(session) == at_once_made


def test_run_again_it_changes_nothing(engine: Engine, log: TheLog, now: datetime) -> None:
    with transaction(engine) as session:
        write_facts(session, now, 5)
    extend_all(engine, log, now)
    with open_read_session(engine) as session:
        before = tiles(session)
    with transaction(engine) as session:
        assert extend_log(session, log, now=now) == 0
    with open_read_session(engine) as session:
        assert tiles(session) == before


def test_several_workers_and_writers_at_once_make_one_tree(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    def write(begin: int) -> None:
        for number in range(6):
            with transaction(engine) as session:
                write_facts(session, now, 9, begin=begin + 9 * number)

    def work() -> None:
        for _ in range(12):
            with transaction(engine) as session:
                extend_log(session, log, now=now, most=20)

    outcomes = at_once([*(partial(write, 100 * one) for one in range(3)), work, work, work])
    assert outcomes == [None] * 6
    extend_all(engine, log, now)
    with open_read_session(engine) as session:
        leaves, size = leaves_of(session, log), log_size(session)
        assert size == len(leaves)
        assert StoredTree(session).root(size) == trees.mth(leaves)


def test_a_lot_s_facts_point_back_at_the_one_before(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    codes = [LOT, OTHER_LOT, LOT, LOT, OTHER_LOT]
    for code in codes:
        with transaction(engine) as session:
            record_all(session, [lot_fact(code=code)], by=CLERK, now=now)
    extend_all(engine, log, now, most=2)
    with open_read_session(engine) as session:
        wanted = select(LogPart).where(~col(LogPart.is_open)).order_by(col(LogPart.position))
        found = [
            (part.position, json.loads(part.part)) for part in session.execute(wanted).scalars()
        ]
    first = found[0][0]
    assert [told["previous"] for _, told in found] == [None, None, first, first + 2, first + 1]
    assert [told["subject"] for _, told in found] == codes
    assert set(found[0][1]["facts"]) == {"harvested_on", "crop", "claims"}


def test_a_fact_that_is_missing_stops_it(session: Session, log: TheLog, now: datetime) -> None:
    write_facts(session, now, 6)
    last = session.execute(text("SELECT max(position) FROM ledger_entry")).scalar_one()
    with owner(session):
        session.execute(
            text("DELETE FROM ledger_personal WHERE position = :one"), {"one": last - 2}
        )
        session.execute(text("DELETE FROM ledger_entry WHERE position = :one"), {"one": last - 2})
    with pytest.raises(LogAtFault) as refused:
        extend_log(session, log, now=now)
    assert (refused.value.fault, refused.value.bad) == (Fault.ENTRY_MISSING, last - 2)
    assert log_size(session) == 0


def test_salts_differ_from_entry_to_entry_and_after_a_break(log: TheLog) -> None:
    first, again, other, after = (log.keys.salts(*of) for of in ((0, 0), (0, 0), (1, 0), (0, 1)))
    assert first == again
    each = {first[at : at + 16] for at in range(0, len(first), 16)}
    assert len(each) == 512
    assert not each & {other[at : at + 16] for at in range(0, len(other), 16)}
    assert not each & {after[at : at + 16] for at in range(0, len(after), 16)}


APPEND_ONLY = [
    ("log_growth", "UPDATE log_growth SET at = at"),
    ("log_growth", "DELETE FROM log_growth"),
    ("log_part", "UPDATE log_part SET part = 'x'"),
    ("log_part", "DELETE FROM log_part"),
    ("log_tile", "DELETE FROM log_tile"),
    ("log_tile", "UPDATE log_tile SET level = level + 1"),
    ("log_checkpoint", "UPDATE log_checkpoint SET size = 1"),
    ("log_checkpoint", "DELETE FROM log_checkpoint"),
    ("log_key", "UPDATE log_key SET name = 'x'"),
    ("log_key", "DELETE FROM log_key"),
]


def test_the_database_itself_keeps_what_the_log_was(
    engine: Engine, log: TheLog, now: datetime, engine_name: str
) -> None:
    published(engine, log, now, 4)
    statements = [statement for _, statement in APPEND_ONLY]
    if engine_name == "sqlite":
        statements += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            for table in ("log_tile", "log_growth", "log_part", "log_key", "log_checkpoint")
        ]
    else:
        statements += [f"TRUNCATE {table} CASCADE" for table in ("log_tile", "log_part", "log_key")]
    for statement in statements:
        with open_session(engine) as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
    with open_session(engine) as session:  # a tile may grow, and not be written over
        flipped = {"hashes": bytes(32 * 256)}
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text("UPDATE log_tile SET hashes = :hashes"), flipped)
    with open_session(engine) as session:  # the control: its own growth passes
        write_facts(session, now, 2)
        assert extend_log(session, log, now=now) > 0


def test_a_granted_role_may_extend_the_log_and_not_rewrite_it(
    session: Session, log: TheLog, now: datetime, engine_name: str
) -> None:
    assert set(KEPT) == {
        "ledger_entry",
        *(table for table, _ in APPEND_ONLY if table != "log_tile"),
    } | {
        "log_cosignature",
        "log_break",
        "log_check",
    }
    if engine_name == "sqlite":
        return  # it has no roles; its triggers are tested above
    session.execute(text("DROP ROLE IF EXISTS nguongoc_log_role"))
    session.execute(text("CREATE ROLE nguongoc_log_role"))
    grant_to(session, "nguongoc_log_role")
    with owner(session):  # without the triggers: the right itself is missing
        session.execute(text("SET ROLE nguongoc_log_role"))
        write_facts(session, now, 2)
        assert extend_log(session, log, now=now) > 0
        kept = [
            (table, f"UPDATE {table} SET {_column(table)} = {_column(table)}") for table in KEPT
        ]
        for table, update in (*kept, ("log_tile", "TRUNCATE log_tile")):
            for statement in (f"DELETE FROM {table}", update):
                with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
                    session.execute(text(statement))
        session.execute(text("RESET ROLE"))


def _column(table: str) -> str:
    named = {"ledger_entry": "kind", "log_growth": "at", "log_part": "part"}
    return named.get(table, "id")
