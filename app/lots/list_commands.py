"""Recording and withdrawing many lots at once: the same rules and facts as one by one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.db import insert_rows
from app.errors import Conflict
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.lots.commands import enter_lot, queue_harvests, require_reason, require_unmoved
from app.lots.evidence import Law
from app.lots.harvests import Harvest, require_plausible
from app.lots.holding_commands import in_hand, move_all
from app.lots.shelf import Shelf
from app.models.lots import HarvestLot, LotSource, LotState, LotStep
from app.models.registry import Organisation
from app.registry.grower_list_queries import batches


def record_lots(
    session: Session,
    *,
    organisation: Organisation,
    harvests: Sequence[Harvest],
    by: Actor,
    now: datetime,
) -> list[HarvestLot]:
    """Record many harvests of one organisation, in their order, all or none."""
    queue_harvests(session, organisation.pk)
    shelf, law = Shelf(session, organisation, harvests), Law()
    lots: list[HarvestLot] = []
    facts: list[Fact] = []
    for harvest in harvests:
        field = shelf.field(harvest)
        require_plausible(session, organisation, harvest, field, today=day_of(now))
        lot, fact = enter_lot(session, organisation, harvest, field, now=now, law=law)
        lots.append(lot)
        facts.append(fact)
    session.flush()
    first = record_all(session, facts, by=by, now=now)
    for position, lot in enumerate(lots, start=first):
        lot.ledger_position = position
    return lots


def withdraw_lots(
    session: Session,
    *,
    organisation: Organisation,
    codes: Sequence[str],
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Take back lots that were recorded by mistake; Conflict, naming one, when one is not open any more."""
    words = require_reason(reason)
    lots = _open_lots(session, codes)
    for lot in lots:
        require_unmoved(session, lot)
        move_all(session, lot, in_hand(lot), None)
        lot.state, lot.state_reason, lot.state_since = LotState.WITHDRAWN, words, now
    session.flush()  # a lost race must fail before the ledger is touched
    steps = [
        {"lot_id": lot.pk, "state": lot.state, "reason": words, "recorded_at": now} for lot in lots
    ]
    insert_rows(session, LotStep, steps)
    for keys in batches([lot.pk for lot in lots]):
        mine = col(LotSource.lot_id).in_(keys)
        session.execute(
            update(LotSource).where(mine).values(entry_id=None),
            execution_options={"synchronize_session": False},
        )
    told = {"from": LotState.OPEN, "reason": words}
    facts = [
        Fact("lot.withdrawn", lot.code, dict(told), organisation=organisation.uid) for lot in lots
    ]
    record_all(session, facts, by=by, now=now)


def _open_lots(session: Session, codes: Sequence[str]) -> list[HarvestLot]:
    found: list[HarvestLot] = []
    for some in batches(codes):
        wanted = select(HarvestLot).where(col(HarvestLot.code).in_(some)).with_for_update()
        found += session.execute(wanted.execution_options(populate_existing=True)).scalars()
    for lot in found:
        if lot.state is not LotState.OPEN:
            why = say("It cannot be undone: lot {code} is not open any more.", code=lot.code)
            raise Conflict(why)
    return found
