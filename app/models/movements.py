"""Tables of movements: what was done with lots, by whom, with how many kilograms, and where they are now."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class MovementKind(StrEnum):
    """Critical tracking events (TCVN 12850). The first four make new lots out of lots."""

    PACKING = "packing"
    SPLITTING = "splitting"
    MERGING = "merging"
    PROCESSING = "processing"
    STORING = "storing"
    SHIPPING = "shipping"
    RECEIVING = "receiving"
    SELLING = "selling"
    RETURNING = "returning"
    DESTROYING = "destroying"


class Direction(StrEnum):
    """Whether a lot went into a movement or came out of it."""

    IN = "in"
    OUT = "out"


class HoldingState(StrEnum):
    """Where kilograms of a lot are, seen from an organisation.

    `with_party`: delivered to one of its outside parties. `missing`: sent, and not received.
    `unaccounted`: gone before movements were written down, or closed without one.
    """

    IN_HAND = "in_hand"
    IN_TRANSIT = "in_transit"
    WITH_PARTY = "with_party"
    SOLD = "sold"
    LOST = "lost"
    DESTROYED = "destroyed"
    MISSING = "missing"
    UNACCOUNTED = "unaccounted"


class DeliveryState(StrEnum):
    """Where a delivery stands: on its way, confirmed, refused as a whole, or back with the sender."""

    AWAITING = "awaiting"
    RECEIVED = "received"
    REFUSED = "refused"
    CLOSED = "closed"


class PartyKind(StrEnum):
    """What an outside party is; a supplier gives, all others take."""

    WHOLESALER = "wholesaler"
    RETAILER = "retailer"
    KITCHEN = "kitchen"
    PROCESSOR = "processor"
    EXPORTER = "exporter"
    SUPPLIER = "supplier"
    OTHER = "other"


class Condition(StrEnum):
    """In what condition goods arrived."""

    GOOD = "good"
    DAMAGED = "damaged"
    SPOILED = "spoiled"


class Party(Public, Versioned, table=True):
    """Somebody outside of the system with whom an organisation trades: seen by it and by inspectors only.

    What a one-step-forward record needs (TT 17/2021/TT-BNNPTNT): name, address, code where it has one.
    """

    __tablename__ = "party"
    __table_args__ = (Index("ix_party_organisation", "organisation_id", "name_key", "id"),)

    organisation_id: int = Field(foreign_key="organisation.id")
    kind: PartyKind = Field(sa_type=stored_as_text(PartyKind, "kind"))
    name: str = Field(max_length=160)
    name_key: str = Field(max_length=160)
    address: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=20)
    created_at: datetime = Field(sa_type=UTCDateTime)


class Movement(Public, table=True):
    """One thing done with lots at a time and a place: a fact, undone only by a counter-movement.

    In grams: in = out + `loss_g` + `difference_g`; the difference stays within the stated tolerance.
    `counters_id`: the movement that this one takes back. `gln`: the place, where it has a number.
    `contract_id`: the contract that goods leave for.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("loss_g >= 0", name="loss_g"),
        CheckConstraint("counterparty_id IS NULL OR party_id IS NULL", name="counterparty"),
        CheckConstraint("counters_id < id", name="counters"),
        UniqueConstraint("counters_id"),
        Index("ix_movement_organisation", "organisation_id", "id"),
        Index("ix_movement_happened_at", "organisation_id", "happened_at"),
        Index("ix_movement_counterparty", "counterparty_id", "id"),
        Index("ix_movement_party", "party_id", "id"),
        Index("ix_movement_contract", "contract_id", "id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    kind: MovementKind = Field(sa_type=stored_as_text(MovementKind, "kind"))
    happened_at: datetime = Field(sa_type=UTCDateTime)
    gln: str | None = Field(default=None, max_length=13)
    place: str = Field(default="", max_length=160)
    counterparty_id: int | None = Field(default=None, foreign_key="organisation.id")
    party_id: int | None = Field(default=None, foreign_key="party.id")
    contract_id: int | None = Field(default=None, foreign_key="contract.id")
    document: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=500)
    loss_g: int = Field(default=0, sa_type=BigInteger)
    difference_g: int = Field(default=0, sa_type=BigInteger)
    counters_id: int | None = Field(default=None, foreign_key="movement.id")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    ledger_position: int = Field(default=0)


