"""Stopping many lots at once, and letting them go on: a few statements each, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db import insert_rows
from app.ledger.commands import Fact
from app.models.lots import HarvestLot, LotState, LotStep
from app.models.recalls import Recall, RecallLot, RecallRelease
from app.models.registry import Organisation
from app.recalls.rules import STOPPING
from app.recalls.scope_queries import batches, unreleased

_STOPPED = (LotState.RECALLED, LotState.WITHDRAWN)


@dataclass(frozen=True)
class _Lot:
    key: int
    code: str
    state: LotState
    organisation: UUID


def add_lots(
    session: Session, recall: Recall, lots: Sequence[int], *, roots: Sequence[int], now: datetime
) -> None:
    """Write lots into a recall; those that are in it stay as they are."""
    inside = set(lots_in(session, recall))
    named = set(roots)
    fresh = [
        {
            "recall_id": recall.pk,
            "lot_id": key,
            "root": key in named,
            "state_before": None,
            "added_at": now,
        }
        for key in lots
        if key not in inside
    ]
    insert_rows(session, RecallLot, fresh)


def lots_in(session: Session, recall: Recall) -> list[int]:
    """Every lot of a recall, oldest first."""
    wanted = select(col(RecallLot.lot_id)).where(col(RecallLot.recall_id) == recall.pk)
    return list(session.execute(wanted.order_by(col(RecallLot.lot_id))).scalars())


def standing_in(session: Session, recall: Recall) -> list[int]:
    """The same without those that were fixed and released."""
    wanted = select(col(RecallLot.lot_id)).where(
        col(RecallLot.recall_id) == recall.pk, unreleased()
    )
    return list(session.execute(wanted.order_by(col(RecallLot.lot_id))).scalars())


def stop_lots(session: Session, recall: Recall, *, now: datetime) -> list[Fact]:
    """Recall every lot of a case that is not stopped by it yet; the facts that are to be told.

    All pages, answers and linksets of a lot follow its state and its newest fact.
    """
    mine = col(RecallLot.recall_id) == recall.pk
    fresh = mine & col(RecallLot.state_before).is_(None)
    found = _lots(session, select(col(RecallLot.lot_id)).where(fresh))
    before = select(col(HarvestLot.state)).where(col(HarvestLot.id) == col(RecallLot.lot_id))
    session.execute(
        update(RecallLot).where(fresh).values(state_before=before.scalar_subquery()),
        execution_options={"synchronize_session": False},
    )
    going = [lot for lot in found if lot.state not in _STOPPED]
    for some in batches([lot.key for lot in going]):
        _become(session, some, LotState.RECALLED, recall.reason, now)
    session.expire_all()  # rows that were read before are read anew
    _keep_steps(session, [(lot, LotState.RECALLED) for lot in going], recall.reason, now)
    return [
        Fact(
            "lot.recalled",
            lot.code,
            {"from": lot.state, "reason": recall.reason, "recall": recall.uid},
            organisation=lot.organisation,
        )
        for lot in going
    ]


def free_lots(session: Session, recall: Recall, *, reason: str, now: datetime) -> list[Fact]:
    """Let the lots of a recall be what they were, but those that another recall stops."""
    elsewhere = stopped_elsewhere(recall)
    mine = select(col(RecallLot.lot_id)).where(col(RecallLot.recall_id) == recall.pk, ~elsewhere)
    found = [lot for lot in _lots(session, mine) if lot.state is LotState.RECALLED]
    before = _states_before(session, [lot.key for lot in found])
    back = [(lot, before[lot.key]) for lot in found if lot.key in before]
    for state in set(before.values()):
        for some in batches([lot.key for lot, was in back if was is state]):
            _become(session, some, state, reason, now)
    session.expire_all()
    _keep_steps(session, back, reason, now)
    return [
        Fact(
            "lot.recall_lifted",
            lot.code,
            {"to": state, "reason": reason, "recall": recall.uid},
            organisation=lot.organisation,
        )
        for lot, state in back
    ]


def stopped_elsewhere(recall: Recall) -> ColumnElement[bool]:
    """Of a row of `RecallLot`: that another recall stops its lot, and did not release it."""
    other, row = aliased(Recall), aliased(RecallLot)
    let_go = exists().where(
        col(RecallRelease.recall_id) == col(row.recall_id),
        col(RecallRelease.lot_id) == col(row.lot_id),
    )
    return exists().where(
        col(row.lot_id) == col(RecallLot.lot_id),
        col(row.recall_id) == col(other.id),
        col(other.id) != recall.pk,
        col(other.state).in_(STOPPING),
        ~let_go,
    )


def state_before_recall(session: Session, lot: HarvestLot) -> LotState:
    """What a lot was before the first of the recalls it is in."""
    return _states_before(session, [lot.pk]).get(lot.pk, LotState.SEALED)


def let_lot_go(
    session: Session, recall: Recall, lot: HarvestLot, *, reason: str, now: datetime
) -> Fact:
    """Let one lot, all of which was fixed, be what it was; what had left before is at hand again."""
    [found] = _lots(session, select(col(HarvestLot.id)).where(col(HarvestLot.id) == lot.pk))
    was = state_before_recall(session, lot)
    state = LotState.SEALED if was is LotState.CLOSED else was
    _become(session, [lot.pk], state, reason, now)
    session.expire_all()
    _keep_steps(session, [(found, state)], reason, now)
    facts = {"to": state, "reason": reason, "recall": recall.uid}
    return Fact("lot.recall_released", lot.code, facts, organisation=found.organisation)


def _lots(session: Session, keys: object) -> list[_Lot]:
    wanted = (
        select(
            col(HarvestLot.id), col(HarvestLot.code), col(HarvestLot.state), col(Organisation.uid)
        )
        .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
        .where(col(HarvestLot.id).in_(keys))  # type: ignore[arg-type]  # a SELECT of keys
        .order_by(col(HarvestLot.id))
    )
    return [_Lot(*row) for row in session.execute(wanted)]


def _states_before(session: Session, keys: Sequence[int]) -> dict[int, LotState]:
    """What each lot was before the first of the recalls it is in."""
    before: dict[int, LotState] = {}
    for some in batches(keys):
        wanted = (
            select(col(RecallLot.lot_id), col(RecallLot.state_before))
            .where(
                col(RecallLot.lot_id).in_(some),
                col(RecallLot.state_before).is_not(None),
                col(RecallLot.state_before) != LotState.RECALLED,
            )
            .order_by(col(RecallLot.id).desc())
        )
        for key, state in session.execute(wanted):
            before.setdefault(key, state)
    return before


def _become(
    session: Session, keys: Sequence[int], state: LotState, reason: str, now: datetime
) -> None:
    session.execute(
        update(HarvestLot)
        .where(col(HarvestLot.id).in_(keys))
        .values(
            state=state,
            state_reason=reason,
            state_since=now,
            version=col(HarvestLot.version) + 1,
        ),
        execution_options={"synchronize_session": False},
    )


def _keep_steps(
    session: Session,
    changed: Sequence[tuple[_Lot, LotState]],
    reason: str,
    now: datetime,
) -> None:
    rows = [
        {"lot_id": lot.key, "state": state, "reason": reason, "recorded_at": now}
        for lot, state in changed
    ]
    insert_rows(session, LotStep, rows)
