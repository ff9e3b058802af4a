"""A report on the plan with its files, and an organisation's part of it, for the walk along the policy table."""

from sqlmodel import Session

from app.ledger.actors import Actor
from app.models.plan_reports import PlanReport, PlanReportFile, ReportFormat
from app.models.registry import Organisation, OrganisationKind
from app.plan.report_commands import start_report
from app.plan.report_periods import Period
from app.plan.report_queries import newest_of
from app.plan.submission_commands import Entered, submit_part
from app.plan.submission_queries import Unit
from app.plan.submission_rules import PartFigures
from tests.given import Given

BY = Actor.system()
YEAR = Period(2026)


def reported_things(session: Session, given: Given, home: Organisation) -> dict[str, str]:
    """Ids of the one report of the year, and of a part that an organisation sent."""
    report = newest_of(session, YEAR) or _report(session, given)
    part = submit_part(
        session,
        unit=Unit(organisation=home),
        period=YEAR,
        part=PartFigures(10_000),
        note="",
        entered=Entered(home),
        by=BY,
        now=given.now,
    )
    return {"report": str(report.uid), "submission": str(part.uid), "file_format": "pdf"}


def _report(session: Session, given: Given) -> PlanReport:
    office = given.organisation(OrganisationKind.AUTHORITY)
    report = start_report(session, period=YEAR, office=office, by=BY, now=given.now)
    for kind in ReportFormat:
        session.add(
            PlanReportFile(
                report_id=report.pk, format=kind, sha256="", size=0, made_at=given.now, content=b""
            )
        )
    session.flush()
    return report
