"""Finding applications for planting-area codes."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, UnreadableCursor, decode, page_of
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
# Where no rule of its day sets a term, it comes after all that have one.
_NEVER = date(9999, 12, 31)


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
    """Applications: what is due first comes first; of what was decided, the newest."""
    wanted = _applications(within)
    if state is not None:
        wanted = wanted.where(col(CodeApplication.state) == state)
    if state is not None and state not in OPEN_STATES:
        return _newest(session, wanted, after, limit)
    if after is not None:
        wanted = wanted.where(_due_after(after))
    soonest = wanted.order_by(_due(), col(CodeApplication.id)).limit(limit + 1)
    rows = [ApplicationLine(*row) for row in session.execute(soonest).all()]
    return page_of(rows, limit=limit, key=lambda line: (_due_key(line), line.application.pk))


def _newest(session: Session, wanted: Any, after: str | None, limit: int) -> Page[ApplicationLine]:
    if after is not None:
        wanted = wanted.where(col(CodeApplication.id) < decode(after, int)[0])
    newest = wanted.order_by(col(CodeApplication.id).desc()).limit(limit + 1)
    rows = [ApplicationLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.application.pk,))


def _due() -> ColumnElement[date]:
    return func.coalesce(col(CodeApplication.due_on), _NEVER)


def _due_key(line: ApplicationLine) -> str:
    return (line.application.due_on or _NEVER).isoformat()


def _due_after(cursor: str) -> ColumnElement[bool]:
    typed, key = decode(cursor, str, int)
    due = _due()
    try:
        day = date.fromisoformat(str(typed))
    except ValueError:
        raise UnreadableCursor("the cursor does not belong to this list") from None
    return or_(due > day, and_(due == day, col(CodeApplication.id) > key))


def count_overdue(session: Session, today: date, *, within: Reach) -> dict[ApplicationState, int]:
    """How many applications should have been decided before today, by their state."""
    waiting = (
        select(col(CodeApplication.state), func.count())
        .select_from(CodeApplication)
        .join(PlantingArea, col(PlantingArea.id) == col(CodeApplication.area_id))
        .where(
            col(CodeApplication.state).in_(
                [ApplicationState.SUBMITTED, ApplicationState.INSPECTING]
            ),
            col(CodeApplication.due_on) < today,
            within.limits(col(PlantingArea.organisation_id)),
        )
        .group_by(col(CodeApplication.state))
    )
    return {state: int(count) for state, count in session.execute(waiting)}


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
