"""Tables of lots: a harvest with its trace code, where it came from, what it could claim."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class LotState(StrEnum):
    """A held lot waits for an answer and may not leave; a closed one is gone, all of it."""

    OPEN = "open"
    SEALED = "sealed"
    HELD = "held"
    RECALLED = "recalled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class LotKind(StrEnum):
    """How a lot came to be: brought in from an area, got from outside, or made of others by a movement.

    `supplied`: from a supplier who is not in the system. Nothing is known of where it grew.
    """

    HARVEST = "harvest"
    SUPPLIED = "supplied"
    PACKED = "packed"
    SPLIT = "split"
    MERGED = "merged"
    PROCESSED = "processed"


class HarvestLot(Row, Versioned, table=True):
    """One harvest of one crop from one area on one day, or a lot made of such: what is labelled and traced.

    `code` is the trace code people and machines use (product decision 3); `quantity_g` in grams.
    Only a harvest has an area; a derived lot has its sources (`LotEdge`), and `harvested_on` is the
    first of their days. Of a supplied lot it is the day that the supplier says.
    """

    __tablename__ = "harvest_lot"
    __table_args__ = (
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        CheckConstraint("(kind = 'harvest') = (area_id IS NOT NULL)", name="area_id"),
        CheckConstraint("packed_on IS NULL OR packed_on >= harvested_on", name="packed_on"),
        CheckConstraint("best_before IS NULL OR best_before >= harvested_on", name="best_before"),
        Index("ix_harvest_lot_organisation", "organisation_id", "id"),
        Index("ix_harvest_lot_area", "area_id", "harvested_on"),
        Index("ix_harvest_lot_harvested_on", "harvested_on"),
        # What the clerk's day starts with: today's harvests, what is open, what may be sold today.
        Index("ix_harvest_lot_day", "organisation_id", "harvested_on"),
        Index("ix_harvest_lot_state", "organisation_id", "state", "harvested_on"),
        Index("ix_harvest_lot_sellable", "organisation_id", "sellable_from"),
        Index("ix_harvest_lot_recorded_at", "recorded_at"),
    )

    code: str = Field(max_length=20, unique=True)
    kind: LotKind = Field(default=LotKind.HARVEST, sa_type=stored_as_text(LotKind, "kind"))
    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int | None = Field(default=None, foreign_key="planting_area.id")
    crop_id: int = Field(foreign_key="crop.id", index=True)
    grower_id: int | None = Field(default=None, foreign_key="grower.id", index=True)
    harvested_on: date
    packed_on: date | None = Field(default=None)
    best_before: date | None = Field(default=None)
    quantity_g: int
    grade: str = Field(default="", max_length=40)
    # Not to be sold before this day: the latest end of a pre-harvest interval. None: none runs.
    sellable_from: date | None = Field(default=None)
    note: str = Field(default="", max_length=500)
    state: LotState = Field(
        default=LotState.OPEN,
        sa_type=stored_as_text(LotState, "state"),
    )
    state_reason: str = Field(default="", max_length=500)
    state_since: datetime = Field(sa_type=UTCDateTime)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    ledger_position: int = Field(default=0)


class LotClaim(Row, table=True):
    """What a lot could and could not claim when it was recorded: kept as it was, whatever comes later."""

    __tablename__ = "lot_claim"
    __table_args__ = (UniqueConstraint("lot_id", "kind"),)

    lot_id: int = Field(foreign_key="harvest_lot.id")
    kind: str = Field(max_length=32)
    granted: bool
    certificate_id: int | None = Field(default=None, foreign_key="certificate.id")
    # The sentence that says why, as msgid and JSON values: said in the reader's language.
    reason: str = Field(max_length=300)
    reason_values: str = Field(default="{}")


class LotSource(Row, table=True):
    """A part of a lot: what one planting, plot or member brought to it. `quantity_g` in grams.

    A lot without such rows came from its area as a whole. `entry_id` is the first of the diary
    entries it was made from (before corrections), so that no kilogram is counted twice; a lot that
    was recorded by mistake lets it go.
    """

    __tablename__ = "lot_source"
    __table_args__ = (
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        UniqueConstraint("entry_id"),
        Index("ix_lot_source_lot", "lot_id"),
    )

    lot_id: int = Field(foreign_key="harvest_lot.id")
    planting_id: int | None = Field(default=None, foreign_key="planting.id", index=True)
    plot_id: int | None = Field(default=None, foreign_key="plot.id", index=True)
    grower_id: int | None = Field(default=None, foreign_key="grower.id", index=True)
    entry_id: int | None = Field(default=None, foreign_key="diary_entry.id")
    quantity_g: int = Field(sa_type=BigInteger)


class LotPicture(SQLModel, table=True):
    """A photograph of a lot; the first is the one its public page shows."""

    __tablename__ = "lot_picture"

    lot_id: int = Field(primary_key=True, foreign_key="harvest_lot.id")
    picture_id: int = Field(primary_key=True, foreign_key="picture.id", index=True)
    rank: int = Field(default=0)


class LotStep(Row, table=True):
    """A change of a lot's state, with its reason; the newest tells the state."""

    __tablename__ = "lot_step"
    __table_args__ = (Index("ix_lot_step_lot", "lot_id", "id"),)

    lot_id: int = Field(foreign_key="harvest_lot.id")
    state: LotState = Field(sa_type=stored_as_text(LotState, "state"))
    reason: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class Archive(Public, table=True):
    """Records whose time of keeping is over, written to one signed file and counted here.

    `content` is the gzipped file, `sha256` its hash, `signature` base64 (Ed25519) over the file.
    """

    __tablename__ = "archive"

    name: str = Field(max_length=160, unique=True)
    kind: str = Field(max_length=40)
    until: date
    rows: int
    sha256: str = Field(max_length=64)
    signature: str = Field(default="", max_length=200)
    content: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=UTCDateTime)
