"""Graphs of lots for tests: rows written at once, as movements would leave them."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from app.kit.codes import new_lot_code
from app.models.lots import HarvestLot, LotKind
from app.models.movements import LotEdge, Movement, MovementKind
from tests.given import Given

HUNDRED_KG = 100_000


def lots_of(session: Session, given: Given, count: int, owners: Iterable[int] = ()) -> list[int]:
    """So many derived lots, oldest first; their owners in turn."""
    first = given.lot()
    owned = list(owners) or [first.organisation_id]
    rows = [
        {
            "code": new_lot_code(),
            "kind": LotKind.MERGED,
            "organisation_id": owned[number % len(owned)],
            "crop_id": first.crop_id,
            "harvested_on": first.harvested_on,
            "quantity_g": HUNDRED_KG,
            "state_since": given.now,
            "recorded_at": given.now,
        }
        for number in range(count)
    ]
    _write(session, HarvestLot, [{**_DEFAULTS, **row} for row in rows])
    return list(range(first.pk + 1, first.pk + 1 + count))


_DEFAULTS = {
    "row_version": 1,
    "grade": "",
    "note": "",
    "state": "open",
    "state_reason": "",
    "ledger_position": 0,
}


def edges_between(session: Session, given: Given, pairs: Iterable[tuple[int, int]]) -> None:
    """A kilogram along each pair of lots."""
    movement = Movement(
        organisation_id=given.cooperative().pk,
        kind=MovementKind.MERGING,
        happened_at=given.now,
        recorded_at=given.now,
    )
    session.add(movement)
    session.flush()
    rows = [
        {"parent_id": parent, "child_id": child, "quantity_g": 1_000, "movement_id": movement.pk}
        for parent, child in pairs
    ]
    _write(session, LotEdge, rows)


def _write(session: Session, model: type[SQLModel], rows: list[dict[str, object]]) -> None:
    if rows:
        session.connection().execute(
            insert(SQLModel.metadata.tables[str(model.__tablename__)]), rows
        )
