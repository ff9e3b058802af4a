"""Receiving: what arrived, what was refused, what is missing; a refusal; what came back to the sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, refuse
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.holding_commands import Holder, put, take
from app.models.lots import HarvestLot
from app.models.movements import (
    Condition,
    Delivery,
    DeliveryLine,
    DeliveryState,
    HoldingState,
    Movement,
    MovementKind,
)
from app.models.registry import Organisation
from app.movements.recording import NOTHING, Circumstances, Doer, Part, Written, keep, movement_row
from app.notices.commands import tell


@dataclass(frozen=True)
class Arrived:
    """Of one lot: what was taken and what was refused; what is left of what was sent is missing."""

    code: str
    received: Grams
    refused: Grams = NOTHING
    condition: Condition = Condition.GOOD
    remark: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a receiver confirms of a delivery. `received_by`: a person's name, kept in the house."""

    lines: Sequence[Arrived]
    received_by: str = ""
    remark: str = ""
    document: str = ""


@dataclass(frozen=True)
class _Line:
    row: DeliveryLine
    lot: HarvestLot
    told: Arrived

    @property
    def missing(self) -> int:
        return self.row.sent_g - self.told.received.value - self.told.refused.value


def receive_delivery(
    session: Session, delivery: Delivery, receipt: Receipt, *, by: Actor, now: datetime
) -> Movement | None:
    """Confirm a delivery, once. Nothing received at all is a refusal, and makes no movement."""
    _require_awaiting(session, delivery)
    lines = _lines(session, delivery, receipt)
    receiver = session.get(Organisation, delivery.to_organisation_id or 0)
    sender = session.get_one(Organisation, delivery.organisation_id)
    doer = Doer(receiver or sender, by, now)
    for line in lines:
        _arrive(session, line, delivery)
    movement = _received(session, delivery, lines, receipt, doer)
    delivery.receiving_id = movement.pk if movement else None
    delivery.state = DeliveryState.RECEIVED if movement else DeliveryState.REFUSED
    delivery.answered_at, delivery.token_hash = now, None
    delivery.received_by = clean(receipt.received_by, longest=120)
    delivery.remark = clean(receipt.remark, longest=500, multiline=True)
    session.flush()  # a second answer meets another version
    _record(session, delivery, lines, Doer(sender, by, now))
    _tell(session, delivery, sender, lines, now)
    return movement


def take_back_refused(
    session: Session, delivery: Delivery, told: Circumstances, doer: Doer
) -> Movement:
    """The sender has what was refused again, all of it; the delivery is settled."""
    wanted = (
        select(DeliveryLine, HarvestLot)
        .join(HarvestLot, col(HarvestLot.id) == col(DeliveryLine.lot_id))
        .where(col(DeliveryLine.delivery_id) == delivery.pk, col(DeliveryLine.refused_g) > 0)
        .order_by(col(HarvestLot.id))
    )
    parts = [Part(lot, Grams(line.refused_g or 0)) for line, lot in session.execute(wanted).all()]
    answered = delivery.state in {DeliveryState.RECEIVED, DeliveryState.REFUSED}
    if not parts or not answered or delivery.returning_id is not None:
        raise Conflict(say("Nothing of this delivery is on its way back."))
    for part in parts:
        take(session, part.lot, doer.holds(HoldingState.IN_TRANSIT), part.quantity)
        put(session, part.lot, doer.hand, part.quantity)
    movement = movement_row(doer, MovementKind.RETURNING, told)
    movement.counterparty_id, movement.party_id = delivery.to_organisation_id, delivery.party_id
    keep(session, Written(movement, parts, ()), doer)
    delivery.returning_id, delivery.state = movement.pk, DeliveryState.CLOSED
    session.flush()
    return movement


def _require_awaiting(session: Session, delivery: Delivery) -> None:
    # Behind the row, so that two who confirm at once do it one after the other.
    wanted = select(Delivery).where(col(Delivery.id) == delivery.pk).with_for_update()
    session.execute(wanted.execution_options(populate_existing=True))
    if delivery.state is not DeliveryState.AWAITING:
        raise Conflict(say("This delivery was confirmed already. Nothing was changed."))


