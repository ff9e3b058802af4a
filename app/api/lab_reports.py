"""Laboratory results of a lot on the wire: written down, corrected, withdrawn, with their papers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile
from pydantic import BaseModel, Field

from app.api.lots_shapes import ReasonIn
from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, In, Name, Out, Words
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.inspection import lab_commands
from app.inspection.lab_commands import ReportDetails
from app.inspection.lab_queries import lab_paper_by_uid, lab_paper_content, lab_report_by_uid
from app.inspection.lab_rules import MOST_DECIMALS, MOST_RESULTS, Finding
from app.lots.lab_queries import LabReportLine, lab_reports_of
from app.lots.queries import lot_by_code, lot_line
from app.models.catalogue import Confidence
from app.models.inspection import Amount, AnalyteGroup, LabReport, Sampler, Verdict
from app.models.lots import HarvestLot
from app.registry.papers import cleaned

router = APIRouter(tags=["inspection"])

Figure = Annotated[Decimal, Field(ge=0, le=10**15, decimal_places=MOST_DECIMALS, examples=["0.05"])]


class LabResultIn(In):
    """What was found of one analyte. `value` only for what was measured."""

    analyte: str = Field(max_length=120, examples=["Cypermethrin"])
    group: AnalyteGroup = AnalyteGroup.OTHER
    amount: Amount = Amount.MEASURED
    value: Figure | None = None
    unit: str = Field(default="", max_length=24, examples=["mg/kg"])
    loq: Figure | None = None
    limit: Figure | None = Field(
        default=None, description="As the report names it; null: by the dated row, if there is one."
    )
    limit_ref: str = Field(default="", max_length=300, examples=["TT 50/2016/TT-BYT"])
    verdict: Verdict | None = Field(default=None, description="null: by the figures.")

    def finding(self) -> Finding:
        """The same, as the command takes it."""
        return Finding(**self.model_dump())


class LabReportIn(In):
    """A laboratory's report. Whose sample it was follows from who sends it."""

    laboratory: Name = Field(examples=["Trung tâm Kiểm nghiệm Lào Cai"])
    number: Code = Field(examples=["KN-0412/2026"])
    sampled_on: date
    reported_on: date
    results: list[LabResultIn] = Field(max_length=MOST_RESULTS)
    accreditation: Code = Field(default="", examples=["VILAS 1042"])
    designation: Code = ""
    note: Words = ""
    verifies: UUID | None = Field(
        default=None, description="The failed official report that this one tests again."
    )

    def details(self) -> ReportDetails:
        """The same, as the command takes it."""
        given = self.model_dump(exclude={"results"})
        return ReportDetails(findings=tuple(one.finding() for one in self.results), **given)


class LabResultOut(Out):
    """A result with its verdict. `limit_confidence` null: the limit was typed from the report."""

    analyte: str
    group: AnalyteGroup
    amount: Amount
    value: Decimal | None
    unit: str
    loq: Decimal | None
    limit: Decimal | None
    limit_ref: str
    limit_confidence: Confidence | None
    verdict: Verdict


class LabPaperOut(Out):
    """The report as it came on paper."""

    uid: UUID
    filename: str
    media_type: str
    size: int
    pages: int
    sha256: str
    added_at: datetime


class LabReportOut(BaseModel):
    """A report as it stands. `lifted`: it failed, and a verification test passed."""

    uid: UUID
    sampler: Sampler
    sampled_by: str
    laboratory: str
    accreditation: str
    designation: str
    number: str
    sampled_on: date
    reported_on: date
    note: str
    verdict: Verdict
    lifted: bool
    results: list[LabResultOut]
    papers: list[LabPaperOut]
    corrects: UUID | None
    verifies: UUID | None
    corrected: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str
    version: int


@router.get("/lots/{code}/lab-reports", responses=may_fail(NotFound))
def list_lab_reports(code: Code, call: Reading) -> PageOut[LabReportOut]:
    """Every report on a lot, those corrected or withdrawn too, newest first: always one page."""
    lot = lot_by_code(call.session, code, within=call.within)
    return PageOut(items=[_told(one) for one in lab_reports_of(call.session, lot)], next=None)


