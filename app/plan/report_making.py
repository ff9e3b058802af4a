"""The job that makes a report: figures read in one snapshot, frozen, and written as three files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Engine, delete
from sqlmodel import Session, col

from app.db import open_read_session, open_snapshot, transaction
from app.errors import Conflict
from app.jobs.progress import Progress
from app.jobs.queries import actor_of, argument_of
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.jobs import Job
from app.models.plan_reports import PlanReport, PlanReportFile, PlanReportState, ReportFormat
from app.plan.frozen import FrozenFigures, digest_of, read, written
from app.plan.report_commands import TAKE, record_taken
from app.plan.report_document import Corrected, Taken, document_of
from app.plan.report_docx import report_docx
from app.plan.report_pdf import report_pdf
from app.plan.report_periods import Period
from app.plan.report_queries import report_by_uid, told_of
from app.plan.report_taking import READ_STEPS, frozen_figures
from app.plan.report_words import ReportWords, words_read
from app.plan.report_xlsx import report_xlsx
from app.plan.rollup import as_of, freshen
from app.transparency.queries import ledger_size
from app.transparency.tending import take_in
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree, log_size

# Reading has steps of its own; then the log, three files and the end.
STEPS = READ_STEPS + 5
_MOST_TURNS = 5


@dataclass(frozen=True)
class Read:
    """Figures as they are kept, with where in the ledger they were read."""

    text: str
    at: datetime
    log_size: int
    log_root: str


@dataclass(frozen=True)
class Asked:
    """What a job finds of its report before it begins."""

    period: Period
    words: ReportWords
    corrected: Corrected | None
    former: Read | None


def make_report(
    the_log: TheLog, base_url: str, engine: Engine, job: Job, progress: Progress
) -> None:
    """Take the figures, or keep those that were taken, and write the files anew."""
    argument = argument_of(job)
    uid, anew = UUID(argument["report"]), argument["what"] == TAKE
    with open_read_session(engine) as session:
        asked = _asked(session, uid)
    kept = asked.former
    if anew or kept is None:
        kept = _take(engine, the_log, asked.period, progress)
    progress.step(READ_STEPS + 1, STEPS)
    files = _files(asked, kept, base_url, progress)
    with transaction(engine) as session:
        report = report_by_uid(session, uid, lock=True)
        if report.state is not PlanReportState.DRAFT:
            raise Conflict(
                say("This report is approved. Take the approval back before changing it.")
            )
        _keep(session, report, kept, files, progress.now())
        record_taken(session, report, by=actor_of(job), now=progress.now())
        progress.settle(session)


def _asked(session: Session, uid: UUID) -> Asked:
    report = report_by_uid(session, uid)
    old = told_of(session, report).corrects
    corrected = Corrected(old.number, old.sent_on) if old is not None and old.sent_on else None
    former = None
    if report.taken_at is not None:
        former = Read(report.figures, report.taken_at, report.log_size, report.log_root)
    period = Period(report.year, report.quarter)
    return Asked(period, words_read(report.words), corrected, former)


def _take(engine: Engine, the_log: TheLog, period: Period, progress: Progress) -> Read:
    """All figures as of one instant, at which the ledger had so many facts and the roll-up all of them."""
    for turn in range(1, _MOST_TURNS + 1):
        _freshen(engine, progress)
        with open_snapshot(engine) as session:
            now, size = progress.now(), ledger_size(session)
            known = as_of(session)
            if turn < _MOST_TURNS and (known.due or known.position < size - 1):
                continue  # something was recorded meanwhile
            figures = frozen_figures(
                session, period, today=day_of(now), step=partial(_told, progress)
            )
            break
    return Read(written(figures), now, size, _root(engine, the_log, size, now))


def _told(progress: Progress, done: int, _of: int) -> None:
    progress.step(done, STEPS)


def _freshen(engine: Engine, progress: Progress) -> None:
    with open_read_session(engine) as session:
        while freshen(session, partial(transaction, engine), progress.now()).due:
            progress.step(0, STEPS)


def _root(engine: Engine, the_log: TheLog, size: int, now: datetime) -> str:
    """The root of the public log over so many facts; empty while the log is at fault."""
    take_in(engine, the_log, now)
    with open_read_session(engine) as session:
        if not size or log_size(session) < size:
            return ""
        return StoredTree(session).root(size).hex()


def _files(
    asked: Asked, kept: Read, base_url: str, progress: Progress
) -> Mapping[ReportFormat, bytes]:
    figures: FrozenFigures = read(kept.text)
    taken = Taken(kept.at, kept.log_size, kept.log_root, digest_of(kept.text), base_url)
    document = document_of(figures, asked.words, taken, asked.corrected)
    made: dict[ReportFormat, bytes] = {}
    for at, (kind, make) in enumerate(
        (
            (ReportFormat.DOCX, partial(report_docx, document, now=kept.at)),
            (ReportFormat.PDF, partial(report_pdf, document, now=kept.at)),
            (ReportFormat.XLSX, partial(report_xlsx, figures, asked.words, taken)),
        ),
        start=READ_STEPS + 2,
    ):
        made[kind] = make()
        progress.step(at, STEPS)
    return made


def _keep(
    session: Session,
    report: PlanReport,
    kept: Read,
    files: Mapping[ReportFormat, bytes],
    now: datetime,
) -> None:
    report.figures, report.figures_sha256 = kept.text, digest_of(kept.text)
    report.taken_at, report.log_size, report.log_root = kept.at, kept.log_size, kept.log_root
    session.execute(delete(PlanReportFile).where(col(PlanReportFile.report_id) == report.pk))
    for kind, content in files.items():
        session.add(
            PlanReportFile(
                report_id=report.pk,
                format=kind,
                sha256=sha256(content).hexdigest(),
                size=len(content),
                made_at=now,
                content=content,
            )
        )
    session.flush()
