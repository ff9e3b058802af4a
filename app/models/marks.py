"""The table of marks: the picture of a standard that labels may bear, from when until when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field

from app.models.base import Public, UTCDateTime


class StandardMark(Public, table=True):
    """The mark (logo) of a standard: a small greyscale PNG. `valid_to` inclusive.

    Never rewritten: a newer one takes its place from its first day on. `sha256` of the kept bytes.
    """

    __tablename__ = "standard_mark"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("width > 0 AND height > 0", name="sides"),
        Index("ix_standard_mark_standard", "standard_id", "valid_from", "id"),
        Index("ix_standard_mark_sha256", "sha256"),
    )

    standard_id: int = Field(foreign_key="standard.id")
    content: bytes = Field(sa_type=LargeBinary)
    width: int
    height: int
    sha256: str = Field(max_length=64)
    valid_from: date
    valid_to: date | None = Field(default=None)
    legal_ref: str = Field(max_length=300)
    # The account that sent it; none where the installation itself did.
    added_by: UUID | None = Field(default=None)
    added_at: datetime = Field(sa_type=UTCDateTime)
