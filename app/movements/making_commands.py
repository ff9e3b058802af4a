"""Packing, splitting, merging and processing: lots go in, new lots come out, kilograms add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of
from app.errors import Refused, refuse
from app.kit.clock import day_of
from app.kit.codes import new_lot_code
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.commands import Fact, record_all
from app.lots.entering import keep_claims, keep_step
from app.lots.evidence import findings_of
from app.lots.harvests import refuse_if
from app.lots.holding_commands import in_hand, put, take
from app.lots.origin_queries import origins_of
from app.lots.rules import LARGEST_LOT, faults_of_later_days
from app.models.lots import HarvestLot, LotState
from app.models.movements import LotEdge, Movement, MovementKind
from app.movements import rules
from app.movements.recording import (
    NOTHING,
    Circumstances,
    Doer,
    Part,
    Piece,
    Written,
    fact_of,
    lines_of,
    movement_row,
    parts_of,
    require_after_harvest,
    require_free,
    require_plausible,
)

TOLERANCE_RULE = "movement.tolerance_percent"


@dataclass(frozen=True)
class Made:
    """A lot that comes out of a movement."""

    quantity: Grams
    best_before: date | None = None
    grade: str = ""
    note: str = ""


@dataclass(frozen=True)
class Making:
    """What is done with which lots, what comes of it, and what is lost on the way."""

    kind: MovementKind
    inputs: Sequence[Piece]
    outputs: Sequence[Made]
    loss: Grams = NOTHING


def make_lots(
    session: Session, doer: Doer, making: Making, told: Circumstances
) -> tuple[Movement, list[HarvestLot]]:
    """Make new lots of lots that are at hand. Refused unless every kilogram is accounted for."""
    return _make(session, doer, making, told, _required(session, doer, making, told))


def set_apart(
    session: Session, doer: Doer, piece: Piece, told: Circumstances
) -> tuple[Movement, HarvestLot]:
    """Make part of a lot, stopped or not, a lot of its own. Whether it may be is for the caller to say."""
    making = Making(MovementKind.SPLITTING, [piece], [Made(piece.quantity)])
    parts = parts_of(session, doer.organisation, making.inputs)
    movement, [lot] = _make(session, doer, making, told, parts)
    return movement, lot


def _make(
    session: Session, doer: Doer, making: Making, told: Circumstances, parts: Sequence[Part]
) -> tuple[Movement, list[HarvestLot]]:
    movement = movement_row(doer, making.kind, told)
    balance = _balance(session, making, day_of(doer.now))
    movement.loss_g, movement.difference_g = making.loss.value, balance.difference
    session.add(movement)
    session.flush()  # its id, for its lines and edges
    for part in parts:
        take(session, part.lot, doer.hand, part.quantity, field="inputs")
    pattern = _pattern(doer, making.kind, parts, told)
    lots = [_made(session, pattern, one) for one in making.outputs]
    _join(session, movement, parts, lots)
    facts = [_enter(session, lot, parts, movement, doer) for lot in lots]
    written = Written(movement, parts, [Part(lot, Grams(lot.quantity_g)) for lot in lots])
    session.add_all(lines_of(written))
    session.flush()
    told_first = fact_of(session, written, doer.organisation)
    first = record_all(session, [told_first, *facts], by=doer.by, now=doer.now)
    movement.ledger_position = first
    for position, lot in enumerate(lots, start=first + 1):
        lot.ledger_position = position
    return movement, lots


def tolerance_on(session: Session, day: date) -> int:
    """By how many percent a movement's kilograms may differ, by the rules of a day."""
    rule = rule_on(session, TOLERANCE_RULE, day)
    return int(value_of(rule)) if rule else 0


def _required(session: Session, doer: Doer, making: Making, told: Circumstances) -> list[Part]:
    shape = rules.faults_of_shape(
        making.kind, inputs=len(making.inputs), outputs=len(making.outputs)
    )
    refuse_if(shape)
    require_plausible(session, doer, told)
    parts = parts_of(session, doer.organisation, making.inputs)
    require_after_harvest(parts, told)
    require_free(session, [part.lot for part in parts])
    if len({part.lot.crop_id for part in parts}) > 1:
        raise refuse("inputs", say("Lots of different crops cannot become one lot."))
    origins = {origin.lot.pk for part in parts for origin in origins_of(session, part.lot)}
    if len(origins) > rules.MOST_ORIGINS:
        why = say("A lot may be made of at most {most} harvests.", most=rules.MOST_ORIGINS)
        raise refuse("inputs", why)
    _require_outputs(making, parts, told, doer.now)
    gap = rules.find_gap(_balance(session, making, day_of(doer.now)))
    if gap is not None:
        raise refuse("outputs", gap)
    return parts


