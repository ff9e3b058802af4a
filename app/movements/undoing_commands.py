"""Taking a movement back by a counter-movement: only while everything is where it left it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, Refused
from app.kit.messages import say
from app.kit.quantities import Grams
from app.lots.commands import become, require_reason
from app.lots.holding_commands import Holder, put, take
from app.models.lots import HarvestLot, LotState
from app.models.movements import (
    Delivery,
    DeliveryState,
    Direction,
    HoldingState,
    Movement,
    MovementKind,
    MovementLine,
)
from app.models.recalls import RecallDisposal, RecallRelease
from app.movements.recording import Circumstances, Doer, Part, Written, keep, movement_row
from app.movements.rules import MAKES
from app.movements.unreceiving import give_back_return, unreceive


def undo_movement(session: Session, doer: Doer, movement: Movement, reason: str) -> Movement:
    """Take a movement back. What was made of lots is withdrawn, and they are there again."""
    words = require_reason(reason)
    _require_undoable(session, movement)
    _end_delivery(session, movement)  # before kilograms: who was answered is told that
    into, out = (_parts(session, movement, one) for one in (Direction.IN, Direction.OUT))
    back = movement_row(doer, movement.kind, Circumstances(happened_at=doer.now, reason=words))
    back.counters_id, back.party_id = movement.pk, movement.party_id
    back.counterparty_id, back.contract_id = movement.counterparty_id, movement.contract_id
    if movement.kind in MAKES or (movement.kind is MovementKind.RECEIVING and out):
        # Also what a supplier brought: the lots were no goods.
        _unmake(session, doer, into, out, words)
    elif movement.kind is MovementKind.STORING:
        _restore(session, doer, into, out)
    elif movement.kind is MovementKind.RECEIVING:
        unreceive(session, doer, movement, words)
    elif movement.kind is MovementKind.RETURNING:
        give_back_return(session, doer, movement, into)
    else:
        _give_back(session, doer, movement, out)
    # A race for the same movement: UNIQUE(counters_id) lets one through.
    return keep(session, Written(back, out, into), doer)


def _require_undoable(session: Session, movement: Movement) -> None:
    if movement.counters_id is not None:
        raise Refused(say("This takes back another movement: it is not undone itself."))
    handled = select(col(RecallDisposal.id)).where(col(RecallDisposal.movement_id) == movement.pk)
    if session.execute(handled).first() is not None:
        raise Refused(say("This was done with recalled goods, with evidence: it is not undone."))
    if movement.kind in MAKES and _made_released(session, movement):
        why = say("Goods of this were fixed and released after a recall: it is not undone.")
        raise Refused(why)
    undone = select(col(Movement.id)).where(col(Movement.counters_id) == movement.pk)
    if session.execute(undone).first() is not None:
        raise Conflict(say("This movement was undone already."))


def _made_released(session: Session, movement: Movement) -> bool:
    wanted = (
        select(col(RecallRelease.id))
        .join(MovementLine, col(MovementLine.lot_id) == col(RecallRelease.lot_id))
        .where(
            col(MovementLine.movement_id) == movement.pk,
            col(MovementLine.direction) == Direction.OUT,
        )
    )
    return session.execute(wanted).first() is not None


def _parts(session: Session, movement: Movement, direction: Direction) -> list[Part]:
    wanted = (
        select(HarvestLot, col(MovementLine.quantity_g))
        .join(MovementLine, col(MovementLine.lot_id) == col(HarvestLot.id))
        .where(
            col(MovementLine.movement_id) == movement.pk,
            col(MovementLine.direction) == direction,
        )
        .order_by(col(HarvestLot.id))
    )
    return [Part(lot, Grams(grams)) for lot, grams in session.execute(wanted)]


def _unmake(
    session: Session, doer: Doer, into: Sequence[Part], out: Sequence[Part], reason: str
) -> None:
    for part in out:
        take(session, part.lot, doer.hand, part.quantity, field="movement")
        become(session, part.lot, LotState.WITHDRAWN, reason=reason, by=doer.by, now=doer.now)
    for part in into:
        put(session, part.lot, doer.hand, part.quantity)


def _restore(session: Session, doer: Doer, into: Sequence[Part], out: Sequence[Part]) -> None:
    left = {part.lot.pk: part.quantity.value for part in out}
    for part in into:
        lost = Grams(part.quantity.value - left[part.lot.pk])
        if lost.value:
            take(session, part.lot, doer.holds(HoldingState.LOST), lost, field="movement")
            put(session, part.lot, doer.hand, lost)


def _give_back(session: Session, doer: Doer, movement: Movement, out: Sequence[Part]) -> None:
    taker = {
        MovementKind.SHIPPING: doer.holds(HoldingState.IN_TRANSIT),
        MovementKind.DESTROYING: doer.holds(HoldingState.DESTROYED),
        MovementKind.SELLING: Holder(
            doer.organisation.pk, HoldingState.WITH_PARTY, movement.party_id
        )
        if movement.party_id
        else doer.holds(HoldingState.SOLD),
    }[movement.kind]
    for part in out:
        take(session, part.lot, taker, part.quantity, field="movement")
        put(session, part.lot, doer.hand, part.quantity)


def _end_delivery(session: Session, movement: Movement) -> None:
    wanted = select(Delivery).where(col(Delivery.movement_id) == movement.pk).with_for_update()
    delivery = session.execute(wanted).scalar_one_or_none()
    if delivery is None:
        return
    if delivery.state is not DeliveryState.AWAITING:
        raise Conflict(say("This delivery was answered already."))
    delivery.state, delivery.token_hash = DeliveryState.CLOSED, None
    session.flush()
