"""Finding printings."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import Conflict, NotFound
from app.kit.messages import say
from app.models.labels import LabelPrint
from app.models.lots import HarvestLot
from app.registry.grower_list_queries import batches


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


def require_unlabelled(session: Session, codes: Sequence[str]) -> None:
    """Raise Conflict, naming one, when labels of some of these lots were printed."""
    for some in batches(codes):
        wanted = (
            select(col(HarvestLot.code))
            .join(LabelPrint, col(LabelPrint.lot_id) == col(HarvestLot.id))
            .where(col(HarvestLot.code).in_(some))
        )
        code = session.execute(wanted.limit(1)).scalars().first()
        if code is not None:
            why = say("It cannot be undone: labels of lot {code} were printed.", code=code)
            raise Conflict(why)
