"""Areas as a map shows them: boundary, name, and the status of what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.models.registry import AreaCode, CodeStatus, PlantingArea
from app.registry.overlap_queries import areas_within
from app.registry.register_queries import status_column

# Of several codes of one area the gravest status is shown; what ended only when nothing stands.
_GRAVITY = {
    CodeStatus.SUSPENDED: 5,
    CodeStatus.WARNED: 4,
    CodeStatus.ACTIVE: 3,
    CodeStatus.REVOKED: 2,
    CodeStatus.CANCELLED: 1,
    CodeStatus.SUPERSEDED: 0,
}


@dataclass(frozen=True)
class MappedArea:
    """An area on a map; `status` is None when it never had a code."""

    uid: UUID
    name: str
    polygon: str
    status: CodeStatus | None


def mapped_areas(session: Session, *, within: Reach, day: date) -> Iterator[MappedArea]:
    """Every open area with a boundary, and what its codes are worth on a day."""
    return _mapped(session, _open(within), day)


def mapped_near(
    session: Session, area: PlantingArea, metres: float, *, within: Reach, day: date
) -> Iterator[MappedArea]:
    """The open areas within so many metres of another and within reach."""
    keys = [one.area.pk for one in areas_within(session, area, metres)]
    return _mapped(session, _open(within).where(col(PlantingArea.id).in_(keys)), day)


def _open(within: Reach) -> Any:
    return select(
        col(PlantingArea.id),
        col(PlantingArea.uid),
        col(PlantingArea.name),
        col(PlantingArea.polygon),
    ).where(
        within.limits(col(PlantingArea.organisation_id)),
        col(PlantingArea.closed_on).is_(None),
        col(PlantingArea.polygon).is_not(None),
    )


def _mapped(session: Session, wanted: Any, day: date) -> Iterator[MappedArea]:
    rows = session.execute(wanted.order_by(col(PlantingArea.id))).all()
    statuses = _statuses(session, day)
    for key, uid, name, polygon in rows:
        yield MappedArea(uid, name, polygon, statuses.get(key))


def _statuses(session: Session, day: date) -> dict[int, CodeStatus]:
    gravest: dict[int, CodeStatus] = {}
    for area_id, status in session.execute(select(col(AreaCode.area_id), status_column(day))):
        if status is None:
            continue
        known = gravest.get(area_id)
        if known is None or _GRAVITY[status] > _GRAVITY[known]:
            gravest[area_id] = status
    return gravest
