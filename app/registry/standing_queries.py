"""What codes are worth on a day: a step may be decided today and take effect next week."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.registry import AreaCode, CodeStatus
from app.registry.register_queries import status_column

Standings = dict[int, CodeStatus]


def standings_of_areas(session: Session, area_ids: Iterable[int], day: date) -> Standings:
    """The status on a day of every code of some areas, by the code's id; none before it was issued."""
    wanted = select(col(AreaCode.id), status_column(day)).where(
        col(AreaCode.area_id).in_(list(area_ids))
    )
    return {key: status for key, status in session.execute(wanted) if status is not None}
