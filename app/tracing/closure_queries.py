"""Backward and forward closure: every lot in lots, every lot made of lots, with kilograms; never without end.

The database walks over keys, stops at a bound and reads the lots it found and the quantities between them, in
one statement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from sqlmodel import Session

from app.accounts.reach import Reach
from app.db import is_sqlite
from app.lots.origin_queries import Edge
from app.models.lots import LotKind, LotState
from app.tracing.closure_sql import NEAREST, WHOLE, keys_given, lists_of


class Direction(StrEnum):
    """Back to what a lot was made of, or forward to what was made of it."""

    BACK = "back"
    FORWARD = "forward"


class Cut(StrEnum):
    """Why a trace ends before its end: too many lots, or too many steps."""

    SIZE = "size"
    DEPTH = "depth"


@dataclass(frozen=True)
class Bounds:
    """How far a trace goes: the lots it started from count as lots, but not as steps."""

    lots: int = 50_000
    steps: int = 1_000


class TracedLot(NamedTuple):
    """A lot as a trace shows it; `area_id` None: it was made of others."""

    id: int
    code: str
    kind: LotKind
    organisation_id: int
    area_id: int | None
    crop_id: int
    harvested_on: date
    quantity_g: int
    state: LotState


@dataclass(frozen=True)
class Closure:
    """What a trace found. `steps`: by lot, the fewest steps from where it started, behind or ahead.

    `edges` lie between lots of it, in the order in which kilograms went. `cut` None: this is all.
    """

    starts: tuple[int, ...]
    lots: dict[int, TracedLot]
    edges: tuple[Edge, ...]
    steps: dict[int, int]
    cut: Cut | None = None


ALL = Reach.all()
FAR_ENOUGH = Bounds()
_KINDS = {kind.value: kind for kind in LotKind}
_STATES = {state.value: state for state in LotState}
# As these two do, without a call of theirs for each of thousands.
_NEW_LOT, _NEW_EDGE = partial(tuple.__new__, TracedLot), partial(tuple.__new__, Edge)


def closure(
    session: Session,
    starts: Iterable[int],
    direction: Direction,
    *,
    reach: Reach = ALL,
    bounds: Bounds = FAR_ENOUGH,
) -> Closure:
    """Everything behind or ahead of some lots, they themselves included.

    Who sees only its own sees a step between two lots when one of them is its own: one step back,
    one step forward, as the law has it, and never through a partner. Whether the starts may be seen
    is for the caller to say.
    """
    begun = tuple(dict.fromkeys(starts))[: bounds.lots]
    if not begun:
        return Closure((), {}, (), {})
    lots, edges = _walked(session, begun, direction, reach, bounds)
    cut = Cut.SIZE if len(lots) > bounds.lots else None
    if cut:
        lots = _nearest(session, lots, begun, direction, reach, bounds)
    if cut or not reach.everything:
        edges = _between(lots, edges, reach)
    steps, deeper = _steps(begun, edges, direction, bounds.steps)
    return _within(Closure(begun, lots, edges, steps, Cut.DEPTH if deeper else cut))


def around(
    session: Session, starts: Sequence[int], *, reach: Reach = ALL, bounds: Bounds = FAR_ENOUGH
) -> Closure:
    """Both ways from some lots: what is in them and what was made of them."""
    back, ahead = (
        closure(session, starts, way, reach=reach, bounds=bounds)
        for way in (Direction.BACK, Direction.FORWARD)
    )
    return Closure(
        starts=back.starts,
        lots={**back.lots, **ahead.lots},
        edges=tuple(dict.fromkeys((*back.edges, *ahead.edges))),
        steps={**ahead.steps, **back.steps},
        cut=back.cut or ahead.cut,
    )


def _walked(
    session: Session, starts: Sequence[int], direction: Direction, reach: Reach, bounds: Bounds
) -> tuple[dict[int, TracedLot], tuple[Edge, ...]]:
    """The lots, one more than the bound when there are more, and whatever is at one end of them."""
    given = _given(session, starts, reach, bounds.lots + 1)
    lists = lists_of(session, WHOLE[_case(session, direction, reach)], given)
    keys, codes, kinds, organisations, areas, crops, days, grams, states = lists[:-3]
    lots = zip(
        keys,
        codes,
        map(_KINDS.__getitem__, kinds),
        organisations,
        areas,
        crops,
        map(date.fromisoformat, days) if is_sqlite(session) else days,
        grams,
        map(_STATES.__getitem__, states),
        strict=True,
    )
    edges = tuple(map(_NEW_EDGE, zip(*lists[-3:], strict=True)))
    return dict(zip(keys, map(_NEW_LOT, lots), strict=True)), edges


def _nearest(
    session: Session,
    lots: dict[int, TracedLot],
    starts: Sequence[int],
    direction: Direction,
    reach: Reach,
    bounds: Bounds,
) -> dict[int, TracedLot]:
    """As many of the lots as there may be, nearest first."""
    given = _given(session, starts, reach, bounds.lots)
    (keys,) = lists_of(session, NEAREST[_case(session, direction, reach)], given)
    return {key: lots[key] for key in keys if key in lots}


def _case(session: Session, direction: Direction, reach: Reach) -> tuple[bool, bool, bool]:
    return is_sqlite(session), direction is Direction.FORWARD, reach.everything


def _given(session: Session, starts: Sequence[int], reach: Reach, most: int) -> dict[str, Any]:
    given: dict[str, Any] = {"starts": keys_given(session, starts), "most": most}
    if not reach.everything:
        given["own"] = keys_given(session, sorted(reach.organisations))
    return given


def _between(lots: dict[int, TracedLot], edges: Iterable[Edge], reach: Reach) -> tuple[Edge, ...]:
    """What lies between lots of a trace and is seen."""
    return tuple(
        edge
        for edge in edges
        if edge.parent in lots
        and edge.child in lots
        and _seen(lots, edge.parent, edge.child, reach)
    )


def _seen(lots: dict[int, TracedLot], parent: int, child: int, reach: Reach) -> bool:
    return reach.sees(lots[parent].organisation_id) or reach.sees(lots[child].organisation_id)


def _steps(
    starts: Sequence[int], edges: Sequence[Edge], direction: Direction, most: int
) -> tuple[dict[int, int], bool]:
    """Fewest steps to each lot, and whether there is more beyond. Edges come nearest end first.

    A child is younger than its parents, so the order of keys is an order of steps as well.
    """
    steps, deeper = dict.fromkeys(starts, 0), False
    near, far = (0, 1) if direction is Direction.FORWARD else (1, 0)
    for edge in edges:
        begun, end = steps.get(edge[near]), edge[far]
        if begun is None:
            continue
        reached = begun + 1
        if reached > most:
            deeper = deeper or end not in steps
        elif reached < steps.get(end, most + 1):
            steps[end] = reached
    return steps, deeper


def _within(found: Closure) -> Closure:
    """Without what lies beyond the last step."""
    if len(found.steps) == len(found.lots):
        return found
    return replace(
        found,
        lots={key: lot for key, lot in found.lots.items() if key in found.steps},
        edges=tuple(
            edge for edge in found.edges if edge.parent in found.steps and edge.child in found.steps
        ),
    )
