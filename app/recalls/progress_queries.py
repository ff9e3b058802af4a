"""How far a recall is, in kilograms: every gram of every lot in it stands in exactly one column."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models.movements import Holding, HoldingState
from app.models.recalls import (
    Recall,
    RecallConsignee,
    RecallDisposal,
    RecallLot,
    RecallRelease,
    Way,
)
from app.recalls.clocks import RecallClock, clocks_of
from app.recalls.scope_queries import still_stopped, unreleased

_GONE = (HoldingState.LOST, HoldingState.MISSING, HoldingState.UNACCOUNTED)
_OUT = (HoldingState.WITH_PARTY, HoldingState.IN_TRANSIT)
# The columns in which kilograms of a lot that was released may stand.
_FROZEN = ("fixed_g", "repurposed_g", "reexported_g", "destroyed_g", "unaccounted_g")
WHOLE = 100


@dataclass(frozen=True)
class Progress:
    """In grams. `in_hand`: stopped or come back, still to be handled; `out`: with buyers, still.

    `sold_on`: with people who eat it, by movements and by what buyers say.
    """

    total_g: int
    in_hand_g: int
    out_g: int
    sold_on_g: int
    fixed_g: int
    repurposed_g: int
    reexported_g: int
    destroyed_g: int
    unaccounted_g: int

    @property
    def handled_g(self) -> int:
        return self.fixed_g + self.repurposed_g + self.reexported_g + self.destroyed_g

    @property
    def recovered_g(self) -> int:
        """What is out of trade: in hand or handled."""
        return self.in_hand_g + self.handled_g

    @property
    def recovered_percent(self) -> int:
        return self.recovered_g * WHOLE // self.total_g if self.total_g else WHOLE

    def with_released(self, columns: Mapping[str, int]) -> "Progress":
        """The same with lots that were released, as their columns stood then."""
        added = {name: getattr(self, name) + grams for name, grams in columns.items()}
        return replace(self, total_g=self.total_g + sum(columns.values()), **added)

    def figures(self) -> dict[str, object]:
        """The columns as the ledger is told them."""
        return dict(asdict(self))


def progress_of(session: Session, recall: Recall) -> Progress:
    """The columns as they are now."""
    held, handled = _held(session, recall), _handled(session, recall)
    said = _said_sold(session, recall)
    fixed, reused, sent = (handled.get(way, 0) for way in (Way.FIX, Way.REPURPOSE, Way.REEXPORT))
    now = Progress(
        total_g=sum(held.values()),
        in_hand_g=held.get(HoldingState.IN_HAND, 0) - fixed,
        out_g=sum(held.get(state, 0) for state in _OUT) - said,
        # What was used otherwise or sent back left the hands as if it were sold.
        sold_on_g=held.get(HoldingState.SOLD, 0) - reused - sent + said,
        fixed_g=fixed,
        repurposed_g=reused,
        reexported_g=sent,
        destroyed_g=held.get(HoldingState.DESTROYED, 0),
        unaccounted_g=sum(held.get(state, 0) for state in _GONE),
    )
    return now.with_released(_released(session, recall))


def clocks_on(session: Session, recall: Recall, progress: Progress) -> tuple[RecallClock, ...]:
    """The deadlines of a recall, with when each was met."""
    return clocks_of(
        recall,
        answered_at=_answered_at(session, recall),
        handled_at=_handled_at(session, recall, progress),
    )


def _answered_at(session: Session, recall: Recall) -> datetime | None:
    of_it = col(RecallConsignee.recall_id) == recall.pk
    open_ones = select(func.count()).where(of_it, col(RecallConsignee.answered_at).is_(None))
    if session.execute(open_ones).scalar_one():
        return None
    last = select(col(RecallConsignee.answered_at)).where(of_it)
    newest = last.order_by(col(RecallConsignee.answered_at).desc()).limit(1)
    return session.execute(newest).scalar() or recall.decided_at


def _handled_at(session: Session, recall: Recall, progress: Progress) -> datetime | None:
    if progress.in_hand_g > 0 or progress.out_g > 0:
        return None
    last = select(col(RecallDisposal.recorded_at)).where(col(RecallDisposal.recall_id) == recall.pk)
    newest = last.order_by(col(RecallDisposal.id).desc()).limit(1)
    return session.execute(newest).scalar() or recall.decided_at


def _held(session: Session, recall: Recall) -> dict[HoldingState, int]:
    wanted = (
        select(col(Holding.state), func.sum(col(Holding.quantity_g)))
        .join(RecallLot, col(RecallLot.lot_id) == col(Holding.lot_id))
        .where(col(RecallLot.recall_id) == recall.pk, unreleased())
        .group_by(col(Holding.state))
    )
    return {state: int(grams) for state, grams in session.execute(wanted)}


def _handled(session: Session, recall: Recall) -> dict[Way, int]:
    wanted = (
        select(col(RecallDisposal.way), func.sum(col(RecallDisposal.quantity_g)))
        .where(col(RecallDisposal.recall_id) == recall.pk, still_stopped())
        .group_by(col(RecallDisposal.way))
    )
    return {way: int(grams) for way, grams in session.execute(wanted)}


def _released(session: Session, recall: Recall) -> dict[str, int]:
    sums = [func.coalesce(func.sum(getattr(RecallRelease, name)), 0) for name in _FROZEN]
    wanted = select(*sums).where(col(RecallRelease.recall_id) == recall.pk)
    return dict(zip(_FROZEN, map(int, session.execute(wanted).one()), strict=True))


def _said_sold(session: Session, recall: Recall) -> int:
    """What outside parties say they sold on, at most what the records say they have."""
    there = (
        select(func.coalesce(func.sum(col(Holding.quantity_g)), 0))
        .join(RecallLot, col(RecallLot.lot_id) == col(Holding.lot_id))
        .where(
            col(RecallLot.recall_id) == recall.pk,
            col(Holding.party_id) == col(RecallConsignee.party_id),
            unreleased(),
        )
        .correlate(RecallConsignee)
        .scalar_subquery()
    )
    wanted = select(col(RecallConsignee.expected_g), col(RecallConsignee.remaining_g), there).where(
        col(RecallConsignee.recall_id) == recall.pk,
        col(RecallConsignee.party_id).is_not(None),
        col(RecallConsignee.answered_at).is_not(None),
    )
    rows = [(int(was), int(left), int(has)) for was, left, has in session.execute(wanted)]
    return sum(max(min(was - left, has), 0) for was, left, has in rows)
