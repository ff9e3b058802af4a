"""Tables of inputs: pesticides, fertilisers, seed; what they hold, what they may be used for, since when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text
from app.models.catalogue import Confidence, RowSource


class InputKind(StrEnum):
    PESTICIDE = "pesticide"
    FERTILISER = "fertiliser"
    SEED = "seed"
    OTHER = "other"


class InputProduct(Public, Versioned, table=True):
    """A product that a grower buys: its trade name, and what kind of input it is.

    `organic_permitted`: on the list of substances that organic production allows (None: not known).
    """

    __tablename__ = "input_product"
    __table_args__ = (
        UniqueConstraint("kind", "name_key", "registrant"),
        Index("ix_input_product_name_key", "name_key", "id"),
    )

    kind: InputKind = Field(sa_type=stored_as_text(InputKind, "kind"))
    name: str = Field(max_length=160)
    name_key: str = Field(max_length=160)
    registrant: str = Field(default="", max_length=160)
    formulation: str = Field(default="", max_length=60)
    pesticide_group: str = Field(default="", max_length=40)
    organic_permitted: bool | None = Field(default=None)
    # A photograph of the label, from which the interval was read.
    label_picture_id: int | None = Field(default=None, foreign_key="picture.id")
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )
    created_at: datetime = Field(sa_type=UTCDateTime)


class ProductActive(Row, table=True):
    """An active ingredient of a product, by its whole name."""

    __tablename__ = "product_active"
    __table_args__ = (UniqueConstraint("product_id", "name_key"),)

    product_id: int = Field(foreign_key="input_product.id")
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120, index=True)
    content: str = Field(default="", max_length=60)


class Permission(StrEnum):
    PERMITTED = "permitted"
    BANNED = "banned"
    REMOVED = "removed"


class ProductPermission(Row, table=True):
    """Whether a product was on the permitted list for a time. Both days inclusive."""

    __tablename__ = "product_permission"
    __table_args__ = (
        UniqueConstraint("product_id", "status", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    product_id: int = Field(foreign_key="input_product.id", index=True)
    status: Permission = Field(sa_type=stored_as_text(Permission, "status"))
    valid_from: date
    valid_to: date | None = Field(default=None)
    legal_ref: str = Field(max_length=300)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class ProductUse(Row, table=True):
    """What a product is registered for: a crop or a group of crops as the list words it, and a pest.

    `interval_days`: the pre-harvest interval of the label (None: not known); only a label says it.
    """

    __tablename__ = "product_use"
    __table_args__ = (
        UniqueConstraint("product_id", "crop_words_key", "pest"),
        CheckConstraint("interval_days IS NULL OR interval_days >= 0", name="interval_days"),
    )

    product_id: int = Field(foreign_key="input_product.id", index=True)
    crop_words: str = Field(max_length=160)
    crop_words_key: str = Field(max_length=160)
    # The crop of ours that the words mean; None where they mean a group ("rau cải") or nothing known.
    crop_id: int | None = Field(default=None, foreign_key="crop.id", index=True)
    # A policy group or a family, where the words mean one ("rau cải" → Brassicaceae).
    crop_group: str = Field(default="", max_length=80)
    pest: str = Field(default="", max_length=160)
    dose: str = Field(default="", max_length=120)
    interval_days: int | None = Field(default=None)
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class UseException(Public, table=True):
    """An officer's recorded exception: this product may be used on this crop though not registered for it."""

    __tablename__ = "use_exception"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_use_exception_product", "product_id", "crop_id"),
    )

    product_id: int = Field(foreign_key="input_product.id")
    crop_id: int = Field(foreign_key="crop.id")
    # None: for every organisation.
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    interval_days: int | None = Field(default=None)
    reason: str = Field(max_length=500)
    valid_from: date
    valid_to: date | None = Field(default=None)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
