"""Adding many counts in one statement: rows go in as one JSON text that the database unpacks by itself.

A row is written in some microseconds of the server's processor, where a VALUES list of bound
parameters takes ten times as many.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, text
from sqlmodel import Session

from app.db import is_sqlite

Cell = str | int
# Rows of one statement: a JSON text of some megabytes at most.
ROWS_AT_ONCE = 20_000

_FRESH = """
INSERT INTO scan_device (day, lot_id, serial, act, device)
SELECT {day}, {lot}, {serial}, 'scan', {device} FROM {rows} WHERE true
ON CONFLICT DO NOTHING RETURNING lot_id, serial, day
"""
_ADD = """
INSERT INTO scan_day (day, lot_id, serial, scans, devices)
SELECT {day}, {lot}, {serial}, {scans}, {devices} FROM {rows} WHERE true
ON CONFLICT (lot_id, serial, day) DO UPDATE
SET scans = scan_day.scans + excluded.scans, devices = scan_day.devices + excluded.devices
RETURNING lot_id, serial, day, devices
"""
_LOTS = "SELECT code, id FROM harvest_lot WHERE code IN (SELECT {text} FROM {texts})"
_SQLITE = {"rows": "json_each(:rows)", "texts": "json_each(:rows)", "text": "value"} | {
    name: f"json_extract(value, '$[{at}]')"
    for at, name in enumerate(("day", "lot", "serial", "device"))
}
_POSTGRES = {
    "rows": "jsonb_array_elements(CAST(:rows AS jsonb))",
    "texts": "jsonb_array_elements_text(CAST(:rows AS jsonb)) AS told(value)",
    "text": "told.value",
} | {
    name: f"CAST(value->>{at} AS {kind})"
    for at, (name, kind) in enumerate(
        (("day", "date"), ("lot", "integer"), ("serial", "bigint"), ("device", "bigint"))
    )
}


def find_lots(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """The keys of lots by their trace codes; a code of nothing is left out."""
    return dict(row for row in _run(session, text(_filled(session, _LOTS)), codes))


def insert_devices(
    session: Session, rows: Sequence[tuple[str, int, int, int]]
) -> Iterable[tuple[int, int, date]]:
    """Rows of (day, lot, serial, device) in their order; the label and day of each that was not there."""
    return _run(session, _dated(session, _FRESH), rows)


def add_counts(
    session: Session, rows: Sequence[tuple[str, int, int, int, int]]
) -> Iterable[tuple[int, int, date, int]]:
    """Rows of (day, lot, serial, scans, devices) in their order; (lot, serial, day, devices so far)."""
    return _run(session, _dated(session, _ADD), rows)


def _dated(session: Session, statement: str) -> Any:
    return text(_filled(session, statement)).columns(day=Date)


def _filled(session: Session, statement: str) -> str:
    parts = dict(_SQLITE if is_sqlite(session) else _POSTGRES)
    parts["scans"] = parts["device"].replace("bigint", "integer")
    parts["devices"] = parts["scans"].replace("[3]", "[4]").replace("->>3", "->>4")
    return statement.format(**parts)


def _run(session: Session, told: Any, rows: Sequence[Sequence[Cell] | str]) -> Iterable[Any]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = json.dumps(rows[start : start + ROWS_AT_ONCE])
        yield from session.execute(told, {"rows": some}).all()
