"""Who has a job: workers that sleep, die or are killed, and the one that comes after them."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from app.db import open_session, transaction
from app.jobs import progress as progress_module
from app.jobs.claiming import OUR_FAULT, claim_next, end
from app.jobs.progress import Progress, TakenOver
from app.jobs.queries import fault_of
from app.jobs.running import Runner
from app.models.jobs import Job, JobState
from app.models.registry import Organisation
from tests.conftest import Clock
from tests.contracts.sources import ROOT
from tests.jobs.conftest import Queue, nothing, seen

Make = Callable[..., Runner]

# A process of its own, with a real clock, that takes a job and never comes to an end.
STUCK = """
import sys
from threading import Event
from app.db import engine_for
from app.jobs.running import Runner
from app.kit.clock import system_clock

def stuck(engine, job, progress):
    progress.step(1, 2)
    print("working", flush=True)
    Event().wait()

Runner(engine_for(sys.argv[1]), {"count": stuck}, system_clock).run_one()
"""


def _claimed(engine: Engine, job: Job, clock: Clock) -> Job:
    claimed = claim_next(engine, [job.kind], clock())
    assert claimed is not None
    assert claimed.pk == job.pk
    return claimed


def test_a_worker_that_slept_changes_nothing_when_it_wakes(
    engine: Engine, runner: Make, queued: Queue, clock: Clock, home: Organisation
) -> None:
    sleeping = _claimed(engine, queued(), clock)
    clock.forward(seconds=61)
    assert runner(count=nothing).run_one() is True
    late = Progress(engine, sleeping, clock)
    with pytest.raises(TakenOver):
        late.step(1, 2)
    with pytest.raises(TakenOver), transaction(engine) as own:
        own.get_one(Organisation, home.pk).address = "Thôn 1"
        late.settle(own)
    with open_session(engine) as fresh:
        assert fresh.get_one(Organisation, home.pk).address == ""


def test_a_runner_that_lost_its_job_leaves_it_alone(
    engine: Engine, runner: Make, queued: Queue, clock: Clock
) -> None:
    def sleepy(engine: Engine, job: Job, progress: Progress) -> None:
        clock.forward(seconds=61)
        runner(count=nothing).run_one()
        progress.step(1, 2)

    job = queued()
    assert runner(count=sleepy).run_one() is True
    assert (seen(engine, job).state, seen(engine, job).tries) == (JobState.DONE, 2)


def test_a_job_that_kills_its_workers_is_given_up(
    engine: Engine, runner: Make, queued: Queue, clock: Clock
) -> None:
    job = queued()
    for _ in range(3):
        assert claim_next(engine, ["count"], clock()) is not None
        assert claim_next(engine, ["count"], clock()) is None
        clock.forward(seconds=61)
    assert runner(count=nothing).run_one() is False
    fault = fault_of(seen(engine, job))
    assert fault is not None
    assert fault.values == {"times": 3}


def test_a_worker_that_beats_keeps_its_job(engine: Engine, queued: Queue, clock: Clock) -> None:
    job = _claimed(engine, queued(), clock)
    for _ in range(3):
        clock.forward(seconds=50)
        Progress(engine, job, clock).step(0, 1)
        assert claim_next(engine, ["count"], clock()) is None


def test_a_job_ends_once(engine: Engine, queued: Queue, clock: Clock) -> None:
    job = _claimed(engine, queued(), clock)
    with transaction(engine) as own:
        assert end(own, job, now=clock()) is True
        assert end(own, job, now=clock(), fault=OUR_FAULT) is False
    assert fault_of(seen(engine, job)) is None


def test_a_job_whose_process_was_killed_is_taken_up_again(engine: Engine, queued: Queue) -> None:
    job = queued()
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", STUCK, url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "working\n"
        worker.kill()
    left = seen(engine, job)
    assert (left.state, left.steps_done, left.beat_at is not None) == (JobState.RUNNING, 1, True)
    assert left.beat_at is not None
    clock = Clock(left.beat_at)
    after = Runner(engine, {"count": nothing}, clock)
    assert after.run_one() is False  # the control: it might live still
    clock.forward(seconds=61)
    assert after.run_one() is True
    assert (seen(engine, job).state, seen(engine, job).tries) == (JobState.DONE, 2)


def test_a_long_step_is_no_silence(
    engine: Engine, runner: Make, queued: Queue, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_module, "SECONDS_BETWEEN_BEATS", 0.01)
    taken = []

    def long(engine: Engine, job: Job, progress: Progress) -> None:
        clock.forward(seconds=61)
        for _ in range(10_000):
            if seen(engine, job).beat_at == clock():
                break
        taken.append(claim_next(engine, [job.kind], clock()))

    queued()
    runner(count=long).run_one()
    assert taken == [None]
