"""Tables of the farm diary: plantings, and what was done to them, by whom, with what."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class Planting(Public, Versioned, table=True):
    """One crop on some plots of one area in one season (nhật ký: lần gieo trồng).

    `sown_on`: sowing or planting day; `ended_on`: the last day it stood (None: it stands).
    """

    __tablename__ = "planting"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area_m2"),
        CheckConstraint("ended_on IS NULL OR ended_on >= sown_on", name="ended_on"),
        CheckConstraint("harvest_from IS NULL OR harvest_from >= sown_on", name="harvest_from"),
        Index("ix_planting_organisation", "organisation_id", "id"),
        Index("ix_planting_area", "area_id", "sown_on"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int = Field(foreign_key="planting_area.id")
    crop_id: int = Field(foreign_key="crop.id", index=True)
    variety: str = Field(default="", max_length=120)
    sown_on: date
    harvest_from: date | None = Field(default=None)
    harvest_to: date | None = Field(default=None)
    ended_on: date | None = Field(default=None)
    area_m2: int
    season_id: int | None = Field(default=None, foreign_key="season_declaration.id")
    note: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UTCDateTime)


class PlantingPlot(SQLModel, table=True):
    """A plot that a planting stands on; none: the area as a whole."""

    __tablename__ = "planting_plot"

    planting_id: int = Field(primary_key=True, foreign_key="planting.id")
    plot_id: int = Field(primary_key=True, foreign_key="plot.id", index=True)


class Work(StrEnum):
    """What was done (công việc)."""

    SOIL = "soil"
    SOWING = "sowing"
    WATERING = "watering"
    FERTILISING = "fertilising"
    SPRAYING = "spraying"
    WEEDING = "weeding"
    PEST_CHECK = "pest_check"
    HARVEST = "harvest"
    DISPOSAL = "disposal"
    OTHER = "other"


class DiaryEntry(Public, Versioned, table=True):
    """One thing done to one planting on one day. Never changed: a correction is another entry.

    `uid` is made by the device, so that an entry arrives once however often it is sent. Three
    times are kept apart: `done_on` (when it happened), `written_at` (the device's clock when it
    was written down) and `arrived_at` (ours). `corrects_id`: the entry it takes the place of;
    `void`: a correction that says it never happened.
    """

    __tablename__ = "diary_entry"
    __table_args__ = (
        CheckConstraint("area_m2 IS NULL OR area_m2 > 0", name="area_m2"),
        Index("ix_diary_entry_planting", "planting_id", "done_on", "id"),
        Index("ix_diary_entry_organisation", "organisation_id", "id"),
        Index("ix_diary_entry_day", "organisation_id", "done_on", "id"),
        Index("ix_diary_entry_done_on", "done_on", "id"),
        # One entry corrects another once: the second correction is a conflict, and is kept as one.
        UniqueConstraint("corrects_id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    planting_id: int = Field(foreign_key="planting.id")
    work: Work = Field(sa_type=stored_as_text(Work, "work"))
    done_on: date
    written_at: datetime = Field(sa_type=UTCDateTime)
    arrived_at: datetime = Field(sa_type=UTCDateTime)
    # Written down or sent in later than the dated rule allows: shown to inspectors as "ghi sau".
    back_dated: bool = Field(default=False)
    # The device's clock was too far from ours to be believed.
    clock_doubted: bool = Field(default=False)
    area_m2: int | None = Field(default=None)
    # Grams, for a harvest.
    quantity_g: int | None = Field(default=None, sa_type=BigInteger)
    grower_id: int | None = Field(default=None, foreign_key="grower.id", index=True)
    operator: str = Field(default="", max_length=120)
    weather: str = Field(default="", max_length=60)
    pest: str = Field(default="", max_length=160)
    reason: str = Field(default="", max_length=300)
    note: str = Field(default="", max_length=1000)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    corrects_id: int | None = Field(default=None, foreign_key="diary_entry.id")
    corrected: bool = Field(default=False)
    void: bool = Field(default=False)
    # The batch it came in with, where many plots were entered at once or a file was imported.
    batch: UUID | None = Field(default=None, index=True)


class EntryPlot(SQLModel, table=True):
    """A plot of the planting that an entry is about; none: all of them."""

    __tablename__ = "entry_plot"

    entry_id: int = Field(primary_key=True, foreign_key="diary_entry.id")
    plot_id: int = Field(primary_key=True, foreign_key="plot.id", index=True)


class EntryInput(Row, table=True):
    """What was used: a product of the catalogue, or one that is only named.

    `amount` in thousandths of `unit` for the whole treated area; `interval_days` is the pre-harvest interval
    that counted when it was entered (the label's; a longer one of the grower stays), None: unknown.
    """

    __tablename__ = "entry_input"
    __table_args__ = (
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        CheckConstraint("interval_days IS NULL OR interval_days >= 0", name="interval_days"),
        Index("ix_entry_input_entry", "entry_id"),
        Index("ix_entry_input_product", "product_id"),
        Index("ix_entry_input_batch_number", "batch_number"),
    )

    entry_id: int = Field(foreign_key="diary_entry.id")
    product_id: int | None = Field(default=None, foreign_key="input_product.id")
    name: str = Field(max_length=160)
    actives: str = Field(default="", max_length=300)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    unit: str = Field(default="", max_length=20)
    water_ml: int | None = Field(default=None, sa_type=BigInteger)
    interval_days: int | None = Field(default=None)
    # The producer's batch on the packet: one question of an inspector starts from it.
    batch_number: str = Field(default="", max_length=60)


class EntryPicture(SQLModel, table=True):
    """A photograph of an entry."""

    __tablename__ = "entry_picture"

    entry_id: int = Field(primary_key=True, foreign_key="diary_entry.id")
    picture_id: int = Field(primary_key=True, foreign_key="picture.id", index=True)


class ConflictState(StrEnum):
    OPEN = "open"
    KEPT_STANDING = "kept_standing"
    TOOK_OTHER = "took_other"
    BOTH = "both"


class DiaryConflict(Public, Versioned, table=True):
    """Two versions of one entry: the one that stands and one that arrived later. Nothing is dropped."""

    __tablename__ = "diary_conflict"
    __table_args__ = (Index("ix_diary_conflict_state", "organisation_id", "state", "id"),)

    organisation_id: int = Field(foreign_key="organisation.id")
    standing_id: int = Field(foreign_key="diary_entry.id")
    # What arrived later, as JSON, as it was sent.
    other: str
    other_uid: UUID = Field(unique=True)
    state: ConflictState = Field(
        default=ConflictState.OPEN, sa_type=stored_as_text(ConflictState, "state")
    )
    arrived_at: datetime = Field(sa_type=UTCDateTime)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    settled_by: int | None = Field(default=None, foreign_key="account.id")
