"""A process killed anywhere loses nothing it published, and a backup put back is noticed; the commands."""

import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlmodel import col

from app import cli_log
from app.cli import main
from app.db import engine_for, open_read_session, transaction
from app.kit.clock import system_clock
from app.ledger.commands import record_all
from app.models.transparency import LogCheckpoint
from app.settings import Settings
from app.transparency.queries import breaks_of, newest_checkpoint
from app.transparency.tending import look_again, publish, settle, take_in
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.transparency.facts import CLERK, LOT, lot_fact, published
from tests.transparency.writing import log_in

CUTS = 2


def test_a_process_killed_anywhere_loses_nothing_it_published(
    engine: Engine, tmp_path: Path
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    promised: list[str] = []
    for cut in range(CUTS):
        command = [sys.executable, "-m", "tests.transparency.writing", url, str(tmp_path)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        promised.append(writer.stdout.readline())  # it is at work
        time.sleep(0.05 + 0.07 * cut)
        writer.send_signal(signal.SIGKILL)
        promised += writer.stdout.read().splitlines(keepends=True)
        writer.wait()
        writer.stdout.close()
    log = log_in(tmp_path)
    settle(engine, log, system_clock())
    whole = [line.split() for line in promised if line.endswith("\n")]
    assert len(whole) >= CUTS
    with open_read_session(engine) as session:
        wanted = select(col(LogCheckpoint.size), col(LogCheckpoint.root))
        kept = {int(size): bytes(root) for size, root in session.execute(wanted)}
        tree = StoredTree(session)
        for size, root in whole:
            assert kept[int(size)].hex() == root == tree.root(int(size)).hex()
        assert breaks_of(session) == []
    assert look_again(engine, system_clock(), full=True).fault == ""


def test_a_file_put_back_from_a_backup_is_declared(
    engine: Engine, log: TheLog, now: datetime, engine_name: str, tmp_path: Path
) -> None:
    """The real thing on SQLite; how PostgreSQL would come back is done by hand in the tests of breaks."""
    if engine_name != "sqlite":
        return  # a PostgreSQL backup is no file
    published(engine, log, now, 30)
    database, backup = Path(str(engine.url.database)), tmp_path / "backup.db"
    engine.dispose()
    shutil.copyfile(database, backup)
    lost = published(engine, log, now, 30, begin=30)
    engine.dispose()
    for left in database.parent.glob(f"{database.name}-*"):
        left.unlink()
    shutil.copyfile(backup, database)
    again = engine_for(f"sqlite:///{database}")
    settle(again, log, now)
    take_in(again, log, now)
    publish(again, log, now)
    with open_read_session(again) as session:
        (one,) = breaks_of(session)
        newest = newest_checkpoint(session)
        assert one.size == lost
        assert newest is not None
        assert newest.origin.endswith("/log/2")
    again.dispose()


@pytest.fixture
def run(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    chosen = Settings(
        data_dir=tmp_path,
        database_url=engine.url.render_as_string(hide_password=False),
        base_url="https://truyxuat.test",
        log_merge_delay_seconds=0,
    )
    monkeypatch.setattr(cli_log, "settings", lambda: chosen)

    def running(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return running


def test_the_commands_of_an_installation(engine: Engine, run, now: datetime) -> None:
    with transaction(engine) as session:
        record_all(session, [lot_fact()], by=CLERK, now=now)
    unpublished = run("log", "key").output
    assert unpublished.startswith("truyxuat.test/log+")
    first = run("log", "checkpoint")
    assert first.output.startswith("truyxuat.test/log\n"), first.output
    assert run("log", "key").output == unpublished
    assert run("log", "checkpoint").exit_code == 0  # the fact of the key
    assert run("log", "checkpoint").output == "Nothing new to publish.\n"
    whole = run("log", "check")
    assert "whole" in whole.output
    assert "whole" in run("log", "check", "--new-only").output
    two = run("log", "key", "--new").output.splitlines()
    assert two[1] == unpublished.strip()
    assert run("log", "erase", LOT, "--reason", "Theo đơn").output == "1 personal parts erased.\n"
    assert "no personal part" in run("log", "erase", LOT, "--reason", "Theo đơn").output
    refused = run("log", "declare-break", "--reason", "thử")
    assert refused.exit_code == 1
    assert "goes on from what was published" in refused.output
