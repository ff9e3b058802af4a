"""Table of seasons: what an area declares when a season starts, and what came of it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Public, UTCDateTime, Versioned


class SeasonDeclaration(Public, Versioned, table=True):
    """One crop on one area in one season (QĐ 3156/QĐ-BNN-TT annex 2): expected first, then actual.

    Outputs in grams, `area_m2` in square metres. `market` is ISO 3166-1 alpha-3.
    """

    __tablename__ = "season_declaration"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area_m2"),
        CheckConstraint("expected_output_g > 0", name="expected"),
        CheckConstraint("actual_output_g IS NULL OR actual_output_g >= 0", name="actual"),
        CheckConstraint("harvest_from >= starts_on AND harvest_to >= harvest_from", name="days"),
        UniqueConstraint("area_id", "crop_id", "starts_on"),
        Index("ix_season_declaration_harvest", "harvest_to"),
    )

    area_id: int = Field(foreign_key="planting_area.id")
    crop_id: int = Field(foreign_key="crop.id", index=True)
    variety: str = Field(default="", max_length=120)
    starts_on: date
    harvest_from: date
    harvest_to: date
    area_m2: int
    standard_id: int | None = Field(default=None, foreign_key="standard.id")
    market: str = Field(max_length=3)
    expected_output_g: int = Field(sa_type=BigInteger)
    # Crops that share the land: their areas may add up to more than the planting area.
    intercropped: bool = Field(default=False)
    declared_at: datetime = Field(sa_type=UTCDateTime)
    actual_output_g: int | None = Field(default=None, sa_type=BigInteger)
    ended_on: date | None = Field(default=None)
    reported_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
