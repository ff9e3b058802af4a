"""Finding printings."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.messages import say
from app.models.labels import LabelPrint
from app.models.lots import HarvestLot


def print_by_uid(session: Session, uid: UUID, *, within: Reach) -> LabelPrint:
    """A printing of a lot within reach."""
    wanted = (
        select(LabelPrint)
        .join(HarvestLot, col(HarvestLot.id) == col(LabelPrint.lot_id))
        .where(col(LabelPrint.uid) == uid, within.limits(col(HarvestLot.organisation_id)))
    )
    printed: LabelPrint | None = session.execute(wanted).scalar_one_or_none()
    if printed is None:
        raise NotFound(say("There is no such printing."))
    return printed


def prints_of(session: Session, lot: HarvestLot) -> list[LabelPrint]:
    """Every printing of a lot, newest first."""
    wanted = (
        select(LabelPrint)
        .where(col(LabelPrint.lot_id) == lot.pk)
        .order_by(col(LabelPrint.id).desc())
    )
    return list(session.execute(wanted).scalars())