@router.post(
    "/lots/{code}/lab-reports",
    status_code=201,
    response_model=LabReportOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def record_lab_report(code: Code, body: LabReportIn, call: Writing, once: OnceDep) -> Response:
    """Keep a report; a failed official one withholds the lot's claims."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = lot_line(call.session, code, within=call.within)
        report = lab_commands.record_report(
            call.session, line=line, details=body.details(), caller=call.caller, now=call.now
        )
        return _answer(call, report, line.lot)

    return once(effect)


@router.post(
    "/lab-reports/{lab_report}/correct",
    status_code=201,
    response_model=LabReportOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def correct_lab_report(
    lab_report: UUID, body: LabReportIn, call: Writing, once: OnceDep
) -> Response:
    """Write it anew; the former stays to be read and counts no more."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        former, lot = lab_report_by_uid(call.session, lab_report, within=call.within)
        report = lab_commands.correct_report(
            call.session, report=former, details=body.details(), caller=call.caller, now=call.now
        )
        return _answer(call, report, lot)

    return once(effect)


@router.post(
    "/lab-reports/{lab_report}/withdraw",
    responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired),
)
def withdraw_lab_report(
    lab_report: UUID,
    body: ReasonIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> LabReportOut:
    """Take back a report that is wrong as a whole."""
    report, lot = lab_report_by_uid(call.session, lab_report, within=call.within)
    require_version(report.version, expected)
    lab_commands.withdraw_report(
        call.session, report=report, reason=body.reason, caller=call.caller, now=call.now
    )
    told, headers = _answer(call, report, lot)
    response.headers["ETag"] = headers["ETag"]
    return told


@router.post(
    "/lab-reports/{lab_report}/documents",
    status_code=201,
    response_model=LabPaperOut,
    responses=may_fail(NotFound, Conflict, Refused, Malformed),
)
def add_lab_paper(
    lab_report: UUID,
    file: Annotated[UploadFile, File(description="A PDF, JPEG, PNG or WebP.")],
    call: Writing,
    once: OnceDep,
) -> Response:
    """Add the report as it came; it is kept without scripts and without where a picture was taken."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        report, _ = lab_report_by_uid(call.session, lab_report, within=call.within)
        made = lab_commands.add_lab_paper(
            call.session,
            report=report,
            paper=cleaned(file.file.read(), filename=file.filename or ""),
            caller=call.caller,
            now=call.now,
        )
        return LabPaperOut.model_validate(made), {"Location": f"/api/v1/lab-papers/{made.uid}"}

    return once(effect)


@router.get("/lab-papers/{lab_paper}", response_class=Response, responses=may_fail(NotFound))
def read_lab_paper(lab_paper: UUID, call: Reading) -> Response:
    """The paper itself, as an attachment."""
    found = lab_paper_by_uid(call.session, lab_paper, within=call.within)
    headers = {
        "Content-Disposition": "attachment",
        "ETag": f'"{found.sha256}"',
        "Cache-Control": "private, no-store",
    }
    content = lab_paper_content(call.session, found)
    return Response(content, media_type=found.media_type, headers=headers)


def _answer(call: Call, report: LabReport, lot: HarvestLot) -> tuple[LabReportOut, dict[str, str]]:
    call.session.flush()  # a lost race, and the new version
    line = next(one for one in lab_reports_of(call.session, lot) if one.report.pk == report.pk)
    return _told(line), {"ETag": etag(report.version)}


def _told(line: LabReportLine) -> LabReportOut:
    told, report = line.told, line.report
    return LabReportOut(
        **{name: getattr(told, name) for name in _SAME},
        note=report.note,
        results=[LabResultOut.model_validate(one) for one in told.results],
        papers=[LabPaperOut.model_validate(one) for one in line.papers],
        corrects=line.corrects,
        verifies=line.verifies,
        corrected=report.corrected,
        withdrawn_at=report.withdrawn_at,
        withdrawn_reason=report.withdrawn_reason,
        version=report.version,
    )


_SAME = (
    "uid",
    "sampler",
    "sampled_by",
    "laboratory",
    "accreditation",
    "designation",
    "number",
    "sampled_on",
    "reported_on",
    "verdict",
    "lifted",
)
