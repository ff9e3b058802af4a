"""What every table shares: named constraints, integer keys, public ids, versions, UTC, text enums."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import DateTime, Dialect, Enum, TypeDecorator
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite drops zones, so they are refused going in and restored coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_as_text(enum: type[StrEnum], name: str) -> Enum:
    """VARCHAR + CHECK holding the values (a native enum stores member names and cannot be undone)."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda kind: [member.value for member in kind],
    )


def new_uid() -> UUID:
    """A time-ordered, unguessable public id (RFC 9562 UUIDv7)."""
    return uuid_utils.compat.uuid7()


class Row(SQLModel):
    """A row with an internal integer key, used in joins and never shown."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def pk(self) -> int:
        """The integer key of a row that has been flushed."""
        if self.id is None:
            raise ValueError("the row has no key before it is flushed")
        return self.id


class Public(Row):
    """A row the outside may name: `uid` is its id in every address and file."""

    uid: UUID = Field(default_factory=new_uid, unique=True, index=False)


class Versioned(SQLModel):
    """A row that changes: `version` counts its changes and becomes the ETag (RFC 9110 §8.8.3)."""

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        table = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}
