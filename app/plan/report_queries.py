"""Finding reports on the plan, their files, and what was recorded since their figures were taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.jobs import Job
from app.models.ledger import LedgerEntry
from app.models.plan_reports import PlanReport, PlanReportFile, PlanReportState, ReportFormat
from app.models.registry import Organisation
from app.plan.report_periods import Period
from app.plan.report_term_queries import terms_for

# Facts of these nouns cannot change a figure of a report; every other one may.
STILL = frozenset(
    {
        "account",
        "api_key",
        "archive",
        "dossier",
        "import",
        "ledger",
        "plan_part_link",
        "plan_report",
        "picture",
    }
)
_FIGURES: Any = PlanReport.figures
_CONTENT: Any = PlanReportFile.content


@dataclass(frozen=True)
class ReportTold:
    """A report with whose it is, its job, its files without their bytes, and its corrections."""

    report: PlanReport
    office: Organisation
    job: Job | None
    files: tuple[PlanReportFile, ...]
    corrects: PlanReport | None
    corrected_by: PlanReport | None

    @property
    def period(self) -> Period:
        return Period(self.report.year, self.report.quarter)


@dataclass(frozen=True)
class Changes:
    """What was recorded since figures were taken: how many facts there are now, and of which kinds."""

    size: int
    kinds: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.kinds)


def report_by_uid(session: Session, uid: UUID, *, lock: bool = False) -> PlanReport:
    """The report with this public id. `lock`: nobody else changes it until the transaction ends."""
    wanted = select(PlanReport).where(col(PlanReport.uid) == uid)
    if lock:
        wanted = wanted.with_for_update()
    found: PlanReport | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such report."))
    return found


def newest_reports(
    session: Session, *, after: str | None = None, limit: int = 50
) -> Page[ReportTold]:
    """Every report, the newest first."""
    wanted = select(PlanReport).options(defer(_FIGURES))
    if after is not None:
        wanted = wanted.where(col(PlanReport.id) < decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(PlanReport.id).desc()).limit(limit + 1)).scalars()
    told = [told_of(session, report) for report in rows]
    return page_of(told, limit=limit, key=lambda one: (one.report.pk,))


def told_of(session: Session, report: PlanReport) -> ReportTold:
    """A report as it is shown."""
    again = select(PlanReport).where(col(PlanReport.corrects_id) == report.pk)
    return ReportTold(
        report,
        session.get_one(Organisation, report.office_id),
        session.get(Job, report.job_id) if report.job_id else None,
        tuple(files_of(session, report)),
        session.get(PlanReport, report.corrects_id) if report.corrects_id else None,
        session.execute(again).scalar_one_or_none(),
    )


def files_of(session: Session, report: PlanReport) -> Sequence[PlanReportFile]:
    """The files of a report without their bytes."""
    wanted = (
        select(PlanReportFile)
        .options(defer(_CONTENT))
        .where(col(PlanReportFile.report_id) == report.pk)
        .order_by(col(PlanReportFile.format))
    )
    return list(session.execute(wanted).scalars())


def file_of(session: Session, report: PlanReport, format_: ReportFormat) -> PlanReportFile:
    """One file of a report. Raises NotFound while it is not made."""
    found = session.get(PlanReportFile, (report.pk, format_))
    if found is None:
        raise NotFound(say("This file is not made yet."))
    return found


def newest_of(session: Session, period: Period) -> PlanReport | None:
    """The last report of a period, if there is one."""
    wanted = (
        select(PlanReport)
        .where(col(PlanReport.year) == period.year, col(PlanReport.quarter) == period.quarter)
        .order_by(col(PlanReport.id).desc())
        .limit(1)
    )
    found: PlanReport | None = session.execute(wanted).scalar_one_or_none()
    return found


def is_sent(session: Session, period: Period) -> bool:
    """Whether a report of the period went out."""
    wanted = select(col(PlanReport.id)).where(
        col(PlanReport.year) == period.year,
        col(PlanReport.quarter) == period.quarter,
        col(PlanReport.state) == PlanReportState.SENT,
    )
    return session.execute(wanted.limit(1)).first() is not None


def is_closed(session: Session, period: Period, today: date) -> bool:
    """Whether nothing is due of a period any more: its report went out, or nobody waits for it."""
    return terms_for(session, period).is_over(period, today) or is_sent(session, period)


def changes_since(session: Session, size: int) -> Changes:
    """What was recorded since the ledger had so many facts, as far as it can move a figure."""
    kind = col(LedgerEntry.kind)
    asked = (
        select(kind, func.count(), func.max(col(LedgerEntry.position)))
        .where(col(LedgerEntry.position) >= size)
        .group_by(kind)
        .order_by(func.count().desc(), kind)
    )
    found = [(str(name), int(count), int(last)) for name, count, last in session.execute(asked)]
    newest = max((last for _, _, last in found), default=size - 1)
    moving = tuple((name, count) for name, count, _ in found if name.partition(".")[0] not in STILL)
    return Changes(newest + 1, moving)
