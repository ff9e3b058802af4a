"""A report on the plan with its files, and an organisation's part of it, for the walk along the policy table."""

from itertools import count

from sqlalchemy import select
from sqlmodel import Session, col

from app.ledger.actors import Actor
from app.models.places import AdminUnit, UnitLevel
from app.models.plan_reports import PlanPartLink, PlanReport, PlanReportFile, ReportFormat
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
_numbers = count(1)


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
    return {
        "report": str(report.uid),
        "submission": str(part.uid),
        "file_format": "pdf",
        "part_link": str(_link(session, given, home).uid),
    }


def _link(session: Session, given: Given, office: Organisation) -> PlanPartLink:
    """A commune's link of a year of its own: one stands for a commune and a year."""
    number = next(_numbers)
    communes = select(col(AdminUnit.id)).where(col(AdminUnit.level) == UnitLevel.COMMUNE)
    link = PlanPartLink(
        commune_id=session.execute(communes.limit(1)).scalar_one(),
        office_id=office.pk,
        year=2000 + number,
        token_hash=f"{number}",
        made_at=given.now,
        expires_at=given.now,
    )
    session.add(link)
    session.flush()
    return link


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
