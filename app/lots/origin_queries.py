"""What a lot was made of: the lots behind it, the harvests at the bottom with their shares, what stops it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import once_a_reading
from app.kit.quantities import Grams
from app.lots.queries import lot_line
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.movements import LotEdge
from app.models.recalls import RecallRelease
from app.models.registry import Organisation, PlantingArea

WHOLE = 100
BATCH = 500
# Nothing is behind these in the records.
_BOTTOM = frozenset({LotKind.HARVEST, LotKind.SUPPLIED})


class Edge(NamedTuple):
    """So many grams of one lot went into another."""

    parent: int
    child: int
    grams: int


@dataclass(frozen=True)
class Origin:
    """What is at the bottom of a lot: how much of the lot it is. A harvest is its own and only origin.

    `area` None: it came from a supplier outside of the system, to `organisation`.
    """

    lot: HarvestLot
    area: PlantingArea | None
    organisation: Organisation
    quantity: Grams
    percent: int


@once_a_reading
def edges_behind(session: Session, lot_id: int) -> list[Edge]:
    """Everything that went into a lot, step by step; each step once, oldest child first."""
    return [Edge(*row) for row in session.execute(_BEHIND, {"lot": lot_id})]


def edges_of(session: Session, lot: HarvestLot) -> list[Edge]:
    """The same of a lot that is at hand: of what is at the bottom the database is not asked."""
    return [] if lot.kind in _BOTTOM else edges_behind(session, lot.pk)


def _everything_behind() -> Any:
    behind = (
        select(col(LotEdge.id), col(LotEdge.parent_id))
        .where(col(LotEdge.child_id) == bindparam("lot"))
        .cte("behind", recursive=True)
    )
    further = select(col(LotEdge.id), col(LotEdge.parent_id)).join(
        behind, col(LotEdge.child_id) == behind.c.parent_id
    )
    # UNION, not UNION ALL: a lot that is reached on two ways is followed once.
    behind = behind.union(further)
    return (
        select(col(LotEdge.parent_id), col(LotEdge.child_id), col(LotEdge.quantity_g))
        .where(col(LotEdge.id).in_(select(behind.c.id)))
        .order_by(col(LotEdge.child_id), col(LotEdge.id))
    )


# Put together once, as what every public page of a lot asks for.
_BEHIND = _everything_behind()
_ORIGINS: Any = (
    select(HarvestLot, PlantingArea, Organisation)
    .outerjoin(PlantingArea, col(PlantingArea.id) == col(HarvestLot.area_id))
    .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
    .where(col(HarvestLot.id).in_(bindparam("lots", expanding=True)))
)


def lots_behind(session: Session, lot: HarvestLot) -> list[HarvestLot]:
    """Every lot that is in a lot, oldest first; none behind a harvest."""
    if lot.kind in _BOTTOM:
        return []
    return _lots(session, {edge.parent for edge in edges_behind(session, lot.pk)})


@once_a_reading
def origins_of(session: Session, lot: HarvestLot) -> list[Origin]:
    """The harvests a lot is made of, the largest share first; percentages add up to a hundred.

    What came from outside is among them, without an area.
    """
    if lot.kind in _BOTTOM:
        line = lot_line(session, lot.code, within=Reach.all())
        return [Origin(line.lot, line.area, line.organisation, Grams(lot.quantity_g), WHOLE)]
    shares = _shares_of(session, lot)
    rows = [
        row for keys in _batches(shares) for row in session.execute(_ORIGINS, {"lots": list(keys)})
    ]
    percents = percents_of({row[0].pk: shares[row[0].pk] for row in rows})
    found = [
        Origin(
            harvest,
            area,
            organisation,
            quantity=Grams(round(shares[harvest.pk] * lot.quantity_g)),
            percent=percents[harvest.pk],
        )
        for harvest, area, organisation in rows
    ]
    return sorted(found, key=lambda one: (-one.percent, -one.quantity.value, one.lot.pk))


def areas_among(origins: Iterable[Origin]) -> dict[int, PlantingArea]:
    """The planting areas of origins by their keys, each once, in their order."""
    return {one.area.pk: one.area for one in origins if one.area is not None}


def percent_from_outside(origins: Iterable[Origin]) -> int:
    """Of a hundred kilograms, how many came from suppliers outside of the system.

    A share too small for a whole percent counts as one: it is never told as nothing.
    """
    outside = [one.percent for one in origins if one.area is None]
    return max(1, sum(outside)) if outside else 0


def percents_of(shares: Mapping[int, float]) -> dict[int, int]:
    """Shares in whole percent that add up to a hundred: the largest rests are rounded up."""
    exact = {key: share * WHOLE for key, share in shares.items()}
    whole = {key: int(value) for key, value in exact.items()}
    missing = round(sum(exact.values())) - sum(whole.values())
    by_rest = sorted(exact, key=lambda key: (whole[key] - exact[key], key))
    for key in by_rest[:missing]:
        whole[key] += 1
    return whole


def shares_in(lot_id: int, edges: Sequence[Edge]) -> dict[int, float]:
    """By lot at the bottom: what part of a lot it is. Edges come with the oldest child first."""
    parents: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        parents[edge.child].append(edge)
    made: dict[int, dict[int, float]] = {}
    for child, into in parents.items():  # a source is older than its child, so it is made already
        whole, mixed = sum(edge.grams for edge in into), defaultdict[int, float](float)
        for edge in into:
            for key, share in made.get(edge.parent, {edge.parent: 1.0}).items():
                mixed[key] += share * edge.grams / whole
        made[child] = dict(mixed)
    return made.get(lot_id, {lot_id: 1.0})


def deciding_lot(session: Session, lot: HarvestLot) -> HarvestLot:
    """The lot whose state counts: a recall of anything in a lot is a recall of it, a hold a hold."""
    if lot.state in {LotState.WITHDRAWN, LotState.RECALLED}:
        return lot
    behind = lots_behind(session, lot)
    source = gravest(behind)
    if source is not None and source.state is LotState.RECALLED:
        source = gravest(_not_excused(session, lot, behind))
    if source is None or (lot.state is LotState.HELD and source.state is LotState.HELD):
        return lot
    return source


def gravest(lots: Iterable[HarvestLot]) -> HarvestLot | None:
    """The lot that stops all that is made of it: a recalled one, else a held one; None: none does."""
    for state in (LotState.RECALLED, LotState.HELD):
        found = [lot for lot in lots if lot.state is state]
        if found:
            return min(found, key=lambda lot: (lot.state_since, lot.pk))
    return None


def _not_excused(
    session: Session, lot: HarvestLot, behind: Sequence[HarvestLot]
) -> list[HarvestLot]:
    """Without recalled lots that are in this one only by way of goods that were fixed and released.

    Whatever recalls those again stops the released lot itself.
    """
    keys = [lot.pk, *(one.pk for one in behind)]
    released = {
        key
        for some in _batches(keys)
        for key in session.execute(
            select(col(RecallRelease.lot_id)).where(col(RecallRelease.lot_id).in_(some))
        ).scalars()
    }
    if not released:
        return list(behind)
    reached = {lot.pk}
    # The youngest child first: whether it counts is known before what went into it is asked.
    for edge in sorted(edges_behind(session, lot.pk), key=lambda one: -one.child):
        if edge.child in reached and edge.child not in released:
            reached.add(edge.parent)
    return [one for one in behind if one.pk in reached or one.state is not LotState.RECALLED]


def _shares_of(session: Session, lot: HarvestLot) -> dict[int, float]:
    return shares_in(lot.pk, edges_behind(session, lot.pk))


def _lots(session: Session, keys: set[int]) -> list[HarvestLot]:
    found: list[HarvestLot] = []
    for some in _batches(keys):
        wanted = select(HarvestLot).where(col(HarvestLot.id).in_(some))
        found += session.execute(wanted).scalars()
    return sorted(found, key=lambda lot: lot.pk)


def _batches(keys: Iterable[int]) -> list[list[int]]:
    ordered = sorted(keys)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
