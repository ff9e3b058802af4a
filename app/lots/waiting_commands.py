"""Keeping the day from which a lot may be sold in step with a diary that was written later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.clock import day_of
from app.ledger.actors import Actor
from app.lots.commands import record_change
from app.lots.evidence import findings_of
from app.models.diary import DiaryEntry, Planting
from app.models.lots import HarvestLot, LotKind, LotState

WRITTEN_SINCE = timedelta(days=2)
HARVESTED_SINCE = timedelta(days=60)


def refresh_waiting(session: Session, *, now: datetime) -> int:
    """Look again at lots of land whose diary was written in lately; how many must wait otherwise.

    What was recorded stays in the ledger and in the lot's claims; only the day in lists moves.
    """
    harvests = _refresh(session, _lots(session, now), now)
    # What was made of them waits as long as they do.
    return harvests + (_refresh(session, _derived(session, now), now) if harvests else 0)


def _refresh(session: Session, lots: Sequence[HarvestLot], now: datetime) -> int:
    changed = 0
    for lot in lots:
        found = findings_of(session, lot, today=day_of(now)).sellable_from
        if found == lot.sellable_from:
            continue
        facts: dict[str, object] = {"before": lot.sellable_from, "after": found}
        lot.sellable_from = found
        record_change(session, lot, "lot.waiting_changed", facts, by=Actor.system(), now=now)
        changed += 1
    return changed


def _lots(session: Session, now: datetime) -> list[HarvestLot]:
    written = (
        select(col(Planting.area_id))
        .join(DiaryEntry, col(DiaryEntry.planting_id) == col(Planting.id))
        .where(col(DiaryEntry.arrived_at) >= now - WRITTEN_SINCE)
    )
    wanted = _standing(now).where(col(HarvestLot.area_id).in_(written))
    return list(session.execute(wanted).scalars())


def _derived(session: Session, now: datetime) -> list[HarvestLot]:
    wanted = _standing(now).where(col(HarvestLot.kind) != LotKind.HARVEST)
    return list(session.execute(wanted).scalars())


def _standing(now: datetime) -> Any:
    return (
        select(HarvestLot)
        .where(
            col(HarvestLot.harvested_on) >= day_of(now) - HARVESTED_SINCE,
            col(HarvestLot.state).in_([LotState.OPEN, LotState.SEALED, LotState.HELD]),
        )
        .order_by(col(HarvestLot.id))
    )
