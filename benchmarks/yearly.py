"""The report of a year over a synthetic province, against the bare SQL of its first table."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from app.db import open_read_session, transaction
from app.jobs.running import Runner
from app.kit.clock import day_of, system_clock
from app.ledger.actors import Actor
from app.main import handlers_for
from app.models.plan_reports import ReportFormat
from app.models.registry import Organisation
from app.plan import rollup
from app.plan.report_commands import start_report, take_anew
from app.plan.report_periods import Period
from app.plan.report_queries import file_of, report_by_uid
from app.settings import Settings
from benchmarks.harness import Result, interleaved, side
from benchmarks.provinces import ROUNDS, bare_sql, milliseconds, note_of, province
from benchmarks.worlds import BASE_URL


def report_year(engine: str) -> Result:
    """The yearly report as its background job makes it, figures and three files, against the bare SQL."""
    with province(engine) as opened, tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="sqlite://", base_url=BASE_URL)
        runner = Runner(opened, handlers_for(settings), system_clock)
        with transaction(opened) as session:
            rollup.rebuild(session, system_clock())
            office = session.execute(select(Organisation).order_by(col(Organisation.id)).limit(1))
            report = start_report(
                session,
                period=Period(day_of(system_clock()).year),
                office=office.scalar_one(),
                by=Actor.system(),
                now=system_clock(),
            )
            uid = report.uid
        _run(runner)  # the first takes the whole ledger into the public log

        def job() -> float:
            with transaction(opened) as session:
                asked = report_by_uid(session, uid)
                take_anew(session, asked, by=Actor.system(), now=system_clock())
            spent = milliseconds(lambda: _run(runner))
            with open_read_session(opened) as session:
                made = file_of(session, report_by_uid(session, uid), ReportFormat.DOCX)
                if not made.content:
                    raise RuntimeError("the report has no document")
            return spent

        def bare() -> float:
            return milliseconds(lambda: bare_sql(opened))

        ours, reference_side, ratio = interleaved(job, bare, rounds=ROUNDS)
        note = note_of(opened)
    return Result(
        f"report_year_{engine}",
        ratio,
        side("the job: figures, DOCX, PDF, XLSX", "ms", ours),
        side("the bare SQL of the districts", "ms", reference_side),
        engine,
        note,
    )


def _run(runner: Runner) -> None:
    while runner.run_one():
        pass


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "report_year": (lambda: report_year("sqlite"), lambda: report_year("postgres")),
}
