"""Work in the background: how far it is, and how it ended."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.accounts.reach import Reach
from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import Reading
from app.errors import NotFound
from app.jobs.queries import fault_of, job_by_uid
from app.kit.i18n import Language
from app.models.jobs import Job, JobState

router = APIRouter(prefix="/jobs", tags=["jobs"])


class JobOut(Out):
    """A job: `steps_done` of `steps_all` are behind it (0 of 0 before it knows how many)."""

    id: UUID
    kind: str = Field(examples=["areas.import"])
    state: JobState
    steps_done: int = Field(examples=[120])
    steps_all: int = Field(examples=[400])
    fault: str | None = Field(description="Why it failed, in words.", examples=[None])
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, job: Job, reader: Language) -> "JobOut":
        fault = fault_of(job)
        return cls(
            id=job.uid,
            kind=job.kind,
            state=job.state,
            steps_done=job.steps_done,
            steps_all=job.steps_all,
            fault=reader.say(fault) if fault else None,
            created_at=job.created_at,
            ended_at=job.ended_at,
        )


@router.get("/{job}", responses=may_fail(NotFound))
def read_job(job: UUID, call: Reading) -> JobOut:
    """A job of your organisation; ask again until it is done or failed."""
    own = Reach.own(call.caller.organisation_id)
    return JobOut.of(job_by_uid(call.session, job, within=own), call.language)
