"""Finding visits, and all that belongs to one. Who was visited sees a visit once it is finished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.inspection.checklist_queries import items_of
from app.inspection.sheet import Sheet
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.accounts import Account
from app.models.checklists import Checklist, ChecklistItem
from app.models.pictures import Picture
from app.models.registry import Organisation, PlantingArea
from app.models.visits import (
    InspectionVisit,
    VisitAnswer,
    VisitPicture,
    VisitSignature,
)


@dataclass(frozen=True)
class VisitLine:
    """A visit with what a list shows beside it."""

    visit: InspectionVisit
    organisation: Organisation
    checklist: Checklist
    inspector: Account
    area: PlantingArea | None


@dataclass(frozen=True)
class VisitDetails:
    """What was asked, seen, photographed and signed; of a visit that goes on, as the sheet stands."""

    items: tuple[ChecklistItem, ...]
    answers: dict[str, VisitAnswer]
    signatures: tuple[VisitSignature, ...]
    pictures: tuple[tuple[Picture, ChecklistItem | None], ...]
    sheet: Sheet | None


def find_visit(session: Session, uid: UUID) -> InspectionVisit | None:
    """The visit with this id, whoever's it is."""
    wanted = select(InspectionVisit).where(col(InspectionVisit.uid) == uid)
    found: InspectionVisit | None = session.execute(wanted).scalar_one_or_none()
    return found


def visit_line(session: Session, uid: UUID, *, within: Reach) -> VisitLine:
    """The visit with this public id and its names."""
    wanted = _lines().where(col(InspectionVisit.uid) == uid, seen(within))
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such visit."))
    return VisitLine(*row)


def visits(
    session: Session,
    *,
    within: Reach,
    finished: bool | None = None,
    inspector_id: int | None = None,
    organisation_id: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[VisitLine]:
    """Visits, the newest first."""
    wanted = _lines().where(seen(within))
    ended = col(InspectionVisit.finished_at)
    if finished is not None:
        wanted = wanted.where(ended.is_not(None) if finished else ended.is_(None))
    if inspector_id is not None:
        wanted = wanted.where(col(InspectionVisit.inspector_id) == inspector_id)
    if organisation_id is not None:
        wanted = wanted.where(col(InspectionVisit.organisation_id) == organisation_id)
    if after is not None:
        wanted = wanted.where(_before(after))
    ordered = wanted.order_by(
        col(InspectionVisit.started_at).desc(), col(InspectionVisit.id).desc()
    )
    rows = [VisitLine(*row) for row in session.execute(ordered.limit(limit + 1))]
    return page_of(
        rows, limit=limit, key=lambda line: (line.visit.started_at.isoformat(), line.visit.pk)
    )


def details_of(session: Session, visit: InspectionVisit) -> VisitDetails:
    """All that belongs to a visit."""
    items = items_of(session, [visit.checklist_id])[visit.checklist_id]
    keys = {item.pk: item.key for item in items}
    answers = select(VisitAnswer).where(col(VisitAnswer.visit_id) == visit.pk)
    signatures = select(VisitSignature).where(col(VisitSignature.visit_id) == visit.pk)
    return VisitDetails(
        items=items,
        answers={keys[one.item_id]: one for one in session.execute(answers).scalars()},
        signatures=tuple(session.execute(signatures.order_by(col(VisitSignature.id))).scalars()),
        pictures=tuple(_pictures(session, visit)),
        sheet=Sheet.model_validate_json(visit.draft) if visit.draft else None,
    )


def seen(within: Reach) -> ColumnElement[bool]:
    """What somebody may see of visits: a visit that goes on is the inspectors' alone."""
    if within.everything:
        return true()
    owned = within.limits(col(InspectionVisit.organisation_id))
    return owned & col(InspectionVisit.finished_at).is_not(None)


def _pictures(
    session: Session, visit: InspectionVisit
) -> list[tuple[Picture, ChecklistItem | None]]:
    wanted = (
        select(Picture, ChecklistItem)
        .join(VisitPicture, col(VisitPicture.picture_id) == col(Picture.id))
        .outerjoin(ChecklistItem, col(ChecklistItem.id) == col(VisitPicture.item_id))
        .where(col(VisitPicture.visit_id) == visit.pk)
        .order_by(col(Picture.id))
    )
    return [(picture, item) for picture, item in session.execute(wanted)]


def _before(after: str) -> ColumnElement[bool]:
    said, last = decode(after, str, int)
    moment = datetime.fromisoformat(str(said))
    began = col(InspectionVisit.started_at)
    return or_(began < moment, (began == moment) & (col(InspectionVisit.id) < last))


def _lines() -> Any:
    return (
        select(InspectionVisit, Organisation, Checklist, Account, PlantingArea)
        .join(Organisation, col(Organisation.id) == col(InspectionVisit.organisation_id))
        .join(Checklist, col(Checklist.id) == col(InspectionVisit.checklist_id))
        .join(Account, col(Account.id) == col(InspectionVisit.inspector_id))
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(InspectionVisit.area_id))
    )
