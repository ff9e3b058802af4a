"""Looking at a job: what it is to do, who asked for it, how far it is, what went wrong."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.messages import Message, say, thawed
from app.ledger.actors import Actor
from app.models.jobs import Job, JobState


def job_by_uid(session: Session, uid: UUID, *, within: Reach) -> Job:
    """The job with this public id; NotFound outside the reach."""
    found: Job | None = session.execute(
        select(Job).where(col(Job.uid) == uid, within.limits(col(Job.organisation_id)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such job."))
    return found


def argument_of(job: Job) -> dict[str, Any]:
    """What the job was given."""
    argument: dict[str, Any] = json.loads(job.argument)
    return argument


def actor_of(job: Job) -> Actor:
    """Who asked for the job: what it does is recorded as theirs."""
    written = json.loads(job.actor)
    account, organisation = written["account"], written["organisation"]
    return Actor(
        account=UUID(account) if account else None,
        role=written["role"],
        organisation=UUID(organisation) if organisation else None,
    )


def fault_of(job: Job) -> Message | None:
    """Why the job failed, in words for whoever asked; None while it did not."""
    if job.state is not JobState.FAILED:
        return None
    sentence, _, details = job.fault.partition("\n")
    return thawed(sentence, details or "{}")


def has_ended(job: Job) -> bool:
    """Whether nothing more will happen."""
    return job.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
