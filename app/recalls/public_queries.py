"""Recalls as everybody may read them: which goods, whose, why, since when; no buyer, no kilogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.kit.clock import day_of
from app.kit.cursor import Page, decode, page_of
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotState
from app.models.recalls import Recall, RecallKind, RecallLot, RecallState
from app.models.registry import Organisation
from app.recalls.scope_queries import released_in
from app.registry.finding_queries import is_named

IN_FORCE = (RecallState.RUNNING, RecallState.ENDED)
MOST_CODES = 10


@dataclass(frozen=True)
class PublicRecall:
    """`producer` empty: a household, whose name is a person's.

    `lots`: those that warn, `codes`: the first of them; `released`: those that were fixed and released.
    """

    key: int
    kind: RecallKind
    state: RecallState
    since: date
    reason: str
    producer: str
    crop: Crop
    lots: int
    released: int
    codes: tuple[str, ...]
    demonstration: bool


def public_recalls(
    session: Session,
    *,
    states: Sequence[RecallState] = IN_FORCE,
    after: str | None = None,
    limit: int = 30,
) -> Page[PublicRecall]:
    """Recalls that were decided, newest first. What is only considered is nobody's business yet."""
    wanted = (
        select(Recall, Organisation)
        .join(Organisation, col(Organisation.id) == col(Recall.organisation_id))
        .where(col(Recall.state).in_(states), col(Recall.decided_at).is_not(None))
    )
    if after is not None:
        wanted = wanted.where(col(Recall.id) < decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(Recall.id).desc()).limit(limit + 1)).all()
    found = [_told(session, recall, home) for recall, home in rows]
    return page_of(found, limit=limit, key=lambda one: (one.key,))


def _told(session: Session, recall: Recall, home: Organisation) -> PublicRecall:
    stopped = (col(RecallLot.recall_id) == recall.pk) & (col(HarvestLot.state) == LotState.RECALLED)
    joined = select(HarvestLot).join(RecallLot, col(RecallLot.lot_id) == col(HarvestLot.id))
    count = joined.where(stopped).with_only_columns(func.count())
    codes = joined.where(stopped).with_only_columns(col(HarvestLot.code))
    first = codes.order_by(col(RecallLot.root).desc(), col(HarvestLot.id)).limit(MOST_CODES)
    crop = (
        select(Crop)
        .join(HarvestLot, col(HarvestLot.crop_id) == col(Crop.id))
        .join(RecallLot, col(RecallLot.lot_id) == col(HarvestLot.id))
        .where(col(RecallLot.recall_id) == recall.pk)
        .order_by(col(RecallLot.lot_id))
        .limit(1)
    )
    assert recall.decided_at is not None  # asked for above
    return PublicRecall(
        recall.pk,
        recall.kind,
        recall.state,
        day_of(recall.decided_at),
        recall.reason,
        home.name if is_named(home) else "",
        session.execute(crop).scalar_one(),
        session.execute(count).scalar_one(),
        len(released_in(session, recall.pk)),
        tuple(session.execute(first).scalars()),
        home.demonstration,
    )
