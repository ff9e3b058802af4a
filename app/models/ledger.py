"""Tables of the ledger: what happened, in order, and the erasable personal part beside it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.base import UTCDateTime


class LedgerEntry(SQLModel, table=True):
    """One fact. `position` is gapless from 0; nothing updates or deletes a row (trigger and grant).

    `body` is the canonical JSON (RFC 8785) of the fact without personal data;
    `leaf_hash` is SHA-256(0x00 ‖ body) (RFC 6962 §2.1).
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        Index("ix_ledger_entry_subject", "subject", "position"),
        Index("ix_ledger_entry_organisation", "organisation", "position"),
    )

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime)
    kind: str = Field(max_length=64)
    subject: str = Field(max_length=80)
    organisation: UUID | None = Field(default=None)
    body: str
    leaf_hash: bytes = Field(sa_type=LargeBinary)


class LedgerPersonal(SQLModel, table=True):
    """The personal part of a fact with its 128-bit salt: erasable without breaking any proof.

    The entry's body holds `personal_hash` = SHA-256(salt ‖ canonical JSON of the part).
    """

    __tablename__ = "ledger_personal"

    position: int = Field(
        primary_key=True,
        foreign_key="ledger_entry.position",
        sa_column_kwargs={"autoincrement": False},
    )
    salt: bytes = Field(sa_type=LargeBinary)
    body: str
