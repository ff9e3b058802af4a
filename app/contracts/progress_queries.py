"""What was delivered for contracts: by movements that name them, by receipts where there are any."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.contracts import Contract, ContractState
from app.models.lots import HarvestLot
from app.models.movements import (
    Delivery,
    DeliveryLine,
    DeliveryState,
    Direction,
    Movement,
    MovementKind,
    MovementLine,
)

_LEAVES = (MovementKind.SHIPPING, MovementKind.SELLING)


def delivered_for(session: Session, contracts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By contract, grams that arrived and grams on their way; only lots of the contract's crop count.

    Of a delivery counts what the receiver confirmed; goods sold without one arrived as they left.
    """
    if not contracts:
        return {}
    found = {
        contract: (int(arrived or 0), int(coming or 0))
        for contract, arrived, coming in session.execute(_delivered(contracts))
    }
    for contract, grams in session.execute(_returned(contracts)):
        arrived, coming = found.get(contract, (0, 0))
        found[contract] = (arrived - int(grams), coming)
    return found


def contract_for(
    session: Session,
    seller: int,
    *,
    buyer: int | None,
    party: int | None,
    crops: Sequence[int],
    day: date,
) -> int | None:
    """The one signed contract that goods for a buyer can be meant for; None: none, or several."""
    wanted = (
        select(col(Contract.id))
        .where(
            col(Contract.organisation_id) == seller,
            col(Contract.buyer_id) == buyer if buyer else col(Contract.party_id) == party,
            col(Contract.state) == ContractState.SIGNED,
            col(Contract.crop_id).in_(crops),
            col(Contract.starts_on) <= day,
        )
        .limit(2)
    )
    found = list(session.execute(wanted).scalars())
    return found[0] if len(found) == 1 else None


def _counting(contracts: Sequence[int]) -> tuple[Any, ...]:
    """What is taken back counts for nothing."""
    back = aliased(Movement)
    undone = select(col(back.id)).where(col(back.counters_id) == col(Movement.id)).exists()
    return (
        col(Movement.contract_id).in_(contracts),
        col(Movement.counters_id).is_(None),
        ~undone,
        col(HarvestLot.crop_id) == col(Contract.crop_id),
    )


def _delivered(contracts: Sequence[int]) -> Any:
    answered = col(Delivery.state) != DeliveryState.AWAITING
    arrived = case(
        (col(Delivery.id).is_(None), col(MovementLine.quantity_g)),
        (answered, func.coalesce(col(DeliveryLine.received_g), 0)),
        else_=0,
    )
    coming = case(
        (col(Delivery.state) == DeliveryState.AWAITING, col(DeliveryLine.sent_g)), else_=0
    )
    return (
        select(col(Movement.contract_id), func.sum(arrived), func.sum(coming))
        .join(Contract, col(Contract.id) == col(Movement.contract_id))
        .join(MovementLine, col(MovementLine.movement_id) == col(Movement.id))
        .join(HarvestLot, col(HarvestLot.id) == col(MovementLine.lot_id))
        .outerjoin(Delivery, col(Delivery.movement_id) == col(Movement.id))
        .outerjoin(
            DeliveryLine,
            (col(DeliveryLine.delivery_id) == col(Delivery.id))
            & (col(DeliveryLine.lot_id) == col(MovementLine.lot_id)),
        )
        .where(
            *_counting(contracts),
            col(Movement.kind).in_(_LEAVES),
            col(MovementLine.direction) == Direction.OUT,
        )
        .group_by(col(Movement.contract_id))
    )


def _returned(contracts: Sequence[int]) -> Any:
    return (
        select(col(Movement.contract_id), func.sum(col(MovementLine.quantity_g)))
        .join(Contract, col(Contract.id) == col(Movement.contract_id))
        .join(MovementLine, col(MovementLine.movement_id) == col(Movement.id))
        .join(HarvestLot, col(HarvestLot.id) == col(MovementLine.lot_id))
        .where(
            *_counting(contracts),
            col(Movement.kind) == MovementKind.RETURNING,
            col(MovementLine.direction) == Direction.IN,
        )
        .group_by(col(Movement.contract_id))
    )
