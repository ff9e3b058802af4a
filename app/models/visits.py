"""Tables of inspections: what is planned and why, visits with answers, photographs and signatures."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class RiskKind(StrEnum):
    """What makes a visit more pressing."""

    COMPLAINTS = "complaints"
    SCAN_ALERTS = "scan_alerts"
    OVER_CAP = "over_cap"
    EXPIRED_PAPERS = "expired_papers"
    FAILED_TESTS = "failed_tests"
    OVERDUE_FINDINGS = "overdue_findings"
    PAST_FINDINGS = "past_findings"
    CODE_STANDING = "code_standing"
    LATE_ENTRIES = "late_entries"
    UNVISITED = "unvisited"


class PlanState(StrEnum):
    OPEN = "open"
    VISITED = "visited"
    DROPPED = "dropped"


class InspectionPlan(Public, Versioned, table=True):
    """A visit that somebody planned: of whom, with which checklist, until when. `score`: the risk then."""

    __tablename__ = "inspection_plan"
    __table_args__ = (
        CheckConstraint("score >= 0", name="score"),
        Index("ix_inspection_plan_organisation", "organisation_id", "id"),
        Index("ix_inspection_plan_state", "state", "due_on"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int | None = Field(default=None, foreign_key="planting_area.id", index=True)
    checklist_id: int = Field(foreign_key="inspection_checklist.id", index=True)
    assigned_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    due_on: date
    score: int
    note: str = Field(default="", max_length=500)
    state: PlanState = Field(default=PlanState.OPEN, sa_type=stored_as_text(PlanState, "state"))
    made_at: datetime = Field(sa_type=UTCDateTime)


class PlanReason(SQLModel, table=True):
    """One reason of a planned visit's score, as it was when it was planned."""

    __tablename__ = "plan_reason"

    plan_id: int = Field(primary_key=True, foreign_key="inspection_plan.id")
    kind: RiskKind = Field(primary_key=True, sa_type=stored_as_text(RiskKind, "kind"))
    count: int
    points: int


class InspectionVisit(Public, Versioned, table=True):
    """A visit by an inspector. `uid` is made by the telephone; `revision` grows with what it sends.

    While it goes on, `draft` holds the newest sheet as JSON; finished, its parts are rows. The
    times are the telephone's, set right by what its clock was off; `clock_doubted` says that it was.
    `carried_for`: the inspector who wrote it, where somebody else brought it in.
    """

    __tablename__ = "inspection_visit"
    __table_args__ = (
        CheckConstraint("finished_at IS NULL OR finished_at >= started_at", name="finished_at"),
        Index("ix_inspection_visit_organisation", "organisation_id", "started_at"),
        Index("ix_inspection_visit_inspector", "inspector_id", "id"),
    )

    plan_id: int | None = Field(default=None, foreign_key="inspection_plan.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int | None = Field(default=None, foreign_key="planting_area.id", index=True)
    checklist_id: int = Field(foreign_key="inspection_checklist.id", index=True)
    inspector_id: int = Field(foreign_key="account.id")
    office_id: int = Field(foreign_key="organisation.id", index=True)
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    received_at: datetime = Field(sa_type=UTCDateTime)
    revision: int
    clock_doubted: bool = Field(default=False)
    carried_for: UUID | None = Field(default=None)
    note: str = Field(default="", max_length=2000)
    draft: str = Field(default="")


class Outcome(StrEnum):
    """What an inspector saw at an item of the checklist."""

    CONFORMS = "conforms"
    FAILS = "fails"
    NOT_APPLICABLE = "not_applicable"
    NOT_SEEN = "not_seen"


class VisitAnswer(SQLModel, table=True):
    """The answer to one item of a finished visit."""

    __tablename__ = "visit_answer"

    visit_id: int = Field(primary_key=True, foreign_key="inspection_visit.id")
    item_id: int = Field(primary_key=True, foreign_key="checklist_item.id", index=True)
    outcome: Outcome = Field(sa_type=stored_as_text(Outcome, "outcome"))
    note: str = Field(default="", max_length=500)


class Signer(StrEnum):
    """As whom somebody signs."""

    INSPECTOR = "inspector"
    HOST = "host"
    WITNESS = "witness"


class VisitSignature(Row, table=True):
    """A signature under a visit: drawn on the screen (`strokes`, an SVG path), or a typed name affirmed."""

    __tablename__ = "visit_signature"
    __table_args__ = (Index("ix_visit_signature_visit", "visit_id", "id"),)

    visit_id: int = Field(foreign_key="inspection_visit.id")
    signer: Signer = Field(sa_type=stored_as_text(Signer, "signer"))
    name: str = Field(max_length=120)
    strokes: str = Field(default="")
    signed_at: datetime = Field(sa_type=UTCDateTime)


class VisitPicture(SQLModel, table=True):
    """A photograph taken on a visit, of an item of the checklist where one is named."""

    __tablename__ = "visit_picture"

    visit_id: int = Field(primary_key=True, foreign_key="inspection_visit.id")
    picture_id: int = Field(primary_key=True, foreign_key="picture.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="checklist_item.id", index=True)
