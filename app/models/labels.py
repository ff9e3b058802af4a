"""Tables of labels: what was printed, when, how often, and what it said."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from app.models.base import Public, UTCDateTime, stored_as_text


class LabelForm(StrEnum):
    """Where the ink goes: one label as a picture, or an A4 sheet."""

    PNG_203 = "png_203"
    PNG_300 = "png_300"
    SHEET_A4 = "sheet_a4"


class LabelPrint(Public, table=True):
    """One printing. `snapshot` freezes the words that went on paper, as JSON."""

    __tablename__ = "label_print"
    __table_args__ = (
        CheckConstraint("copies BETWEEN 1 AND 500", name="copies"),
        CheckConstraint("start_at >= 1", name="start_at"),
    )

    lot_id: int = Field(foreign_key="harvest_lot.id", index=True)
    form: LabelForm = Field(sa_type=stored_as_text(LabelForm, "form"))
    copies: int
    start_at: int = Field(default=1)
    snapshot: str
    printed_at: datetime = Field(sa_type=UTCDateTime)
