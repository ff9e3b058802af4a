"""Finding recalls: those of an organisation's goods, those whose goods it has, or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.accounts.reach import Reach
from app.errors import Gone, NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.movements import Holding, Party
from app.models.recalls import (
    Recall,
    RecallConsignee,
    RecallDisposal,
    RecallLot,
    RecallPhoto,
    RecallState,
)
from app.models.registry import Organisation
from app.recalls.clocks import RecallClock, late_ones
from app.recalls.progress_queries import Progress, clocks_on, progress_of


@dataclass(frozen=True)
class RecallTold:
    """A recall with what every page shows of it: whose goods, how far, which deadlines."""

    recall: Recall
    organisation: Organisation
    opened_by: Organisation
    lots: int
    first: HarvestLot
    crop: Crop
    progress: Progress
    clocks: tuple[RecallClock, ...]

    def late(self, now: datetime) -> tuple[RecallClock, ...]:
        """The deadlines that are over and not met."""
        return late_ones(self.clocks, now)


@dataclass(frozen=True)
class ConsigneeTold:
    """Somebody with goods of a recall. `party` is the seller's own secret, and the inspectors'."""

    consignee: RecallConsignee
    seller: Organisation
    organisation: Organisation | None
    party: Party | None

    def late(self, now: datetime) -> bool:
        """Whether it should have answered."""
        one = self.consignee
        return one.answered_at is None and one.answer_by is not None and one.answer_by < now


@dataclass(frozen=True)
class LotTold:
    """A lot of a recall. `holdings`: where its kilograms are."""

    row: RecallLot
    lot: HarvestLot
    crop: Crop
    holdings: tuple[Holding, ...]


def recall_by_uid(session: Session, uid: UUID, *, within: Reach) -> Recall:
    """The recall with this public id, for its facility, for who has goods of it, for authorities."""
    wanted = select(Recall).where(col(Recall.uid) == uid, _seen(within))
    found: Recall | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such recall."))
    return found


def newest_recalls(
    session: Session,
    *,
    within: Reach,
    states: Sequence[RecallState] = tuple(RecallState),
    after: str | None = None,
    limit: int = 30,
) -> Page[RecallTold]:
    """Recalls in some states, newest first."""
    wanted = select(Recall).where(_seen(within), col(Recall.state).in_(states))
    if after is not None:
        wanted = wanted.where(col(Recall.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Recall.id).desc()).limit(limit + 1)
    rows = [told_of(session, one) for one in session.execute(newest).scalars()]
    return page_of(rows, limit=limit, key=lambda one: (one.recall.pk,))


def told_of(session: Session, recall: Recall) -> RecallTold:
    """A recall with what is shown beside it."""
    first = (
        select(HarvestLot, Crop)
        .join(RecallLot, col(RecallLot.lot_id) == col(HarvestLot.id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .where(col(RecallLot.recall_id) == recall.pk)
        .order_by(col(RecallLot.lot_id))
        .limit(1)
    )
    lot, crop = session.execute(first).one()
    count = select(func.count()).where(col(RecallLot.recall_id) == recall.pk)
    progress = progress_of(session, recall)
    return RecallTold(
        recall,
        session.get_one(Organisation, recall.organisation_id),
        session.get_one(Organisation, recall.opened_by_id),
        session.execute(count).scalar_one(),
        lot,
        crop,
        progress,
        clocks_on(session, recall, progress),
    )


def lots_of(
    session: Session, recall: Recall, *, after: str | None = None, limit: int = 50
) -> Page[LotTold]:
    """The lots of a recall with where their kilograms are, oldest first."""
    wanted = (
        select(RecallLot, HarvestLot, Crop)
        .join(HarvestLot, col(HarvestLot.id) == col(RecallLot.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .where(col(RecallLot.recall_id) == recall.pk)
    )
    if after is not None:
        wanted = wanted.where(col(RecallLot.lot_id) > decode(after, int)[0])
    oldest = wanted.order_by(col(RecallLot.lot_id)).limit(limit + 1)
    rows = session.execute(oldest).all()
    held: dict[int, list[Holding]] = {lot.pk: [] for _, lot, _ in rows}
    of_these = col(Holding.lot_id).in_(held) & (col(Holding.quantity_g) > 0)
    for holding in session.execute(
        select(Holding).where(of_these).order_by(col(Holding.id))
    ).scalars():
        held[holding.lot_id].append(holding)
    told = [LotTold(row, lot, crop, tuple(held[lot.pk])) for row, lot, crop in rows]
    return page_of(told, limit=limit, key=lambda one: (one.lot.pk,))


def consignees_of(session: Session, recall: Recall, *, within: Reach) -> list[ConsigneeTold]:
    """Who has goods of a recall: all for who sees the recall's facility, else one's own and oneself."""
    wanted = _consignees().where(col(RecallConsignee.recall_id) == recall.pk)
    if not within.sees(recall.organisation_id):
        wanted = wanted.where(
            or_(
                within.limits(col(RecallConsignee.to_organisation_id)),
                within.limits(col(RecallConsignee.seller_id)),
            )
        )
    rows = session.execute(wanted.order_by(col(RecallConsignee.id)))
    return [ConsigneeTold(*row) for row in rows]


def consignee_by_uid(
    session: Session, recall: Recall, uid: UUID, *, within: Reach
) -> ConsigneeTold:
    """One of them."""
    for one in consignees_of(session, recall, within=within):
        if one.consignee.uid == uid:
            return one
    raise NotFound(say("There is no such buyer in this recall."))


def find_own_part(session: Session, recall: Recall, organisation_id: int) -> RecallConsignee | None:
    """What an organisation of the system is asked of a recall; None when it has no goods of it."""
    wanted = select(RecallConsignee).where(
        col(RecallConsignee.recall_id) == recall.pk,
        col(RecallConsignee.to_organisation_id) == organisation_id,
    )
    found: RecallConsignee | None = session.execute(wanted).scalar_one_or_none()
    return found


def consignee_of_link(session: Session, token: str) -> tuple[Recall, ConsigneeTold]:
    """What a link was made for; Gone once another was made or the recall is over."""
    wanted = (
        _consignees()
        .add_columns(Recall)
        .join(Recall, col(Recall.id) == col(RecallConsignee.recall_id))
        .where(
            col(RecallConsignee.token_hash) == token_digest(token).hex(),
            col(Recall.state).in_((RecallState.RUNNING, RecallState.ENDED)),
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise Gone(
            say("This link is no longer valid. Ask whoever delivered the goods for a new one.")
        )
    *told, recall = row
    return recall, ConsigneeTold(*told)


def disposals_of(session: Session, recall: Recall) -> list[tuple[RecallDisposal, HarvestLot]]:
    """What was done with the goods, oldest first."""
    wanted = (
        select(RecallDisposal, HarvestLot)
        .join(HarvestLot, col(HarvestLot.id) == col(RecallDisposal.lot_id))
        .where(col(RecallDisposal.recall_id) == recall.pk)
        .order_by(col(RecallDisposal.id))
    )
    return [(disposal, lot) for disposal, lot in session.execute(wanted)]


def disposal_photo(
    session: Session, recall: Recall, uid: UUID, *, whose: int | None = None
) -> bytes:
    """The photograph that proves one; `whose`: only of what this organisation did."""
    wanted = (
        select(col(RecallPhoto.content))
        .join(RecallDisposal, col(RecallDisposal.id) == col(RecallPhoto.disposal_id))
        .where(col(RecallDisposal.uid) == uid, col(RecallDisposal.recall_id) == recall.pk)
    )
    if whose is not None:
        wanted = wanted.where(col(RecallDisposal.organisation_id) == whose)
    content: bytes | None = session.execute(wanted).scalar_one_or_none()
    if content is None:
        raise NotFound(say("There is no such picture."))
    return content


def recalls_of_lot(session: Session, lot: HarvestLot) -> list[Recall]:
    """The recalls a lot is in, newest first."""
    wanted = (
        select(Recall)
        .join(RecallLot, col(RecallLot.recall_id) == col(Recall.id))
        .where(col(RecallLot.lot_id) == lot.pk)
        .order_by(col(Recall.id).desc())
    )
    return list(session.execute(wanted).scalars())


def _consignees() -> Any:
    receiver = aliased(Organisation)
    return (
        select(RecallConsignee, Organisation, receiver, Party)
        .join(Organisation, col(Organisation.id) == col(RecallConsignee.seller_id))
        .outerjoin(receiver, col(receiver.id) == col(RecallConsignee.to_organisation_id))
        .outerjoin(Party, col(Party.id) == col(RecallConsignee.party_id))
    )


def _seen(within: Reach) -> Any:
    has_goods = exists().where(
        col(RecallConsignee.recall_id) == col(Recall.id),
        within.limits(col(RecallConsignee.to_organisation_id)),
    )
    return or_(within.limits(col(Recall.organisation_id)), has_goods)
