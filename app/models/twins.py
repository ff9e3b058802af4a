"""Table of what people said of records that look like the same person or plot."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, UTCDateTime


class TwinVerdict(Row, table=True):
    """Two records of growers, or of plots, are not the same: nobody is asked about them again.

    The smaller public id comes first.
    """

    __tablename__ = "twin_verdict"
    __table_args__ = (UniqueConstraint("organisation_id", "first_uid", "second_uid"),)

    organisation_id: int = Field(foreign_key="organisation.id")
    first_uid: UUID
    second_uid: UUID
    decided_at: datetime = Field(sa_type=UTCDateTime)
