"""The runner: a thread in every serving process that does what was queued, and the daily work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from threading import Event, Thread

import structlog
from sqlalchemy import Engine

from app.db import transaction
from app.errors import DomainError
from app.jobs.claiming import OUR_FAULT, claim_next, end
from app.jobs.commands import daily_kind, queue_daily
from app.jobs.progress import Progress, TakenOver
from app.kit.clock import Clock, day_of
from app.kit.messages import Message
from app.models.jobs import Job

log = structlog.get_logger()

# A handler opens its own transactions; what it raises as a DomainError is told to who asked.
Handler = Callable[[Engine, Job, Progress], None]
# Something small done every ten seconds by every process; it must bear being done twice at once.
Chore = Callable[[Engine, datetime], object]

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_CHORES = 10.0
SECONDS_TO_STOP = 5.0


@dataclass(frozen=True)
class Daily:
    """Work done once a Viet Nam day, by whichever process comes first; retried only by tomorrow's.

    `hourly`: once an hour instead, where a law counts in hours.
    """

    name: str
    function: Handler
    hourly: bool = False


class Runner:
    """Does one job after the other. Handlers, daily work and chores are given by `app.main`."""

    def __init__(
        self,
        engine: Engine,
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        dailies: Sequence[Daily] = (),
        chores: Sequence[Chore] = (),
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._dailies = {daily_kind(daily.name): daily.function for daily in dailies}
        self._hourly = {daily_kind(daily.name) for daily in dailies if daily.hourly}
        self._handlers = {**handlers, **self._dailies}
        self._chores = chores
        self._queued: dict[str, date] = {}
        self._woken, self._stopped = Event(), Event()
        self._threads: list[Thread] = []

    def run_one(self) -> bool:
        """Do the oldest job that waits; False when there is none. Faults end the job, not us."""
        job = claim_next(self._engine, self._handlers.keys(), self._clock())
        if job is None:
            return False
        progress = Progress(self._engine, job, self._clock)
        try:
            with progress.beating():
                self._handlers[job.kind](self._engine, job, progress)
        except TakenOver:
            log.warning("job_taken_over", job=str(job.uid), kind=job.kind)
        except DomainError as refused:
            self._end(job, refused.why)
        except Exception:  # whatever a handler does ends its job only
            log.exception("job_failed", job=str(job.uid), kind=job.kind)
            self._end(job, OUR_FAULT)
        else:
            self._end(job, None)
        return True

    def do_chores(self) -> None:
        """Queue the day's work where nobody did yet, and do the small things."""
        now = self._clock()
        today, hour = day_of(now), now.replace(minute=0, second=0, microsecond=0)
        for kind in self._dailies:
            turn = hour if kind in self._hourly else today
            if self._queued.get(kind) != turn:
                with transaction(self._engine) as session:
                    queue_daily(session, kind=kind, day=turn, now=now)
                self._queued[kind] = turn
        for chore in self._chores:
            self._tried(partial(chore, self._engine, self._clock()))

    def start(self) -> None:
        """Work in the background until `stop`."""
        self._stopped.clear()
        self._threads = [
            Thread(target=work, name=f"jobs{work.__name__}", daemon=True)
            for work in (self._work, self._keep_house)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End after the present job, or leave it to whoever comes next if it takes too long."""
        self._stopped.set()
        self._woken.set()
        for thread in self._threads:
            thread.join(SECONDS_TO_STOP)
        self._threads = []

    def wake(self) -> None:
        """Look for work at once: something was queued."""
        self._woken.set()

    def _work(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            if not self._tried(self.run_one):
                self._woken.wait(SECONDS_BETWEEN_LOOKS)

    def _keep_house(self) -> None:
        while not self._stopped.is_set():
            self._tried(self.do_chores)
            self._stopped.wait(SECONDS_BETWEEN_CHORES)

    def _tried(self, work: Callable[[], object]) -> bool:
        try:
            return bool(work())
        except Exception:  # a database that is away comes back
            log.exception("background_failed")
            return False

    def _end(self, job: Job, fault: Message | None) -> None:
        with transaction(self._engine) as session:
            end(session, job, now=self._clock(), fault=fault)
