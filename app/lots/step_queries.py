"""The steps of a lot's life, in order."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.lots import HarvestLot, LotState, LotStep

# A recall that was an error may come between the hold and its release.
_STOPPED = frozenset({LotState.HELD, LotState.RECALLED})


def steps_of(session: Session, lot: HarvestLot) -> list[LotStep]:
    """Every change of a lot's state, oldest first."""
    wanted = select(LotStep).where(col(LotStep.lot_id) == lot.pk).order_by(col(LotStep.id))
    return list(session.execute(wanted).scalars())


def state_before_hold(session: Session, lot: HarvestLot) -> LotState:
    """What a held lot was before it was held; open when nothing older is known."""
    states = [step.state for step in steps_of(session, lot) if step.state not in _STOPPED]
    return states[-1] if states else LotState.OPEN