def _require_outputs(
    making: Making, parts: Sequence[Part], told: Circumstances, now: datetime
) -> None:
    latest = max(part.lot.harvested_on for part in parts)
    for one in making.outputs:
        if not 0 < one.quantity.value <= LARGEST_LOT.value:
            why = say("A lot weighs more than nothing and at most {most}.", most=LARGEST_LOT)
            raise refuse("outputs", why)
        faults = faults_of_later_days(
            latest,
            packed_on=day_of(told.happened_at),
            best_before=one.best_before,
            today=day_of(now),
        )
        if faults:
            raise Refused(faults[0].why, *faults)
    if making.loss.value < 0:
        raise refuse("loss", say("A loss is not less than nothing."))


def _balance(session: Session, making: Making, day: date) -> rules.Balance:
    return rules.Balance(
        into=Grams(sum(piece.quantity.value for piece in making.inputs)),
        out=Grams(sum(made.quantity.value for made in making.outputs)),
        loss=making.loss,
        tolerance_percent=tolerance_on(session, day),
    )


def _pattern(
    doer: Doer, kind: MovementKind, parts: Sequence[Part], told: Circumstances
) -> dict[str, Any]:
    """What all lots of a movement share: taken from what went into them."""
    packed = kind in {MovementKind.PACKING, MovementKind.PROCESSING}
    days = [part.lot.packed_on for part in parts if part.lot.packed_on is not None]
    return {
        "kind": rules.MAKES[kind],
        "organisation_id": doer.organisation.pk,
        "crop_id": parts[0].lot.crop_id,
        "harvested_on": min(part.lot.harvested_on for part in parts),
        "packed_on": day_of(told.happened_at) if packed else max(days, default=None),
        "best_before": _best_before(parts),
        "grade": _grade(parts),
        # What it weighs stands from the beginning: the movement says it.
        "state": LotState.SEALED,
        "state_since": doer.now,
        "recorded_at": doer.now,
    }


def _made(session: Session, pattern: dict[str, Any], made: Made) -> HarvestLot:
    lot = HarvestLot(
        **pattern,
        code=new_lot_code(),
        quantity_g=made.quantity.value,
        note=clean(made.note, longest=500, multiline=True),
    )
    lot.best_before = made.best_before or lot.best_before
    lot.grade = clean(made.grade, longest=40) or lot.grade
    session.add(lot)
    session.flush()  # its id: younger than all that went into it
    keep_step(session, lot)
    put(session, lot, in_hand(lot), made.quantity)
    return lot


def _best_before(parts: Sequence[Part]) -> date | None:
    """The first of the days of what went in: a lot keeps no longer than what is in it."""
    return min((part.lot.best_before for part in parts if part.lot.best_before), default=None)


def _grade(parts: Sequence[Part]) -> str:
    grades = {part.lot.grade for part in parts}
    return grades.pop() if len(grades) == 1 else ""


def _join(
    session: Session, movement: Movement, parts: Sequence[Part], lots: Sequence[HarvestLot]
) -> None:
    table = rules.shares([part.quantity.value for part in parts], [lot.quantity_g for lot in lots])
    session.add_all(
        LotEdge(parent_id=part.lot.pk, child_id=lot.pk, quantity_g=grams, movement_id=movement.pk)
        for part, row in zip(parts, table, strict=True)
        for lot, grams in zip(lots, row, strict=True)
        if grams
    )
    session.flush()  # what it may claim is asked of what it was made of


def _enter(
    session: Session,
    lot: HarvestLot,
    parts: Sequence[Part],
    movement: Movement,
    doer: Doer,
) -> Fact:
    found = findings_of(session, lot, today=day_of(doer.now))
    lot.sellable_from = found.sellable_from
    keep_claims(session, lot, found.claims)
    told = {
        "kind": lot.kind,
        "quantity_g": lot.quantity_g,
        "packed_on": lot.packed_on,
        "best_before": lot.best_before,
        "grade": lot.grade,
        "note": lot.note,
        "sellable_from": lot.sellable_from,
        "harvested_on": lot.harvested_on,
        "movement": movement.uid,
        "sources": [part.lot.code for part in parts],
        "claims": [{"kind": claim.kind, "granted": claim.granted} for claim in found.claims],
    }
    return Fact("lot.recorded", lot.code, told, organisation=doer.organisation.uid)
