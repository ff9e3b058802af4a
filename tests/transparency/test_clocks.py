"""A clock that jumps: facts keep their order, the log goes on, nothing that was published is contradicted."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import open_read_session, transaction
from app.kit.clock import system_clock
from app.models.ledger import LedgerEntry
from app.models.transparency import LogCheckpoint
from app.transparency.checking import check_log
from app.transparency.queries import breaks_of
from app.transparency.tending import Tender
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.transparency.facts import write_facts

ROOT = Path(__file__).parent.parent.parent
LIBFAKETIME = list(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
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


@pytest.mark.skipif(not LIBFAKETIME, reason="no libfaketime: apt-get install libfaketime")
def test_the_clock_of_a_real_process_jumps_while_eight_write(
    engine: Engine, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    url = engine.url.render_as_string(hide_password=False)
    faked = {
        "LD_PRELOAD": str(LIBFAKETIME[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = [sys.executable, "-m", "tests.transparency.clocked", url, str(tmp_path), str(clock)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **faked}, check=True, timeout=240)
    now = system_clock()
    with open_read_session(engine) as session:
        wanted = select(LedgerEntry).order_by(col(LedgerEntry.position))
        entries = list(session.execute(wanted).scalars())
        assert [one.position for one in entries] == list(range(len(entries)))
        times = [one.at for one in entries]
        # The control: its clock was ahead by hours and behind by a day.
        ahead = max(times)
        assert ahead > now + timedelta(hours=8)
        assert min(times[times.index(ahead) :]) < now - timedelta(hours=20)
        checkpoints = newest(session)
        assert len(checkpoints) > 1
        sizes = [one.size for one in checkpoints]
        assert sizes == sorted(set(sizes))
        tree = StoredTree(session)
        assert [tree.root(one.size) for one in checkpoints] == [one.root for one in checkpoints]
        assert breaks_of(session) == []
        assert check_log(session, full=True, now=now).fault == ""
