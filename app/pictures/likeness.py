"""Which photographs show the same: a difference hash that differs in a few bits at most. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

MOST_BITS = 3
# Of four parts, one at least is the same when no more than three bits differ.
PARTS = tuple(range(0, 16, 4))
# A wall, the sky: what has no pattern is like everything else without one.
FEWEST_ONES = 4
MOST_ONES = 60


def alike(pictures: Iterable[tuple[int, str]]) -> set[tuple[int, int]]:
    """The pairs of keys, the smaller first, whose hashes differ in at most three bits."""
    shelves: defaultdict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for key, likeness in pictures:
        if not _tells_something(likeness):
            continue
        for part in PARTS:
            shelves[part, likeness[part : part + 4]].append((key, int(likeness, 16)))
    return {pair for shelf in shelves.values() for pair in _pairs(shelf)}


def _pairs(shelf: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for (one, bits), (other, more) in combinations(sorted(shelf), 2):
        if (bits ^ more).bit_count() <= MOST_BITS:
            yield one, other


def _tells_something(likeness: str) -> bool:
    return bool(likeness) and FEWEST_ONES <= int(likeness, 16).bit_count() <= MOST_ONES
