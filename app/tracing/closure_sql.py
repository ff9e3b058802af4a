"""The statements of a closure on both engines. Many keys go in as one value: no limit, one plan.

A whole closure comes back as one row of lists, a list a column: of thousands of rows, what the driver
puts around each of them costs more than finding them.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from app.db import is_sqlite

# UNION, not UNION ALL: a lot that is reached on many ways is followed once.
_WALK = """
WITH RECURSIVE walk(id) AS (
    {starts}
    UNION
    SELECT edge.{far} FROM walk JOIN lot_edge AS edge ON edge.{near} = walk.id {within}
), found(id) AS MATERIALIZED (SELECT id FROM walk LIMIT {most})
"""
_WHOLE = """
SELECT * FROM (SELECT {lot_lists} FROM (
        SELECT {lot_columns} FROM harvest_lot WHERE id {found} ORDER BY id
    ) AS lot) AS lots,
    (SELECT {edge_lists} FROM (
        SELECT {edge_columns} FROM lot_edge WHERE {near} {found} ORDER BY {near} {order}, {far} {order}
    ) AS edge) AS edges
"""
_KEYS_FOUND = "SELECT {ids} FROM found"
# How many there will be PostgreSQL cannot guess: given as an array, they are looked up and nothing else.
_FOUND = {True: "IN (SELECT id FROM found)", False: "= ANY(ARRAY(SELECT id FROM found))"}
_LIST = {True: "json_group_array({})", False: "array_agg({})"}
_KEYS = {True: "SELECT value FROM json_each({})", False: "SELECT unnest(CAST({} AS integer[]))"}
_GIVEN = {True: ":{}", False: "%({})s"}
_WITHIN = """
    JOIN harvest_lot AS one ON one.id = walk.id
    JOIN harvest_lot AS other ON other.id = edge.{far}
    WHERE one.organisation_id IN ({own}) OR other.organisation_id IN ({own})
"""
_BOTH = (True, False)


def lists_of(session: Session, statement: str, given: dict[str, Any]) -> list[list[Any]]:
    """The lists that a statement answers with, a list a column; an empty one of nothing.

    From the driver itself: from PostgreSQL in its binary form, which costs half of what text does.
    """
    sqlite, connection = is_sqlite(session), session.connection().connection
    cursor: Any = connection.cursor() if sqlite else connection.cursor(binary=True)
    try:
        row = cursor.execute(statement, given).fetchone()
    finally:
        cursor.close()
    return [json.loads(column) for column in row] if sqlite else [column or [] for column in row]


def keys_given(session: Session, keys: Sequence[int]) -> str | list[int]:
    """The keys as this database takes them."""
    # The same as json.dumps, for numbers, in a third of its time.
    return f"[{','.join(map(str, keys))}]" if is_sqlite(session) else list(keys)


def _walk(sqlite: bool, forward: bool, everything: bool) -> str:
    given = {name: _GIVEN[sqlite].format(name) for name in ("starts", "own", "most")}
    named = _ends(forward) | {
        "most": given["most"],
        "starts": _KEYS[sqlite].format(given["starts"]),
    }
    within = _WITHIN.format(own=_KEYS[sqlite].format(given["own"]), **_ends(forward))
    return _WALK.format(within="" if everything else within, **named)


def _nearest(sqlite: bool, forward: bool, everything: bool) -> str:
    ids = _LIST[sqlite].format("id")
    return _walk(sqlite, forward, everything) + _KEYS_FOUND.format(ids=ids)


def _whole(sqlite: bool, forward: bool, everything: bool) -> str:
    asked = {"found": _FOUND[sqlite], "order": "ASC" if forward else "DESC", **_ends(forward)}
    for name, columns in (("lot", LOT_COLUMNS), ("edge", EDGE_COLUMNS)):
        asked[f"{name}_columns"] = ", ".join(columns)
        asked[f"{name}_lists"] = ", ".join(map(_LIST[sqlite].format, columns))
    return _walk(sqlite, forward, everything) + _WHOLE.format(**asked)


def _ends(forward: bool) -> dict[str, str]:
    near, far = ("parent_id", "child_id") if forward else ("child_id", "parent_id")
    return {"near": near, "far": far}


LOT_COLUMNS = (
    "id",
    "code",
    "kind",
    "organisation_id",
    "area_id",
    "crop_id",
    "harvested_on",
    "quantity_g",
    "state",
)
EDGE_COLUMNS = ("parent_id", "child_id", "quantity_g")
_CASES = [
    (sqlite, forward, everything) for sqlite in _BOTH for forward in _BOTH for everything in _BOTH
]
# By: on SQLite, forward, everything within reach.
WHOLE = {case: _whole(*case) for case in _CASES}
NEAREST = {case: _nearest(*case) for case in _CASES}
