"""Tables of what crops cost, and of the groups that show others how the plan is meant."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from app.models.base import Public, UTCDateTime, Versioned, stored_as_text


class PriceSource(StrEnum):
    """Where a price comes from: a contract that binds two sides, or somebody's word."""

    CONTRACT = "contract"
    ENTERED = "entered"


class CropPrice(Public, Versioned, table=True):
    """What a kilogram of a crop costs at the field from a day on, in whole dong.

    `organisation_id` None: everybody's. It holds until the next one of the same crop, organisation
    and source begins; of an organisation's own prices that of a contract goes first. `ended_on`: the
    last day it holds, where somebody said so. One that was a mistake is withdrawn and counts nowhere.
    """

    __tablename__ = "crop_price"
    __table_args__ = (
        CheckConstraint("dong_per_kg > 0", name="dong_per_kg"),
        CheckConstraint("ended_on IS NULL OR ended_on >= from_day", name="ended_on"),
        Index(
            "uq_crop_price_of_one",
            "crop_id",
            "organisation_id",
            "source",
            "from_day",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND organisation_id IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND organisation_id IS NOT NULL"),
        ),
        Index(
            "uq_crop_price_general",
            "crop_id",
            "source",
            "from_day",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND organisation_id IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND organisation_id IS NULL"),
        ),
    )

    crop_id: int = Field(foreign_key="crop.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    from_day: date
    ended_on: date | None = Field(default=None)
    dong_per_kg: int = Field(sa_type=BigInteger)
    source: PriceSource = Field(sa_type=stored_as_text(PriceSource, "source"))
    note: str = Field(default="", max_length=300)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ModelGroup(Public, Versioned, table=True):
    """An organisation that a plan counts among its 3–5 model groups, with the certificate it rests on.

    It counts from `since` until `until` (inclusive), on the days on which the certificate stands.
    """

    __tablename__ = "model_group"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        Index(
            "uq_model_group_standing",
            "plan",
            "organisation_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    plan: str = Field(max_length=40)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    certificate_id: int = Field(foreign_key="certificate.id", index=True)
    since: date
    until: date | None = Field(default=None)
    note: str = Field(default="", max_length=300)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
