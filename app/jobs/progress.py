"""How far a running job is, written in short transactions of its own so that others see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from app.jobs.claiming import end, held
from app.kit.clock import Clock
from app.models.jobs import Job

log = structlog.get_logger()

# People look every two seconds; writing more often only costs.
BETWEEN_STEPS = timedelta(seconds=1)
SECONDS_BETWEEN_BEATS = 15
PATIENCE_MS = 200


class TakenOver(Exception):
    """The job is somebody else's: this worker was silent for too long and must stop."""


class Progress:
    """What a handler says about its job."""

    def __init__(self, engine: Engine, job: Job, clock: Clock) -> None:
        self._engine = engine
        self._job = job
        self._clock = clock
        self._told_at: datetime | None = None
        self._settled = False

    def now(self) -> datetime:
        """The present instant, for what the handler records."""
        return self._clock()

    def step(self, done: int, of: int) -> None:
        """`done` of `of` steps are behind us; written at most once a second, and at the end.

        Call it between transactions: while the caller holds a lock in the way, it is skipped
        rather than waited for. Raises TakenOver when another worker has the job by now.
        """
        now = self._clock()
        recent = self._told_at is not None and now - self._told_at < BETWEEN_STEPS
        if self._settled or (recent and done < of):
            return
        self._told_at = now
        self._beat(now, steps_done=done, steps_all=of)

    def settle(self, session: Session) -> None:
        """The last statement of the handler's last transaction: the job is done with its effect.

        Commit right after it. A worker that died before did nothing, one that dies after is not
        followed by another. Raises TakenOver when another worker has the job by now.
        """
        if not end(session, self._job, now=self._clock()):
            raise TakenOver
        self._settled = True

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Say every 15 seconds that the worker lives, however long one step takes."""
        over = Event()
        thread = Thread(target=self._keep_beating, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _keep_beating(self, over: Event) -> None:
        while not over.wait(SECONDS_BETWEEN_BEATS):
            try:
                self._beat(self._clock())
            except TakenOver:
                return

    def _beat(self, now: datetime, **steps: int) -> None:
        wanted = update(Job).where(held(self._job)).values(beat_at=now, **steps)
        try:
            with _hasty(self._engine) as connection:
                lost = connection.execute(wanted.returning(col(Job.id))).first() is None
        except DBAPIError as error:
            log.info("job_beat_skipped", job=str(self._job.uid), error=type(error).__name__)
            return
        if lost and not self._settled:
            raise TakenOver


@contextmanager
def _hasty(engine: Engine) -> Iterator[Connection]:
    """A short transaction that gives up where another waits for a lock."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
        driver.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        try:
            with connection.begin():
                yield connection
        finally:
            driver.execute(f"PRAGMA busy_timeout={usual}")
