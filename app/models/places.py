"""Tables of places: administrative units with their validity, and which became which."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row, stored_as_text


class UnitLevel(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class AdminUnit(Row, table=True):
    """A province, district or commune while it existed (`valid_to` inclusive, None: still).

    (code, valid_from) is the business key: "15" meant Yên Bái before 1 July 2025 and Lào Cai
    since, and 41 communes reuse the code of another unit. `name_key` is the folded short name;
    `search_key` holds every name the unit is found by, those of the units it was made of too.
    """

    __tablename__ = "admin_unit"
    __table_args__ = (
        UniqueConstraint("code", "level", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_admin_unit_name_key", "name_key"),
    )

    code: str = Field(max_length=5)
    level: UnitLevel = Field(sa_type=stored_as_text(UnitLevel, "level"))
    valid_from: date
    valid_to: date | None = Field(default=None)
    name: str = Field(max_length=120)
    short_name: str = Field(max_length=120)
    name_key: str = Field(max_length=120)
    search_key: str = Field(default="", max_length=600)
    kind: str = Field(max_length=20)
    province_code: str = Field(max_length=2)
    province_name: str = Field(max_length=120)
    district_code: str | None = Field(default=None, max_length=3)
    district_name: str | None = Field(default=None, max_length=120)
    lat: float | None = Field(default=None)
    lon: float | None = Field(default=None)
    area_km2: float | None = Field(default=None)
    legal_ref: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=500)


class Share(StrEnum):
    WHOLE = "whole"
    PART = "part"


class AdminSuccession(SQLModel, table=True):
    """An old unit that went, whole or in part, into a new one."""

    __tablename__ = "admin_succession"

    old_unit_id: int = Field(primary_key=True, foreign_key="admin_unit.id")
    new_unit_id: int = Field(primary_key=True, foreign_key="admin_unit.id", index=True)
    share: Share = Field(sa_type=stored_as_text(Share, "share"))
    legal_ref: str = Field(default="", max_length=200)


class AdminOutline(SQLModel, table=True):
    """The outline of a unit as the province supplied it (GeoJSON geometry, WGS 84), with its box."""

    __tablename__ = "admin_outline"

    unit_id: int = Field(primary_key=True, foreign_key="admin_unit.id")
    outline: str
    west: int
    south: int
    east: int
    north: int
    source: str = Field(default="", max_length=200)
