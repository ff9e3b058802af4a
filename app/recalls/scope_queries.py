"""What a recall reaches: the lots that were made of lots, where all of their kilograms are."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import Session, col

from app.kit.quantities import Grams
from app.models.lots import HarvestLot, LotState
from app.models.movements import Holding, HoldingState, LotEdge
from app.models.recalls import RecallDisposal, RecallLot, RecallRelease
from app.tracing.closure_queries import Bounds, Direction, closure

BATCH = 500
WITHOUT_END = Bounds(lots=2**31, steps=2**31)


def unreleased() -> ColumnElement[bool]:
    """Of a row of `RecallLot`: that its lot was not fixed and released."""
    return ~exists().where(
        col(RecallRelease.recall_id) == col(RecallLot.recall_id),
        col(RecallRelease.lot_id) == col(RecallLot.lot_id),
    )


def still_stopped() -> ColumnElement[bool]:
    """Of a row of `RecallDisposal`: that neither its goods nor all of its lot were released."""
    return ~exists().where(
        col(RecallRelease.recall_id) == col(RecallDisposal.recall_id),
        (col(RecallRelease.disposal_id) == col(RecallDisposal.id))
        | (col(RecallRelease.lot_id) == col(RecallDisposal.lot_id)),
    )


def released_in(session: Session, recall_id: int) -> set[int]:
    """The lots of a recall that were fixed and released."""
    wanted = select(col(RecallRelease.lot_id)).where(col(RecallRelease.recall_id) == recall_id)
    return set(session.execute(wanted).scalars())


def reached_from(
    session: Session, roots: Sequence[int], *, beside: Collection[int] = frozenset()
) -> list[int]:
    """These lots and all that was made of them, oldest first; what was withdrawn is no goods.

    A trace for the eye may be cut short; that of a recall never is. `beside`: lots that are passed
    by, with what was made of them alone.
    """
    found = closure(session, roots, Direction.FORWARD, bounds=WITHOUT_END)
    lots = [lot.id for lot in found.lots.values() if lot.state is not LotState.WITHDRAWN]
    if not beside:
        return sorted(lots)
    reached = set(roots).difference(beside)
    for edge in sorted(found.edges, key=lambda one: one.parent):  # a child is younger
        if edge.parent in reached and edge.child not in beside:
            reached.add(edge.child)
    return sorted(reached.intersection(lots))


def outside_of(session: Session, recall_id: int) -> list[int]:
    """Lots that were made of lots of a recall and are not in it: it has to be extended by them."""
    inside = select(col(RecallLot.lot_id)).where(col(RecallLot.recall_id) == recall_id)
    wanted = (
        select(col(LotEdge.child_id))
        .join(RecallLot, col(RecallLot.lot_id) == col(LotEdge.parent_id))
        .join(HarvestLot, col(HarvestLot.id) == col(LotEdge.child_id))
        .where(
            col(RecallLot.recall_id) == recall_id,
            unreleased(),
            col(LotEdge.child_id).not_in(inside),
            col(HarvestLot.state) != LotState.WITHDRAWN,
        )
        .distinct()
    )
    return list(session.execute(wanted).scalars())


def kilograms_of(session: Session, lots: Sequence[int]) -> dict[HoldingState, Grams]:
    """Where the kilograms of some lots are, by state."""
    grams: dict[HoldingState, int] = {}
    for some in batches(lots):
        wanted = (
            select(col(Holding.state), func.sum(col(Holding.quantity_g)))
            .where(col(Holding.lot_id).in_(some))
            .group_by(col(Holding.state))
        )
        for state, quantity in session.execute(wanted):
            grams[state] = grams.get(state, 0) + int(quantity)
    return {state: Grams(quantity) for state, quantity in grams.items()}


def batches(keys: Iterable[int]) -> list[list[int]]:
    """Keys in portions that one statement takes."""
    ordered = list(keys)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
