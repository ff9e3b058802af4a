"""Areas as a map shows them: boundary, name, and the status of what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.models.registry import AreaCode, CodeStatus, PlantingArea
from app.registry.overlap_queries import areas_within

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


def mapped_areas(session: Session, *, within: Reach) -> Iterator[MappedArea]:
    """Every open area with a boundary."""
    return _mapped(session, _open(within))


def mapped_near(
    session: Session, area: PlantingArea, metres: float, *, within: Reach
) -> Iterator[MappedArea]:
    """The open areas within so many metres of another and within reach."""
    keys = [one.area.pk for one in areas_within(session, area, metres)]
    return _mapped(session, _open(within).where(col(PlantingArea.id).in_(keys)))


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


def _mapped(session: Session, wanted: Any) -> Iterator[MappedArea]:
    rows = session.execute(wanted.order_by(col(PlantingArea.id))).all()
    statuses = _statuses(session)
    for key, uid, name, polygon in rows:
        yield MappedArea(uid, name, polygon, statuses.get(key))


def _statuses(session: Session) -> dict[int, CodeStatus]:
    gravest: dict[int, CodeStatus] = {}
    for area_id, status in session.execute(select(col(AreaCode.area_id), col(AreaCode.status))):
        known = gravest.get(area_id)
        if known is None or _GRAVITY[status] > _GRAVITY[known]:
            gravest[area_id] = status
    return gravest
