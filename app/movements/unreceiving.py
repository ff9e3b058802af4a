"""Taking back a receipt, a refusal or a return: goods are where they were, a delivery waits to be confirmed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, Refused
from app.kit.messages import say
from app.kit.quantities import Grams
from app.ledger.commands import record
from app.lots.commands import require_reason
from app.lots.holding_commands import Holder, put, take
from app.models.lots import HarvestLot
from app.models.movements import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    HoldingState,
    Movement,
)
from app.models.registry import Organisation
from app.movements.recording import Doer, Part
from app.notices.commands import tell


def unreceive(session: Session, doer: Doer, movement: Movement, reason: str) -> None:
    """What was taken and what was missing is on its way again, as it was before it was confirmed."""
    wanted = select(Delivery).where(col(Delivery.receiving_id) == movement.pk).with_for_update()
    found = wanted.execution_options(populate_existing=True)
    delivery: Delivery | None = session.execute(found).scalar_one_or_none()
    if delivery is None or delivery.state is not DeliveryState.RECEIVED:
        raise Conflict(say("What was refused of it is back already: this receipt stands."))
    for line, lot in session.execute(_lines(delivery)).all():
        _on_its_way_again(session, delivery, line, lot)
    _await_again(session, doer, delivery, reason)


def reopen_refused(session: Session, doer: Doer, delivery: Delivery, reason: str) -> Delivery:
    """A delivery that was refused by mistake waits to be confirmed again, until it is back."""
    words = require_reason(reason)
    wanted = select(Delivery).where(col(Delivery.id) == delivery.pk).with_for_update()
    session.execute(wanted.execution_options(populate_existing=True))
    if delivery.state is not DeliveryState.REFUSED:
        raise Conflict(say("Only a delivery that was refused as a whole is confirmed anew."))
    for line, lot in session.execute(_lines(delivery)).all():
        _on_its_way_again(session, delivery, line, lot)
    _await_again(session, doer, delivery, words)
    return delivery


def _await_again(session: Session, doer: Doer, delivery: Delivery, reason: str) -> None:
    told_first = delivery.answered_at
    delivery.state, delivery.receiving_id, delivery.answered_at = DeliveryState.AWAITING, None, None
    delivery.received_by = delivery.remark = ""
    session.flush()
    sender = session.get_one(Organisation, delivery.organisation_id)
    record(
        session,
        kind="delivery.reopened",
        subject=str(delivery.uid),
        by=doer.by,
        now=doer.now,
        organisation=sender.uid,
        facts={"reason": reason},
    )
    if sender.pk != doer.organisation.pk:
        tell(
            session,
            organisation=sender,
            kind="delivery.reopened",
            about=f"delivery.reopened {delivery.uid} {told_first}",
            sentence=say("A delivery is confirmed anew, because: {reason}", reason=reason),
            address=f"/work/deliveries/{delivery.uid}",
            now=doer.now,
        )


def give_back_return(
    session: Session, doer: Doer, movement: Movement, parts: Sequence[Part]
) -> None:
    """What was said to have come back from an outside party is with it again."""
    if movement.party_id is None or _settles_a_delivery(session, movement):
        raise Refused(say("This settled a refused delivery: send the goods anew."))
    party = Holder(doer.organisation.pk, HoldingState.WITH_PARTY, movement.party_id)
    for part in parts:
        take(session, part.lot, doer.hand, part.quantity, field="movement")
        put(session, part.lot, party, part.quantity)


def _settles_a_delivery(session: Session, movement: Movement) -> bool:
    wanted = select(col(Delivery.id)).where(col(Delivery.returning_id) == movement.pk)
    return session.execute(wanted).first() is not None


def _lines(delivery: Delivery) -> Any:
    return (
        select(DeliveryLine, HarvestLot)
        .join(HarvestLot, col(HarvestLot.id) == col(DeliveryLine.lot_id))
        .where(col(DeliveryLine.delivery_id) == delivery.pk)
        .order_by(col(HarvestLot.id))
    )


def _on_its_way_again(
    session: Session, delivery: Delivery, line: DeliveryLine, lot: HarvestLot
) -> None:
    sender = delivery.organisation_id
    taker = (
        Holder(delivery.to_organisation_id)
        if delivery.to_organisation_id
        else Holder(sender, HoldingState.WITH_PARTY, delivery.party_id)
    )
    received, refused = line.received_g or 0, line.refused_g or 0
    missing = line.sent_g - received - refused
    on_the_way = Holder(sender, HoldingState.IN_TRANSIT)
    for holder, grams in ((taker, received), (Holder(sender, HoldingState.MISSING), missing)):
        if grams:
            take(session, lot, holder, Grams(grams), field="movement")
            put(session, lot, on_the_way, Grams(grams))
    line.received_g = line.refused_g = line.condition = None
    line.remark = ""
