"""Finding deliveries: those one sent, those one gets, and the one a link was made for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.accounts.reach import Reach
from app.errors import Gone, NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.movements import Delivery, DeliveryLine, DeliveryState, Movement, Party
from app.models.registry import Organisation


@dataclass(frozen=True)
class LotInDelivery:
    """A lot in a delivery, with its crop."""

    line: DeliveryLine
    lot: HarvestLot
    crop: Crop

    @property
    def missing_g(self) -> int:
        """What was sent and neither taken nor refused; 0 while nobody answered."""
        if self.line.received_g is None:
            return 0
        return self.line.sent_g - self.line.received_g - (self.line.refused_g or 0)


@dataclass(frozen=True)
class DeliveryTold:
    """A delivery with the names beside it. `receiver` or `party`: who gets it."""

    delivery: Delivery
    movement: Movement
    sender: Organisation
    receiver: Organisation | None
    party: Party | None
    lines: tuple[LotInDelivery, ...]

    @property
    def sent_g(self) -> int:
        return sum(one.line.sent_g for one in self.lines)

    @property
    def missing_g(self) -> int:
        return sum(one.missing_g for one in self.lines)

    @property
    def refused_g(self) -> int:
        return sum(one.line.refused_g or 0 for one in self.lines)


def delivery_by_uid(session: Session, uid: UUID, *, within: Reach) -> DeliveryTold:
    """The delivery with this public id, for its sender and its receiver."""
    wanted = _deliveries().where(col(Delivery.uid) == uid, _seen(within))
    found = _told(session, session.execute(wanted).all())
    if not found:
        raise NotFound(say("There is no such delivery."))
    return found[0]


def delivery_received_by(session: Session, uid: UUID, organisation_id: int) -> DeliveryTold:
    """The same for its receiver alone: only it can say what arrived."""
    found = delivery_by_uid(session, uid, within=Reach.own(organisation_id))
    if found.delivery.to_organisation_id != organisation_id:
        raise NotFound(say("There is no such delivery."))
    return found


def delivery_sent_by(session: Session, uid: UUID, organisation_id: int) -> DeliveryTold:
    """The same for its sender alone."""
    found = delivery_by_uid(session, uid, within=Reach.own(organisation_id))
    if found.delivery.organisation_id != organisation_id:
        raise NotFound(say("There is no such delivery."))
    return found


def delivery_answered_by(session: Session, uid: UUID, organisation_id: int) -> DeliveryTold:
    """The same for who takes an answer back: its receiver, or for an outside party its sender."""
    found = delivery_by_uid(session, uid, within=Reach.own(organisation_id))
    row = found.delivery
    if organisation_id != (row.to_organisation_id or row.organisation_id):
        raise NotFound(say("There is no such delivery."))
    return found


def delivery_of_link(session: Session, token: str, *, now: datetime) -> DeliveryTold:
    """The delivery a link was made for; Gone once it was used or has run out."""
    wanted = _deliveries().where(
        col(Delivery.token_hash) == token_digest(token).hex(),
        col(Delivery.expires_at) > now,
        col(Delivery.state) == DeliveryState.AWAITING,
    )
    found = _told(session, session.execute(wanted).all())
    if not found:
        raise Gone(
            say("This link was used already or has run out. Ask whoever delivers for a new one.")
        )
    return found[0]


def newest_deliveries(
    session: Session,
    *,
    within: Reach,
    state: DeliveryState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[DeliveryTold]:
    """Deliveries that were sent or are to be received, newest first."""
    wanted = _deliveries().where(_seen(within))
    if state is not None:
        wanted = wanted.where(col(Delivery.state) == state)
    if after is not None:
        wanted = wanted.where(col(Delivery.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Delivery.id).desc()).limit(limit + 1)
    rows = _told(session, session.execute(newest).all())
    return page_of(rows, limit=limit, key=lambda one: (one.delivery.pk,))


def _seen(within: Reach) -> Any:
    return or_(
        within.limits(col(Delivery.organisation_id)),
        within.limits(col(Delivery.to_organisation_id)),
    )


def _deliveries() -> Any:
    receiver = aliased(Organisation)
    return (
        select(Delivery, Movement, Organisation, receiver, Party)
        .join(Movement, col(Movement.id) == col(Delivery.movement_id))
        .join(Organisation, col(Organisation.id) == col(Delivery.organisation_id))
        .outerjoin(receiver, col(receiver.id) == col(Delivery.to_organisation_id))
        .outerjoin(Party, col(Party.id) == col(Delivery.party_id))
    )


def _told(session: Session, rows: Sequence[Any]) -> list[DeliveryTold]:
    keys = [row[0].pk for row in rows]
    lines: dict[int, list[LotInDelivery]] = {key: [] for key in keys}
    wanted = (
        select(DeliveryLine, HarvestLot, Crop)
        .join(HarvestLot, col(HarvestLot.id) == col(DeliveryLine.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .where(col(DeliveryLine.delivery_id).in_(keys))
        .order_by(col(DeliveryLine.id))
    )
    for line, lot, crop in session.execute(wanted):
        lines[line.delivery_id].append(LotInDelivery(line, lot, crop))
    return [
        DeliveryTold(delivery, movement, sender, receiver, party, tuple(lines[delivery.pk]))
        for delivery, movement, sender, receiver, party in rows
    ]
