"""Tables of reports from the public: what a shopper says is wrong, what was answered, and by whom."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class ReportKind(StrEnum):
    SPOILED = "spoiled"
    LABEL = "label"
    SUSPICIOUS = "suspicious"
    OTHER = "other"


class ReportState(StrEnum):
    """A report is received, looked at, answered and closed; a further word opens an answered one."""

    RECEIVED = "received"
    LOOKING = "looking"
    ANSWERED = "answered"
    CLOSED = "closed"


class MessageKind(StrEnum):
    """A shopper's word and an answer are read by all; what is asked and done is the offices' own."""

    WORD = "word"
    ANSWER = "answer"
    ASK = "ask"
    DONE = "done"


class ShopperReport(Public, Versioned, table=True):
    """What somebody without an account says of goods they bought. Nothing here says who it was.

    `ticket` is what they follow it by; `lot_id` None: the code on the label is no lot's, so only
    the authority sees it (`typed_code` as it was typed). `form_token` makes a form act once,
    `fingerprint` finds the same words sent again on one day: both are hashes, the second with a
    salt that is thrown away.
    """

    __tablename__ = "shopper_report"
    __table_args__ = (
        Index("ix_shopper_report_organisation", "organisation_id", "id"),
        Index("ix_shopper_report_lot", "lot_id", "opened_at"),
        Index("ix_shopper_report_state", "state", "answer_by"),
        Index("ix_shopper_report_fingerprint", "fingerprint"),
    )

    ticket: str = Field(max_length=20, unique=True)
    form_token: str | None = Field(default=None, max_length=64, unique=True)
    fingerprint: str = Field(max_length=64)
    kind: ReportKind = Field(sa_type=stored_as_text(ReportKind, "kind"))
    words: str = Field(max_length=1000)
    bought_at: str = Field(default="", max_length=120)
    lot_id: int | None = Field(default=None, foreign_key="harvest_lot.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    typed_code: str = Field(default="", max_length=60)
    serial: str = Field(default="", max_length=40)
    language: str = Field(max_length=2)
    state: ReportState = Field(
        default=ReportState.RECEIVED, sa_type=stored_as_text(ReportState, "state")
    )
    opened_at: datetime = Field(sa_type=UTCDateTime)
    # By when somebody should have looked, and answered: by the dated rules of the day it came.
    look_by: date | None = Field(default=None)
    answer_by: date | None = Field(default=None)
    looked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_reason: str = Field(default="", max_length=500)
    # The inspector who took it on.
    assigned_id: int | None = Field(default=None, foreign_key="account.id", index=True)


class ReportMessage(Row, table=True):
    """Something said about a report. `organisation_id` None: the shopper said it."""

    __tablename__ = "report_message"
    __table_args__ = (Index("ix_report_message_report", "report_id", "id"),)

    report_id: int = Field(foreign_key="shopper_report.id")
    kind: MessageKind = Field(sa_type=stored_as_text(MessageKind, "kind"))
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    words: str = Field(max_length=1000)
    said_at: datetime = Field(sa_type=UTCDateTime)


class ReportContact(SQLModel, table=True):
    """How a shopper may be reached, if they said so: kept apart, shown to inspectors only, erased."""

    __tablename__ = "report_contact"

    report_id: int = Field(primary_key=True, foreign_key="shopper_report.id")
    contact: str = Field(max_length=120)


class ReportPhoto(SQLModel, table=True):
    """A shopper's photograph, drawn anew from its pixels: not where, when or with what it was taken."""

    __tablename__ = "report_photo"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="sides"),)

    report_id: int = Field(primary_key=True, foreign_key="shopper_report.id")
    width: int
    height: int
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)


class DailySalt(SQLModel, table=True):
    """What addresses are mixed with before they are counted; thrown away after two days."""

    __tablename__ = "daily_salt"

    day: date = Field(primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary)
