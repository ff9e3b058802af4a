"""Who was given goods of a recall, by what deliveries and holdings say, and how many at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.lots import HarvestLot, LotState
from app.models.movements import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    Direction,
    Holding,
    HoldingState,
    LotEdge,
    Movement,
    MovementKind,
    MovementLine,
)
from app.models.recalls import Recall, RecallConsignee, RecallLot
from app.recalls.scope_queries import batches


@dataclass(frozen=True)
class Receiver:
    """Somebody with goods: an organisation of the system, or a party of the one that sells to it."""

    seller_id: int
    organisation_id: int | None
    party_id: int | None


def receivers_of(session: Session, lots: Sequence[int], *, home: int) -> dict[Receiver, int]:
    """Who has how many grams of some lots, besides the organisation at home, in a lasting order.

    Who had some and has none left is asked too: it may have sold them on.
    """
    found: dict[Receiver, int] = {}

    def add(receiver: Receiver, grams: int) -> None:
        if receiver.organisation_id != home:
            found[receiver] = found.get(receiver, 0) + grams

    for some in batches(lots):
        for party, seller, grams in session.execute(_with_parties(some)):
            add(Receiver(seller, None, party), int(grams))
        for organisation, grams in session.execute(_with_organisations(some)):
            add(Receiver(home, organisation, None), int(grams))
        for seller, to, party, grams in session.execute(_on_the_way(some)):
            add(Receiver(home if to else seller, to, party), int(grams))
        for owner in session.execute(_makers(some)).scalars():
            add(Receiver(home, owner, None), 0)
    return found


def most_held(session: Session, recall: Recall, consignee: RecallConsignee) -> int:
    """How many grams of a recall somebody can have at most: what ever came to it, lost or sold since.

    What it has by the records counts in any case.
    """
    given = _summed(session, _sent_to(recall, consignee))
    if consignee.to_organisation_id is not None:
        of_it = col(HarvestLot.organisation_id) == consignee.to_organisation_id
        made = _summed(session, _weights(recall).where(of_it))
        # What it made of goods it was given is no more than these.
        given += made - _summed(session, _put_into(recall).where(of_it))
    return max(given, consignee.expected_g)


def _summed(session: Session, wanted: Any) -> int:
    return int(session.execute(wanted).scalar_one() or 0)


def _sent_to(recall: Recall, consignee: RecallConsignee) -> Any:
    undoing = aliased(Movement)
    receiver = (
        col(Movement.party_id) == consignee.party_id
        if consignee.party_id is not None
        else col(Movement.counterparty_id) == consignee.to_organisation_id
    )
    return (
        select(func.sum(col(MovementLine.quantity_g)))
        .join(Movement, col(Movement.id) == col(MovementLine.movement_id))
        .join(RecallLot, col(RecallLot.lot_id) == col(MovementLine.lot_id))
        .where(
            col(RecallLot.recall_id) == recall.pk,
            col(MovementLine.direction) == Direction.OUT,
            col(Movement.kind).in_((MovementKind.SHIPPING, MovementKind.SELLING)),
            col(Movement.counters_id).is_(None),
            ~exists().where(col(undoing.counters_id) == col(Movement.id)),
            receiver,
        )
    )


def _weights(recall: Recall) -> Any:
    return (
        select(func.sum(col(HarvestLot.quantity_g)))
        .join(RecallLot, col(RecallLot.lot_id) == col(HarvestLot.id))
        .where(col(RecallLot.recall_id) == recall.pk, col(HarvestLot.state) != LotState.WITHDRAWN)
    )


def _put_into(recall: Recall) -> Any:
    inside = select(col(RecallLot.lot_id)).where(col(RecallLot.recall_id) == recall.pk)
    return (
        select(func.sum(col(LotEdge.quantity_g)))
        .join(HarvestLot, col(HarvestLot.id) == col(LotEdge.child_id))
        .where(
            col(LotEdge.parent_id).in_(inside),
            col(LotEdge.child_id).in_(inside),
            col(HarvestLot.state) != LotState.WITHDRAWN,
        )
    )


def _with_parties(lots: Sequence[int]) -> Any:
    return (
        select(
            col(Holding.party_id), col(Holding.organisation_id), func.sum(col(Holding.quantity_g))
        )
        .where(col(Holding.lot_id).in_(lots), col(Holding.state) == HoldingState.WITH_PARTY)
        .group_by(col(Holding.party_id), col(Holding.organisation_id))
        .order_by(col(Holding.party_id))
    )


def _with_organisations(lots: Sequence[int]) -> Any:
    return (
        select(col(Holding.organisation_id), func.sum(col(Holding.quantity_g)))
        .where(col(Holding.lot_id).in_(lots), col(Holding.state) == HoldingState.IN_HAND)
        .group_by(col(Holding.organisation_id))
        .order_by(col(Holding.organisation_id))
    )


def _on_the_way(lots: Sequence[int]) -> Any:
    return (
        select(
            col(Delivery.organisation_id),
            col(Delivery.to_organisation_id),
            col(Delivery.party_id),
            func.sum(col(DeliveryLine.sent_g)),
        )
        .join(DeliveryLine, col(DeliveryLine.delivery_id) == col(Delivery.id))
        .where(col(DeliveryLine.lot_id).in_(lots), col(Delivery.state) == DeliveryState.AWAITING)
        .group_by(
            col(Delivery.organisation_id), col(Delivery.to_organisation_id), col(Delivery.party_id)
        )
    )


def _makers(lots: Sequence[int]) -> Any:
    """Organisations whose lots these are: they packed or mixed what they had been given."""
    return select(col(HarvestLot.organisation_id)).where(col(HarvestLot.id).in_(lots)).distinct()
