"""Writing a movement down: its circumstances checked, its row and lines, what the ledger is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import FieldError, NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.codes import MistypedLotCode, grouped, read_lot_code
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.lots.evidence import findings_of
from app.lots.holding_commands import Holder
from app.lots.leaving import STOPPED, find_wait
from app.lots.origin_queries import deciding_lot
from app.models.contracts import Contract
from app.models.lots import HarvestLot
from app.models.movements import (
    Direction,
    Holding,
    HoldingState,
    Movement,
    MovementKind,
    MovementLine,
    Party,
)
from app.models.products import LocationNumber
from app.models.registry import Organisation
from app.movements.rules import VERBS

# A clock that is a little ahead is no lie.
AHEAD = timedelta(minutes=10)
LATEST = timedelta(days=366)
NOTHING = Grams(0)


@dataclass(frozen=True)
class Circumstances:
    """When, where, by which paper and why. `gln`: one of the organisation's own location numbers.

    `contract` None: the only one that goods for this buyer can be meant for, unless `outside_contracts`.
    """

    happened_at: datetime
    place: str = ""
    gln: str = ""
    document: str = ""
    reason: str = ""
    contract: Contract | None = None
    outside_contracts: bool = False


@dataclass(frozen=True)
class Doer:
    """Whose movement it is, who writes it down, and when."""

    organisation: Organisation
    by: Actor
    now: datetime

    @property
    def hand(self) -> Holder:
        return Holder(self.organisation.pk)

    def holds(self, state: HoldingState) -> Holder:
        """The same organisation's kilograms in another state."""
        return Holder(self.organisation.pk, state)


@dataclass(frozen=True)
class Piece:
    """So much of a lot that is at hand. `loss`: what of it is gone, where it is weighed again."""

    code: str
    quantity: Grams
    loss: Grams = NOTHING


@dataclass(frozen=True)
class Part:
    """The row behind a piece."""

    lot: HarvestLot
    quantity: Grams
    loss: Grams = NOTHING


@dataclass(frozen=True)
class Written:
    """A movement with its lots, before it is told to the ledger."""

    movement: Movement
    into: Sequence[Part]
    out: Sequence[Part]


def parts_of(session: Session, organisation: Organisation, pieces: Sequence[Piece]) -> list[Part]:
    """The lots that an organisation has or had; NotFound for any other. Oldest first, each once."""
    found = {piece.code: _held(session, organisation, piece.code) for piece in pieces}
    for number, piece in enumerate(pieces, start=1):
        if piece.quantity.value <= 0:
            why = say("Line {number}: say how many kilograms.", number=number)
            raise refuse("inputs", why)
    if len({lot.pk for lot in found.values()}) < len(pieces):
        raise refuse("inputs", say("One lot is named twice."))
    parts = [Part(found[piece.code], piece.quantity, piece.loss) for piece in pieces]
    # In one order, so that two movements never wait for each other.
    return sorted(parts, key=lambda part: part.lot.pk)


def _held(session: Session, organisation: Organisation, code: str) -> HarvestLot:
    unknown = NotFound(say("You have no lot {code}.", code=code))
    try:
        exact = read_lot_code(code)
    except MistypedLotCode:
        raise unknown from None
    wanted = (
        select(HarvestLot)
        .join(Holding, col(Holding.lot_id) == col(HarvestLot.id))
        .where(col(HarvestLot.code) == exact, col(Holding.organisation_id) == organisation.pk)
        .limit(1)
    )
    lot: HarvestLot | None = session.execute(wanted).scalars().first()
    if lot is None:
        raise unknown
    return lot


def require_free(session: Session, lots: Sequence[HarvestLot]) -> None:
    """Refuse lots that are held, recalled or withdrawn, or that are made of such."""
    for lot in lots:
        deciding = deciding_lot(session, lot)
        why = STOPPED.get(deciding.state)
        if why is not None:
            raise refuse("inputs", say("Lot {code}: {why}", code=grouped(lot.code), why=why))