class MovementLine(Row, table=True):
    """A lot in a movement, with its kilograms: in (given to it) or out (came of it)."""

    __tablename__ = "movement_line"
    __table_args__ = (
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        UniqueConstraint("movement_id", "lot_id", "direction"),
        Index("ix_movement_line_lot", "lot_id", "movement_id"),
    )

    movement_id: int = Field(foreign_key="movement.id")
    lot_id: int = Field(foreign_key="harvest_lot.id")
    direction: Direction = Field(sa_type=stored_as_text(Direction, "direction"))
    quantity_g: int = Field(sa_type=BigInteger)


class LotEdge(Row, table=True):
    """So many grams of one lot went into another, before losses. A child is always younger: no cycles."""

    __tablename__ = "lot_edge"
    __table_args__ = (
        CheckConstraint("child_id > parent_id", name="child_id"),
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        Index("ix_lot_edge_parent", "parent_id", "child_id", "quantity_g"),
        Index("ix_lot_edge_child", "child_id", "parent_id", "quantity_g"),
        UniqueConstraint("movement_id", "parent_id", "child_id"),
    )

    parent_id: int = Field(foreign_key="harvest_lot.id")
    child_id: int = Field(foreign_key="harvest_lot.id")
    quantity_g: int = Field(sa_type=BigInteger)
    movement_id: int = Field(foreign_key="movement.id")


def _one_holding(name: str, *columns: str, where: str) -> Index:
    return Index(
        name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where)
    )


class Holding(Row, table=True):
    """How many grams of a lot are where: with an organisation, on the way, sold, lost.

    Of every lot that is not withdrawn: what it weighs = all its holdings + what went into other lots.
    """

    __tablename__ = "holding"
    __table_args__ = (
        CheckConstraint("quantity_g >= 0", name="quantity_g"),
        CheckConstraint("(state = 'with_party') = (party_id IS NOT NULL)", name="party"),
        _one_holding(
            "uq_holding_own", "lot_id", "organisation_id", "state", where="party_id IS NULL"
        ),
        _one_holding("uq_holding_party", "lot_id", "party_id", where="party_id IS NOT NULL"),
        Index("ix_holding_lot", "lot_id", "state"),
        Index("ix_holding_organisation", "organisation_id", "state", "lot_id"),
    )

    lot_id: int = Field(foreign_key="harvest_lot.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    state: HoldingState = Field(sa_type=stored_as_text(HoldingState, "state"))
    party_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    quantity_g: int = Field(sa_type=BigInteger)


class Delivery(Public, Versioned, table=True):
    """What was shipped once to one receiver (lô hàng giao), who confirms it by a link that works once.

    `token_hash` None: the receiver is an organisation of the system and signs in instead.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("(to_organisation_id IS NULL) <> (party_id IS NULL)", name="receiver"),
        UniqueConstraint("movement_id"),
        UniqueConstraint("token_hash"),
        Index("ix_delivery_organisation", "organisation_id", "id"),
        Index("ix_delivery_to_organisation", "to_organisation_id", "id"),
        Index("ix_delivery_party", "party_id", "id"),
    )

    movement_id: int = Field(foreign_key="movement.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    to_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    party_id: int | None = Field(default=None, foreign_key="party.id")
    state: DeliveryState = Field(
        default=DeliveryState.AWAITING, sa_type=stored_as_text(DeliveryState, "state")
    )
    token_hash: str | None = Field(default=None, max_length=64)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    # The movements by which it arrived and by which what was refused came back.
    receiving_id: int | None = Field(default=None, foreign_key="movement.id", unique=True)
    returning_id: int | None = Field(default=None, foreign_key="movement.id", unique=True)
    received_by: str = Field(default="", max_length=120)
    remark: str = Field(default="", max_length=500)


class DeliveryLine(Row, table=True):
    """A lot in a delivery: what was sent, taken and refused; the rest is missing."""

    __tablename__ = "delivery_line"
    __table_args__ = (
        CheckConstraint("sent_g > 0", name="sent_g"),
        CheckConstraint(
            "received_g >= 0 AND refused_g >= 0 AND received_g + refused_g <= sent_g",
            name="received_g",
        ),
        UniqueConstraint("delivery_id", "lot_id"),
        Index("ix_delivery_line_lot", "lot_id"),
    )

    delivery_id: int = Field(foreign_key="delivery.id")
    lot_id: int = Field(foreign_key="harvest_lot.id")
    sent_g: int = Field(sa_type=BigInteger)
    received_g: int | None = Field(default=None, sa_type=BigInteger)
    refused_g: int | None = Field(default=None, sa_type=BigInteger)
    condition: Condition | None = Field(
        default=None, sa_type=stored_as_text(Condition, "condition")
    )
    remark: str = Field(default="", max_length=200)
