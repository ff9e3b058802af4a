"""The words of contracts, as messages to be said."""

from app.kit.messages import Message, say
from app.models.contracts import ContractState

STATES: dict[ContractState, Message] = {
    ContractState.DRAFT: say("Draft"),
    ContractState.SIGNED: say("Signed"),
    ContractState.ENDED: say("Over"),
    ContractState.CANCELLED: say("Cancelled"),
}
