"""Tables of pictures: photographs of fields, labels and harvests, re-encoded and without their place."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.base import Public, UTCDateTime


class Picture(Public, table=True):
    """A photograph, made small and clean; `sha256` of the kept bytes, in lower-case hexadecimal."""

    __tablename__ = "picture"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_picture_organisation", "organisation_id", "sha256"),
        Index("ix_picture_sent", "organisation_id", "sent_sha256"),
        Index("ix_picture_likeness", "likeness"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    media_type: str = Field(max_length=60)
    width: int
    height: int
    size: int
    sha256: str = Field(max_length=64)
    # Of the bytes as they were sent, by which a sender knows a picture that has arrived.
    sent_sha256: str = Field(default="", max_length=64)
    # A 64-bit difference hash: the same photograph sent twice is found by it (hexadecimal).
    likeness: str = Field(default="", max_length=16)
    added_at: datetime = Field(sa_type=UTCDateTime)


class PictureContent(SQLModel, table=True):
    """The bytes of a picture, apart, so that a list of pictures never carries them."""

    __tablename__ = "picture_content"

    picture_id: int = Field(primary_key=True, foreign_key="picture.id")
    content: bytes = Field(sa_type=LargeBinary)


class PictureVersion(SQLModel, table=True):
    """A photograph in one width and format, made when it was first asked for and kept."""

    __tablename__ = "picture_version"

    picture_id: int = Field(primary_key=True, foreign_key="picture.id")
    width: int = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=8)
    content: bytes = Field(sa_type=LargeBinary)