def require_sellable(session: Session, lots: Sequence[HarvestLot], now: datetime) -> None:
    """The same for what leaves; what still waits may not leave either."""
    require_free(session, lots)
    for lot in lots:
        wait = findings_of(session, lot, today=day_of(now)).sellable_from
        why = find_wait(wait, day_of(now))
        if why is not None:
            raise refuse("inputs", say("Lot {code}: {why}", code=grouped(lot.code), why=why))


def require_plausible(session: Session, doer: Doer, told: Circumstances) -> None:
    """Refuse what cannot be of the time and the place."""
    if told.happened_at > doer.now + AHEAD:
        raise refuse("happened_at", say("This is in the future."))
    if told.happened_at < doer.now - LATEST:
        raise refuse("happened_at", say("This is more than a year ago."))
    if told.gln:
        wanted = select(col(LocationNumber.id)).where(
            col(LocationNumber.gln) == told.gln,
            col(LocationNumber.organisation_id) == doer.organisation.pk,
        )
        if session.execute(wanted).first() is None:
            raise refuse("gln", say("{gln} is not one of your location numbers.", gln=told.gln))


def require_after_harvest(parts: Sequence[Part], told: Circumstances) -> None:
    """Nothing is done with a lot before it was harvested."""
    faults = [
        FieldError(
            "happened_at",
            say(
                "Lot {code} was harvested on {day} only.",
                code=grouped(part.lot.code),
                day=part.lot.harvested_on,
            ),
        )
        for part in parts
        if day_of(told.happened_at) < part.lot.harvested_on
    ]
    if faults:
        raise Refused(faults[0].why, faults[0])


def movement_row(doer: Doer, kind: MovementKind, told: Circumstances) -> Movement:
    """The row of a movement, still without its partner and lines."""
    return Movement(
        organisation_id=doer.organisation.pk,
        kind=kind,
        happened_at=told.happened_at,
        gln=told.gln or None,
        place=clean(told.place, longest=160),
        document=clean(told.document, longest=80),
        reason=clean(told.reason, longest=500, multiline=True),
        recorded_at=doer.now,
    )


def lines_of(written: Written) -> list[MovementLine]:
    """The rows of its lots."""
    return [
        MovementLine(
            movement_id=written.movement.pk,
            lot_id=part.lot.pk,
            direction=direction,
            quantity_g=part.quantity.value,
        )
        for direction, parts in ((Direction.IN, written.into), (Direction.OUT, written.out))
        for part in parts
    ]


def fact_of(session: Session, written: Written, organisation: Organisation) -> Fact:
    """What the ledger is told. Who an outside party is, is no business of the log."""
    movement = written.movement
    party = session.get(Party, movement.party_id) if movement.party_id else None
    other = (
        session.get(Organisation, movement.counterparty_id) if movement.counterparty_id else None
    )
    back = session.get(Movement, movement.counters_id) if movement.counters_id else None
    contract = session.get(Contract, movement.contract_id) if movement.contract_id else None
    verb = VERBS[movement.kind] if back is None else f"{VERBS[movement.kind]}_undone"
    return Fact(
        f"movement.{verb}",
        str(movement.uid),
        {
            "in": [_line(part) for part in written.into],
            "out": [_line(part) for part in written.out],
            "loss_g": movement.loss_g,
            "difference_g": movement.difference_g,
            "happened_at": movement.happened_at,
            "gln": movement.gln,
            "place": movement.place,
            "document": movement.document,
            "reason": movement.reason,
            "counterparty": other.uid if other else None,
            "party": party.uid if party else None,
            "counters": back.uid if back else None,
            **({"contract": contract.uid} if contract else {}),
        },
        organisation=organisation.uid,
    )


def _line(part: Part) -> dict[str, object]:
    return {"lot": part.lot.code, "quantity_g": part.quantity.value}


def keep(session: Session, written: Written, doer: Doer) -> Movement:
    """Write a movement with its lines and tell the ledger."""
    session.add(written.movement)
    session.flush()  # its id, for its lines
    session.add_all(lines_of(written))
    session.flush()
    fact = fact_of(session, written, doer.organisation)
    written.movement.ledger_position = record_all(session, [fact], by=doer.by, now=doer.now)
    return written.movement
