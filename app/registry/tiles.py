"""The fixed grid by which boundaries are found in SQL: tiles of 0.02° a side, some 2 km. Pure.

A boundary stands in every tile its box touches, so that what may meet another is found by equal
numbers, on any database, and only then compared exactly.
"""

from app.registry.geometry import UNITS_A_DEGREE, Bounds

TILE = UNITS_A_DEGREE // 50
_ROW = 100_000


def tiles_of(bounds: Bounds) -> list[int]:
    """The tiles that a box touches, as numbers; at least one."""
    columns = range(bounds.west // TILE, bounds.east // TILE + 1)
    rows = range(bounds.south // TILE, bounds.north // TILE + 1)
    return [column * _ROW + row for column in columns for row in rows]