def _lines(session: Session, delivery: Delivery, receipt: Receipt) -> list[_Line]:
    wanted = (
        select(DeliveryLine, HarvestLot)
        .join(HarvestLot, col(HarvestLot.id) == col(DeliveryLine.lot_id))
        .where(col(DeliveryLine.delivery_id) == delivery.pk)
        .order_by(col(HarvestLot.id))
    )
    told = {line.code: line for line in receipt.lines}
    rows = session.execute(wanted).all()
    if set(told) != {lot.code for _, lot in rows} or len(receipt.lines) != len(rows):
        raise refuse("lines", say("Confirm every lot of the delivery, and no other."))
    lines = [_Line(row, lot, told[lot.code]) for row, lot in rows]
    for line in lines:
        fault = _find_fault(line)
        if fault is not None:
            raise refuse("lines", say("Lot {code}: {why}", code=grouped(line.lot.code), why=fault))
    return lines


def _find_fault(line: _Line) -> Message | None:
    if min(line.told.received.value, line.told.refused.value) < 0:
        return say("A weight is not less than nothing.")
    if line.missing < 0:
        return say(
            "{sent} was sent: more cannot arrive. Write the difference as a remark.",
            sent=Grams(line.row.sent_g),
        )
    return None


def _arrive(session: Session, line: _Line, delivery: Delivery) -> None:
    sender, row, told = delivery.organisation_id, line.row, line.told
    on_the_way = Holder(sender, HoldingState.IN_TRANSIT)
    taker = (
        Holder(delivery.to_organisation_id)
        if delivery.to_organisation_id
        else Holder(sender, HoldingState.WITH_PARTY, delivery.party_id)
    )
    gone = row.sent_g - told.refused.value
    if gone:  # what was refused stays on its way: back
        take(session, line.lot, on_the_way, Grams(gone))
    if told.received.value:
        put(session, line.lot, taker, told.received)
    if line.missing:
        put(session, line.lot, Holder(sender, HoldingState.MISSING), Grams(line.missing))
    row.received_g, row.refused_g = told.received.value, told.refused.value
    row.condition, row.remark = told.condition, clean(told.remark, longest=200)


def _received(
    session: Session,
    delivery: Delivery,
    lines: Sequence[_Line],
    receipt: Receipt,
    doer: Doer,
) -> Movement | None:
    parts = [Part(line.lot, line.told.received) for line in lines if line.told.received.value]
    if not parts:
        return None
    told = Circumstances(happened_at=doer.now, document=receipt.document)
    movement = movement_row(doer, MovementKind.RECEIVING, told)
    if delivery.party_id is not None:
        movement.party_id = delivery.party_id
    else:
        movement.counterparty_id = delivery.organisation_id
    return keep(session, Written(movement, parts, ()), doer)


def _record(session: Session, delivery: Delivery, lines: Sequence[_Line], doer: Doer) -> None:
    record(
        session,
        kind=f"delivery.{delivery.state.value}",
        subject=str(delivery.uid),
        by=doer.by,
        now=doer.now,
        organisation=doer.organisation.uid,
        facts={
            "lines": [
                {
                    "lot": line.lot.code,
                    "sent_g": line.row.sent_g,
                    "received_g": line.told.received.value,
                    "refused_g": line.told.refused.value,
                    "condition": line.told.condition,
                    "remark": line.row.remark,
                }
                for line in lines
            ],
            "remark": delivery.remark,
        },
        personal={"received_by": delivery.received_by} if delivery.received_by else None,
    )


def _tell(
    session: Session,
    delivery: Delivery,
    sender: Organisation,
    lines: Sequence[_Line],
    now: datetime,
) -> None:
    missing = Grams(sum(line.missing for line in lines))
    refused = Grams(sum(line.told.refused.value for line in lines))
    if delivery.state is DeliveryState.REFUSED:
        sentence = say("A delivery was refused: {refused} are on the way back.", refused=refused)
    elif missing.value or refused.value:
        sentence = say(
            "A delivery arrived with a difference: {missing} missing, {refused} refused.",
            missing=missing,
            refused=refused,
        )
    else:
        sentence = say("A delivery arrived as it was sent.")
    tell(
        session,
        organisation=sender,
        kind="delivery.answered",
        about=f"delivery {delivery.uid}",
        sentence=sentence,
        address=f"/work/deliveries/{delivery.uid}",
        now=now,
    )
