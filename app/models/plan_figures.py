"""Tables of the plan's actual figures: the roll-up of the register, and what brings it up to date.

`plan_cell`, `plan_land` and `plan_due` hold nothing that cannot be computed again; they go with their
area (ON DELETE CASCADE) and are written by `app/plan/rollup.py` only.
"""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row


class Placed(SQLModel):
    """Where the land lies: codes, empty where nobody knows.

    `province`, `district` and `former_commune` are those of before 1 July 2025, `commune` that of today.
    """

    organisation_id: int = Field(foreign_key="organisation.id")
    province: str = Field(default="", max_length=2)
    former_commune: str = Field(default="", max_length=5)
    district: str = Field(default="", max_length=3)
    commune: str = Field(default="", max_length=5)
    axis: str = Field(default="", max_length=20)


class PlanCell(Row, Placed, table=True):
    """What one crop gave on one planting area in one month: square metres, grams, dong.

    A declared season counts in the month in which its harvest begins, a lot in that of its harvest.
    `land_m2` is the crop's part of the area's land of the year, so that land adds up over crops.
    `gap_g` is what was declared as harvested beyond the lots; `declared_g` all that was declared.
    """

    __tablename__ = "plan_cell"
    __table_args__ = (
        UniqueConstraint("area_id", "crop_id", "year", "month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        Index("ix_plan_cell_year", "year", "district"),
        Index("ix_plan_cell_organisation", "organisation_id", "year"),
    )

    area_id: int = Field(foreign_key="planting_area.id", ondelete="CASCADE")
    crop_id: int = Field(foreign_key="crop.id", index=True)
    crop_group: str = Field(max_length=32)
    year: int
    month: int

    land_m2: int = Field(default=0)
    sown_m2: int = Field(default=0, sa_type=BigInteger)
    # Of the sown land: written in a diary without a declaration; the rest was declared.
    sown_noted_m2: int = Field(default=0, sa_type=BigInteger)
    sown_certified_m2: int = Field(default=0, sa_type=BigInteger)
    sown_safe_m2: int = Field(default=0, sa_type=BigInteger)
    sown_coded_m2: int = Field(default=0, sa_type=BigInteger)
    sown_diary_m2: int = Field(default=0, sa_type=BigInteger)
    seasons: int = Field(default=0)
    expected_g: int = Field(default=0, sa_type=BigInteger)
    declared_g: int = Field(default=0, sa_type=BigInteger)
    gap_g: int = Field(default=0, sa_type=BigInteger)
    lots: int = Field(default=0)
    harvested_g: int = Field(default=0, sa_type=BigInteger)
    certified_g: int = Field(default=0, sa_type=BigInteger)
    safe_g: int = Field(default=0, sa_type=BigInteger)
    coded_g: int = Field(default=0, sa_type=BigInteger)
    diary_g: int = Field(default=0, sa_type=BigInteger)
    labelled_g: int = Field(default=0, sa_type=BigInteger)
    scanned_g: int = Field(default=0, sa_type=BigInteger)
    # What has a price, and what it is worth: by the price of a contract, by one the producer
    # entered, and by a price of everybody's.
    priced_g: int = Field(default=0, sa_type=BigInteger)
    value_contract: int = Field(default=0, sa_type=BigInteger)
    value_entered: int = Field(default=0, sa_type=BigInteger)
    value_general: int = Field(default=0, sa_type=BigInteger)


class PlanLand(Placed, table=True):
    """The land of one area in one year, once, however many seasons were on it."""

    __tablename__ = "plan_land"
    __table_args__ = (Index("ix_plan_land_year", "year", "district"),)

    area_id: int = Field(primary_key=True, foreign_key="planting_area.id", ondelete="CASCADE")
    year: int = Field(primary_key=True)
    land_m2: int
    # Where a boundary was drawn the land was measured, else its holder declared it.
    drawn_m2: int = Field(default=0)
    certified_m2: int = Field(default=0)
    safe_m2: int = Field(default=0)
    coded_m2: int = Field(default=0)
    diary_m2: int = Field(default=0)


class PlanDue(SQLModel, table=True):
    """An area whose figures are not what its records say any more, since the fact at a position."""

    __tablename__ = "plan_due"

    area_id: int = Field(primary_key=True, foreign_key="planting_area.id", ondelete="CASCADE")
    position: int = Field(index=True)


class PlanCursor(SQLModel, table=True):
    """Up to where the roll-up followed: one row.

    `position`: the last fact of the ledger it has seen. `scanned_until`: scans count up to this
    day. `year`: land counts up to this year.
    """

    __tablename__ = "plan_cursor"

    id: int = Field(primary_key=True)
    position: int
    scanned_until: date
    year: int
