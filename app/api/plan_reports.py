"""Reports on the plan on the wire: begun, worded, taken anew, approved, sent; their files."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.changing import ChangeDep, Changing, Said
from app.api.lots_shapes import ReasonIn
from app.api.paging import PageOut, page_out
from app.api.plan_report_shapes import (
    ApprovalIn,
    PlanReportIn,
    PlanReportOut,
    ReportChangesOut,
    ReportWordsIn,
    SendingIn,
)
from app.api.problems import may_fail
from app.deps import (
    Call,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.files import file_answer
from app.models.plan_reports import PlanReport, ReportFormat
from app.plan import report_commands, report_queries
from app.plan.report_files import MEDIA_TYPES, file_name
from app.plan.report_periods import period_of
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/plan/reports", tags=["plan"])

MAY_CHANGE = may_fail(Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired)


@router.get("", responses=may_fail(Malformed))
def list_plan_reports(call: Reading, page: PageArgs) -> PageOut[PlanReportOut]:
    """Every report, the newest first."""
    found = report_queries.newest_reports(call.session, after=page.after, limit=page.limit)
    return page_out(found, lambda told: PlanReportOut.of(told, call.language))


@router.post(
    "",
    status_code=201,
    response_model=PlanReportOut,
    responses=may_fail(Conflict, Malformed, Refused),
)
def start_plan_report(body: PlanReportIn, call: Writing, once: OnceDep) -> Response:
    """Begin a report; ask for its job until its figures are taken. A sent one is corrected by it."""

    def effect() -> Said:
        report = report_commands.start_report(
            call.session,
            period=period_of(body.year, body.quarter, call.today),
            office=organisation_by_id(call.session, call.caller.organisation_id),
            by=call.actor,
            now=call.now,
        )
        headers = {"Location": f"/api/v1/plan/reports/{report.uid}", "ETag": etag(report.version)}
        return _told(call, report), headers

    return once(effect)


@router.get("/{report}", responses=may_fail(NotFound))
def read_plan_report(report: UUID, call: Reading, response: Response) -> PlanReportOut:
    """One report with its files and its job."""
    found = report_queries.report_by_uid(call.session, report)
    response.headers["ETag"] = etag(found.version)
    return _told(call, found)


@router.get("/{report}/changes", responses=may_fail(NotFound))
def read_plan_report_changes(report: UUID, call: Reading) -> ReportChangesOut:
    """What was recorded since its figures were taken."""
    found = report_queries.report_by_uid(call.session, report)
    changes = report_queries.changes_since(call.session, found.log_size)
    return ReportChangesOut.of(found.log_size, changes)


@router.get(
    "/{report}/files/{file_format}",
    response_class=Response,
    responses={
        **may_fail(Malformed, NotFound),
        200: {"content": {media: {} for media in MEDIA_TYPES.values()}},
    },
)
def read_plan_report_file(report: UUID, file_format: ReportFormat, call: Reading) -> Response:
    """One file, exactly as its hash in the ledger says."""
    found = report_queries.report_by_uid(call.session, report)
    return file_answer(
        report_queries.file_of(call.session, found, file_format).content,
        media_type=MEDIA_TYPES[file_format],
        name=file_name(found, file_format),
        inline=False,
    )


@router.patch("/{report}", responses=MAY_CHANGE)
def word_plan_report(
    report: UUID,
    body: ReportWordsIn,
    change: ChangeDep,
) -> PlanReportOut:
    """Write the letterhead and what figures cannot say; the files are made again."""
    call = change.call
    return _changed(
        change,
        report,
        lambda one: report_commands.word_report(
            call.session, one, body.given(), by=call.actor, now=call.now
        ),
    )


@router.post("/{report}/take-anew", responses=MAY_CHANGE)
def take_plan_report_anew(report: UUID, change: ChangeDep) -> PlanReportOut:
    """Read all figures of a draft again."""
    call = change.call
    return _changed(
        change,
        report,
        lambda one: report_commands.take_anew(call.session, one, by=call.actor, now=call.now),
    )


@router.post("/{report}/approve", responses=MAY_CHANGE)
def approve_plan_report(report: UUID, body: ApprovalIn, change: ChangeDep) -> PlanReportOut:
    """Approve the frozen copy; with `knowing` where something was recorded since."""
    call = change.call
    return _changed(
        change,
        report,
        lambda one: report_commands.approve_report(
            call.session, one, knowing=body.knowing, by=call.actor, now=call.now
        ),
    )


@router.post("/{report}/withdraw-approval", responses=MAY_CHANGE)
def withdraw_plan_report_approval(report: UUID, body: ReasonIn, change: ChangeDep) -> PlanReportOut:
    """Make an approved report a draft again, before it is sent."""
    call = change.call
    return _changed(
        change,
        report,
        lambda one: report_commands.withdraw_approval(
            call.session, one, reason=body.reason, by=call.actor, now=call.now
        ),
    )


@router.post("/{report}/send", responses=MAY_CHANGE)
def send_plan_report(report: UUID, body: SendingIn, change: ChangeDep) -> PlanReportOut:
    """Write down that it went out; from here on nothing of it changes."""
    sending = report_commands.Sending(body.number, body.sent_on, body.sent_to)
    call = change.call
    return _changed(
        change,
        report,
        lambda one: report_commands.send_report(
            call.session, one, sending, by=call.actor, now=call.now
        ),
    )


def _changed(change: Changing, uid: UUID, effect: Callable[[PlanReport], object]) -> PlanReportOut:
    session = change.call.session
    report = change(report_queries.report_by_uid(session, uid, lock=True), effect)
    return _told(change.call, report)


def _told(call: Call, report: PlanReport) -> PlanReportOut:
    return PlanReportOut.of(report_queries.told_of(call.session, report), call.language)
