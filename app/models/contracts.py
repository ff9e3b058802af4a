"""Tables of contracts: what an organisation agreed to deliver to whom, how much of it, until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Public, UTCDateTime, Versioned, stored_as_text


class ContractState(StrEnum):
    """A draft is the seller's alone; a signed contract is fulfilled by what is delivered."""

    DRAFT = "draft"
    SIGNED = "signed"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Contract(Public, Versioned, table=True):
    """A contract of linked production and consumption (hợp đồng liên kết, NĐ 98/2018/NĐ-CP).

    `organisation_id` delivers to `buyer_id` (an organisation of the system) or to `party_id` (an outside
    party of its own). `price_dong` is what a kilogram costs; it is told to the two parties and to
    officials, and to nobody else.
    """

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("(buyer_id IS NULL) <> (party_id IS NULL)", name="buyer"),
        CheckConstraint("buyer_id <> organisation_id", name="oneself"),
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        CheckConstraint("price_dong > 0", name="price_dong"),
        CheckConstraint("ends_on >= starts_on", name="ends_on"),
        CheckConstraint(
            "state IN ('draft', 'cancelled') OR signed_on IS NOT NULL", name="signed_on"
        ),
        UniqueConstraint("organisation_id", "number_key"),
        Index("ix_contract_buyer", "buyer_id", "id"),
        Index("ix_contract_party", "party_id", "state"),
        Index("ix_contract_crop", "crop_id", "state", "starts_on"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    buyer_id: int | None = Field(default=None, foreign_key="organisation.id")
    party_id: int | None = Field(default=None, foreign_key="party.id")
    number: str = Field(max_length=60)
    number_key: str = Field(max_length=60)
    crop_id: int = Field(foreign_key="crop.id")
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    quantity_g: int = Field(sa_type=BigInteger)
    price_dong: int | None = Field(default=None, sa_type=BigInteger)
    starts_on: date
    ends_on: date
    note: str = Field(default="", max_length=500)
    state: ContractState = Field(
        default=ContractState.DRAFT, sa_type=stored_as_text(ContractState, "state")
    )
    signed_on: date | None = Field(default=None)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_reason: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
