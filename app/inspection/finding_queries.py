"""Findings: the overdue ones first, with what was said and done about each, and what could be done."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.certificates import Certificate, CertificateStatus
from app.models.checklists import ChecklistItem
from app.models.lots import HarvestLot, LotState
from app.models.pictures import Picture
from app.models.registry import AreaCode, CodeStatus, Organisation, PlantingArea
from app.models.visit_findings import (
    FindingMeasure,
    FindingMessage,
    FindingState,
    VisitFinding,
)
from app.models.visits import InspectionVisit

UNSETTLED = (FindingState.OPEN, FindingState.ANSWERED)
MOST_LOTS = 30


@dataclass(frozen=True)
class FindingLine:
    """A finding with what a list shows beside it."""

    finding: VisitFinding
    organisation: Organisation
    visit: InspectionVisit
    item: ChecklistItem | None
    area: PlantingArea | None

    def late_on(self, today: date) -> bool:
        """Whether it should have been mended, or answered, before today."""
        return is_late(self.finding, today)


@dataclass(frozen=True)
class Said:
    """Something said of a finding, by whom, with its photograph."""

    message: FindingMessage
    organisation: Organisation
    picture: Picture | None


@dataclass(frozen=True)
class Stoppable:
    """What can be stopped at once because of a finding: codes, certificates and lots that hold now."""

    codes: tuple[AreaCode, ...]
    certificates: tuple[Certificate, ...]
    lots: tuple[HarvestLot, ...]


def is_late(finding: VisitFinding, today: date) -> bool:
    """Whether the organisation should have answered before today."""
    return finding.state is FindingState.OPEN and finding.due_on < today


def finding_line(session: Session, uid: UUID, *, within: Reach) -> FindingLine:
    """The finding with this public id and its names."""
    wanted = _lines(within).where(col(VisitFinding.uid) == uid)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such finding."))
    return FindingLine(*row)


def findings(
    session: Session,
    *,
    within: Reach,
    today: date,
    states: tuple[FindingState, ...] = UNSETTLED,
    organisation_id: int | None = None,
    visit_id: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[FindingLine]:
    """Findings in some states: those that are late first, then by the day they are due."""
    late = case((_late(today), 0), else_=1)
    due, key = col(VisitFinding.due_on), col(VisitFinding.id)
    wanted = _lines(within).where(col(VisitFinding.state).in_(states))
    if organisation_id is not None:
        wanted = wanted.where(col(VisitFinding.organisation_id) == organisation_id)
    if visit_id is not None:
        wanted = wanted.where(col(VisitFinding.visit_id) == visit_id)
    if after is not None:
        group, said, last = decode(after, int, str, int)
        day = date.fromisoformat(str(said))
        later = or_(due > day, (due == day) & (key > last))
        wanted = wanted.where(or_(late > group, (late == group) & later))
    ordered = wanted.order_by(late, due, key).limit(limit + 1)
    rows = [FindingLine(*row) for row in session.execute(ordered)]
    return page_of(
        rows,
        limit=limit,
        key=lambda line: (
            int(not line.late_on(today)),
            line.finding.due_on.isoformat(),
            line.finding.pk,
        ),
    )


def count_late(session: Session, *, within: Reach, today: date) -> int:
    """How many findings are overdue."""
    owned = within.limits(col(VisitFinding.organisation_id))
    wanted = select(func.count()).select_from(VisitFinding).where(owned, _late(today))
    return int(session.execute(wanted).scalar_one())


def said_of(session: Session, finding: VisitFinding) -> list[Said]:
    """What was said of a finding, oldest first."""
    wanted = (
        select(FindingMessage, Organisation, Picture)
        .join(Organisation, col(Organisation.id) == col(FindingMessage.organisation_id))
        .outerjoin(Picture, col(Picture.id) == col(FindingMessage.picture_id))
        .where(col(FindingMessage.finding_id) == finding.pk)
        .order_by(col(FindingMessage.id))
    )
    return [Said(*row) for row in session.execute(wanted)]


def measures_of(session: Session, finding: VisitFinding) -> list[FindingMeasure]:
    """What was done at once because of a finding, oldest first."""
    wanted = select(FindingMeasure).where(col(FindingMeasure.finding_id) == finding.pk)
    return list(session.execute(wanted.order_by(col(FindingMeasure.id))).scalars())


def stoppable(session: Session, finding: VisitFinding, *, today: date) -> Stoppable:
    """What of the organisation, or of the finding's area, holds now and can be stopped."""
    areas = select(col(PlantingArea.id)).where(
        col(PlantingArea.organisation_id) == finding.organisation_id
    )
    whose = col(HarvestLot.organisation_id) == finding.organisation_id
    if finding.area_id is not None:
        areas = areas.where(col(PlantingArea.id) == finding.area_id)
        whose = col(HarvestLot.area_id) == finding.area_id
    codes = select(AreaCode).where(
        col(AreaCode.area_id).in_(areas),
        col(AreaCode.status).in_((CodeStatus.ACTIVE, CodeStatus.WARNED)),
    )
    papers = select(Certificate).where(
        col(Certificate.organisation_id) == finding.organisation_id,
        col(Certificate.status) == CertificateStatus.ACTIVE,
        col(Certificate.valid_to) >= today,
    )
    lots = select(HarvestLot).where(
        whose,
        col(HarvestLot.state).in_((LotState.OPEN, LotState.SEALED)),
    )
    newest = lots.order_by(col(HarvestLot.id).desc()).limit(MOST_LOTS)
    return Stoppable(
        tuple(session.execute(codes.order_by(col(AreaCode.id))).scalars()),
        tuple(session.execute(papers.order_by(col(Certificate.id))).scalars()),
        tuple(session.execute(newest).scalars()),
    )


def _late(today: date) -> Any:
    return (col(VisitFinding.state) == FindingState.OPEN) & (col(VisitFinding.due_on) < today)


def _lines(within: Reach) -> Any:
    return (
        select(VisitFinding, Organisation, InspectionVisit, ChecklistItem, PlantingArea)
        .join(Organisation, col(Organisation.id) == col(VisitFinding.organisation_id))
        .join(InspectionVisit, col(InspectionVisit.id) == col(VisitFinding.visit_id))
        .outerjoin(ChecklistItem, col(ChecklistItem.id) == col(VisitFinding.item_id))
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(VisitFinding.area_id))
        .where(within.limits(col(VisitFinding.organisation_id)))
    )
