"""Tables of the plan: the province's targets as stated, beside what they recompute to."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, stored_as_text
from app.models.catalogue import Confidence, RowSource

# The provincial plan for safe vegetables to 2030 (draft of February 2024).
SAFE_VEGETABLES_2030 = "RAU_AN_TOAN_2030"


class ProvincePlan(Row, table=True):
    """A plan of the province as a dated row: from `in_force_on` on it is the one that counts.

    None: it is kept beside the others and counts for nothing yet.
    """

    __tablename__ = "province_plan"

    plan: str = Field(max_length=40, unique=True)
    in_force_on: date | None = Field(default=None)
    legal_ref: str = Field(max_length=300)
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class TargetScope(StrEnum):
    PROVINCE = "province"
    DISTRICT = "district"
    CROP_GROUP = "crop_group"


class PlanTarget(Row, table=True):
    """One figure of a plan, in the whole-number `unit`: m2, kg, kg_per_ha, dong, permille, count.

    `stated` is what the plan says; `recomputed` what its other figures give, where they do.
    `scope_name` is a province code, a former district's code or a crop group.
    """

    __tablename__ = "plan_target"
    __table_args__ = (UniqueConstraint("plan", "measure", "scope", "scope_name", "year"),)

    plan: str = Field(max_length=40)
    measure: str = Field(max_length=40)
    scope: TargetScope = Field(sa_type=stored_as_text(TargetScope, "scope"))
    scope_name: str = Field(max_length=80)
    year: int
    unit: str = Field(max_length=20)
    stated: int = Field(sa_type=BigInteger)
    recomputed: int | None = Field(default=None, sa_type=BigInteger)
    consistent: bool = Field(default=True)
    legal_ref: str = Field(max_length=300)
    note: str = Field(default="", max_length=300)


class Axis(StrEnum):
    """The three directions in which the plan of 2024 lets vegetables grow (III.2)."""

    WEST = "west"
    NORTH_EAST = "north_east"
    SOUTH = "south"


class PlanAxis(Row, table=True):
    """An axis that a newer plan names in words of its own; `axis` is its key in the other tables."""

    __tablename__ = "plan_axis"
    __table_args__ = (UniqueConstraint("plan", "axis"),)

    plan: str = Field(max_length=40)
    axis: str = Field(max_length=20)
    name: str = Field(max_length=80)


class PlanAxisPlace(Row, table=True):
    """A former district, or one of its communes (`former_commune`), that lies in an axis of a plan."""

    __tablename__ = "plan_axis_place"
    __table_args__ = (UniqueConstraint("plan", "district", "former_commune"),)

    plan: str = Field(max_length=40)
    # One of `Axis`, or the key of a `PlanAxis`.
    axis: str = Field(max_length=20)
    district: str = Field(max_length=3)
    # Empty: the whole district, but for those of its communes that have rows of their own.
    former_commune: str = Field(default="", max_length=5)
    legal_ref: str = Field(max_length=300)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    note: str = Field(default="", max_length=300)


class PlanAxisCrop(Row, table=True):
    """A leading crop of an axis; of one former district of it, where `district` is not empty."""

    __tablename__ = "plan_axis_crop"
    __table_args__ = (UniqueConstraint("plan", "axis", "crop", "district"),)

    plan: str = Field(max_length=40)
    axis: str = Field(max_length=20)
    # The crop's slug.
    crop: str = Field(max_length=40)
    district: str = Field(default="", max_length=3)
    legal_ref: str = Field(max_length=300)


class PlanNamedPlace(Row, table=True):
    """A former district that a plan names: for a crop group (III.1), or as one of the main ones (II.2)."""

    __tablename__ = "plan_named_place"
    __table_args__ = (UniqueConstraint("plan", "crop_group", "district"),)

    plan: str = Field(max_length=40)
    # Empty: among the districts on which the plan mainly counts.
    crop_group: str = Field(default="", max_length=32)
    district: str = Field(max_length=3)
    legal_ref: str = Field(max_length=300)
