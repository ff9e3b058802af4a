"""What everybody may know of what was done with a lot: which step, when, by whom; no buyer, no weight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.lots.origin_queries import edges_of
from app.models.lots import HarvestLot
from app.models.movements import Direction, Movement, MovementKind, MovementLine
from app.models.registry import Organisation
from app.movements.rules import MAKES

# By these a lot comes to be. Only of what a supplier brought does something come out of receiving.
_BEGINS = frozenset({*MAKES, MovementKind.RECEIVING})


_BACK = aliased(Movement)
# Put together once: every public page of a lot asks for it.
_STEPS: Any = (
    select(Movement, Organisation, col(MovementLine.lot_id))
    .join(MovementLine, col(MovementLine.movement_id) == col(Movement.id))
    .join(Organisation, col(Organisation.id) == col(Movement.organisation_id))
    .outerjoin(_BACK, col(_BACK.counters_id) == col(Movement.id))
    .where(
        col(MovementLine.lot_id).in_(bindparam("lots", expanding=True)),
        col(MovementLine.direction) == Direction.OUT,
        col(Movement.kind).in_([*_BEGINS, MovementKind.SHIPPING]),
        col(Movement.counters_id).is_(None),
        col(_BACK.id).is_(None),
    )
    .order_by(col(Movement.id))
)


@dataclass(frozen=True)
class Step:
    """A step of a lot's way. `of_lot`: what was done with this very lot, not with one in it."""

    kind: MovementKind
    at: datetime
    organisation: Organisation
    key: str
    of_lot: bool
    made_it: bool


def steps_of_way(session: Session, lot: HarvestLot) -> list[Step]:
    """How a lot and the lots in it came to be, and that it was shipped; what was undone is left out.

    Of what suppliers brought: that they did, not who they are.
    """
    inside = {key for edge in edges_of(session, lot) for key in (edge.parent, edge.child)}
    return [
        Step(
            movement.kind,
            movement.happened_at,
            organisation,
            str(movement.uid),
            lot_id == lot.pk,
            movement.kind in _BEGINS,
        )
        for movement, organisation, lot_id in session.execute(
            _STEPS, {"lots": [*inside | {lot.pk}]}
        )
        if movement.kind in _BEGINS or lot_id == lot.pk
    ]
