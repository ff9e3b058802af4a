"""What tests of jobs share: something queued, a runner of one's own, the job as others see it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine
from sqlmodel import Session
from structlog.testing import LogCapture

from app.db import open_read_session
from app.jobs import progress, running
from app.jobs.commands import queue
from app.jobs.progress import Progress
from app.jobs.running import Handler, Runner
from app.ledger.actors import Actor
from app.models.jobs import Job
from app.models.registry import Organisation
from tests.conftest import Clock
from tests.given import Given

Queue = Callable[..., Job]
Events = Callable[[], list[str]]


@pytest.fixture
def home(session: Session, given: Given) -> Organisation:
    made = given.cooperative()
    session.commit()
    return made


@pytest.fixture
def queued(session: Session, home: Organisation, now: datetime) -> Queue:
    """A job that is committed."""

    def make(kind: str = "count", **argument: Any) -> Job:
        job = queue(
            session,
            kind=kind,
            argument=argument,
            by=Actor.system(),
            organisation_id=home.pk,
            now=now,
        )
        session.commit()
        return job

    return make


@pytest.fixture
def runner(engine: Engine, clock: Clock) -> Callable[..., Runner]:
    """A runner, as one process has it, with these handlers."""

    def make(**handlers: Handler) -> Runner:
        return Runner(engine, handlers, clock)

    return make


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What the runner's log was told, whatever the logs of the process are configured to do."""
    capture = LogCapture()
    told = structlog.wrap_logger(
        None, [capture], structlog.make_filtering_bound_logger(0), cache_logger_on_first_use=False
    )
    for module in (running, progress):
        monkeypatch.setattr(module, "log", told)
    return lambda: [entry["event"] for entry in capture.entries]


def seen(engine: Engine, job: Job) -> Job:
    """The job as another session reads it."""
    with open_read_session(engine) as session:
        return session.get_one(Job, job.pk)


def nothing(engine: Engine, job: Job, progress: Progress) -> None:
    """A handler that has nothing to do."""
