"""Who works on a job: claimed by one process at a time, kept by beating, ended once.

`tries` numbers the claims: whoever holds an older number lost the job and changes nothing more.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, or_, select, update
from sqlmodel import Session, col

from app.db import open_read_session, transaction
from app.kit.messages import Message, frozen, say
from app.models.jobs import Job, JobState

# A running job that was silent for so long has nobody working on it any more.
SILENCE = timedelta(seconds=60)
MOST_TRIES = 3
LONGEST_FAULT = 500

OUR_FAULT = say("This could not be finished because of a fault in the system. Please try again.")


def claim_next(engine: Engine, kinds: Collection[str], now: datetime) -> Job | None:
    """The oldest job of these kinds that waits or whose worker died, now ours; None without one."""
    if not _anything(engine, kinds, now):
        return None
    with transaction(engine) as session:
        _give_up(session, now)
        oldest = select(col(Job.id)).where(_free(kinds, now)).order_by(col(Job.id)).limit(1)
        claimed = session.execute(
            update(Job)
            .where(col(Job.id) == oldest.with_for_update(skip_locked=True).scalar_subquery())
            .values(state=JobState.RUNNING, tries=Job.tries + 1, beat_at=now)
            .returning(Job),
            execution_options={"synchronize_session": False},
        )
        found: Job | None = claimed.scalar_one_or_none()
        return found


def end(session: Session, job: Job, *, now: datetime, fault: Message | None = None) -> bool:
    """Write down that the job is done or failed; False when it is not this claim's any more."""
    state = JobState.DONE if fault is None else JobState.FAILED
    values = {"state": state, "fault": _kept(fault), "ended_at": now}
    ended = session.execute(update(Job).where(held(job)).values(**values).returning(col(Job.id)))
    return ended.first() is not None


def held(job: Job) -> ColumnElement[bool]:
    """The WHERE clause that finds the job only while this claim holds it."""
    return and_(
        col(Job.id) == job.pk, col(Job.tries) == job.tries, col(Job.state) == JobState.RUNNING
    )


def _anything(engine: Engine, kinds: Collection[str], now: datetime) -> bool:
    # Looking takes no lock: on SQLite a writer every second would be in everybody's way.
    with open_read_session(engine) as session:
        wanted = select(col(Job.id)).where(or_(_free(kinds, now), _dead(now))).limit(1)
        return session.execute(wanted).first() is not None


def _give_up(session: Session, now: datetime) -> None:
    why = say("The work was interrupted {times} times and is not tried again.", times=MOST_TRIES)
    session.execute(
        update(Job)
        .where(_dead(now))
        .values(state=JobState.FAILED, fault=_kept(why), ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _free(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    waiting = col(Job.state) == JobState.WAITING
    again = and_(_silent(now), col(Job.tries) < MOST_TRIES)
    return and_(col(Job.kind).in_(sorted(kinds)), or_(waiting, again))


def _dead(now: datetime) -> ColumnElement[bool]:
    return and_(_silent(now), col(Job.tries) >= MOST_TRIES)


def _silent(now: datetime) -> ColumnElement[bool]:
    return and_(col(Job.state) == JobState.RUNNING, col(Job.beat_at) < now - SILENCE)


def _kept(fault: Message | None) -> str:
    if fault is None:
        return ""
    kept = "\n".join(frozen(fault))
    return kept if len(kept) <= LONGEST_FAULT else "\n".join(frozen(OUR_FAULT))
