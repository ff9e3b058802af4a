"""Shapes of movements, deliveries and outside parties on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from app.api.shapes import Code, In, Name, Out, Words
from app.errors import refuse
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.contracts import Contract
from app.models.movements import (
    Condition,
    DeliveryState,
    HoldingState,
    MovementKind,
)
from app.movements.delivery_queries import DeliveryTold, LotInDelivery
from app.movements.making_commands import Made
from app.movements.queries import LotInMovement, MovementTold, StockLine
from app.movements.receiving_commands import Arrived, Receipt
from app.movements.recording import Circumstances, Piece
from app.movements.supplying_commands import Supply

# A hundred tonnes and more are no lot; far below what a number can be.
MOST_GRAMS = 1_000_000_000
MOST_LINES = 200
LOT = "LC0123456789ABC"


class PieceIn(In):
    """So much of a lot that is at hand. `loss_g`: gone of it, where a store weighs it again."""

    lot: Code = Field(examples=[LOT])
    quantity_g: int = Field(gt=0, le=MOST_GRAMS, examples=[100_000])
    loss_g: int = Field(default=0, ge=0, le=MOST_GRAMS)

    def piece(self) -> Piece:
        """The same, as the commands take it."""
        return Piece(self.lot, Grams(self.quantity_g), Grams(self.loss_g))


class MadeIn(In):
    """A lot that comes out."""

    quantity_g: int = Field(gt=0, le=MOST_GRAMS, examples=[98_000])
    best_before: date | None = None
    grade: Code = ""
    note: Words = Field(default="", description="Of a supply: the supplier's own lot number.")
    crop: Code = Field(default="", description="Of a supply only.", examples=["BAP_CAI"])
    harvested_on: date | None = Field(
        default=None, description="Of a supply only: as the supplier says."
    )

    def made(self) -> Made:
        """The same, as the commands take it."""
        if self.crop or self.harvested_on:
            why = say("Crop and harvest day are those of what went in: leave them out.")
            raise refuse("outputs", why)
        return Made(Grams(self.quantity_g), self.best_before, self.grade, self.note)

    def supply(self) -> Supply:
        """The same of what a supplier brought."""
        quantity = Grams(self.quantity_g)
        return Supply(
            self.crop, quantity, self.harvested_on, self.best_before, self.grade, self.note
        )


class MovementIn(In):
    """What was done with lots.

    Packing, splitting, merging and processing name what comes out in `outputs`, and what is lost;
    shipping its receiver; selling and returning the outside party, if there is one. Receiving is
    for goods from a supplier outside of the system, the `party`: it names what came in `outputs`.
    """

    kind: MovementKind = Field(examples=["packing"])
    happened_at: datetime | None = Field(default=None, description="Null: now. With its time zone.")
    place: Name = Field(default="", examples=["Nhà đóng gói Bản Phố"])
    gln: Code = Field(default="", description="One of your own location numbers.")
    document: Code = Field(default="", examples=["PXK-0123"])
    reason: Words = ""
    inputs: list[PieceIn] = Field(max_length=MOST_LINES)
    outputs: list[MadeIn] = Field(default=[], max_length=MOST_LINES)
    loss_g: int = Field(default=0, ge=0, le=MOST_GRAMS)
    receiver: UUID | None = Field(default=None, description="An organisation of the system.")
    party: UUID | None = Field(default=None, description="An outside party of yours.")
    contract: UUID | None = Field(
        default=None,
        description="For which contract goods leave. Null: the only one that they can be meant for.",
    )
    outside_contracts: bool = Field(default=False, description="It counts for no contract.")

    def told(self, now: datetime, contract: Contract | None = None) -> Circumstances:
        """When, where, by which papers and why."""
        return Circumstances(
            self.happened_at or now,
            self.place,
            self.gln,
            self.document,
            self.reason,
            contract,
            self.outside_contracts,
        )

    def pieces(self) -> list[Piece]:
        """What goes in, or out."""
        return [one.piece() for one in self.inputs]


class MovementLineOut(Out):
    """A lot in a movement."""

    lot: str
    crop: str
    quantity_g: int

    @classmethod
    def of(cls, one: LotInMovement) -> "MovementLineOut":
        return cls(lot=one.lot.code, crop=one.crop.slug, quantity_g=one.line.quantity_g)


class MovementOut(Out):
    """A movement. Who the outside party is, is told to its organisation and to inspectors."""

    id: UUID
    kind: MovementKind
    organisation: UUID
    happened_at: datetime
    recorded_at: datetime
    place: str
    gln: str | None
    document: str
    reason: str
    counterparty: UUID | None
    party: UUID | None
    contract: UUID | None
    inputs: list[MovementLineOut]
    outputs: list[MovementLineOut]
    loss_g: int
    difference_g: int
    delivery: UUID | None
    counters: bool = Field(description="It takes another movement back.")
    undone_by: UUID | None
    link: str | None = Field(
        description="Where the receiver confirms, once; told only when the goods are shipped."
    )

    @classmethod
    def of(cls, told: MovementTold, link: str | None = None) -> "MovementOut":
        row = told.movement
        return cls(
            id=row.uid,
            kind=row.kind,
            organisation=told.organisation.uid,
            happened_at=row.happened_at,
            recorded_at=row.recorded_at,
            place=row.place,
            gln=row.gln,
            document=row.document,
            reason=row.reason,
            counterparty=told.counterparty.uid if told.counterparty else None,
            party=told.party.uid if told.party else None,
            contract=told.contract.uid if told.contract else None,
            inputs=[MovementLineOut.of(one) for one in told.into],
            outputs=[MovementLineOut.of(one) for one in told.out],
            loss_g=row.loss_g,
            difference_g=row.difference_g,
            delivery=told.delivery.uid if told.delivery else None,
            counters=row.counters_id is not None,
            undone_by=told.undone_by.uid if told.undone_by else None,
            link=link,
        )


class HoldingOut(Out):
    """How much of a lot is where."""

    lot: str
    crop: str
    organisation: UUID
    state: HoldingState
    party: UUID | None
    quantity_g: int

    @classmethod
    def of(cls, line: StockLine) -> "HoldingOut":
        return cls(
            lot=line.lot.code,
            crop=line.crop.slug,
            organisation=line.organisation.uid,
            state=line.holding.state,
            party=line.party.uid if line.party else None,
            quantity_g=line.holding.quantity_g,
        )


class ArrivedIn(In):
    """What arrived of one lot; what of the sent is neither received nor refused is missing."""

    lot: Code = Field(examples=[LOT])
    received_g: int = Field(ge=0, le=MOST_GRAMS)
    refused_g: int = Field(default=0, ge=0, le=MOST_GRAMS)
    condition: Condition = Condition.GOOD
    remark: Name = ""

    def arrived(self) -> Arrived:
        """The same, as the command takes it."""
        return Arrived(
            self.lot, Grams(self.received_g), Grams(self.refused_g), self.condition, self.remark
        )


class ReceiptIn(In):
    """The confirmation of a delivery: every lot of it."""

    lines: list[ArrivedIn] = Field(max_length=MOST_LINES)
    received_by: Name = ""
    document: Code = ""
    remark: Words = ""

    def receipt(self) -> Receipt:
        """The same, as the command takes it."""
        lines = [one.arrived() for one in self.lines]
        return Receipt(lines, self.received_by, self.remark, self.document)


class DeliveryLineOut(Out):
    """A lot in a delivery; nulls: nobody answered yet."""

    lot: str
    crop: str
    sent_g: int
    received_g: int | None
    refused_g: int | None
    missing_g: int
    condition: Condition | None
    remark: str

    @classmethod
    def of(cls, one: LotInDelivery) -> "DeliveryLineOut":
        row = one.line
        return cls(
            lot=one.lot.code,
            crop=one.crop.slug,
            sent_g=row.sent_g,
            received_g=row.received_g,
            refused_g=row.refused_g,
            missing_g=one.missing_g,
            condition=row.condition,
            remark=row.remark,
        )


class DeliveryOut(Out):
    """A delivery, as its sender and its receiver see it."""

    id: UUID
    state: DeliveryState
    sender: UUID
    sender_name: str
    receiver: UUID | None
    party: UUID | None
    shipped_at: datetime
    document: str
    expires_at: datetime | None
    answered_at: datetime | None
    remark: str
    lines: list[DeliveryLineOut]

    @classmethod
    def of(cls, told: DeliveryTold) -> "DeliveryOut":
        row = told.delivery
        return cls(
            id=row.uid,
            state=row.state,
            sender=told.sender.uid,
            sender_name=told.sender.name,
            receiver=told.receiver.uid if told.receiver else None,
            party=told.party.uid if told.party else None,
            shipped_at=told.movement.happened_at,
            document=told.movement.document,
            expires_at=row.expires_at,
            answered_at=row.answered_at,
            remark=row.remark,
            lines=[DeliveryLineOut.of(one) for one in told.lines],
        )
