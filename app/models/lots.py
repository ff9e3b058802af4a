"""Tables of lots: a harvest with its trace code, what it could claim, and how it changed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, UTCDateTime, Versioned, stored_as_text


class LotState(StrEnum):
    OPEN = "open"
    SEALED = "sealed"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"


class HarvestLot(Row, Versioned, table=True):
    """One harvest of one crop from one area on one day: the unit that is labelled and traced.

    `code` is the trace code people and machines use (product decision 3); `quantity_g` in grams.
    """

    __tablename__ = "harvest_lot"
    __table_args__ = (
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        CheckConstraint("packed_on IS NULL OR packed_on >= harvested_on", name="packed_on"),
        CheckConstraint("best_before IS NULL OR best_before >= harvested_on", name="best_before"),
        Index("ix_harvest_lot_organisation", "organisation_id", "id"),
        Index("ix_harvest_lot_area", "area_id", "harvested_on"),
        Index("ix_harvest_lot_harvested_on", "harvested_on"),
    )

    code: str = Field(max_length=20, unique=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int = Field(foreign_key="planting_area.id")
    crop_id: int = Field(foreign_key="crop.id", index=True)
    grower_id: int | None = Field(default=None, foreign_key="grower.id", index=True)
    harvested_on: date
    packed_on: date | None = Field(default=None)
    best_before: date | None = Field(default=None)
    quantity_g: int
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
