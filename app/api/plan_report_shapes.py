"""Reports on the plan on the wire: what is sent and what is answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.jobs import JobOut
from app.api.shapes import Code, In, Name, Out
from app.kit.i18n import Language
from app.models.plan_reports import (
    PlanReportFile,
    PlanReportState,
    ReportFormat,
    ReportPeriod,
)
from app.plan.report_queries import Changes, ReportTold
from app.plan.report_words import ReportWords, words_read

Year = Annotated[int, Field(ge=2000, le=2100, examples=[2026])]
Quarter = Annotated[int, Field(ge=0, le=4, description="0: the whole year.", examples=[0])]
Text = Annotated[str, Field(max_length=6_000)]
Line = Annotated[str, Field(max_length=200)]


class PlanReportIn(In):
    """The period of a report."""

    year: Year
    quarter: Quarter = 0


class ReportWordsIn(In):
    """What figures cannot say; what is left out stays as it is."""

    superior: Line | None = Field(default=None, examples=["SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"])
    office: Line | None = Field(default=None, examples=["Chi cục Trồng trọt và BVTV"])
    symbol: Line | None = Field(default=None, examples=["BC-CCTTBVTV"])
    place: Line | None = Field(default=None, examples=["Lào Cai"])
    addressee: Line | None = None
    signer_title: Line | None = Field(default=None, examples=["CHI CỤC TRƯỞNG"])
    signer: Line | None = None
    recipients: Text | None = None
    assessment: Text | None = Field(default=None, examples=["Sản xuất tiếp tục mở rộng."])
    difficulties: Text | None = None
    proposals: Text | None = None
    outlook: Text | None = None

    def given(self) -> dict[str, str]:
        """The fields that were sent."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class ApprovalIn(In):
    """`knowing`: how many facts the ledger had when you looked at what changed since."""

    knowing: int | None = Field(default=None, ge=0, examples=[1204])


class SendingIn(In):
    """Under which number it went out, when, and to whom (empty: to its addressee)."""

    number: Code = Field(examples=["412/BC-CCTTBVTV"])
    sent_on: date
    sent_to: Name = ""


class ReportFileOut(Out):
    """A file of a report."""

    format: ReportFormat
    sha256: str
    size: int
    made_at: datetime
    file: str

    @classmethod
    def of(cls, report: UUID, file: PlanReportFile) -> "ReportFileOut":
        return cls(
            format=file.format,
            sha256=file.sha256,
            size=file.size,
            made_at=file.made_at,
            file=f"/api/v1/plan/reports/{report}/files/{file.format.value}",
        )


class WordsOut(Out):
    """What the officer wrote."""

    superior: str
    office: str
    symbol: str
    place: str
    addressee: str
    signer_title: str
    signer: str
    recipients: str
    assessment: str
    difficulties: str
    proposals: str
    outlook: str

    @classmethod
    def of(cls, words: ReportWords) -> "WordsOut":
        return cls.model_validate(words)


class PlanReportOut(Out):
    """A report. Its figures were read when the ledger had `log_size` facts, with this `log_root` (hex)."""

    id: UUID
    kind: ReportPeriod
    year: int
    quarter: int
    state: PlanReportState
    office: str
    corrects: UUID | None
    corrected_by: UUID | None
    taken_at: datetime | None
    log_size: int
    log_root: str
    figures_sha256: str
    started_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None
    sent_on: date | None
    sent_to: str
    number: str
    words: WordsOut
    files: list[ReportFileOut]
    job: JobOut | None

    @classmethod
    def of(cls, told: ReportTold, reader: Language) -> "PlanReportOut":
        report = told.report
        names = cls.model_fields.keys() & type(report).model_fields.keys() - {"id", "words"}
        return cls.model_validate(
            {
                **{name: getattr(report, name) for name in names},
                "id": report.uid,
                "office": told.office.name,
                "corrects": told.corrects.uid if told.corrects else None,
                "corrected_by": told.corrected_by.uid if told.corrected_by else None,
                "words": WordsOut.of(words_read(report.words)),
                "files": [ReportFileOut.of(report.uid, one) for one in told.files],
                "job": JobOut.of(told.job, reader) if told.job else None,
            }
        )


class KindCountOut(Out):
    """So many facts of a kind."""

    kind: str = Field(examples=["lot.recorded"])
    count: int


class ReportChangesOut(Out):
    """What was recorded since the figures were taken, as far as it can move one of them."""

    log_size: int = Field(description="How many facts the ledger had at the figures.")
    now: int = Field(description="How many it has now: send it as `knowing`.")
    total: int
    kinds: list[KindCountOut]

    @classmethod
    def of(cls, size: int, changes: Changes) -> "ReportChangesOut":
        kinds = [KindCountOut(kind=kind, count=count) for kind, count in changes.kinds]
        return cls(log_size=size, now=changes.size, total=changes.total, kinds=kinds)
