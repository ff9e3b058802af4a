"""Reports on the plan at the desk: the list, and one with its files, its words and what may be done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import refuse
from app.files import file_answer
from app.jobs.queries import fault_of, has_ended
from app.kit.messages import say
from app.models.jobs import JobState
from app.models.plan_reports import PlanReport, PlanReportState, ReportFormat
from app.plan import report_commands, report_queries
from app.plan.report_commands import Sending
from app.plan.report_files import MEDIA_TYPES, file_name
from app.plan.report_periods import Period, period_from, periods_offered
from app.plan.report_term_queries import terms_for
from app.plan.report_words import NAMES, words_read
from app.registry.organisation_queries import organisation_by_id
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.plan_report_words import PLAN_REPORT_WORDS
from app.web.progress import while_running

router = APIRouter(prefix="/desk/plan/reports", include_in_schema=False)

HOME = "/desk/plan/reports"
Effect = Callable[[PlanReport], object]


@router.get("")
def plan_reports_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Which reports are due, and those there are."""
    return _list(request, call, page.after)


@router.post("")
def start_plan_report_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Begin one: its figures are taken in the background."""

    def effect() -> str:
        report = report_commands.start_report(
            call.session,
            period=period_from(typed.raw("period"), call.today),
            office=organisation_by_id(call.session, call.caller.organisation_id),
            by=call.actor,
            now=call.now,
        )
        return f"{HOME}/{report.uid}"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _list(request, call, None, typed=typed.fields, refusal=answer)
    return answer


@router.get("/{report}")
def plan_report_page(request: Request, call: Reading, report: UUID) -> Response:
    """One report."""
    return _shown(request, call, report)


@router.get("/{report}/files/{file_format}")
def plan_report_file(call: Reading, report: UUID, file_format: ReportFormat) -> Response:
    """One of its files."""
    found = report_queries.report_by_uid(call.session, report)
    return file_answer(
        report_queries.file_of(call.session, found, file_format).content,
        media_type=MEDIA_TYPES[file_format],
        name=file_name(found, file_format),
        inline=file_format is ReportFormat.PDF,
    )


@router.post("/{report}/words")
def word_plan_report_form(
    request: Request, call: Writing, report: UUID, typed: TypedForm
) -> Response:
    """Letterhead, assessment, proposals."""
    given = {name: typed.raw(name) for name in NAMES if name in typed.fields}
    return _changed(
        request,
        call,
        report,
        typed,
        lambda one: report_commands.word_report(
            call.session, one, given, by=call.actor, now=call.now
        ),
    )


@router.post("/{report}/take-anew")
def take_plan_report_anew_form(
    request: Request, call: Writing, report: UUID, typed: TypedForm
) -> Response:
    """Read all figures again."""
    return _changed(
        request,
        call,
        report,
        typed,
        lambda one: report_commands.take_anew(call.session, one, by=call.actor, now=call.now),
    )


@router.post("/{report}/approve")
def approve_plan_report_form(
    request: Request, call: Writing, report: UUID, typed: TypedForm
) -> Response:
    """Approve the frozen copy, knowing what changed since."""

    def effect(one: PlanReport) -> object:
        knowing = typed.whole("knowing", default=0)
        typed.done()
        return report_commands.approve_report(
            call.session,
            one,
            knowing=knowing if typed.ticked("known") else None,
            by=call.actor,
            now=call.now,
        )

    return _changed(request, call, report, typed, effect, done="plan_report_approved")


@router.post("/{report}/withdraw-approval")
def withdraw_plan_report_approval_form(
    request: Request, call: Writing, report: UUID, typed: TypedForm
) -> Response:
    """Back to a draft."""
    return _changed(
        request,
        call,
        report,
        typed,
        lambda one: report_commands.withdraw_approval(
            call.session, one, reason=typed.raw("reason"), by=call.actor, now=call.now
        ),
    )


@router.post("/{report}/send")
def send_plan_report_form(
    request: Request, call: Writing, report: UUID, typed: TypedForm
) -> Response:
    """It went out."""

    def effect(one: PlanReport) -> object:
        day = typed.day("sent_on", required=True)
        typed.done()
        if day is None:
            raise refuse("sent_on", say("This is required."))
        sending = Sending(typed.raw("number"), day, typed.raw("sent_to"))
        return report_commands.send_report(call.session, one, sending, by=call.actor, now=call.now)

    return _changed(request, call, report, typed, effect, done="plan_report_sent")


def _changed(
    request: Request, call: Call, uid: UUID, typed: Typed, effect: Effect, *, done: str = "saved"
) -> Response:
    def changing() -> object:
        report = report_queries.report_by_uid(call.session, uid, lock=True)
        require_version(report.version, typed.whole("version", default=0))
        return effect(report)

    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        return _shown(request, call, uid, typed=typed.fields, refusal=outcome)
    return go_to(f"{HOME}/{uid}?done={done}")


def _list(request: Request, call: Call, after: str | None, **again: Any) -> Response:
    offered = periods_offered(call.today)
    due = [
        (
            period,
            terms_for(call.session, period).report_due(period),
            report_queries.newest_of(call.session, period),
            report_queries.is_closed(call.session, period, call.today),
        )
        for period in offered
    ]
    return show(
        request,
        call,
        "desk/plan/reports.html",
        status=422 if again.get("refusal") else 200,
        reports=report_queries.newest_reports(call.session, after=after, limit=30),
        due=due,
        periods=[(period.key, call.language.say(period.words)) for period in offered],
        words=PLAN_REPORT_WORDS,
        **again,
    )


def _shown(request: Request, call: Call, uid: UUID, **again: Any) -> Response:
    report = report_queries.report_by_uid(call.session, uid)
    told = report_queries.told_of(call.session, report)
    changes = None
    if report.state is not PlanReportState.SENT and report.taken_at is not None:
        changes = report_queries.changes_since(call.session, report.log_size)
    job = told.job
    written = words_read(report.words)
    page = show(
        request,
        call,
        "desk/plan/report.html",
        status=422 if again.get("refusal") else 200,
        told=told,
        due=terms_for(call.session, told.period).report_due(Period(report.year, report.quarter)),
        changes=changes,
        busy=job is not None and not has_ended(job),
        failed=job is not None and job.state is JobState.FAILED,
        fault=fault_of(job) if job is not None else None,
        words=PLAN_REPORT_WORDS,
        **{"typed": {name: getattr(written, name) for name in NAMES}, **again},
    )
    return while_running(page, job) if job is not None and not again else page
