"""One way to do any movement: by its kind, the command that does it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.errors import refuse
from app.kit.codes import grouped
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.lots import LotState
from app.models.movements import Movement, MovementKind, Party
from app.models.registry import Organisation
from app.movements.ending_commands import destroy_lots, sell_lots, store_lots, take_back_lots
from app.movements.making_commands import Made, Making, make_lots
from app.movements.recording import NOTHING, Circumstances, Doer, Piece, parts_of
from app.movements.rules import MAKES
from app.movements.shipping_commands import Receiver, ship_lots
from app.movements.supplying_commands import Supply, receive_supplies


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to do with lots. `outputs`, `loss`: where something new is made.

    `supplies`: what `party` brought from outside of the system.
    """

    kind: MovementKind
    inputs: Sequence[Piece]
    outputs: Sequence[Made] = ()
    loss: Grams = NOTHING
    receiver: Organisation | None = None
    party: Party | None = None
    supplies: Sequence[Supply] = ()


def do_movement(
    session: Session, doer: Doer, wanted: Wanted, told: Circumstances
) -> tuple[Movement, str | None]:
    """Do it, and return the movement; of what is shipped to an outside party, the link's secret."""
    if wanted.kind is MovementKind.RECEIVING and wanted.party is not None:
        if wanted.inputs:
            raise refuse("inputs", say("What comes from outside is a new lot: leave this empty."))
        return receive_supplies(session, doer, wanted.party, wanted.supplies, told)[0], None
    if wanted.outputs and wanted.kind not in MAKES:
        raise refuse("outputs", say("Nothing new comes out of this: leave it empty."))
    if wanted.kind in MAKES:
        making = Making(wanted.kind, wanted.inputs, wanted.outputs, wanted.loss)
        return make_lots(session, doer, making, told)[0], None
    if wanted.kind is MovementKind.SHIPPING:
        to = Receiver(wanted.receiver, wanted.party)
        sent = ship_lots(session, doer, wanted.inputs, told, to=to)
        return sent.movement, sent.token
    return _ended(session, doer, wanted, told), None


def _ended(session: Session, doer: Doer, wanted: Wanted, told: Circumstances) -> Movement:
    match wanted.kind:
        case MovementKind.STORING:
            return store_lots(session, doer, wanted.inputs, told)
        case MovementKind.SELLING:
            return sell_lots(session, doer, wanted.inputs, told, party=wanted.party)
        case MovementKind.DESTROYING:
            _require_not_recalled(session, doer, wanted.inputs)
            return destroy_lots(session, doer, wanted.inputs, told)
        case MovementKind.RETURNING if wanted.party is not None:
            return take_back_lots(session, doer, wanted.inputs, told, party=wanted.party)
        case MovementKind.RETURNING:
            raise refuse("party", say("Say who returns it."))
        case _:
            why = say(
                "Goods of an organisation of the system are received by confirming their delivery."
                " Of goods from outside, say which supplier brought them."
            )
            raise refuse("party", why)


def _require_not_recalled(session: Session, doer: Doer, pieces: Sequence[Piece]) -> None:
    """What is recalled is destroyed within its recall, where it is proven."""
    for part in parts_of(session, doer.organisation, pieces):
        if part.lot.state is LotState.RECALLED:
            why = say(
                "Lot {code} is recalled: write down on the page of the recall how it was destroyed,"
                " with a document or a photograph.",
                code=grouped(part.lot.code),
            )
            raise refuse("inputs", why)
