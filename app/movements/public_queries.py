"""What everybody may know of what was done with a lot: which step, when, by whom; no buyer, no weight."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.lots.origin_queries import edges_behind
from app.models.lots import HarvestLot
from app.models.movements import Direction, Movement, MovementKind, MovementLine
from app.models.registry import Organisation
from app.movements.rules import MAKES


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
    """How a lot and the lots in it were made, and that it was shipped; what was undone is left out."""
    edges = edges_behind(session, lot.pk)
    made = {edge.child for edge in edges}
    back = aliased(Movement)
    wanted = (
        select(Movement, Organisation, col(MovementLine.lot_id))
        .join(MovementLine, col(MovementLine.movement_id) == col(Movement.id))
        .join(Organisation, col(Organisation.id) == col(Movement.organisation_id))
        .outerjoin(back, col(back.counters_id) == col(Movement.id))
        .where(
            col(MovementLine.lot_id).in_(made | {lot.pk}),
            col(MovementLine.direction) == Direction.OUT,
            col(Movement.kind).in_([*MAKES, MovementKind.SHIPPING]),
            col(Movement.counters_id).is_(None),
            col(back.id).is_(None),
        )
        .order_by(col(Movement.id))
    )
    return [
        Step(
            movement.kind,
            movement.happened_at,
            organisation,
            str(movement.uid),
            lot_id == lot.pk,
            movement.kind in MAKES,
        )
        for movement, organisation, lot_id in session.execute(wanted)
        if movement.kind in MAKES or lot_id == lot.pk
    ]
