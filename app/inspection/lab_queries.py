"""Finding laboratories' reports within reach, and their papers."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.messages import say
from app.models.inspection import LabPaper, LabPaperContent, LabReport
from app.models.lots import HarvestLot


def lab_report_by_uid(
    session: Session, uid: UUID, *, within: Reach
) -> tuple[LabReport, HarvestLot]:
    """The report with this public id, and its lot."""
    wanted = (
        select(LabReport, HarvestLot)
        .join(HarvestLot, col(HarvestLot.id) == col(LabReport.lot_id))
        .where(col(LabReport.uid) == uid, within.limits(col(HarvestLot.organisation_id)))
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such report."))
    return row[0], row[1]


def lab_paper_by_uid(session: Session, uid: UUID, *, within: Reach) -> LabPaper:
    """The paper with this public id."""
    wanted = (
        select(LabPaper)
        .join(LabReport, col(LabReport.id) == col(LabPaper.report_id))
        .join(HarvestLot, col(HarvestLot.id) == col(LabReport.lot_id))
        .where(col(LabPaper.uid) == uid, within.limits(col(HarvestLot.organisation_id)))
    )
    found: LabPaper | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such paper."))
    return found


def lab_paper_content(session: Session, paper: LabPaper) -> bytes:
    """The bytes of a paper."""
    return session.get_one(LabPaperContent, paper.pk).content
