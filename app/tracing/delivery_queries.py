"""The deliveries of traced lots: who sent how much to whom, when, and what arrived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.lots.origin_queries import BATCH
from app.models.movements import Delivery, DeliveryLine, DeliveryState, Movement, Party
from app.models.registry import Organisation
from app.tracing.closure_queries import Closure

MOST = 2_000


@dataclass(frozen=True)
class TracedDelivery:
    """So many grams of a lot went from one to the other. `received_g` None: nobody answered yet.

    `party`: the outside party that got them, else empty.
    """

    lot_id: int
    delivery: UUID
    shipped_at: datetime
    document: str
    sender_id: int
    sender: str
    receiver: str
    party: str
    state: DeliveryState
    sent_g: int
    received_g: int | None
    refused_g: int | None

    @property
    def missing_g(self) -> int:
        """Sent, and neither taken nor refused."""
        if self.received_g is None:
            return 0
        return self.sent_g - self.received_g - (self.refused_g or 0)


def deliveries_of(session: Session, found: Closure, *, reach: Reach) -> list[TracedDelivery]:
    """Newest first, without shipments that were taken back; an organisation sees what it sent or was sent."""
    told: list[TracedDelivery] = []
    keys = sorted(found.lots)
    for start in range(0, len(keys), BATCH):
        rows = session.execute(_deliveries(keys[start : start + BATCH], reach))
        told.extend(TracedDelivery(*row) for row in rows)
    return sorted(told, key=lambda one: (one.shipped_at, one.lot_id), reverse=True)[:MOST]


def whose_receivers(deliveries: Iterable[TracedDelivery]) -> list[int]:
    """The organisations whose outside parties are shown: theirs to know who looked."""
    return sorted({one.sender_id for one in deliveries if one.party})


def _deliveries(lots: list[int], reach: Reach) -> Any:
    receiver = aliased(Organisation)
    taken_back = and_(
        col(Delivery.state) == DeliveryState.CLOSED, col(Delivery.answered_at).is_(None)
    )
    return (
        select(
            col(DeliveryLine.lot_id),
            col(Delivery.uid),
            col(Movement.happened_at),
            col(Movement.document),
            col(Organisation.id),
            col(Organisation.name),
            func.coalesce(col(receiver.name), ""),
            func.coalesce(col(Party.name), ""),
            col(Delivery.state),
            col(DeliveryLine.sent_g),
            col(DeliveryLine.received_g),
            col(DeliveryLine.refused_g),
        )
        .join(Delivery, col(Delivery.id) == col(DeliveryLine.delivery_id))
        .join(Movement, col(Movement.id) == col(Delivery.movement_id))
        .join(Organisation, col(Organisation.id) == col(Delivery.organisation_id))
        .outerjoin(receiver, col(receiver.id) == col(Delivery.to_organisation_id))
        .outerjoin(Party, col(Party.id) == col(Delivery.party_id))
        .where(
            col(DeliveryLine.lot_id).in_(lots),
            ~taken_back,
            or_(
                reach.limits(col(Delivery.organisation_id)),
                reach.limits(col(Delivery.to_organisation_id)),
            ),
        )
        .order_by(col(Delivery.id).desc())
        .limit(MOST)
    )
