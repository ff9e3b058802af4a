"""Holding a lot until a question is answered, releasing it, and closing one that is gone."""

from datetime import datetime

from sqlmodel import Session

from app.errors import Refused
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.ledger.actors import Actor
from app.lots.commands import become, require_reason
from app.lots.holding_commands import Holder, in_hand, move_all
from app.lots.leaving import obstacles_to_leaving
from app.lots.queries import line_of
from app.lots.readiness_queries import readiness_of
from app.lots.step_queries import state_before_hold
from app.models.lots import HarvestLot, LotState
from app.models.movements import HoldingState
from app.models.registry import Organisation
from app.notices.commands import tell


def hold_lot(
    session: Session, *, lot: HarvestLot, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Stop a lot where it is; its holder is told why. Holding it twice changes nothing."""
    if lot.state is LotState.HELD:
        return lot
    become(session, lot, LotState.HELD, reason=require_reason(reason), by=by, now=now)
    told = say("Lot {code} is held: {reason}", code=grouped(lot.code), reason=lot.state_reason)
    _tell(session, lot, "lot.held", told, now=now)
    return lot


def release_lot(
    session: Session, *, lot: HarvestLot, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Let a held lot go on as what it was before; its holder is told."""
    if lot.state is not LotState.HELD:
        raise Refused(say("Lot {code} is not held.", code=lot.code))
    before = state_before_hold(session, lot)
    become(session, lot, before, reason=require_reason(reason), by=by, now=now)
    told = say("Lot {code} is released: {reason}", code=grouped(lot.code), reason=lot.state_reason)
    _tell(session, lot, "lot.released", told, now=now)
    return lot


def close_lot(session: Session, *, lot: HarvestLot, by: Actor, now: datetime) -> HarvestLot:
    """Close a sealed lot when all of it has left; one that still waits may not leave.

    What no movement tells of has left too, and nobody can say where to.
    """
    if lot.state is LotState.CLOSED:
        return lot
    ready = readiness_of(session, line_of(session, lot), today=day_of(now))
    obstacles = obstacles_to_leaving(ready, day_of(now))
    if obstacles:
        raise Refused(obstacles[0])
    become(session, lot, LotState.CLOSED, reason="", by=by, now=now)
    gone = Holder(lot.organisation_id, HoldingState.UNACCOUNTED)
    move_all(session, lot, in_hand(lot), gone)
    return lot


def _tell(
    session: Session, lot: HarvestLot, kind: str, sentence: Message, *, now: datetime
) -> None:
    tell(
        session,
        organisation=session.get_one(Organisation, lot.organisation_id),
        kind=kind,
        about=f"{kind} {lot.code} {lot.version}",
        sentence=sentence,
        address=f"/work/lots/{lot.code}",
        now=now,
    )
