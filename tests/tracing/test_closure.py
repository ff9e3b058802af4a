"""Closures as a plain walk in memory finds them, bounded, and no further than the law lets one see."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as some
from sqlalchemy import delete
from sqlmodel import Session

from app.accounts.reach import Reach
from app.models.movements import LotEdge
from app.tracing.closure_queries import Bounds, Closure, Cut, Direction, around, closure
from tests.given import Given
from tests.tracing.graphs import edges_between, lots_of

MANY = 14
PAIRS = some.sets(
    some.tuples(some.integers(0, MANY - 1), some.integers(0, MANY - 1)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    max_size=30,
)


def in_memory(starts: Iterable[int], pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """By lot: the fewest steps along pairs (near, far). The plain way."""
    steps, edge = dict.fromkeys(starts, 0), set(starts)
    while edge:
        edge = {far for near, far in pairs if near in edge and far not in steps}
        reached = max(steps.values()) + 1
        steps.update(dict.fromkeys(edge, reached))
    return steps


def test_it_is_what_a_walk_in_memory_finds(session: Session, given: Given) -> None:
    lots = lots_of(session, given, MANY)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @each(pairs=PAIRS, starts=some.sets(some.integers(0, MANY - 1), min_size=1, max_size=3))
    def holds(pairs: set[tuple[int, int]], starts: set[int]) -> None:
        session.execute(delete(LotEdge))
        real = [(lots[parent], lots[child]) for parent, child in pairs]
        begun = sorted(lots[start] for start in starts)
        edges_between(session, given, real)
        ahead = closure(session, begun, Direction.FORWARD)
        assert ahead.steps == in_memory(begun, real)
        assert _pairs(ahead) == {pair for pair in real if pair[0] in ahead.lots}
        back = closure(session, begun, Direction.BACK)
        assert back.steps == in_memory(begun, [(child, parent) for parent, child in real])
        assert _pairs(back) == {pair for pair in real if pair[1] in back.lots}
        assert ahead.lots.keys() == ahead.steps.keys()
        assert (ahead.cut, back.cut) == (None, None)

    holds()


def _pairs(found: Closure) -> set[tuple[int, int]]:
    return {(edge.parent, edge.child) for edge in found.edges}


def test_a_bound_of_steps_keeps_what_is_near_and_says_so(session: Session, given: Given) -> None:
    lots = lots_of(session, given, 6)
    edges_between(session, given, pairwise(lots))
    near = closure(session, lots[:1], Direction.FORWARD, bounds=Bounds(steps=2))
    assert (list(near.lots), near.cut) == (lots[:3], Cut.DEPTH)
    assert _pairs(near) == {(lots[0], lots[1]), (lots[1], lots[2])}
    whole = closure(session, lots[:1], Direction.FORWARD, bounds=Bounds(steps=5))
    assert (list(whole.lots), whole.cut) == (lots, None)


@pytest.mark.parametrize("way", list(Direction))
def test_a_bound_of_lots_ends_the_walk_and_says_so(
    session: Session, given: Given, way: Direction
) -> None:
    lots = lots_of(session, given, 3_000)
    # Every lot into the next five: far more ways than lots.
    pairs = [(one, two) for place, one in enumerate(lots) for two in lots[place + 1 : place + 6]]
    edges_between(session, given, pairs)
    start = lots[0] if way is Direction.FORWARD else lots[-1]
    some_of_it = closure(session, [start], way, bounds=Bounds(lots=500))
    assert (len(some_of_it.lots), some_of_it.cut) == (500, Cut.SIZE)
    assert start in some_of_it.lots
    exact = closure(session, [start], way, bounds=Bounds(lots=3_000))
    assert (len(exact.lots), exact.cut) == (3_000, None)
    assert len(exact.edges) == len(pairs)


def test_an_organisation_sees_one_step_to_its_partners(session: Session, given: Given) -> None:
    first, second, third = (given.cooperative().pk for _ in range(3))
    lots = lots_of(session, given, 6, owners=[first, first, second, second, third, third])
    edges_between(session, given, pairwise(lots))

    def seen(owner: int, start: int, way: Direction) -> list[int]:
        found = closure(session, [lots[start]], way, reach=Reach.own(owner))
        return [lots.index(key) for key in found.lots]

    assert seen(first, 0, Direction.FORWARD) == [0, 1, 2]
    assert seen(second, 3, Direction.BACK) == [1, 2, 3]
    assert seen(third, 5, Direction.BACK) == [3, 4, 5]
    # What a partner did with its own lot is nobody else's to see, whoever asks from it.
    assert seen(first, 2, Direction.FORWARD) == [2]
    assert seen(first, 2, Direction.BACK) == [0, 1, 2]
    everything = closure(session, [lots[0]], Direction.FORWARD)
    assert len(everything.lots) == 6, "the control: an inspector sees all of it"


def test_around_is_both_ways_and_nothing_aside(session: Session, given: Given) -> None:
    a, b, c, d, e = lots_of(session, given, 5)
    edges_between(session, given, [(a, c), (b, c), (c, d), (a, e)])
    found = around(session, [c])
    assert set(found.lots) == {a, b, c, d}
    assert found.steps == {a: 1, b: 1, c: 0, d: 1}
    assert found.lots[a].quantity_g == 100_000


def test_of_nothing_there_is_nothing(session: Session) -> None:
    assert closure(session, [], Direction.BACK).lots == {}
    assert closure(session, [4711], Direction.BACK).lots == {}
