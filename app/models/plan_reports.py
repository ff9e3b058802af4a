"""Tables of the plan's reports: what was frozen of the figures, its files, what the units sent in."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.base import Public, UTCDateTime, Versioned, stored_as_text


class ReportPeriod(StrEnum):
    """How much time a report tells of."""

    YEARLY = "yearly"
    QUARTERLY = "quarterly"


class PlanReportState(StrEnum):
    """A sent report is never altered: what was wrong in it is put right by another that names it."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"


class PlanReport(Public, Versioned, table=True):
    """A report on the plan. `quarter` is 0 in a yearly one.

    `figures` (JSON) is what was read when the ledger had `log_size` facts; `log_root` is the root
    of the public log over just these (hex; empty while the log has not come so far). `words` (JSON)
    is what the officer adds: letterhead, assessment, proposals. `approved_size`: how many facts
    there were when it was approved knowingly. `corrects_id`: the sent report this one puts right.
    """

    __tablename__ = "plan_report"
    __table_args__ = (
        CheckConstraint("(kind = 'yearly') = (quarter = 0)", name="kind"),
        CheckConstraint("quarter BETWEEN 0 AND 4", name="quarter"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("state = 'draft' OR taken_at IS NOT NULL", name="taken_at"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        Index("ix_plan_report_period", "year", "quarter", "id"),
        # One report of a period is being worked on at a time.
        Index(
            "uq_plan_report_unsent",
            "year",
            "quarter",
            unique=True,
            sqlite_where=text("state <> 'sent'"),
            postgresql_where=text("state <> 'sent'"),
        ),
    )

    kind: ReportPeriod = Field(sa_type=stored_as_text(ReportPeriod, "period"))
    year: int
    quarter: int = Field(default=0)
    state: PlanReportState = Field(
        default=PlanReportState.DRAFT, sa_type=stored_as_text(PlanReportState, "state")
    )
    office_id: int = Field(foreign_key="organisation.id", index=True)
    corrects_id: int | None = Field(default=None, foreign_key="plan_report.id", unique=True)
    job_id: int | None = Field(default=None, foreign_key="job.id", index=True)
    words: str = Field(default="{}")
    figures: str = Field(default="")
    figures_sha256: str = Field(default="", max_length=64)
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    log_size: int = Field(default=0)
    log_root: str = Field(default="", max_length=64)
    started_at: datetime = Field(sa_type=UTCDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    approved_size: int = Field(default=0)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_on: date | None = Field(default=None)
    sent_to: str = Field(default="", max_length=160)
    number: str = Field(default="", max_length=80)


class ReportFormat(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"


class PlanReportFile(SQLModel, table=True):
    """A file of a report as it was made; once the report is approved, for good."""

    __tablename__ = "plan_report_file"

    report_id: int = Field(primary_key=True, foreign_key="plan_report.id")
    format: ReportFormat = Field(primary_key=True, sa_type=stored_as_text(ReportFormat, "format"))
    sha256: str = Field(max_length=64)
    size: int
    made_at: datetime = Field(sa_type=UTCDateTime)
    content: bytes = Field(sa_type=LargeBinary)


class PlanPartLink(Public, Versioned, table=True):
    """With this link a commune, which has no account, sends in its part of a period.

    Only the secret's digest is kept: the link is shown once. `renewed_at`: when a reminder last let
    it work on. One stands for a commune and a period; a newer one ends it.
    """

    __tablename__ = "plan_part_link"
    __table_args__ = (
        CheckConstraint("quarter BETWEEN 0 AND 4", name="quarter"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        Index("ix_plan_part_link_period", "year", "quarter", "commune_id"),
        Index(
            "uq_plan_part_link_standing",
            "commune_id",
            "year",
            "quarter",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    commune_id: int = Field(foreign_key="admin_unit.id", index=True)
    office_id: int = Field(foreign_key="organisation.id", index=True)
    year: int
    quarter: int = Field(default=0)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    renewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class PlanSubmission(Public, table=True):
    """What a cooperative or a commune says of a period; never changed, a later one is a new `edition`.

    A commune has no account: it sends its part by `link_id`, or an officer of `entered_by_id` writes
    it down. `figures` is what was said, `ours` what the records gave at that moment (JSON both).
    """

    __tablename__ = "plan_submission"
    __table_args__ = (
        CheckConstraint("(kind = 'yearly') = (quarter = 0)", name="kind"),
        CheckConstraint("quarter BETWEEN 0 AND 4", name="quarter"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint("(organisation_id IS NULL) <> (commune_id IS NULL)", name="unit"),
        CheckConstraint("edition >= 1", name="edition"),
        UniqueConstraint("organisation_id", "year", "quarter", "edition"),
        UniqueConstraint("commune_id", "year", "quarter", "edition"),
        Index("ix_plan_submission_period", "year", "quarter", "id"),
    )

    kind: ReportPeriod = Field(sa_type=stored_as_text(ReportPeriod, "period"))
    year: int
    quarter: int = Field(default=0)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    commune_id: int | None = Field(default=None, foreign_key="admin_unit.id")
    edition: int = Field(default=1)
    entered_by_id: int = Field(foreign_key="organisation.id", index=True)
    link_id: int | None = Field(default=None, foreign_key="plan_part_link.id", index=True)
    figures: str
    ours: str
    note: str = Field(default="", max_length=2000)
    due_on: date
    late: bool = Field(default=False)
    ledger_position: int = Field(default=0, sa_type=BigInteger)
    submitted_at: datetime = Field(sa_type=UTCDateTime)
