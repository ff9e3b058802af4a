"""Moving kilograms of a lot from one holder to another: never more than there are, for two at once neither."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.db import is_sqlite
from app.errors import refuse
from app.kit.codes import grouped
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.lots import HarvestLot
from app.models.movements import Holding, HoldingState


@dataclass(frozen=True)
class Holder:
    """Where kilograms are. `party_id` only of what was delivered to an outside party."""

    organisation_id: int
    state: HoldingState = HoldingState.IN_HAND
    party_id: int | None = None


def in_hand(lot: HarvestLot) -> Holder:
    """The organisation that a lot belongs to, having it."""
    return Holder(lot.organisation_id)


def put(session: Session, lot: HarvestLot, holder: Holder, quantity: Grams) -> None:
    """Add kilograms to a holding, or begin it."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    made = insert(Holding).values(
        lot_id=lot.pk,
        organisation_id=holder.organisation_id,
        state=holder.state,
        party_id=holder.party_id,
        quantity_g=quantity.value,
    )
    keys, where = _KEYS[holder.party_id is not None]
    session.execute(
        made.on_conflict_do_update(
            index_elements=keys,
            index_where=where,
            set_={"quantity_g": col(Holding.quantity_g) + made.excluded.quantity_g},
        )
    )


def take(
    session: Session, lot: HarvestLot, holder: Holder, quantity: Grams, *, field: str = "quantity_g"
) -> None:
    """Take kilograms from a holding; refused, saying how many there are, when there are not so many.

    One statement judges and writes: of two who take the last kilograms, one gets them.
    """
    enough = (*_is_of(lot, holder), col(Holding.quantity_g) >= quantity.value)
    left = {"quantity_g": col(Holding.quantity_g) - quantity.value}
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]  # an UPDATE's result
        update(Holding).where(*enough).values(left),
        execution_options={"synchronize_session": False},
    )
    if taken.rowcount == 1:
        return
    there = session.execute(select(col(Holding.quantity_g)).where(*_is_of(lot, holder))).scalar()
    why = say(
        "Of lot {code} there are {there}, not {wanted}.",
        code=grouped(lot.code),
        there=Grams(there or 0),
        wanted=quantity,
    )
    raise refuse(field, why)


def move_all(session: Session, lot: HarvestLot, holder: Holder, to: Holder | None) -> Grams:
    """Empty a holding into another (None: it never was there); how many kilograms it was."""
    there = session.execute(
        select(col(Holding.quantity_g)).where(*_is_of(lot, holder)).with_for_update()
    ).scalar()
    quantity = Grams(there or 0)
    if quantity.value:
        take(session, lot, holder, quantity)
        if to is not None:
            put(session, lot, to, quantity)
    return quantity


def _is_of(lot: HarvestLot, holder: Holder) -> tuple[Any, ...]:
    return (
        col(Holding.lot_id) == lot.pk,
        col(Holding.organisation_id) == holder.organisation_id,
        col(Holding.state) == holder.state,
        col(Holding.party_id) == holder.party_id
        if holder.party_id is not None
        else col(Holding.party_id).is_(None),
    )


_KEYS: dict[bool, tuple[list[str], Any]] = {
    False: (["lot_id", "organisation_id", "state"], text("party_id IS NULL")),
    True: (["lot_id", "party_id"], text("party_id IS NOT NULL")),
}
