"""What a clerk types about a movement or a receipt, read as the commands take it."""

from datetime import datetime, time
from uuid import UUID

from app.accounts.reach import Reach
from app.contracts.queries import own_contract
from app.deps import Call
from app.errors import refuse
from app.kit.clock import HOME
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.contracts import Contract
from app.models.movements import Condition, MovementKind, Party, PartyKind
from app.models.registry import Organisation
from app.movements.delivery_queries import DeliveryTold
from app.movements.doing import Wanted
from app.movements.making_commands import Made
from app.movements.party_commands import PartyDetails, register_party
from app.movements.queries import party_by_uid
from app.movements.receiving_commands import Arrived, Receipt
from app.movements.recording import Circumstances, Doer, Piece
from app.movements.supplying_commands import Supply
from app.registry.organisation_queries import organisation_by_id, organisation_by_uid
from app.web.forms import Typed

MOST_ROWS = 40
MOST_OUTPUTS = 6
MOST_SUPPLIES = 4
KILOGRAM = 1_000
NEW, NONE = "new", "none"
NOON = time(12)


def doer_of(call: Call) -> Doer:
    """The caller's organisation, doing it now."""
    return Doer(organisation_by_id(call.session, call.caller.organisation_id), call.actor, call.now)


def kind_typed(typed: str) -> MovementKind:
    """The kind that was chosen; shipping when none was, or none that can be begun."""
    try:
        return MovementKind(typed)
    except ValueError:
        return MovementKind.SHIPPING


def wanted_typed(typed: Typed, call: Call, doer: Doer) -> tuple[Wanted, Circumstances]:
    """What is to be done, when, where and why; a new buyer is written down on the way."""
    if typed.raw("kind") not in set(MovementKind):
        raise refuse("kind", say("Choose one from the list."))
    kind, told = MovementKind(typed.raw("kind")), _circumstances(typed, call)
    if kind is MovementKind.RECEIVING:
        return _supplied(typed, call, doer), told
    pieces = [
        Piece(typed.raw(f"lot-{row}"), _grams(typed, f"take-{row}"), _grams(typed, f"loss-{row}"))
        for row in range(MOST_ROWS)
        if typed.raw(f"take-{row}").strip()
    ]
    outputs = [
        Made(
            _grams(typed, f"out-{row}"),
            typed.day(f"best-{row}"),
            typed.text(f"grade-{row}", longest=40),
        )
        for row in range(MOST_OUTPUTS)
        if typed.raw(f"out-{row}").strip()
    ]
    loss = _grams(typed, "loss")
    typed.done()
    receiver, party = receiver_typed(typed, call, doer)
    return Wanted(kind, pieces, outputs, loss, receiver, party), told


def _supplied(typed: Typed, call: Call, doer: Doer) -> Wanted:
    """What a supplier from outside brought: a crop, kilograms and a harvest day in each line."""
    supplies = [
        Supply(
            typed.raw(f"crop-{row}"),
            _grams(typed, f"out-{row}"),
            typed.day(f"harvested-{row}"),
            typed.day(f"best-{row}"),
            note=typed.text(f"note-{row}", longest=500),
        )
        for row in range(MOST_SUPPLIES)
        if typed.raw(f"out-{row}").strip() or typed.raw(f"crop-{row}")
    ]
    typed.done()
    if typed.raw("receiver") == NEW and not typed.raw("address").strip():
        raise refuse("address", say("One step back names the supplier with its address."))
    _, party = receiver_typed(typed, call, doer)
    return Wanted(MovementKind.RECEIVING, (), party=party, supplies=supplies)


def receipt_typed(typed: Typed, delivery: DeliveryTold) -> Receipt:
    """What a receiver says of every lot of a delivery."""
    for row in range(len(delivery.lines)):
        if not typed.raw(f"received-{row}").strip():
            # An empty field is no answer: read as none, all of it would be missing.
            why = say("Write how many kilograms were taken; 0 where none were.")
            raise refuse(f"received-{row}", why)
    lines = [
        Arrived(
            one.lot.code,
            _grams(typed, f"received-{row}"),
            _grams(typed, f"refused-{row}"),
            _condition(typed, f"condition-{row}"),
            typed.text(f"remark-{row}", longest=200),
        )
        for row, one in enumerate(delivery.lines)
    ]
    receipt = Receipt(
        lines,
        received_by=typed.text("received_by", longest=120),
        remark=typed.text("remark", longest=500, multiline=True),
        document=typed.text("document", longest=80),
    )
    typed.done()
    return receipt


def party_typed(typed: Typed) -> PartyDetails:
    """An outside party."""
    kind = typed.raw("party_kind") or PartyKind.OTHER
    if kind not in set(PartyKind):
        raise refuse("party_kind", say("Choose one from the list."))
    details = PartyDetails(
        name=typed.text("name", longest=160, required=True),
        kind=PartyKind(kind),
        address=typed.text("address", longest=200),
        code=typed.text("party_code", longest=40),
        phone=typed.text("phone", longest=20),
    )
    typed.done()
    return details


def receiver_typed(
    typed: Typed, call: Call, doer: Doer
) -> tuple[Organisation | None, Party | None]:
    """Chosen as `o:ID` (an organisation of the system), `p:ID` (an own party) or `new`."""
    chosen = typed.raw("receiver")
    if chosen == NEW:
        return None, register_party(call.session, doer, party_typed(typed))
    if chosen.startswith("o:"):
        return organisation_by_uid(call.session, _uid(chosen), within=Reach.all()), None
    if chosen.startswith("p:"):
        own = Reach.own(doer.organisation.pk)
        return None, party_by_uid(call.session, _uid(chosen), within=own)
    return None, None


def _uid(chosen: str) -> UUID:
    try:
        return UUID(chosen[2:])
    except ValueError:
        return UUID(int=0)  # nobody's


def _contract(typed: Typed, call: Call) -> Contract | None:
    chosen = typed.raw("contract")
    if chosen in {"", NONE}:
        return None
    return own_contract(call.session, _uid(f"c:{chosen}"), call.caller.organisation_id)


def _circumstances(typed: Typed, call: Call) -> Circumstances:
    day = typed.day("happened_on") or call.today
    # Of another day nobody asks for the hour: noon stands for it.
    at = call.now if day == call.today else datetime.combine(day, NOON, HOME)
    return Circumstances(
        happened_at=at,
        place=typed.text("place", longest=160),
        document=typed.text("document", longest=80),
        reason=typed.text("reason", longest=500, multiline=True),
        contract=_contract(typed, call),
        outside_contracts=typed.raw("contract") == NONE,
    )


def _grams(typed: Typed, name: str) -> Grams:
    return Grams(typed.amount(name, factor=KILOGRAM) or 0)


def _condition(typed: Typed, name: str) -> Condition:
    chosen = typed.raw(name)
    if chosen not in set(Condition):
        # In what state goods arrived is never guessed: it is what a receipt is for.
        raise refuse(name, say("Choose one from the list."))
    return Condition(chosen)
