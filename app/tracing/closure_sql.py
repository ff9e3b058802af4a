"""The statements of a closure on both engines. Many keys go in as one value: no limit, one plan."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from app.db import is_sqlite

# UNION, not UNION ALL: a lot that is reached on many ways is followed once.
_WALK = """
WITH RECURSIVE walk(id) AS (
    {starts}
    UNION
    SELECT edge.{far} FROM walk JOIN lot_edge AS edge ON edge.{near} = walk.id {within}
)
SELECT {columns} FROM (SELECT id FROM walk LIMIT :most) AS found {lots}
"""
# One by one: how many there will be PostgreSQL cannot guess, and reads the whole table instead.
_LOTS = {
    True: "JOIN harvest_lot AS lot ON lot.id = found.id ORDER BY lot.id",
    False: "CROSS JOIN LATERAL (SELECT * FROM harvest_lot AS one WHERE one.id = found.id OFFSET 0)"
    " AS lot ORDER BY lot.id",
}
_WITHIN = """
    JOIN harvest_lot AS one ON one.id = walk.id
    JOIN harvest_lot AS other ON other.id = edge.{far}
    WHERE one.organisation_id IN ({own}) OR other.organisation_id IN ({own})
"""
_EDGES = """
SELECT edge.parent_id, edge.child_id, edge.quantity_g FROM lot_edge AS edge
WHERE edge.{near} {keys} ORDER BY edge.{near} {order}, edge.{far} {order}
"""
_BOTH = (True, False)


def plain_rows(session: Session, statement: TextClause, given: dict[str, Any]) -> list[Any]:
    """Rows as the driver gives them: of thousands, what is put around each of them costs most."""
    result = session.connection().execute(statement, given)
    try:
        return list(result.cursor.fetchall())
    finally:
        result.close()


def keys_sql(sqlite: bool, name: str) -> str:
    """A SELECT of the keys in the value of this name."""
    keys = "SELECT value FROM json_each(:{})" if sqlite else "SELECT unnest(CAST(:{} AS integer[]))"
    return keys.format(name)


def keys_given(session: Session, keys: Sequence[int]) -> str | list[int]:
    """The keys as this database takes them."""
    # The same as json.dumps, for numbers, in a third of its time.
    return f"[{','.join(map(str, keys))}]" if is_sqlite(session) else list(keys)


def _walk(sqlite: bool, forward: bool, everything: bool, whole: bool) -> TextClause:
    named = _ends(forward) | {name: keys_sql(sqlite, name) for name in ("starts", "own")}
    named |= {"within": "" if everything else _WITHIN.format(**named)}
    if not whole:
        return text(_WALK.format(columns="found.id", lots="", **named))
    columns = ", ".join(f"lot.{name}" for name in LOT_COLUMNS)
    return text(_WALK.format(columns=columns, lots=_LOTS[sqlite], **named))


def _edges(sqlite: bool, forward: bool) -> TextClause:
    order = "ASC" if forward else "DESC"
    listed = f"IN ({keys_sql(sqlite, 'keys')})"
    keys = listed if sqlite else "= ANY(CAST(:keys AS integer[]))"
    return text(_EDGES.format(order=order, keys=keys, **_ends(forward)))


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
# By: on SQLite, forward, everything within reach, whole lots instead of keys, nearest first.
WALKS = {
    (sqlite, forward, everything, whole): _walk(sqlite, forward, everything, whole)
    for sqlite in _BOTH
    for forward in _BOTH
    for everything in _BOTH
    for whole in _BOTH
}
EDGES = {(sqlite, forward): _edges(sqlite, forward) for sqlite in _BOTH for forward in _BOTH}
