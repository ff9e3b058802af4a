"""Tables of findings: what a visit found wrong, until when it is mended, and what was done about it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text
from app.models.checklists import Severity


class FindingState(StrEnum):
    """Open until the organisation answers, answered until an inspector closes it or sends it back."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class VisitFinding(Public, Versioned, table=True):
    """Something a visit found wrong. `due_on`: by when it is to be mended."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        Index("ix_inspection_finding_organisation", "organisation_id", "state", "due_on"),
        Index("ix_inspection_finding_state", "state", "due_on"),
    )

    visit_id: int = Field(foreign_key="inspection_visit.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int | None = Field(default=None, foreign_key="planting_area.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="checklist_item.id", index=True)
    severity: Severity = Field(sa_type=stored_as_text(Severity, "severity"))
    words: str = Field(max_length=1000)
    due_on: date
    state: FindingState = Field(
        default=FindingState.OPEN, sa_type=stored_as_text(FindingState, "state")
    )
    opened_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class FollowUp(StrEnum):
    """What is said of a finding: evidence that it is mended, that it is not, that it is settled."""

    EVIDENCE = "evidence"
    SENT_BACK = "sent_back"
    CLOSED = "closed"


class FindingMessage(Row, table=True):
    """Something said of a finding, with a photograph where one was sent."""

    __tablename__ = "finding_message"
    __table_args__ = (Index("ix_finding_message_finding", "finding_id", "id"),)

    finding_id: int = Field(foreign_key="inspection_finding.id")
    kind: FollowUp = Field(sa_type=stored_as_text(FollowUp, "kind"))
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    words: str = Field(max_length=1000)
    picture_id: int | None = Field(default=None, foreign_key="picture.id", index=True)
    said_at: datetime = Field(sa_type=UTCDateTime)


class MeasureKind(StrEnum):
    """What is done at once because of a finding."""

    WARN_CODE = "warn_code"
    SUSPEND_CODE = "suspend_code"
    SUSPEND_CERTIFICATE = "suspend_certificate"
    HOLD_LOT = "hold_lot"


class FindingMeasure(Row, table=True):
    """A warning, suspension or hold that a finding led to. `subject`: the code, number or lot."""

    __tablename__ = "finding_measure"
    __table_args__ = (Index("ix_finding_measure_finding", "finding_id", "id"),)

    finding_id: int = Field(foreign_key="inspection_finding.id")
    kind: MeasureKind = Field(sa_type=stored_as_text(MeasureKind, "kind"))
    subject: str = Field(max_length=120)
    reason: str = Field(max_length=500)
    taken_at: datetime = Field(sa_type=UTCDateTime)
