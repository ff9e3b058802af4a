"""Table of looks: which official saw what of an organisation's private data, and how often on a day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.models.accounts import Role
from app.models.base import Row, UTCDateTime, stored_as_text


class DataAccess(Row, table=True):
    """Somebody of another organisation saw private data of this one. Rows are added, and their count grows.

    `what` names the kind of page or list, `subject` the object it showed.
    """

    __tablename__ = "data_access"
    __table_args__ = (
        UniqueConstraint("organisation_id", "day", "account_id", "what", "subject"),
        CheckConstraint("times > 0", name="times"),
        Index("ix_data_access_account_id", "account_id", "day"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    day: date
    account_id: int = Field(foreign_key="account.id")
    role: Role = Field(sa_type=stored_as_text(Role, "role"))
    office_id: int = Field(foreign_key="organisation.id", index=True)
    what: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    first_at: datetime = Field(sa_type=UTCDateTime)
    last_at: datetime = Field(sa_type=UTCDateTime)
    times: int
