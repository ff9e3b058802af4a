"""Tables of accounts: people who sign in, where they belong, their sessions, keys and links."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, sql
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class Role(StrEnum):
    """What somebody is to the system, within one organisation."""

    GROWER = "grower"
    STAFF = "staff"
    COOP_ADMIN = "coop_admin"
    CERTIFIER = "certifier"
    INSPECTOR = "inspector"
    PROVINCE_ADMIN = "province_admin"


class Account(Public, Versioned, table=True):
    """Somebody who signs in. `login_key` is the NFKC-casefolded login, unique."""

    __tablename__ = "account"

    login: str = Field(max_length=64)
    login_key: str = Field(max_length=64, unique=True)
    display_name: str = Field(max_length=120)
    password_hash: str | None = Field(default=None, max_length=255)
    language: str = Field(default="vi", max_length=8)
    created_at: datetime = Field(sa_type=UTCDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Membership(Public, table=True):
    """An account's role in an organisation from one day to another (`valid_to` is inclusive)."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        UniqueConstraint("account_id", "organisation_id", "role", "valid_from"),
        Index("ix_membership_organisation", "organisation_id"),
    )

    account_id: int = Field(foreign_key="account.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    role: Role = Field(sa_type=stored_as_text(Role, "role"))
    valid_from: date
    valid_to: date | None = Field(default=None)


class SignInSession(Row, table=True):
    """A signed-in browser. Only the SHA-256 of its 256-bit token is stored."""

    __tablename__ = "sign_in_session"

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    membership_id: int = Field(foreign_key="membership.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    # The role asks for a second step that is not set up: nothing else is reached before it is.
    must_enrol: bool = Field(default=False, sa_column_kwargs={"server_default": sql.false()})


class ApiKey(Public, table=True):
    """A key for a machine, acting as one membership. Only its SHA-256 is stored."""

    __tablename__ = "api_key"

    key_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    prefix: str = Field(max_length=16)
    name: str = Field(max_length=80)
    membership_id: int = Field(foreign_key="membership.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class OneTimeLink(Row, table=True):
    """A short-lived link with which somebody sets a password: a first sign-in or a reset."""

    __tablename__ = "one_time_link"

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SignInThrottle(SQLModel, table=True):
    """Wrong tries per key (a hash of login and coarse address): survives restarts and workers."""

    __tablename__ = "sign_in_throttle"

    key: str = Field(primary_key=True, max_length=64)
    failures: int = Field(default=0)
    window_started_at: datetime = Field(sa_type=UTCDateTime)


class RememberedAnswer(Row, table=True):
    """An `Idempotency-Key` with the answer it got, stored in the transaction of its effect."""

    __tablename__ = "remembered_answer"
    __table_args__ = (
        UniqueConstraint("caller", "key"),
        Index("ix_remembered_answer_at", "at"),
    )

    caller: str = Field(max_length=64)
    key: str = Field(max_length=255)
    fingerprint: str = Field(max_length=64)
    status: int
    body: str
    headers: str
    at: datetime = Field(sa_type=UTCDateTime)
