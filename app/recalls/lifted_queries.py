"""Recalls that turned out to be errors, goods that were fixed and released: what pages of lots say of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.kit.clock import day_of
from app.lots.origin_queries import lots_behind
from app.lots.presence_queries import beside
from app.models.lots import HarvestLot
from app.models.recalls import Recall, RecallDisposal, RecallLot, RecallRelease, RecallState
from app.recalls.scope_queries import batches


@dataclass(frozen=True)
class LiftedRecall:
    """From when until when a lot was recalled by error, and why it was lifted."""

    since: date
    lifted_on: date
    reason: str


@dataclass(frozen=True)
class ReleasedRecall:
    """Since when and why goods were recalled, when they were fixed, when and why they were released.

    `code`: the lot that was released, another where the goods are in a lot made of it.
    """

    code: str
    since: date
    recall_reason: str
    fixed_on: date
    released_on: date
    reason: str


# Put together once: every public page of a lot asks for them.
_RELEASED: Any = (
    select(RecallRelease, Recall, RecallDisposal, HarvestLot)
    .join(Recall, col(Recall.id) == col(RecallRelease.recall_id))
    .join(RecallDisposal, col(RecallDisposal.id) == col(RecallRelease.disposal_id))
    .join(HarvestLot, col(HarvestLot.id) == col(RecallRelease.lot_id))
    .where(
        col(RecallRelease.lot_id).in_(bindparam("lots", expanding=True)),
        col(Recall.state) != RecallState.MISTAKEN,
        col(Recall.decided_at).is_not(None),
    )
)
_LIFTED: Any = (
    select(Recall)
    .join(RecallLot, col(RecallLot.recall_id) == col(Recall.id))
    .where(
        col(RecallLot.lot_id) == bindparam("lot"),
        col(Recall.state) == RecallState.MISTAKEN,
        col(Recall.decided_at).is_not(None),
    )
    .order_by(col(Recall.id).desc())
    .limit(1)
)


def find_released(session: Session, lot: HarvestLot) -> ReleasedRecall | None:
    """The newest release of a lot, or of one that is in it, after a recall; None when there was none."""
    inside = lots_behind(session, lot)
    if not inside and not beside(session, lot).releases:
        return None
    keys = [lot.pk, *(one.pk for one in inside)]
    found = [
        row for some in batches(keys) for row in session.execute(_RELEASED, {"lots": list(some)})
    ]
    if not found:
        return None
    release, recall, disposal, freed = max(found, key=lambda row: int(row[0].pk))
    return ReleasedRecall(
        freed.code,
        day_of(recall.decided_at),
        recall.reason,
        disposal.done_on,
        day_of(release.released_at),
        release.reason,
    )


def find_lifted(session: Session, lot: HarvestLot) -> LiftedRecall | None:
    """The newest recall of a lot that was an error; None when there was none."""
    if not beside(session, lot).recalls:
        return None
    recall: Recall | None = session.execute(_LIFTED, {"lot": lot.pk}).scalars().first()
    if recall is None or recall.decided_at is None or recall.lifted_at is None:
        return None
    return LiftedRecall(day_of(recall.decided_at), day_of(recall.lifted_at), recall.lifted_reason)
