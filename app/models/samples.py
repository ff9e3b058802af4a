"""Tables of official samples: what was taken, and every hand it went through."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class SampleStepKind(StrEnum):
    """A link of the chain of custody; a laboratory may refuse what reaches it with a broken seal."""

    TAKEN = "taken"
    SEALED = "sealed"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    REFUSED = "refused"
    RESULTED = "resulted"


class Sample(Public, Versioned, table=True):
    """A sample an inspector took. `state`: its newest step; `report_id`: the laboratory's answer."""

    __tablename__ = "sample"
    __table_args__ = (
        CheckConstraint("mass_g IS NULL OR mass_g > 0", name="mass_g"),
        UniqueConstraint("office_id", "seal"),
        Index("ix_sample_organisation", "organisation_id", "id"),
        Index("ix_sample_lot", "lot_id"),
    )

    visit_id: int | None = Field(default=None, foreign_key="inspection_visit.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    office_id: int = Field(foreign_key="organisation.id")
    lot_id: int | None = Field(default=None, foreign_key="harvest_lot.id")
    what: str = Field(max_length=160)
    mass_g: int | None = Field(default=None)
    seal: str = Field(max_length=40)
    place: str = Field(default="", max_length=160)
    taken_at: datetime = Field(sa_type=UTCDateTime)
    state: SampleStepKind = Field(sa_type=stored_as_text(SampleStepKind, "state"))
    report_id: int | None = Field(default=None, foreign_key="lab_report.id", unique=True)


class SampleStep(Row, table=True):
    """One step of a sample's way: when, from whom to whom, and whether the seal was whole."""

    __tablename__ = "sample_step"
    __table_args__ = (Index("ix_sample_step_sample", "sample_id", "id"),)

    sample_id: int = Field(foreign_key="sample.id")
    kind: SampleStepKind = Field(sa_type=stored_as_text(SampleStepKind, "kind"))
    at: datetime = Field(sa_type=UTCDateTime)
    giver: str = Field(default="", max_length=120)
    taker: str = Field(default="", max_length=120)
    seal_whole: bool | None = Field(default=None)
    note: str = Field(default="", max_length=300)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
