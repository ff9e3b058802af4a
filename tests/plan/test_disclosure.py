"""What is published must not give away what is hidden: tried with exact algebra on made-up provinces."""

import random
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations

import pytest

from app.plan.disclosure import Cell, Part, Threshold, is_safe, protect

RULE = Threshold(smallest=3, dominance_percent=75)


def made_up(seed: int) -> list[Part]:
    """Few growers in few communes; communes cross districts, axes gather districts, crops hang off none."""
    drawn = random.Random(seed)
    parts = []
    for unit in range(drawn.randint(12, 40)):
        commune = drawn.randrange(9)
        district = commune // 3 if drawn.random() < 0.9 else drawn.randrange(3)
        safe = str(int(drawn.random() < 0.5))
        cells: list[Cell] = [("district", f"{district}"), ("commune", f"{commune}")]
        cells.append(("axis", "west" if district == 0 else "east"))
        cells += [(f"{table}/safe", f"{key}|{safe}") for table, key in cells]
        parts.append(Part(tuple(cells), ("grower", unit), drawn.randint(1, 40)))
    return parts


def told(parts: list[Part], hidden: frozenset[Cell]) -> list[str]:
    """Every number that is not safe and follows from what is shown; by elimination with fractions."""
    atoms = sorted({part.cells for part in parts})
    inside: dict[Cell, frozenset[int]] = {
        cell: frozenset(at for at, held in enumerate(atoms) if cell in held)
        for held in atoms
        for cell in held
    }
    shown = [frozenset(range(len(atoms)))]
    shown += [held for cell, held in inside.items() if cell not in hidden]
    basis = _echelon([[Fraction(at in one) for at in range(len(atoms))] for one in shown])
    wanted = {f"{cell}": held for cell, held in inside.items() if cell in hidden}
    for one, other in combinations(inside, 2):
        wanted[f"{one} and {other}"] = inside[one] & inside[other]
        wanted[f"{one} without {other}"] = inside[one] - inside[other]
    for table in {cell[0] for cell in inside}:
        gone = [inside[cell] for cell in inside if cell[0] == table and cell in hidden]
        wanted[f"what {table} leaves out"] = frozenset().union(*gone)
    found = []
    for what, held in wanted.items():
        amounts: Counter[tuple[str, int]] = Counter()
        for part in parts:
            if atoms.index(part.cells) in held:
                amounts[part.unit] += part.amount
        row = [Fraction(at in held) for at in range(len(atoms))]
        if held and not is_safe(amounts, RULE) and not any(_rest(row, basis)):
            found.append(what)
    return found


def _echelon(rows: list[list[Fraction]]) -> dict[int, list[Fraction]]:
    basis: dict[int, list[Fraction]] = {}
    for row in rows:
        rest = _rest(row, basis)
        lead = next((at for at, value in enumerate(rest) if value), None)
        if lead is not None:
            basis[lead] = [value / rest[lead] for value in rest]
    return basis


def _rest(row: list[Fraction], basis: dict[int, list[Fraction]]) -> list[Fraction]:
    rest = list(row)
    for at in range(len(rest)):
        if rest[at] and at in basis:
            factor = rest[at]
            rest = [value - factor * known for value, known in zip(rest, basis[at], strict=True)]
    return rest


@pytest.mark.parametrize("seed", range(12))
def test_nothing_hidden_can_be_worked_out(seed: int) -> None:
    parts = made_up(seed)
    result = protect(parts, RULE)
    if result.nothing_shown:
        return
    assert told(parts, result.hidden) == []


def test_hiding_only_what_is_not_safe_itself_gives_it_away() -> None:
    given_away = 0
    for seed in range(12):
        parts = made_up(seed)
        by_cell: defaultdict[Cell, Counter[tuple[str, int]]] = defaultdict(Counter)
        for part in parts:
            for cell in part.cells:
                by_cell[cell][part.unit] += part.amount
        unsafe = frozenset(cell for cell, held in by_cell.items() if not is_safe(held, RULE))
        given_away += bool(told(parts, unsafe))
        assert unsafe <= protect(parts, RULE).hidden
    assert given_away > 6


def test_few_contributors_or_one_that_dominates_are_not_safe() -> None:
    units = [("grower", number) for number in range(4)]
    assert is_safe(dict.fromkeys(units[:3], 5), RULE)
    assert not is_safe(dict.fromkeys(units[:2], 5), RULE)
    assert is_safe({units[0]: 75, units[1]: 20, units[2]: 5}, RULE)
    assert not is_safe({units[0]: 76, units[1]: 20, units[2]: 4}, RULE)
    assert is_safe({}, RULE)
    assert not is_safe({units[0]: 5, units[1]: 0, units[2]: 0}, RULE)


def test_a_total_that_is_not_safe_shows_nothing() -> None:
    lone = [Part((("district", "1"),), ("grower", 1), 5)]
    result = protect(lone, RULE)
    assert result.nothing_shown
    assert result.hidden == {("district", "1")}
