"""The words of movements, deliveries and parties, as messages to be said."""

from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.models.movements import (
    Condition,
    DeliveryState,
    Direction,
    HoldingState,
    MovementKind,
    PartyKind,
)

KINDS: dict[MovementKind, Message] = {
    MovementKind.PACKING: say("Packing"),
    MovementKind.SPLITTING: say("Splitting"),
    MovementKind.MERGING: say("Merging"),
    MovementKind.PROCESSING: say("Processing"),
    MovementKind.STORING: say("Storing, weighing again"),
    MovementKind.SHIPPING: say("Shipping"),
    MovementKind.RECEIVING: say("Receiving"),
    MovementKind.SELLING: say("Selling"),
    MovementKind.RETURNING: say("Return"),
    MovementKind.DESTROYING: say("Destroying"),
}
DIRECTIONS: dict[Direction, Message] = {
    Direction.IN: say("Goes in"),
    Direction.OUT: say("Comes out"),
}
# What a clerk may begin, what is done most first. Receiving: of goods from outside; what organisations of
# the system send is received by confirming its delivery.
TO_DO: tuple[MovementKind, ...] = (
    MovementKind.SHIPPING,
    MovementKind.PACKING,
    MovementKind.MERGING,
    MovementKind.SPLITTING,
    MovementKind.SELLING,
    MovementKind.RECEIVING,
    MovementKind.STORING,
    MovementKind.PROCESSING,
    MovementKind.RETURNING,
    MovementKind.DESTROYING,
)
HELD: dict[HoldingState, Message] = {
    HoldingState.IN_HAND: say("In hand"),
    HoldingState.IN_TRANSIT: say("On the way"),
    HoldingState.WITH_PARTY: say("With a buyer"),
    HoldingState.SOLD: say("Sold to consumers"),
    HoldingState.LOST: say("Lost in store"),
    HoldingState.DESTROYED: say("Destroyed"),
    HoldingState.MISSING: say("Sent, and missing"),
    HoldingState.UNACCOUNTED: say("Gone without a record"),
}
DELIVERIES: dict[DeliveryState, Message] = {
    DeliveryState.AWAITING: say("Awaiting confirmation"),
    DeliveryState.RECEIVED: say("Confirmed"),
    DeliveryState.REFUSED: say("Refused"),
    DeliveryState.CLOSED: say("Settled"),
}
PARTIES: dict[PartyKind, Message] = {
    PartyKind.WHOLESALER: say("Wholesaler, market hall"),
    PartyKind.RETAILER: say("Shop, supermarket"),
    PartyKind.KITCHEN: say("School or canteen kitchen"),
    PartyKind.PROCESSOR: say("Processor"),
    PartyKind.EXPORTER: say("Exporter"),
    PartyKind.SUPPLIER: say("Supplier"),
    PartyKind.OTHER: say("Another buyer"),
}
CONDITIONS: dict[Condition, Message] = {
    Condition.GOOD: say("Good"),
    Condition.DAMAGED: say("Bruised or damaged"),
    Condition.SPOILED: say("Spoiled"),
}


def party_options(language: Language) -> list[tuple[str, str]]:
    """What an outside party may be, for a list to choose from."""
    return [(kind.value, language.say(words)) for kind, words in PARTIES.items()]
