"""Shipping: goods leave for one receiver, who confirms them by signing in or by a link that works once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.queries import token_digest
from app.catalogue.queries import rule_on, value_of
from app.errors import Conflict, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.commands import record
from app.lots.holding_commands import put, take
from app.models.movements import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    HoldingState,
    Movement,
    MovementKind,
    Party,
)
from app.models.registry import Organisation
from app.movements.contracting import name_contract
from app.movements.ending_commands import required_parts
from app.movements.recording import (
    Circumstances,
    Doer,
    Piece,
    Written,
    keep,
    movement_row,
    require_sellable,
)

# 192 random bits: nobody guesses a link.
TOKEN_BYTES = 24
LINK_RULE = "movement.link_days"
LINK_DAYS = 14


@dataclass(frozen=True)
class Receiver:
    """Who gets the goods: an organisation of the system, or an outside party of the sender."""

    organisation: Organisation | None = None
    party: Party | None = None


@dataclass(frozen=True)
class Sent:
    """A delivery with its movement, and the secret of its link, which is known only now."""

    movement: Movement
    delivery: Delivery
    token: str | None


def ship_lots(
    session: Session,
    doer: Doer,
    pieces: Sequence[Piece],
    told: Circumstances,
    *,
    to: Receiver,
) -> Sent:
    """Let goods leave. What is held, recalled or still waits stays; never more than there is."""
    if (to.organisation is None) == (to.party is None):
        raise refuse("receiver", say("Say who receives it."))
    if to.organisation is not None and to.organisation.pk == doer.organisation.pk:
        raise refuse("receiver", say("One does not deliver to oneself."))
    parts = required_parts(session, doer, pieces, told)
    require_sellable(session, [part.lot for part in parts], doer.now)
    movement = movement_row(doer, MovementKind.SHIPPING, told)
    movement.counterparty_id = to.organisation.pk if to.organisation else None
    movement.party_id = to.party.pk if to.party else None
    name_contract(session, movement, parts, told)
    for part in parts:
        take(session, part.lot, doer.hand, part.quantity, field="inputs")
        put(session, part.lot, doer.holds(HoldingState.IN_TRANSIT), part.quantity)
    keep(session, Written(movement, (), parts), doer)
    delivery = Delivery(
        movement_id=movement.pk,
        organisation_id=doer.organisation.pk,
        to_organisation_id=movement.counterparty_id,
        party_id=movement.party_id,
    )
    token = _new_link(session, delivery, doer.now) if to.party else None
    session.add(delivery)
    session.flush()
    session.add_all(
        DeliveryLine(delivery_id=delivery.pk, lot_id=part.lot.pk, sent_g=part.quantity.value)
        for part in parts
    )
    session.flush()
    return Sent(movement, delivery, token)


def renew_link(session: Session, doer: Doer, delivery: Delivery) -> str:
    """A new link for a delivery that still waits; the old one is dead from now on."""
    if delivery.party_id is None:
        raise Conflict(say("The receiver signs in: there is no link."))
    if delivery.state is not DeliveryState.AWAITING:
        raise Conflict(say("This delivery was answered already."))
    token = _new_link(session, delivery, doer.now)
    session.flush()
    record(
        session,
        kind="delivery.link_renewed",
        subject=str(delivery.uid),
        by=doer.by,
        now=doer.now,
        organisation=doer.organisation.uid,
        facts={"expires_at": delivery.expires_at},
    )
    return token


def _new_link(session: Session, delivery: Delivery, now: datetime) -> str:
    rule = rule_on(session, LINK_RULE, day_of(now))
    days = int(value_of(rule)) if rule else LINK_DAYS
    token = secrets.token_urlsafe(TOKEN_BYTES)
    delivery.token_hash = token_digest(token).hex()
    delivery.expires_at = now + timedelta(days=days)
    return token
