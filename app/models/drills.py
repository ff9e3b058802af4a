"""Tables of drills: a recall that is only practised, timed and reported; nothing public knows of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class DrillState(StrEnum):
    """`begun`: its lots are found. `asking`: everybody who has goods was asked."""

    BEGUN = "begun"
    ASKING = "asking"
    ENDED = "ended"


class Drill(Public, Versioned, table=True):
    """A recall practised by an organisation or an authority: no lot is stopped by it.

    `asked_for`: what it began with, as it was typed. In grams, by the records when it began:
    `total_g` of all its lots, `missing_g` of which nobody knows where they are.
    """

    __tablename__ = "drill"
    __table_args__ = (
        CheckConstraint("total_g >= 0 AND missing_g >= 0", name="total_g"),
        CheckConstraint("(state = 'begun') = (asked_at IS NULL)", name="asked_at"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at"),
        Index("ix_drill_organisation", "organisation_id", "id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    asked_for: str = Field(max_length=300)
    state: DrillState = Field(default=DrillState.BEGUN, sa_type=stored_as_text(DrillState, "state"))
    started_at: datetime = Field(sa_type=UTCDateTime)
    traced_ms: int = Field(default=0)
    total_g: int = Field(default=0, sa_type=BigInteger)
    missing_g: int = Field(default=0, sa_type=BigInteger)
    asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lessons: str = Field(default="", max_length=1000)


class DrillLot(Row, table=True):
    """A lot of a drill. `root`: it began with it; the others were made of such."""

    __tablename__ = "drill_lot"
    __table_args__ = (
        UniqueConstraint("drill_id", "lot_id"),
        Index("ix_drill_lot_lot", "lot_id"),
    )

    drill_id: int = Field(foreign_key="drill.id")
    lot_id: int = Field(foreign_key="harvest_lot.id")
    root: bool = Field(default=False)


class DrillConsignee(Public, Versioned, table=True):
    """Somebody who has goods by the records and is asked whether it is so.

    `remaining_g` is still there, `passed_on_g` it sold on; what of `expected_g` is left is not found.
    """

    __tablename__ = "drill_consignee"
    __table_args__ = (
        CheckConstraint("(to_organisation_id IS NULL) <> (party_id IS NULL)", name="receiver"),
        CheckConstraint("remaining_g >= 0 AND passed_on_g >= 0", name="remaining_g"),
        CheckConstraint(
            "(answered_at IS NULL) = (remaining_g IS NULL)"
            " AND (answered_at IS NULL) = (passed_on_g IS NULL)",
            name="answered_at",
        ),
        UniqueConstraint("drill_id", "to_organisation_id"),
        UniqueConstraint("drill_id", "party_id"),
        UniqueConstraint("token_hash"),
        Index("ix_drill_consignee_receiver", "to_organisation_id", "drill_id"),
        Index("ix_drill_consignee_seller", "seller_id", "drill_id"),
        Index("ix_drill_consignee_party", "party_id"),
    )

    drill_id: int = Field(foreign_key="drill.id")
    seller_id: int = Field(foreign_key="organisation.id")
    to_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    party_id: int | None = Field(default=None, foreign_key="party.id")
    expected_g: int = Field(sa_type=BigInteger)
    token_hash: str | None = Field(default=None, max_length=64)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    remaining_g: int | None = Field(default=None, sa_type=BigInteger)
    passed_on_g: int | None = Field(default=None, sa_type=BigInteger)
    answered_by: str = Field(default="", max_length=120)
    remark: str = Field(default="", max_length=500)


class DrillReport(SQLModel, table=True):
    """The report of a drill as it was when it ended (PDF); the ledger keeps its SHA-256."""

    __tablename__ = "drill_report"

    drill_id: int = Field(primary_key=True, foreign_key="drill.id")
    content: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
