"""Tables of checklists: what an inspector asks on a visit, as dated editions of rows."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, stored_as_text
from app.models.catalogue import Confidence, RowSource


class Severity(StrEnum):
    """How grave it is where something does not conform."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Checklist(Row, table=True):
    """One edition of a checklist. An edition in use is never changed: another one follows it.

    `standard_code` names the edition of a standard it asks after, where it asks after one.
    """

    __tablename__ = "inspection_checklist"
    __table_args__ = (
        UniqueConstraint("slug", "edition"),
        CheckConstraint("edition > 0", name="edition"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    slug: str = Field(max_length=40)
    edition: int
    name_vi: str = Field(max_length=160)
    name_en: str = Field(max_length=160)
    name_zh: str = Field(max_length=160)
    standard_code: str = Field(default="", max_length=40)
    legal_ref: str = Field(max_length=300)
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    valid_from: date
    valid_to: date | None = Field(default=None)
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )


class ChecklistItem(Row, table=True):
    """One thing to look at: its clause, how grave a fault is, and how sure we are of the clause.

    A fault at an item that `demands` must be a finding before a visit is finished: only an item of
    confidence V, or of S that an administrator switched on (`enforced`), may demand anything.
    """

    __tablename__ = "checklist_item"
    __table_args__ = (
        UniqueConstraint("checklist_id", "key"),
        UniqueConstraint("checklist_id", "rank"),
    )

    checklist_id: int = Field(foreign_key="inspection_checklist.id")
    rank: int
    key: str = Field(max_length=40)
    clause: str = Field(default="", max_length=120)
    text_vi: str = Field(max_length=300)
    text_en: str = Field(max_length=300)
    text_zh: str = Field(max_length=300)
    severity: Severity = Field(sa_type=stored_as_text(Severity, "severity"))
    confidence: Confidence = Field(sa_type=stored_as_text(Confidence, "confidence"))
    enforced: bool = Field(default=False)
    source: RowSource = Field(
        default=RowSource.SHIPPED,
        sa_type=stored_as_text(RowSource, "source"),
    )

    @property
    def demands(self) -> bool:
        """Whether a fault here must be written down as a finding."""
        sure = self.confidence is Confidence.VERIFIED
        return sure or (self.confidence is Confidence.SECONDARY and self.enforced)
