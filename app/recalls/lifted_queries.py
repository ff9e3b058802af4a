"""Recalls that turned out to be errors: what the pages of the lots that were in them say."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.clock import day_of
from app.models.lots import HarvestLot
from app.models.recalls import Recall, RecallLot, RecallState


@dataclass(frozen=True)
class LiftedRecall:
    """From when until when a lot was recalled by error, and why it was lifted."""

    since: date
    lifted_on: date
    reason: str


def find_lifted(session: Session, lot: HarvestLot) -> LiftedRecall | None:
    """The newest recall of a lot that was an error; None when there was none."""
    wanted = (
        select(Recall)
        .join(RecallLot, col(RecallLot.recall_id) == col(Recall.id))
        .where(
            col(RecallLot.lot_id) == lot.pk,
            col(Recall.state) == RecallState.MISTAKEN,
            col(Recall.decided_at).is_not(None),
        )
        .order_by(col(Recall.id).desc())
        .limit(1)
    )
    recall: Recall | None = session.execute(wanted).scalars().first()
    if recall is None or recall.decided_at is None or recall.lifted_at is None:
        return None
    return LiftedRecall(day_of(recall.decided_at), day_of(recall.lifted_at), recall.lifted_reason)
