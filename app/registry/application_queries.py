"""Finding applications for planting-area codes."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.places import AdminUnit
from app.models.registry import (
    ApplicationState,
    AreaCode,
    CodeApplication,
    Organisation,
    PlantingArea,
)

OPEN_STATES = (
    ApplicationState.SUBMITTED,
    ApplicationState.INSPECTING,
    ApplicationState.RETURNED,
)


@dataclass(frozen=True)
class ApplicationLine:
    """An application with the names a worklist shows beside it, and the code it led to."""

    application: CodeApplication
    area: PlantingArea
    organisation: Organisation
    commune: AdminUnit
    code: AreaCode | None


def applications(
    session: Session,
    *,
    within: Reach,
    state: ApplicationState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ApplicationLine]:
    """Applications, oldest first: who has waited longest comes first."""
    wanted = _applications(within)
    if state is not None:
        wanted = wanted.where(col(CodeApplication.state) == state)
    if after is not None:
        wanted = wanted.where(col(CodeApplication.id) > decode(after, int)[0])
    oldest = wanted.order_by(col(CodeApplication.id)).limit(limit + 1)
    rows = [ApplicationLine(*row) for row in session.execute(oldest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.application.pk,))


def count_overdue(session: Session, today: date, *, within: Reach) -> int:
    """How many applications should have been decided before today."""
    waiting = (
        select(func.count())
        .select_from(CodeApplication)
        .join(PlantingArea, col(PlantingArea.id) == col(CodeApplication.area_id))
        .where(
            col(CodeApplication.state).in_(
                [ApplicationState.SUBMITTED, ApplicationState.INSPECTING]
            ),
            col(CodeApplication.due_on) < today,
            within.limits(col(PlantingArea.organisation_id)),
        )
    )
    return int(session.execute(waiting).scalar_one())


def application_line(session: Session, uid: UUID, *, within: Reach) -> ApplicationLine:
    """The application with this public id."""
    wanted = _applications(within).where(col(CodeApplication.uid) == uid)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such application."))
    return ApplicationLine(*row)


def applications_of(session: Session, area: PlantingArea) -> list[CodeApplication]:
    """Every application of an area, newest first."""
    wanted = (
        select(CodeApplication)
        .where(col(CodeApplication.area_id) == area.pk)
        .order_by(col(CodeApplication.id).desc())
    )
    return list(session.execute(wanted).scalars())


def find_open_application(
    session: Session, area: PlantingArea, market: str
) -> CodeApplication | None:
    """The application of an area for a market that nobody decided yet, one that came back too."""
    wanted = select(CodeApplication).where(
        col(CodeApplication.area_id) == area.pk,
        col(CodeApplication.market) == market,
        col(CodeApplication.state).in_(OPEN_STATES),
    )
    return session.execute(wanted.limit(1)).scalars().first()


def _applications(within: Reach) -> Any:
    return (
        select(CodeApplication, PlantingArea, Organisation, AdminUnit, AreaCode)
        .join(PlantingArea, col(PlantingArea.id) == col(CodeApplication.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(AdminUnit, col(AdminUnit.id) == col(PlantingArea.commune_id))
        .outerjoin(AreaCode, col(AreaCode.application_id) == col(CodeApplication.id))
        .where(within.limits(col(PlantingArea.organisation_id)))
    )
