"""The day's work is done once a Viet Nam day, however many processes there are."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session

from app.db import learn_statistics, transaction
from app.jobs.commands import daily_kind, queue_daily
from app.jobs.progress import Progress
from app.jobs.running import Daily, Runner
from app.kit.clock import day_of
from app.main import DAILIES
from app.models.jobs import Job
from tests.conftest import Clock
from tests.jobs.conftest import Events
from tests.threads import at_once


class Process:
    """One of several processes with the same daily work."""

    def __init__(self, engine: Engine, clock: Clock, days: list[str], name: str = "remind") -> None:
        self.days = days
        work = Daily(name, self._remind, hourly=name == "clocks")
        self.runner = Runner(engine, {}, clock, dailies=[work])

    def __call__(self) -> None:
        self.runner.do_chores()
        while self.runner.run_one():
            pass

    def _remind(self, engine: Engine, job: Job, progress: Progress) -> None:
        self.days.append(day_of(progress.now()).isoformat())


def test_the_days_work_is_done_once_by_all_processes_together(engine: Engine, clock: Clock) -> None:
    days: list[str] = []
    processes = [Process(engine, clock, days) for _ in range(4)]
    assert at_once(processes) == [None] * 4
    assert at_once(processes) == [None] * 4
    assert days == ["2026-11-20"]


def test_what_is_counted_in_hours_is_done_every_hour(engine: Engine, clock: Clock) -> None:
    days: list[str] = []
    hourly, daily = (Process(engine, clock, days, name=name) for name in ("clocks", "remind"))
    for minutes in (30, 31, 60, 0):
        hourly()
        daily()
        clock.forward(minutes=minutes)
    assert days == ["2026-11-20"] * 4  # the hourly three times, the daily once


def test_a_new_process_does_not_do_it_again(engine: Engine, clock: Clock) -> None:
    days: list[str] = []
    for _ in range(2):
        Process(engine, clock, days)()
    assert days == ["2026-11-20"]


def test_the_day_begins_at_midnight_in_viet_nam(engine: Engine, clock: Clock) -> None:
    days: list[str] = []
    process = Process(engine, clock, days)
    clock.instant = datetime(2026, 11, 20, 16, 59, tzinfo=UTC)
    process()
    clock.forward(minutes=1)
    process()
    assert days == ["2026-11-20", "2026-11-21"]


@pytest.mark.parametrize(("same_day", "rows"), [(True, 1), (False, 6)])
def test_the_database_keeps_one_row_a_day(
    engine: Engine, session: Session, clock: Clock, same_day: bool, rows: int
) -> None:
    today = day_of(clock())

    def ask(number: int) -> None:
        with transaction(engine) as own:
            day = today if same_day else today.replace(day=number + 1)
            queue_daily(own, kind=daily_kind("remind"), day=day, now=clock())

    assert at_once([lambda number=number: ask(number) for number in range(6)]) == [None] * 6
    assert session.execute(select(func.count()).select_from(Job)).scalar_one() == rows


def test_a_chore_that_fails_does_not_keep_the_others_from_their_turn(
    engine: Engine, clock: Clock, events: Events
) -> None:
    done: list[datetime] = []
    chores = [lambda _, __: 1 // 0, lambda _, now: done.append(now)]
    Runner(engine, {}, clock, chores=chores).do_chores()
    assert done == [clock()]
    assert events() == ["background_failed"]


def test_sqlite_knows_what_is_in_its_tables_because_it_is_told_to_look(
    engine: Engine, clock: Clock
) -> None:
    if engine.dialect.name != "sqlite":
        learn_statistics(engine)  # PostgreSQL does so by itself
        return
    kept = engine.connect()  # a connection from before does not go on without knowing
    assert _looked_at(engine) == 0
    (work,) = (one for one in DAILIES if one.name == "statistics")
    runner = Runner(engine, {}, clock, dailies=[work])
    runner.do_chores()
    while runner.run_one():
        pass
    assert _looked_at(engine) > 10
    kept.close()
    assert engine.pool.checkedin() == 1  # `kept` was thrown away, and is not the one that looked


def _looked_at(engine: Engine) -> int:
    with engine.connect() as connection:
        table = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name='sqlite_stat1'")
        if table.first() is None:
            return 0
        return int(connection.exec_driver_sql("SELECT count(*) FROM sqlite_stat1").scalar_one())
