"""The life of a report on the plan: begun, worded, taken anew, approved, sent; a sent one stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, refuse
from app.jobs.commands import queue
from app.jobs.queries import has_ended
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import TextRefused
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.jobs import Job
from app.models.plan_reports import PlanReport, PlanReportState
from app.models.registry import Organisation
from app.plan.report_periods import Period
from app.plan.report_queries import Changes, changes_since, files_of, newest_of
from app.plan.report_words import (
    ReportWords,
    cleaned_words,
    first_words,
    words_read,
    words_written,
)
from app.registry.words import text_of

JOB_KIND = "plan.report"
TAKE, WRITE = "take", "write"


@dataclass(frozen=True)
class Sending:
    """How a report went out: under which number, when, to whom."""

    number: str
    sent_on: date
    sent_to: str = ""


def start_report(
    session: Session, *, period: Period, office: Organisation, by: Actor, now: datetime
) -> PlanReport:
    """Begin a report: its figures are taken in the background.

    Where the last one of the period was sent already, this one corrects it and names it. Conflict
    while another of the same period is being worked on.
    """
    last = newest_of(session, period)
    if last is not None and last.state is not PlanReportState.SENT:
        raise Conflict(say("A report on {period} is being worked on already.", period=period.words))
    report = PlanReport(
        kind=period.kind,
        year=period.year,
        quarter=period.quarter,
        office_id=office.pk,
        corrects_id=last.pk if last is not None else None,
        words=words_written(_first_words(session, office)),
        started_at=now,
    )
    session.add(report)
    session.flush()
    report.job_id = _queued(session, report, TAKE, by, now).pk
    facts: dict[str, object] = {"year": period.year, "quarter": period.quarter}
    if last is not None:
        facts["corrects"] = last.uid
    _record(session, report, "started", facts, by=by, now=now)
    return report


def word_report(
    session: Session, report: PlanReport, given: Mapping[str, str], *, by: Actor, now: datetime
) -> PlanReport:
    """Write down what figures cannot say; the files are made again with the same figures."""
    _require_draft(report)
    _require_quiet(session, report)
    before = words_read(report.words)
    try:
        words = cleaned_words(given, before=before)
    except TextRefused as refused:
        raise refuse("words", refused.why) from refused
    report.words = words_written(words)
    if report.taken_at is not None:
        report.job_id = _queued(session, report, WRITE, by, now).pk
    _record(session, report, "worded", {"words": report.words}, by=by, now=now)
    return report


def take_anew(session: Session, report: PlanReport, *, by: Actor, now: datetime) -> PlanReport:
    """Read all figures again as they stand now; the former ones of this draft are given up."""
    _require_draft(report)
    _require_quiet(session, report)
    report.job_id = _queued(session, report, TAKE, by, now).pk
    facts: dict[str, object] = {"former_size": report.log_size}
    _record(session, report, "taken_anew", facts, by=by, now=now)
    return report


def approve_report(
    session: Session,
    report: PlanReport,
    *,
    knowing: int | None,
    by: Actor,
    now: datetime,
) -> PlanReport:
    """Approve the frozen copy as it is.

    Where facts were recorded since that can move a figure, whoever approves must say that they
    know: `knowing` is how many facts there were when they looked. Conflict otherwise.
    """
    _require_draft(report)
    _require_quiet(session, report)
    files = files_of(session, report)
    if report.taken_at is None or not files:
        raise Conflict(say("Its figures are not taken yet."))
    changes = changes_since(session, report.log_size)
    _require_knowing(session, changes, knowing)
    report.state, report.approved_at = PlanReportState.APPROVED, now
    report.approved_size = changes.size
    facts: dict[str, object] = {
        "log_size": report.log_size,
        "log_root": report.log_root,
        "figures_sha256": report.figures_sha256,
        "files": {one.format: one.sha256 for one in files},
        "changes": changes.total,
    }
    _record(session, report, "approved", facts, by=by, now=now)
    return report


def withdraw_approval(
    session: Session, report: PlanReport, *, reason: str, by: Actor, now: datetime
) -> PlanReport:
    """Back to a draft, before it went out."""
    if report.state is not PlanReportState.APPROVED:
        raise Conflict(say("Only an approved report that was not sent goes back to a draft."))
    words = text_of("reason", reason, longest=500, multiline=True)
    if not words:
        raise refuse("reason", say("Say why, in a few words."))
    report.state, report.approved_at, report.approved_size = PlanReportState.DRAFT, None, 0
    _record(session, report, "approval_withdrawn", {"reason": words}, by=by, now=now)
    return report


def send_report(
    session: Session, report: PlanReport, sending: Sending, *, by: Actor, now: datetime
) -> PlanReport:
    """Write down that it went out. From here on nothing of it changes."""
    if report.state is PlanReportState.SENT:
        raise Conflict(say("This report was sent already. Put it right with another one."))
    if report.state is not PlanReportState.APPROVED:
        raise Conflict(say("Approve it before it is sent."))
    number = text_of("number", sending.number, longest=80)
    if not number:
        raise refuse("number", say("This is required."))
    if sending.sent_on > day_of(now):
        raise refuse("sent_on", say("This day has not come yet."))
    report.number, report.sent_on, report.sent_at = number, sending.sent_on, now
    to = text_of("sent_to", sending.sent_to, longest=160)
    report.sent_to = to or words_read(report.words).addressee[:160]
    report.state = PlanReportState.SENT
    facts: dict[str, object] = {
        "number": number,
        "sent_on": sending.sent_on,
        "sent_to": report.sent_to,
        "figures_sha256": report.figures_sha256,
        "files": {one.format: one.sha256 for one in files_of(session, report)},
    }
    _record(session, report, "sent", facts, by=by, now=now)
    return report


def record_taken(session: Session, report: PlanReport, *, by: Actor, now: datetime) -> None:
    """The figures stand, and so do the files made of them."""
    facts: dict[str, object] = {
        "log_size": report.log_size,
        "log_root": report.log_root,
        "figures_sha256": report.figures_sha256,
        "files": {one.format: one.sha256 for one in files_of(session, report)},
    }
    _record(session, report, "made", facts, by=by, now=now)


def _require_draft(report: PlanReport) -> None:
    if report.state is PlanReportState.SENT:
        raise Conflict(say("This report was sent already. Put it right with another one."))
    if report.state is not PlanReportState.DRAFT:
        raise Conflict(say("This report is approved. Take the approval back before changing it."))


def _require_quiet(session: Session, report: PlanReport) -> None:
    job = session.get(Job, report.job_id, populate_existing=True) if report.job_id else None
    if job is not None and not has_ended(job):
        raise Conflict(say("The report is still being made. Wait until it is finished."))


def _require_knowing(session: Session, changes: Changes, knowing: int | None) -> None:
    if not changes.total or (knowing is not None and knowing >= changes.size):
        return
    newer = changes_since(session, knowing) if knowing is not None else changes
    if newer.total:
        raise Conflict(
            say(
                "{count} facts were recorded since the figures were taken. Approve the frozen copy"
                " knowing that, or take the figures anew.",
                count=changes.total,
            )
        )


def _first_words(session: Session, office: Organisation) -> ReportWords:
    """The letterhead of the office's last report, without what was said of that period."""
    asked = (
        select(PlanReport)
        .where(col(PlanReport.office_id) == office.pk)
        .order_by(col(PlanReport.id).desc())
        .limit(1)
    )
    last = session.execute(asked).scalar_one_or_none()
    if last is None:
        return first_words(office.name)
    nothing = dict.fromkeys(("assessment", "difficulties", "proposals", "outlook"), "")
    return replace(words_read(last.words), **nothing)


def _queued(session: Session, report: PlanReport, what: str, by: Actor, now: datetime) -> Job:
    return queue(
        session,
        kind=JOB_KIND,
        argument={"report": str(report.uid), "what": what},
        by=by,
        organisation_id=report.office_id,
        now=now,
    )


def _record(
    session: Session,
    report: PlanReport,
    verb: str,
    facts: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    session.flush()
    record(
        session,
        kind=f"plan_report.{verb}",
        subject=str(report.uid),
        by=by,
        now=now,
        organisation=session.get_one(Organisation, report.office_id).uid,
        facts=facts,
    )
