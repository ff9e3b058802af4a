"""Tables of the catalogue: crops, standards, regulated actives and the law as dated rows."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, stored_as_text


class Confidence(StrEnum):
    """How sure a fact of law is: text seen, secondary source, inferred, unverified."""

    VERIFIED = "V"
    SECONDARY = "S"
    INFERRED = "I"
    UNVERIFIED = "U"


class RowSource(StrEnum):
    """Whether a row came with the product or an administrator wrote it."""

    SHIPPED = "shipped"
    EDITED = "edited"


class CropGroup(StrEnum):
    """The plan's groups: a policy label, not botany (the family is the botanical fact)."""

    LEAF_BRASSICA = "leaf_brassica"
    LEGUME = "legume"
    OTHER = "other"


class Crop(Row, table=True):
    """A crop of the plan."""

    __tablename__ = "crop"

    slug: str = Field(max_length=40, unique=True)
    name_vi: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    name_zh: str = Field(max_length=120)
    name_key: str = Field(max_length=120, index=True)
    scientific_name: str = Field(max_length=160)
    family: str = Field(max_length=80)
    policy_group: CropGroup = Field(sa_type=stored_as_text(CropGroup, "policy_group"))
    native: bool = Field(default=False)
    perennial: bool = Field(default=False)
    perennial_confidence: Confidence = Field(
        default=Confidence.UNVERIFIED,
        sa_type=stored_as_text(Confidence, "perennial_confidence"),
    )
    identity_confidence: str = Field(max_length=20)
    hs_code: str = Field(default="", max_length=80)
    hs_code_verified: bool = Field(default=False)
    note: str = Field(default="", max_length=500)
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class CropAlias(Row, table=True):
    """Another way people write a crop's name."""

    __tablename__ = "crop_alias"
    __table_args__ = (UniqueConstraint("crop_id", "name_key"),)

    crop_id: int = Field(foreign_key="crop.id")
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120, index=True)


class StandardKind(StrEnum):
    VIETGAP = "vietgap"
    ORGANIC = "organic"
    GLOBALGAP = "globalgap"
    FOOD_SAFETY = "food_safety"
    OCOP = "ocop"
    PGS = "pgs"
    GEOGRAPHICAL_INDICATION = "geographical_indication"
    COLLECTIVE_MARK = "collective_mark"


class Standard(Row, table=True):
    """One edition of a standard that a certificate can be of. `valid_to` inclusive."""

    __tablename__ = "standard"

    code: str = Field(max_length=40, unique=True)
    kind: StandardKind = Field(sa_type=stored_as_text(StandardKind, "kind"))
    title_vi: str = Field(max_length=160)
    title_en: str = Field(max_length=160)
    title_zh: str = Field(max_length=160)
    edition: str = Field(max_length=80)
    valid_from: date
    valid_to: date | None = Field(default=None)
    legal_ref: str = Field(max_length=300)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class ActiveStatus(StrEnum):
    BANNED = "banned"
    REMOVED = "removed"


class RegulatedActive(Row, table=True):
    """A pesticide active that is banned, or was removed from the permitted list."""

    __tablename__ = "regulated_active"
    __table_args__ = (UniqueConstraint("name", "status", "valid_from"),)

    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120, index=True)
    synonyms: str = Field(default="", max_length=300)
    active_group: str = Field(default="", max_length=40)
    status: ActiveStatus = Field(sa_type=stored_as_text(ActiveStatus, "status"))
    legal_ref: str = Field(max_length=300)
    valid_from: date | None = Field(default=None)
    valid_to: date | None = Field(default=None)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class LegalRule(Row, table=True):
    """One rule of law as it stood for a time: never a constant in code (product decision 2).

    `value` is JSON. Confidence V may refuse; S refuses only when `enforced`; I and U only warn.
    """

    __tablename__ = "legal_rule"
    __table_args__ = (
        UniqueConstraint("key", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index("ix_legal_rule_key", "key", "valid_from"),
    )

    key: str = Field(max_length=80)
    valid_from: date
    valid_to: date | None = Field(default=None)
    value: str = Field(max_length=2000)
    unit: str = Field(default="", max_length=40)
    legal_ref: str = Field(max_length=300)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    enforced: bool = Field(default=False)
    note: str = Field(default="", max_length=500)
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class DecisionReason(Row, table=True):
    """A reason an officer may give for a step in the life of a code, as a dated row of law."""

    __tablename__ = "decision_reason"
    __table_args__ = (UniqueConstraint("slug", "step"),)

    slug: str = Field(max_length=60)
    # The step it may stand for: warned, suspended, active, revoked, cancelled, rejected, returned …
    step: str = Field(max_length=32, index=True)
    text_vi: str = Field(max_length=200)
    text_en: str = Field(max_length=200)
    text_zh: str = Field(max_length=200)
    valid_from: date
    valid_to: date | None = Field(default=None)
    legal_ref: str = Field(max_length=300)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )
