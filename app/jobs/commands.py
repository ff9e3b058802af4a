"""Queueing: a job exists exactly when the fact that asked for it does (ADR 0012)."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.db import is_sqlite
from app.errors import Conflict
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.jobs import Job, JobState


def queue(
    session: Session,
    *,
    kind: str,
    argument: Mapping[str, object],
    by: Actor,
    organisation_id: int | None,
    now: datetime,
) -> Job:
    """Ask for work to be done after this transaction is committed, and not at all if it is not.

    `argument` is what JSON can hold (TypeError otherwise); `organisation_id` may see the job.
    """
    job = Job(
        kind=kind,
        organisation_id=organisation_id,
        argument=json.dumps(argument),
        actor=json.dumps(_written(by)),
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def daily_kind(name: str) -> str:
    """The kind of the jobs that do a day's work of this name."""
    return f"daily.{name}"


def queue_daily(session: Session, *, kind: str, day: date, now: datetime) -> bool:
    """Ask for the work of a day, or an hour, once, however many ask; whether this was the first.

    All of them arrive at the same public id, and the database keeps one row of it.
    """
    uid = uuid5(NAMESPACE_URL, f"nguongoc:{kind}:{day.isoformat()}")
    row = {
        "uid": uid,
        "kind": kind,
        "argument": json.dumps({"day": day.isoformat()}),
        "actor": json.dumps(_written(Actor.system())),
        "state": JobState.WAITING,
        "created_at": now,
        **dict.fromkeys(("steps_done", "steps_all", "tries"), 0),
        "fault": "",
    }
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    made = insert(Job).values(**row).on_conflict_do_nothing(index_elements=["uid"])
    return session.execute(made.returning(col(Job.id))).first() is not None


def _written(by: Actor) -> dict[str, str | None]:
    return {
        "account": str(by.account) if by.account else None,
        "role": by.role,
        "organisation": str(by.organisation) if by.organisation else None,
    }


def cancel(session: Session, *, job: Job, now: datetime) -> None:
    """Give up a job that has not ended: who works on it notices at the next step, and stops.

    Raises Conflict when it has ended already. What the job had done stays; its caller tidies up.
    """
    waiting = (JobState.WAITING, JobState.RUNNING)
    stopped = session.execute(
        update(Job)
        .where(col(Job.id) == job.pk, col(Job.state).in_(waiting))
        .values(state=JobState.CANCELLED, ended_at=now)
        .returning(col(Job.id)),
        execution_options={"synchronize_session": False},
    )
    if stopped.first() is None:
        raise Conflict(say("This work has ended already."))
    session.refresh(job)
