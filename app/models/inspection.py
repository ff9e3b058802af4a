"""Tables of inspection: what laboratories found in samples of lots."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text
from app.models.catalogue import Confidence


class Sampler(StrEnum):
    """Who had the sample taken: the authority, or the cooperative for itself."""

    OFFICIAL = "official"
    OWN = "own"


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not_judged"


class AnalyteGroup(StrEnum):
    PESTICIDE = "pesticide"
    HEAVY_METAL = "heavy_metal"
    NITRATE = "nitrate"
    MICROBIOLOGY = "microbiology"
    OTHER = "other"


class Amount(StrEnum):
    """How a figure is meant: as it stands, less than can be quantified, or not found at all."""

    MEASURED = "measured"
    BELOW_LOQ = "below_loq"
    NOT_DETECTED = "not_detected"


class LabReport(Public, Versioned, table=True):
    """A laboratory's report on a sample of a lot. Never changed: a correction is another report.

    `accreditation`: the laboratory's number under ISO/IEC 17025 (VILAS); `designation`: the
    decision by which a ministry designated it. `corrects_id`: the report it takes the place of;
    `verifies_id`: the failed official report whose finding it tests again. `verdict` sums up
    its results: one failed fails it, one not judged leaves it open.
    """

    __tablename__ = "lab_report"
    __table_args__ = (
        CheckConstraint("reported_on >= sampled_on", name="reported_on"),
        # A report is corrected once: the second correction meets the first.
        UniqueConstraint("corrects_id"),
        Index("ix_lab_report_lot", "lot_id", "id"),
    )

    lot_id: int = Field(foreign_key="harvest_lot.id")
    sampler: Sampler = Field(sa_type=stored_as_text(Sampler, "sampler"))
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    laboratory: str = Field(max_length=160)
    accreditation: str = Field(default="", max_length=80)
    designation: str = Field(default="", max_length=80)
    number: str = Field(max_length=80)
    sampled_on: date
    reported_on: date
    note: str = Field(default="", max_length=500)
    verdict: Verdict = Field(sa_type=stored_as_text(Verdict, "verdict"))
    corrects_id: int | None = Field(default=None, foreign_key="lab_report.id")
    verifies_id: int | None = Field(default=None, foreign_key="lab_report.id", index=True)
    corrected: bool = Field(default=False)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_reason: str = Field(default="", max_length=500)


class LabResult(Row, table=True):
    """What was found of one analyte. Figures are decimals as text, in `unit`.

    `limit_value` is the maximum allowed; `limit_confidence` None: typed from the report, else the
    dated row it was taken from says so (`limit_ref`).
    """

    __tablename__ = "lab_result"
    __table_args__ = (Index("ix_lab_result_report", "report_id", "rank"),)

    report_id: int = Field(foreign_key="lab_report.id")
    rank: int
    analyte: str = Field(max_length=120)
    analyte_group: AnalyteGroup = Field(sa_type=stored_as_text(AnalyteGroup, "analyte_group"))
    amount: Amount = Field(sa_type=stored_as_text(Amount, "amount"))
    value: str | None = Field(default=None, max_length=24)
    unit: str = Field(default="", max_length=24)
    loq: str | None = Field(default=None, max_length=24)
    limit_value: str | None = Field(default=None, max_length=24)
    limit_ref: str = Field(default="", max_length=300)
    limit_confidence: Confidence | None = Field(
        default=None, sa_type=stored_as_text(Confidence, "limit_confidence")
    )
    verdict: Verdict = Field(sa_type=stored_as_text(Verdict, "verdict"))


class LabPaper(Public, table=True):
    """The report itself as it came on paper, cleaned as the papers of an area are."""

    __tablename__ = "lab_paper"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    report_id: int = Field(foreign_key="lab_report.id", index=True)
    filename: str = Field(max_length=160)
    media_type: str = Field(max_length=60)
    size: int
    pages: int = Field(default=1)
    sha256: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UTCDateTime)


class LabPaperContent(SQLModel, table=True):
    """The bytes of a laboratory's paper."""

    __tablename__ = "lab_paper_content"

    paper_id: int = Field(primary_key=True, foreign_key="lab_paper.id")
    content: bytes = Field(sa_type=LargeBinary)
