"""What was released of a recall, and what was done with goods that may be looked at again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.messages import say
from app.models.lots import HarvestLot
from app.models.recalls import Recall, RecallDisposal, RecallRelease


@dataclass(frozen=True)
class ReleaseTold:
    """A release. `lot` is another than `source` where the goods were set apart."""

    release: RecallRelease
    disposal: RecallDisposal
    source: HarvestLot
    lot: HarvestLot


def releases_of(session: Session, recall: Recall) -> list[ReleaseTold]:
    """What was released, oldest first."""
    source, freed = aliased(HarvestLot), aliased(HarvestLot)
    wanted = (
        select(RecallRelease, RecallDisposal, source, freed)
        .join(RecallDisposal, col(RecallDisposal.id) == col(RecallRelease.disposal_id))
        .join(source, col(source.id) == col(RecallRelease.source_id))
        .join(freed, col(freed.id) == col(RecallRelease.lot_id))
        .where(col(RecallRelease.recall_id) == recall.pk)
        .order_by(col(RecallRelease.id))
    )
    return [ReleaseTold(*row) for row in session.execute(wanted)]


def disposal_by_uid(session: Session, recall: Recall, uid: UUID) -> RecallDisposal:
    """What was done with goods of a recall, by its public id."""
    wanted = select(RecallDisposal).where(
        col(RecallDisposal.recall_id) == recall.pk, col(RecallDisposal.uid) == uid
    )
    found: RecallDisposal | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("Nothing like this was done with goods of this recall."))
    return found
