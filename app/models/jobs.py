"""Table of jobs: work that outlasts a request, with its progress; it survives a restart."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from app.models.base import Public, UTCDateTime, stored_as_text


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Public, table=True):
    """Something to be done in the background, queued in the transaction that asked for it.

    `argument` is JSON; `actor` (JSON) is who asked. A job whose `beat_at` is old is taken up again.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("steps_done >= 0 AND steps_all >= 0", name="steps"),
        Index("ix_job_state", "state", "id"),
    )

    kind: str = Field(max_length=40)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    argument: str = Field(default="{}")
    actor: str = Field(default="{}", max_length=300)
    state: JobState = Field(default=JobState.WAITING, sa_type=stored_as_text(JobState, "state"))
    steps_done: int = Field(default=0)
    steps_all: int = Field(default=0)
    tries: int = Field(default=0)
    fault: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UTCDateTime)
    beat_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
