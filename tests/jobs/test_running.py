"""Jobs are done once, survive those who work on them, and say how far they are."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.reach import Reach
from app.db import transaction
from app.errors import NotFound, Refused
from app.jobs.claiming import OUR_FAULT
from app.jobs.commands import queue
from app.jobs.progress import Progress
from app.jobs.queries import actor_of, argument_of, fault_of, has_ended, job_by_uid
from app.jobs.running import Runner
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.jobs import Job, JobState
from app.models.registry import Organisation
from tests.conftest import Clock
from tests.jobs.conftest import Events, Queue, nothing, seen
from tests.threads import at_once

Make = Callable[..., Runner]


def test_a_job_is_queued_with_the_fact_or_not_at_all(
    engine: Engine, session: Session, runner: Make, home: Organisation, now: datetime
) -> None:
    queue(session, kind="count", argument={}, by=Actor.system(), organisation_id=None, now=now)
    session.rollback()
    assert runner(count=nothing).run_one() is False


def test_a_handler_is_given_the_argument_and_who_asked(
    session: Session, runner: Make, now: datetime
) -> None:
    by = Actor(UUID(int=1), "staff", UUID(int=2))
    queue(session, kind="count", argument={"to": 3}, by=by, organisation_id=None, now=now)
    session.commit()
    given = []
    runner(count=lambda _, job, __: given.append((argument_of(job), actor_of(job)))).run_one()
    assert given == [({"to": 3}, by)]


def test_an_argument_that_json_cannot_hold_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(TypeError):
        queue(
            session,
            kind="count",
            argument={"at": now},
            by=Actor.system(),
            organisation_id=None,
            now=now,
        )


def test_jobs_are_done_in_turn_and_once(engine: Engine, runner: Make, queued: Queue) -> None:
    first, second = queued(), queued()
    done: list[int] = []
    one = runner(count=lambda _, job, __: done.append(job.pk))
    assert [one.run_one() for _ in range(3)] == [True, True, False]
    assert done == [first.pk, second.pk]
    assert {seen(engine, job).state for job in (first, second)} == {JobState.DONE}


def test_several_runners_never_take_the_same_job(runner: Make, queued: Queue) -> None:
    wanted = {queued().pk for _ in range(12)}
    done: list[int] = []

    def work() -> None:
        own = runner(count=lambda _, job, __: done.append(job.pk))
        while own.run_one():
            pass

    assert at_once([work] * 4) == [None] * 4
    assert sorted(done) == sorted(wanted)


def test_a_kind_nobody_here_knows_waits_for_a_process_that_does(
    engine: Engine, runner: Make, queued: Queue
) -> None:
    job = queued("fold")
    assert runner(count=nothing).run_one() is False
    assert seen(engine, job).state is JobState.WAITING
    assert runner(fold=nothing).run_one() is True


def test_a_handler_that_raises_ends_failed_and_its_words_stay_in_the_log(
    engine: Engine, runner: Make, queued: Queue, events: Events
) -> None:
    job = queued()
    runner(count=lambda *_: 1 // 0).run_one()
    failed = seen(engine, job)
    assert failed.state is JobState.FAILED
    assert fault_of(failed) == OUR_FAULT
    assert "ZeroDivision" not in failed.fault
    assert events() == ["job_failed"]


def test_a_refusal_of_the_domain_is_told_in_its_own_words(
    engine: Engine, runner: Make, queued: Queue
) -> None:
    why = say("Please sign in first.", day=date(2026, 11, 20))

    def refusing(engine: Engine, job: Job, progress: Progress) -> None:
        raise Refused(why)

    job = queued()
    runner(count=refusing).run_one()
    assert fault_of(seen(engine, job)) == why


def test_a_fault_too_long_to_keep_is_told_in_short(
    engine: Engine, runner: Make, queued: Queue
) -> None:
    def refusing(engine: Engine, job: Job, progress: Progress) -> None:
        raise Refused(say("Please sign in first.", words="x" * 600))

    job = queued()
    runner(count=refusing).run_one()
    assert fault_of(seen(engine, job)) == OUR_FAULT


def test_how_far_a_job_is_can_be_seen_while_it_runs(
    engine: Engine, runner: Make, queued: Queue, clock: Clock
) -> None:
    shown = []

    def counting(engine: Engine, job: Job, progress: Progress) -> None:
        for done in range(4):
            progress.step(done, 3)
            shown.append(seen(engine, job).steps_done)
            clock.forward(seconds=0.6)

    job = queued()
    runner(count=counting).run_one()
    assert shown == [0, 0, 2, 3]  # at most once a second, and at the end
    assert has_ended(seen(engine, job))


def test_a_step_does_not_wait_for_the_callers_own_lock(
    engine: Engine, runner: Make, queued: Queue, events: Events
) -> None:
    def writing(engine: Engine, job: Job, progress: Progress) -> None:
        with transaction(engine) as own:
            own.get_one(Job, job.pk).steps_all = 7
            own.flush()
            progress.step(3, 7)

    job = queued()
    runner(count=writing).run_one()
    assert events() == ["job_beat_skipped"]
    assert seen(engine, job).state is JobState.DONE


def test_the_jobs_of_others_are_not_found(session: Session, queued: Queue) -> None:
    job = queued()
    own = Reach.own(job.organisation_id or 0)
    assert job_by_uid(session, job.uid, within=own) is job
    with pytest.raises(NotFound):
        job_by_uid(session, job.uid, within=Reach.own(0))


def test_what_is_settled_is_done_with_its_effect(
    engine: Engine, runner: Make, queued: Queue, clock: Clock
) -> None:
    def settling(engine: Engine, job: Job, progress: Progress) -> None:
        with transaction(engine) as own:
            own.get_one(Organisation, job.organisation_id).address = "Thôn 1"
            progress.settle(own)
            progress.step(1, 1)  # would wait for our own lock

    job = queued()
    runner(count=settling).run_one()
    assert seen(engine, job).state is JobState.DONE


def test_the_thread_works_when_it_is_woken_and_stops_when_it_is_told(
    engine: Engine, runner: Make, queued: Queue
) -> None:
    done = Event()
    background = runner(count=lambda *_: done.set())
    background.start()
    try:
        job = queued()
        background.wake()
        assert done.wait(10)
    finally:
        background.stop()
    assert seen(engine, job).state is JobState.DONE
    queued()
    assert runner(count=nothing).run_one() is True  # nobody else takes it any more
