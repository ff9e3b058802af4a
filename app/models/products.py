"""Tables of products: trade items with their GTINs, and the other GS1 keys of their organisations."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.models.base import Public, Row, UTCDateTime, Versioned


class Product(Public, Versioned, table=True):
    """A trade item: one crop of one organisation in one kind of pack. `pack_g` in grams.

    `gtin` always has 14 digits (GS1 General Specifications §3.3.2); it is never given to another
    product. A carton holds `holds_count` of the product `holds_id`. `marks_sold`, `marks_opened`:
    whether a shop may mark a numbered label as sold, and a buyer as opened.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("length(gtin) = 14", name="gtin"),
        CheckConstraint("pack_g > 0", name="pack_g"),
        CheckConstraint("best_before_days > 0", name="best_before_days"),
        CheckConstraint("(holds_id IS NULL) = (holds_count IS NULL)", name="holds"),
        Index("ix_product_organisation", "organisation_id", "id"),
        # A product that is withdrawn leaves its name to the one that comes after it.
        Index(
            "uq_product_on_sale",
            "organisation_id",
            "name_key",
            unique=True,
            sqlite_where=text("withdrawn_on IS NULL"),
            postgresql_where=text("withdrawn_on IS NULL"),
        ),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    crop_id: int = Field(foreign_key="crop.id", index=True)
    name_vi: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=120)
    name_zh: str = Field(default="", max_length=120)
    # Folded name and brand with the pack: one name may come in several packs.
    name_key: str = Field(max_length=240)
    brand: str = Field(default="", max_length=80)
    gtin: str | None = Field(default=None, max_length=14, unique=True)
    pack_g: int | None = Field(default=None)
    holds_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    holds_count: int | None = Field(default=None)
    best_before_days: int | None = Field(default=None)
    storage: str = Field(default="", max_length=160)
    warning: str = Field(default="", max_length=160)
    picture_id: int | None = Field(default=None, foreign_key="picture.id", index=True)
    marks_sold: bool = Field(default=False)
    marks_opened: bool = Field(default=False)
    withdrawn_on: date | None = Field(default=None)
    created_at: datetime = Field(sa_type=UTCDateTime)


class CompanyPrefix(Row, table=True):
    """A GS1 company prefix: the GTINs, GLNs and SSCCs that begin with it are this organisation's."""

    __tablename__ = "company_prefix"
    __table_args__ = (
        CheckConstraint("length(prefix) BETWEEN 4 AND 12", name="prefix"),
        Index("ix_company_prefix_organisation", "organisation_id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    prefix: str = Field(max_length=12, unique=True)


class LocationNumber(Row, table=True):
    """A Global Location Number (GLN): of an organisation as a party (AI 417), or of one area (AI 414)."""

    __tablename__ = "location_number"
    __table_args__ = (
        CheckConstraint("length(gln) = 13", name="gln"),
        Index("ix_location_number_organisation", "organisation_id"),
    )

    gln: str = Field(max_length=13, unique=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    area_id: int | None = Field(default=None, foreign_key="planting_area.id", unique=True)
