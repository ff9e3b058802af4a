"""Movements in a few words, as the tests of them need them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.models.movements import Movement, MovementKind, Party, PartyKind
from app.models.registry import Organisation
from app.movements.making_commands import Made, Making, make_lots
from app.movements.party_commands import PartyDetails, register_party
from app.movements.receiving_commands import Arrived, Receipt, receive_delivery
from app.movements.recording import Circumstances, Doer, Piece
from app.movements.shipping_commands import Receiver, Sent, ship_lots
from app.movements.supplying_commands import Supply, receive_supplies
from app.provenance.queries import story_of
from app.provenance.story import Story
from tests.conftest import BASE_URL
from tests.given import Given

LOST_GRAMS = text(
    "SELECT lot.code FROM harvest_lot lot WHERE lot.state <> 'withdrawn' AND lot.quantity_g <>"
    " (SELECT coalesce(sum(quantity_g), 0) FROM holding WHERE lot_id = lot.id)"
    " + (SELECT coalesce(sum(edge.quantity_g), 0) FROM lot_edge edge"
    "    JOIN harvest_lot child ON child.id = edge.child_id"
    "    WHERE edge.parent_id = lot.id AND child.state <> 'withdrawn')"
)
FROM_NOTHING = text(
    "SELECT lot.code FROM harvest_lot lot WHERE"
    " (lot.kind NOT IN ('harvest', 'supplied')"
    "  AND NOT EXISTS (SELECT 1 FROM lot_edge WHERE child_id = lot.id))"
    " OR (lot.kind = 'supplied' AND NOT EXISTS (SELECT 1 FROM movement_line line"
    "    JOIN movement m ON m.id = line.movement_id AND m.kind = 'receiving'"
    "    WHERE line.lot_id = lot.id AND line.direction = 'out' AND m.party_id IS NOT NULL))"
)


EN = {"Accept-Language": "en", "sec-fetch-site": "same-origin"}
SUPPLIER = PartyDetails(
    name="Hộ Giàng A Sử Kín", kind=PartyKind.SUPPLIER, address="Thôn Nậm Kín", code="MST-77"
)


class Moving:
    """What one organisation does with lots."""

    def __init__(self, given: Given, home: Organisation | None = None) -> None:
        self.given, self.session = given, given.session
        self.home = home or given.cooperative()
        self.doer = Doer(self.home, Actor.system(), given.now)
        self.told = Circumstances(
            happened_at=given.now - timedelta(hours=1), reason="Đơn hàng sáng."
        )

    def lot(self, kilograms: int, **details: Any) -> HarvestLot:
        area = details.pop("area", None) or self.given.area(self.home)
        return self.given.lot(area, kilograms=kilograms, **details)

    def story(self, lot: HarvestLot) -> Story:
        """What everybody may know of a lot."""
        address = f"{BASE_URL}/t/{lot.code}"
        return story_of(self.session, lot.code, address=address, now=self.given.now)

    def make(
        self, kind: MovementKind, inputs: list[Piece], out: list[int], loss: int = 0
    ) -> tuple[Movement, list[HarvestLot]]:
        making = Making(kind, inputs, [Made(Grams(one)) for one in out], Grams(loss))
        return make_lots(self.session, self.doer, making, self.told)

    def merge(self, *lots: HarvestLot) -> HarvestLot:
        """Merge all that lots were recorded with."""
        pieces = [piece(lot, lot.quantity_g) for lot in lots]
        whole = sum(lot.quantity_g for lot in lots)
        return self.make(MovementKind.MERGING, pieces, [whole])[1][0]

    def party(self, name: str = "Chợ đầu mối Bắc Hà") -> Party:
        return register_party(self.session, self.doer, PartyDetails(name=name))

    def supply(self, kilograms: int, **details: Any) -> tuple[Movement, HarvestLot]:
        """Receive goods from a supplier outside of the system."""
        told = replace(self.told, document=details.pop("document", "PNK-7"))
        supplier = details.pop("supplier", None) or register_party(
            self.session, self.doer, SUPPLIER
        )
        supply = Supply(
            **{
                "crop": "BAP_CAI",
                "quantity": Grams(kilograms * 1000),
                "harvested_on": self.given.day(-1),
                **details,
            }
        )
        movement, [lot] = receive_supplies(self.session, self.doer, supplier, [supply], told)
        return movement, lot

    def ship(self, lot: HarvestLot, grams: int, to: Receiver | None = None) -> Sent:
        receiver = to or Receiver(party=self.party())
        return ship_lots(self.session, self.doer, [piece(lot, grams)], self.told, to=receiver)

    def receive(self, sent: Sent, lot: HarvestLot, grams: int, refused: int = 0) -> Movement | None:
        line = Arrived(lot.code, Grams(grams), Grams(refused))
        return receive_delivery(
            self.session,
            sent.delivery,
            Receipt([line], received_by="Chị Hoa"),
            by=Actor.public(),
            now=self.given.now,
        )


def piece(lot: HarvestLot, grams: int, loss: int = 0) -> Piece:
    return Piece(lot.code, Grams(grams), Grams(loss))


def holdings(session: Session, lot: HarvestLot) -> dict[str, int]:
    """How many grams of a lot are where, by state."""
    wanted = text(
        "SELECT state, sum(quantity_g) FROM holding WHERE lot_id = :id AND quantity_g > 0"
        " GROUP BY state"
    )
    return {state: int(grams) for state, grams in session.execute(wanted, {"id": lot.pk})}


def unaccounted(session: Session) -> list[str]:
    """Lots whose kilograms do not add up, and lots that were made of nothing."""
    session.flush()
    return [row[0] for wanted in (LOST_GRAMS, FROM_NOTHING) for row in session.execute(wanted)]
