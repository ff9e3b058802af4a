"""A clock that jumps: facts keep their order, the log goes on, nothing that was published is contradicted."""

from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import open_read_session, transaction
from app.models.ledger import LedgerEntry
from app.models.transparency import LogCheckpoint
from app.transparency.checking import check_log
from app.transparency.tending import Tender
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.transparency.facts import write_facts

JUMPS = (timedelta(0), timedelta(hours=9), timedelta(minutes=5), timedelta(days=-1), timedelta(0))


def tended(engine: Engine, log: TheLog, now: datetime, begin: int) -> None:
    """Three facts, taken in and published as the background does, by one clock."""
    with transaction(engine) as session:
        write_facts(session, now, 3, begin=begin)
    tender = Tender(log)
    tender(engine, now)
    tender(engine, now)


def newest(session: Session) -> list[LogCheckpoint]:
    wanted = select(LogCheckpoint).order_by(col(LogCheckpoint.id))
    return list(session.execute(wanted).scalars())


def test_a_clock_that_jumps_by_hours_stops_nothing_and_contradicts_nothing(
    engine: Engine, log: TheLog, now: datetime
) -> None:
    times = [now + jump for jump in JUMPS]
    assert sorted(times) != times  # the control: this clock does go back
    for turn, at in enumerate(times):
        tended(engine, log, at, begin=3 * turn)
    with open_read_session(engine) as session:
        entries = session.execute(select(LedgerEntry).order_by(col(LedgerEntry.position))).scalars()
        told = [(one.position, one.at) for one in entries][-15:]
        # The order is that of the positions; what a clock said stands as it said it.
        assert all(later[0] == former[0] + 1 for former, later in pairwise(told))
        assert [at for _, at in told] == [at for at in times for _ in range(3)]
        checkpoints = newest(session)
        sizes = [one.size for one in checkpoints]
        assert len(sizes) == len(times)
        assert sizes == sorted(set(sizes))
        assert sizes[-1] == told[-1][0] + 1
        tree = StoredTree(session)
        assert [tree.root(one.size) for one in checkpoints] == [one.root for one in checkpoints]
        assert check_log(session, full=True, now=now).fault == ""
