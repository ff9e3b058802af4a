"""Receiving from a supplier outside of the system: a lot that claims nothing, one step back kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.catalogue.queries import chosen_crop
from app.errors import Refused, refuse
from app.kit.clock import day_of
from app.kit.codes import new_lot_code
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.commands import Fact, record_all
from app.lots.claims import claims_from_outside
from app.lots.entering import keep_claims, keep_step
from app.lots.holding_commands import in_hand, put
from app.lots.rules import LARGEST_LOT, faults_of_later_days
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.movements import Movement, MovementKind, Party
from app.movements.recording import (
    Circumstances,
    Doer,
    Part,
    Written,
    fact_of,
    lines_of,
    movement_row,
    require_plausible,
)
from app.movements.rules import MOST_LINES


@dataclass(frozen=True)
class Supply:
    """Goods of one crop that came. `harvested_on`: as the supplier says; `note`: its own lot number."""

    crop: str
    quantity: Grams
    harvested_on: date | None
    best_before: date | None = None
    grade: str = ""
    note: str = ""


def receive_supplies(
    session: Session, doer: Doer, party: Party, supplies: Sequence[Supply], told: Circumstances
) -> tuple[Movement, list[HarvestLot]]:
    """Write down what a supplier delivered, by which document: a lot for each of its goods."""
    require_plausible(session, doer, told)
    _require_told(party, supplies, told)
    movement = movement_row(doer, MovementKind.RECEIVING, told)
    movement.party_id = party.pk
    session.add(movement)
    session.flush()  # its id, for its lines
    lots = [_received(session, doer, one, told) for one in supplies]
    written = Written(movement, (), [Part(lot, Grams(lot.quantity_g)) for lot in lots])
    session.add_all(lines_of(written))
    session.flush()
    facts = [_fact(lot, movement, doer) for lot in lots]
    first = record_all(
        session, [fact_of(session, written, doer.organisation), *facts], by=doer.by, now=doer.now
    )
    movement.ledger_position = first
    for position, lot in enumerate(lots, start=first + 1):
        lot.ledger_position = position
    return movement, lots


def _require_told(party: Party, supplies: Sequence[Supply], told: Circumstances) -> None:
    """One step back is kept whole, or not at all: who, where, by which paper."""
    if not party.address:
        why = say(
            "The address of {name} is not written down: it belongs to one step back.",
            name=party.name,
        )
        raise refuse("party", why)
    if not clean(told.document, longest=80):
        raise refuse("document", say("Give the number of the delivery note, or of your receipt."))
    if not supplies:
        raise refuse("outputs", say("Say what came, and how many kilograms."))
    if len(supplies) > MOST_LINES:
        raise refuse("outputs", say("At most {most} lots at once.", most=MOST_LINES))


def _received(session: Session, doer: Doer, supply: Supply, told: Circumstances) -> HarvestLot:
    harvested_on = _harvested(supply, told)
    if not 0 < supply.quantity.value <= LARGEST_LOT.value:
        why = say("A lot weighs more than nothing and at most {most}.", most=LARGEST_LOT)
        raise refuse("outputs", why)
    faults = faults_of_later_days(
        harvested_on, packed_on=None, best_before=supply.best_before, today=day_of(doer.now)
    )
    if faults:
        raise Refused(faults[0].why, *faults)
    lot = HarvestLot(
        code=new_lot_code(),
        kind=LotKind.SUPPLIED,
        organisation_id=doer.organisation.pk,
        crop_id=chosen_crop(session, supply.crop, field="crop").pk,
        harvested_on=harvested_on,
        best_before=supply.best_before,
        quantity_g=supply.quantity.value,
        grade=clean(supply.grade, longest=40),
        note=clean(supply.note, longest=500, multiline=True),
        # What it weighs is what the paper says: the movement is undone to change it.
        state=LotState.SEALED,
        state_since=doer.now,
        recorded_at=doer.now,
    )
    session.add(lot)
    session.flush()  # its id, for its claims and its holding
    keep_step(session, lot)
    keep_claims(session, lot, claims_from_outside())
    put(session, lot, in_hand(lot), supply.quantity)
    return lot


def _harvested(supply: Supply, told: Circumstances) -> date:
    if supply.harvested_on is None:
        raise refuse(
            "harvested_on", say("Say on which day it was harvested, as the supplier says.")
        )
    if supply.harvested_on > day_of(told.happened_at):
        raise refuse("harvested_on", say("Nothing comes before it is harvested."))
    return supply.harvested_on


def _fact(lot: HarvestLot, movement: Movement, doer: Doer) -> Fact:
    told = {
        "kind": lot.kind,
        "quantity_g": lot.quantity_g,
        "best_before": lot.best_before,
        "grade": lot.grade,
        "note": lot.note,
        "harvested_on": lot.harvested_on,
        "movement": movement.uid,
        "claims": [{"kind": one.kind, "granted": one.granted} for one in claims_from_outside()],
    }
    return Fact("lot.recorded", lot.code, told, organisation=doer.organisation.uid)
