"""One step back out of the system: which supplier brought traced lots from outside, by which paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.lots.origin_queries import BATCH
from app.models.lots import LotKind
from app.models.movements import Direction, Movement, MovementKind, MovementLine, Party
from app.models.registry import Organisation
from app.tracing.closure_queries import Closure


@dataclass(frozen=True)
class TracedSupply:
    """So many grams of a lot came from a supplier to an organisation."""

    lot_id: int
    movement: UUID
    received_at: datetime
    document: str
    place: str
    organisation_id: int
    organisation: str
    supplier: str
    supplier_address: str
    supplier_code: str
    quantity_g: int


def supplies_of(session: Session, found: Closure, *, reach: Reach) -> list[TracedSupply]:
    """Newest first, without what was taken back. An organisation sees its own suppliers, officials all."""
    keys = sorted(lot.id for lot in found.lots.values() if lot.kind is LotKind.SUPPLIED)
    told = [
        TracedSupply(*row)
        for start in range(0, len(keys), BATCH)
        for row in session.execute(_supplies(keys[start : start + BATCH], reach))
    ]
    return sorted(told, key=lambda one: (one.received_at, one.lot_id), reverse=True)


def whose_suppliers(supplies: Iterable[TracedSupply]) -> list[int]:
    """The organisations whose suppliers are shown: theirs to know who looked."""
    return sorted({one.organisation_id for one in supplies})


def _supplies(lots: list[int], reach: Reach) -> Any:
    back = aliased(Movement)
    return (
        select(
            col(MovementLine.lot_id),
            col(Movement.uid),
            col(Movement.happened_at),
            col(Movement.document),
            col(Movement.place),
            col(Organisation.id),
            col(Organisation.name),
            col(Party.name),
            col(Party.address),
            col(Party.code),
            col(MovementLine.quantity_g),
        )
        .join(Movement, col(Movement.id) == col(MovementLine.movement_id))
        .join(Organisation, col(Organisation.id) == col(Movement.organisation_id))
        .join(Party, col(Party.id) == col(Movement.party_id))
        .outerjoin(back, col(back.counters_id) == col(Movement.id))
        .where(
            col(MovementLine.lot_id).in_(lots),
            col(MovementLine.direction) == Direction.OUT,
            col(Movement.kind) == MovementKind.RECEIVING,
            col(back.id).is_(None),
            reach.limits(col(Movement.organisation_id)),
        )
    )
