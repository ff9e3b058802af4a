"""Who was given goods of a recall, by what deliveries and holdings say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models.lots import HarvestLot
from app.models.movements import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    Holding,
    HoldingState,
)
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
