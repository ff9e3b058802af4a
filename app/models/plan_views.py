"""Table of kept views: what somebody of the province looks at often, by a name of their own."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.models.base import Public, UTCDateTime


class PlanView(Public, table=True):
    """A page of the province's desk with all that it was asked for. `address` begins with /desk/plan."""

    __tablename__ = "plan_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    name: str = Field(max_length=80)
    address: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=UTCDateTime)
