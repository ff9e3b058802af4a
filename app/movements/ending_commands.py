"""Storing, selling, destroying, and taking back what an outside party returns: nothing new is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.errors import refuse
from app.kit.messages import say
from app.kit.quantities import Grams
from app.lots.holding_commands import Holder, put, take
from app.models.movements import HoldingState, Movement, MovementKind, Party
from app.movements.contracting import name_contract
from app.movements.recording import (
    Circumstances,
    Doer,
    Part,
    Piece,
    Written,
    keep,
    movement_row,
    parts_of,
    require_after_harvest,
    require_plausible,
    require_sellable,
)
from app.movements.rules import MOST_LINES


@dataclass(frozen=True)
class Moved:
    """From which holding to which, and whether the lots come in or go out."""

    giver: Holder
    taker: Holder
    comes_in: bool = False


def with_party(doer: Doer, party: Party) -> Holder:
    """What an outside party has of an organisation's goods."""
    return Holder(doer.organisation.pk, HoldingState.WITH_PARTY, party.pk)


def store_lots(
    session: Session, doer: Doer, pieces: Sequence[Piece], told: Circumstances
) -> Movement:
    """Put lots into a store, or weigh them again there: what is gone is lost."""
    parts = required_parts(session, doer, pieces, told)
    for part in parts:
        if not 0 <= part.loss.value < part.quantity.value:
            raise refuse("loss", say("A loss is less than what there was."))
    movement = movement_row(doer, MovementKind.STORING, told)
    movement.loss_g = sum(part.loss.value for part in parts)
    out = [Part(part.lot, Grams(part.quantity.value - part.loss.value)) for part in parts]
    for part, left in zip(parts, out, strict=True):
        # Taken as a whole: what is stored must be there.
        take(session, part.lot, doer.hand, part.quantity, field="inputs")
        put(session, part.lot, doer.hand, left.quantity)
        if part.loss.value:
            put(session, part.lot, doer.holds(HoldingState.LOST), part.loss)
    return keep(session, Written(movement, parts, out), doer)


def sell_lots(
    session: Session,
    doer: Doer,
    pieces: Sequence[Piece],
    told: Circumstances,
    *,
    party: Party | None,
) -> Movement:
    """Sell over the counter or at the gate: to an outside party, or to people who take it home."""
    parts = required_parts(session, doer, pieces, told)
    require_sellable(session, [part.lot for part in parts], doer.now)
    movement = movement_row(doer, MovementKind.SELLING, told)
    movement.party_id = party.pk if party else None
    name_contract(session, movement, parts, told)
    taker = with_party(doer, party) if party else doer.holds(HoldingState.SOLD)
    return _moved(session, movement, parts, Moved(doer.hand, taker), doer=doer)


def destroy_lots(
    session: Session, doer: Doer, pieces: Sequence[Piece], told: Circumstances
) -> Movement:
    """Destroy goods, recalled ones too; why is said."""
    if not told.reason.strip():
        raise refuse("reason", say("Say why, in a few words."))
    parts = required_parts(session, doer, pieces, told)
    movement = movement_row(doer, MovementKind.DESTROYING, told)
    moved = Moved(doer.hand, doer.holds(HoldingState.DESTROYED))
    return _moved(session, movement, parts, moved, doer=doer)


def send_away_lots(
    session: Session, doer: Doer, pieces: Sequence[Piece], told: Circumstances
) -> Movement:
    """Give recalled goods away for another use, or back abroad: they leave as sold ones do."""
    parts = required_parts(session, doer, pieces, told)
    movement = movement_row(doer, MovementKind.SELLING, told)
    moved = Moved(doer.hand, doer.holds(HoldingState.SOLD))
    return _moved(session, movement, parts, moved, doer=doer)


def take_back_lots(
    session: Session, doer: Doer, pieces: Sequence[Piece], told: Circumstances, *, party: Party
) -> Movement:
    """Take back what an outside party returns: recalled goods come back this way too."""
    parts = required_parts(session, doer, pieces, told)
    movement = movement_row(doer, MovementKind.RETURNING, told)
    movement.party_id = party.pk
    name_contract(session, movement, parts, told)
    moved = Moved(with_party(doer, party), doer.hand, comes_in=True)
    return _moved(session, movement, parts, moved, doer=doer)


def required_parts(
    session: Session, doer: Doer, pieces: Sequence[Piece], told: Circumstances
) -> list[Part]:
    """The lots of a movement; refused where the time, the place or the lots cannot be."""
    if not pieces:
        raise refuse("inputs", say("Choose at least one lot."))
    if len(pieces) > MOST_LINES:
        raise refuse("inputs", say("At most {most} lots at once.", most=MOST_LINES))
    require_plausible(session, doer, told)
    parts = parts_of(session, doer.organisation, pieces)
    require_after_harvest(parts, told)
    return parts


def _moved(
    session: Session, movement: Movement, parts: Sequence[Part], moved: Moved, *, doer: Doer
) -> Movement:
    for part in parts:
        take(session, part.lot, moved.giver, part.quantity, field="inputs")
        put(session, part.lot, moved.taker, part.quantity)
    into: Sequence[Part] = parts if moved.comes_in else ()
    out: Sequence[Part] = () if moved.comes_in else parts
    return keep(session, Written(movement, into, out), doer)
