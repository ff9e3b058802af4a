"""Tables of the second step at sign-in: the shared secret, recovery codes, and sign-ins half done."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field

from app.models.base import Row, UTCDateTime


class SecondFactor(Row, table=True):
    """The secret an authenticator app shares with us (RFC 6238). It asks for nothing until confirmed."""

    __tablename__ = "second_factor"

    account_id: int = Field(foreign_key="account.id", unique=True)
    secret: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UTCDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    # The newest step of thirty seconds whose code was taken: no code is taken twice.
    last_step: int = Field(default=0, sa_type=BigInteger)


class RecoveryCode(Row, table=True):
    """A code for the day the phone is lost; it works once. Only its SHA-256 is stored."""

    __tablename__ = "recovery_code"

    account_id: int = Field(foreign_key="account.id", index=True)
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class HalfSignIn(Row, table=True):
    """A right password that waits for the code; it opens nothing by itself."""

    __tablename__ = "half_sign_in"

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
