"""Table of notices: what an organisation is told, in the product and by mail."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from app.models.base import Public, UTCDateTime


class Notice(Public, table=True):
    """A sentence for an organisation: the msgid and its values, put in words when it is read.

    `about` names what it is about, so that a reminder is not sent twice; `address` is the page.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_organisation", "organisation_id", "id"),
        Index("ix_notice_about", "organisation_id", "about"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    kind: str = Field(max_length=40)
    about: str = Field(max_length=120)
    sentence: str = Field(max_length=500)
    # The values of the sentence, as JSON; dates and amounts keep their kind.
    details: str = Field(default="{}")
    address: str = Field(default="", max_length=200)
    created_at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    # None: nobody to mail it to, or not tried yet (`mail_wanted` tells them apart).
    mail_wanted: bool = Field(default=False)
    mail_tries: int = Field(default=0)
    mailed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
