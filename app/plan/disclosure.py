"""Which published numbers must be hidden so that nobody's own can be read or worked out. Pure.

A number is safe when enough people or organisations made it and none of them made most of it. What
is not safe is hidden; then more is hidden until what others left out is safe as well: no
difference of a total and the numbers shown, within one table or across several, is a number that is
not safe (statistical disclosure control: primary and complementary suppression).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations

Unit = tuple[str, int]
Cell = tuple[str, str]  # its table, and its key in it
# Exact arithmetic without fractions: ranks over a prime field this large are those over the rationals
# for tables of zeros and ones.
_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Threshold:
    """At least so many contributors, and none with more than so many percent."""

    smallest: int
    dominance_percent: int


@dataclass(frozen=True)
class Part:
    """What one person or organisation contributed to one cell of each table."""

    cells: tuple[Cell, ...]
    unit: Unit
    amount: int


@dataclass(frozen=True)
class Protected:
    """The cells to hide; `nothing_shown`: even the total is not safe."""

    hidden: frozenset[Cell]
    nothing_shown: bool


def is_safe(amounts: Mapping[Unit, int], threshold: Threshold) -> bool:
    """Whether a number made of these contributions may be shown; nothing at all may."""
    made = [amount for amount in amounts.values() if amount]
    if not made:
        return True
    most = max(made) * 100 <= sum(made) * threshold.dominance_percent
    return len(made) >= threshold.smallest and most


def protect(parts: Iterable[Part], threshold: Threshold) -> Protected:
    """Which cells of the tables to hide, when the total of all is shown too."""
    kept = _Tables([part for part in parts if part.amount], threshold)
    if not kept.is_safe(range(len(kept.atoms))):
        return Protected(frozenset(kept.cells), nothing_shown=True)
    hidden = {cell for cell, atoms in kept.cells.items() if not kept.is_safe(atoms)}
    while more := kept.left_open(hidden) or kept.given_away(hidden):
        hidden |= more
    return Protected(frozenset(hidden), nothing_shown=False)


class _Tables:
    """The tables taken apart into atoms: contributions that lie in the same cells of all tables."""

    def __init__(self, parts: Sequence[Part], threshold: Threshold) -> None:
        self.threshold = threshold
        atoms: defaultdict[tuple[Cell, ...], defaultdict[Unit, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        for part in parts:
            atoms[part.cells][part.unit] += part.amount
        self.atoms = [amounts for _, amounts in sorted(atoms.items())]
        # Of each atom: how many contributors, the most by one, and all.
        self.bounds = [(len(one), max(one.values()), sum(one.values())) for one in self.atoms]
        cells: defaultdict[Cell, set[int]] = defaultdict(set)
        for at, inside in enumerate(sorted(atoms)):
            for cell in inside:
                cells[cell].add(at)
        self.cells = {cell: frozenset(cells[cell]) for cell in sorted(cells)}
        self.sizes = {
            cell: sum(self.bounds[at][2] for at in held) for cell, held in self.cells.items()
        }
        self.names = sorted({table for table, _ in self.cells})
        self.crossings = self._unsafe_crossings()

    def is_safe(self, atoms: Collection[int]) -> bool:
        """Whether the sum over atoms may be shown; most are large, and known to be safe at a glance."""
        bounds = [self.bounds[at] for at in atoms]
        enough = any(units >= self.threshold.smallest for units, _, _ in bounds)
        most, whole = sum(one[1] for one in bounds), sum(one[2] for one in bounds)
        if enough and most * 100 <= whole * self.threshold.dominance_percent:
            return True
        together: defaultdict[Unit, int] = defaultdict(int)
        for at in atoms:
            for unit, amount in self.atoms[at].items():
                together[unit] += amount
        return is_safe(together, self.threshold)

    def left_open(self, hidden: set[Cell]) -> set[Cell]:
        """What must go too, so that what a table leaves out of the total is safe and no single cell."""
        more: set[Cell] = set()
        for table in self.names:
            gone = {cell for cell in hidden if cell[0] == table}
            while gone and (len(gone) == 1 or not self.is_safe(self._atoms_of(gone))):
                rest = (cell for cell in self.cells if cell[0] == table and cell not in gone)
                found = self._smallest(rest)
                if found is None:
                    break
                gone.add(found)
                more.add(found)
        return more

    def given_away(self, hidden: set[Cell]) -> set[Cell]:
        """What must go too, so that no difference of shown numbers is one that is not safe."""
        shown = [cell for cell in self.cells if cell not in hidden]
        whole = frozenset(range(len(self.atoms)))
        basis = _Basis([whole, *(self.cells[cell] for cell in shown)])
        more: set[Cell] = set()
        for atoms in self._sensitive(hidden, shown):
            if any(self.cells[cell] & atoms for cell in more) or not basis.gives(atoms):
                continue
            found = self._smallest(cell for cell in shown if self.cells[cell] & atoms)
            found = found if found is not None else self._smallest(shown)
            if found is not None:
                more.add(found)
        return more

    def _smallest(self, cells: Iterable[Cell]) -> Cell | None:
        return min(cells, key=lambda cell: (self.sizes[cell], cell), default=None)

    def _atoms_of(self, cells: Iterable[Cell]) -> frozenset[int]:
        return frozenset().union(*(self.cells[cell] for cell in cells))

    def _unsafe_crossings(self) -> list[frozenset[int]]:
        """Where cells of two tables cross, or one reaches beyond the other, and that is not safe."""
        crossed: set[frozenset[int]] = set()
        for one, other in combinations(self.cells, 2):
            ours, theirs = self.cells[one], self.cells[other]
            if one[0] != other[0] and ours & theirs:
                crossed |= {ours & theirs, ours - theirs, theirs - ours}
        return sorted((one for one in crossed if one and not self.is_safe(one)), key=sorted)

    def _sensitive(self, hidden: set[Cell], shown: Sequence[Cell]) -> Iterable[frozenset[int]]:
        """What is not safe: hidden cells, crossings, what shown cells leave out of one around them."""
        yield from (
            self.cells[cell] for cell in sorted(hidden) if not self.is_safe(self.cells[cell])
        )
        yield from self.crossings
        for outer in shown:
            for table in self.names:
                if table == outer[0]:
                    continue
                inside = [
                    cell
                    for cell in shown
                    if cell[0] == table and self.cells[cell] <= self.cells[outer]
                ]
                rest = self.cells[outer] - self._atoms_of(inside)
                if inside and rest and not self.is_safe(rest):
                    yield rest


class _Basis:
    """What sums of atoms follow from others, by elimination."""

    def __init__(self, known: Iterable[frozenset[int]]) -> None:
        self.rows: dict[int, dict[int, int]] = {}
        for atoms in known:
            rest = self._reduced(dict.fromkeys(atoms, 1))
            if rest:
                lead = min(rest)
                inverse = pow(rest[lead], -1, _PRIME)
                self.rows[lead] = {at: value * inverse % _PRIME for at, value in rest.items()}

    def gives(self, atoms: frozenset[int]) -> bool:
        """Whether the sum over these atoms is a combination of the known sums."""
        return not self._reduced(dict.fromkeys(atoms, 1))

    def _reduced(self, row: dict[int, int]) -> dict[int, int]:
        rest, waiting = dict(row), sorted(row)
        while waiting:
            lead = heappop(waiting)
            known = self.rows.get(lead) if lead in rest else None
            if known is None:
                continue
            factor = rest[lead]
            for at, value in known.items():
                if at not in rest:
                    heappush(waiting, at)
                left = (rest.get(at, 0) - factor * value) % _PRIME
                if left:
                    rest[at] = left
                else:
                    rest.pop(at, None)
        return rest
