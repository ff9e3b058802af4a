"""What an organisation moved, sent and is to receive, for the walk along the policy table."""

from app.models.registry import Organisation
from app.movements.shipping_commands import Receiver
from tests.contracting.agreeing import agreed
from tests.given import Given
from tests.movements.moving import Moving


def moved_things(given: Given, home: Organisation) -> dict[str, str]:
    """A movement, an outside party, a delivery that was sent, and one that is to be received."""
    moving, sender = Moving(given, home), Moving(given)
    party = moving.party()
    sent = moving.ship(moving.lot(100), 10_000, Receiver(party=party))
    lot = sender.lot(100)
    incoming = sender.ship(lot, 10_000, Receiver(organisation=home))
    return {
        "movement": str(sent.movement.uid),
        "delivery": str(sent.delivery.uid),
        "incoming": str(incoming.delivery.uid),
        "shipped_lot": lot.code,
        "party": str(party.uid),
        "contract": str(agreed(moving, party).uid),
    }
