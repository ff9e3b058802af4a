"""A backup put back is noticed; the commands of an installation."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from app import cli_log
from app.cli import main
from app.db import engine_for, open_read_session, transaction
from app.ledger.commands import record_all
from app.settings import Settings
from app.transparency.queries import breaks_of, newest_checkpoint
from app.transparency.tending import publish, settle, take_in
from app.transparency.the_log import TheLog
from tests.transparency.facts import CLERK, LOT, lot_fact, published
from tests.transparency.test_breaks import restored


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
    said = run("log", "erase", LOT, "--reason", "Theo đơn").output
    assert said == "1 personal parts erased in the ledger; the registers are as they were.\n"
    assert "no personal part" in run("log", "erase", LOT, "--reason", "Theo đơn").output
    refused = run("log", "declare-break", "--reason", "thử")
    assert refused.exit_code == 1
    assert "goes on from what was published" in refused.output


def test_a_file_of_another_address_is_named_by_every_command(engine: Engine, run) -> None:
    assert run("log", "checkpoint").exit_code == 0
    file = cli_log.settings().log_published_file
    file.write_text(file.read_text().replace("truyxuat.test/log", "cu.test/log"))
    for words in (("checkpoint",), ("check",), ("declare-break", "--reason", "Đổi địa chỉ.")):
        told = run("log", *words)
        assert told.exit_code == 1, told.output
        assert "is not of this log. This log is truyxuat.test/log." in told.output


def test_a_look_says_that_it_declared_a_break(engine: Engine, run, now: datetime) -> None:
    with transaction(engine) as session:
        record_all(session, [lot_fact()], by=CLERK, now=now)
    assert run("log", "checkpoint").exit_code == 0
    with open_read_session(engine) as session:
        size = newest_checkpoint(session).size
    restored(engine, size - 1)
    told = run("log", "check").output
    assert f"older than what was published. Break 1: 0 of {size} published" in told
    assert "whole" in told
