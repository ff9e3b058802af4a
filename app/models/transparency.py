"""Tables of the public log: its tree, what was published of it, who vouched for it, and its breaks.

Nothing here is ever changed or deleted (trigger and grant), but for tiles, which only grow until
they are full, and for witnesses, who may retire.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class LogTile(SQLModel, table=True):
    """Hashes of the tree, up to 256 side by side (C2SP tlog-tiles); of level 0 also the entries' salts."""

    __tablename__ = "log_tile"
    __table_args__ = (
        CheckConstraint("level >= 0 AND number >= 0", name="place"),
        CheckConstraint("length(hashes) BETWEEN 32 AND 8192", name="hashes"),
    )

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hashes: bytes = Field(sa_type=LargeBinary)
    salts: bytes = Field(default=b"", sa_type=LargeBinary)


class LogGrowth(SQLModel, table=True):
    """When the tree reached a size: what the delay before publishing is counted from."""

    __tablename__ = "log_growth"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime)


class LogPart(SQLModel, table=True):
    """What is shown of a fact, as canonical JSON; `is_open`: in the log itself."""

    __tablename__ = "log_part"

    position: int = Field(
        primary_key=True,
        foreign_key="ledger_entry.position",
        sa_column_kwargs={"autoincrement": False},
    )
    part: str
    is_open: bool


class LogKey(Row, table=True):
    """A key that signs checkpoints, by the name it signs under. The newest is in use; all stay published."""

    __tablename__ = "log_key"
    __table_args__ = (UniqueConstraint("name", "public_key"),)

    name: str = Field(max_length=255)
    public_key: bytes = Field(sa_type=LargeBinary)
    introduced_at: datetime = Field(sa_type=UTCDateTime)


class LogCheckpoint(Row, table=True):
    """A signed checkpoint (C2SP tlog-checkpoint), kept for ever."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (
        UniqueConstraint("origin", "size"),
        CheckConstraint("size > 0", name="size"),
    )

    origin: str = Field(max_length=255)
    size: int
    root: bytes = Field(sa_type=LargeBinary)
    note: str
    signed_at: datetime = Field(sa_type=UTCDateTime)


class LogWitness(Public, Versioned, table=True):
    """Somebody else's key whose signatures under our checkpoints are accepted (C2SP cosignature/v1)."""

    __tablename__ = "log_witness"
    __table_args__ = (UniqueConstraint("name", "public_key"),)

    name: str = Field(max_length=255)
    public_key: bytes = Field(sa_type=LargeBinary)
    who: str = Field(max_length=160)
    registered_at: datetime = Field(sa_type=UTCDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class LogCosignature(Row, table=True):
    """A witness's signature line under a checkpoint. `vouched_at` is the witness's own clock, in seconds."""

    __tablename__ = "log_cosignature"
    __table_args__ = (UniqueConstraint("checkpoint_id", "witness_id"),)

    checkpoint_id: int = Field(foreign_key="log_checkpoint.id")
    witness_id: int = Field(foreign_key="log_witness.id", index=True)
    line: str = Field(max_length=512)
    vouched_at: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=UTCDateTime)


class BreakCause(StrEnum):
    """Why the log does not go on from what was published."""

    RESTORED = "restored"
    DECLARED = "declared"


class LogBreak(Row, table=True):
    """A declared break: the checkpoint that was published before it, and how much of it still stands."""

    __tablename__ = "log_break"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("kept >= 0 AND kept <= size", name="kept"),
    )

    number: int = Field(unique=True)
    cause: BreakCause = Field(sa_type=stored_as_text(BreakCause, "cause"))
    note: str
    size: int
    root: bytes = Field(sa_type=LargeBinary)
    kept: int
    reason: str = Field(default="", max_length=500)
    declared_at: datetime = Field(sa_type=UTCDateTime)
    ledger_position: int


class LogCheck(Row, table=True):
    """The tree made anew from the stored facts and compared with what was published.

    `begin` is the first entry looked at (0: all were); `fault` is empty, or what is wrong, and
    `bad` then the first entry that is not what the log says, where one can be named.
    """

    __tablename__ = "log_check"
    __table_args__ = (CheckConstraint("begin >= 0 AND size >= begin", name="extent"),)

    begin: int
    size: int
    root: bytes = Field(sa_type=LargeBinary)
    fault: str = Field(default="", max_length=200)
    bad: int | None = Field(default=None)
    checked_at: datetime = Field(sa_type=UTCDateTime)
