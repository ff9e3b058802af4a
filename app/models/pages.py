"""Tables of ready-made public pages, and of when anything was last recorded about a subject."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row, UTCDateTime


class SubjectMark(SQLModel, table=True):
    """The position of the newest fact about a subject.

    Subjects are those of the ledger, and `<organisation>/<noun>` for all facts of a noun that an
    organisation has (`*` for facts of nobody): a certificate not yet known has no name of its own.
    """

    __tablename__ = "subject_mark"
    # Looked up by its name at every page: on SQLite one step, not two.
    __table_args__ = (
        Index("ix_subject_mark_position", "position"),
        {"sqlite_with_rowid": False},
    )

    subject: str = Field(primary_key=True, max_length=120)
    position: int


class PageKind(StrEnum):
    """What a public page is about, and by what its `code` names that."""

    LOT = "lot"  # its trace code
    PRODUCT = "product"  # its GTIN of 14 digits, or its uid
    AREA = "area"  # a planting-area code as it is compared
    CERTIFICATE = "certificate"  # a number as it is compared
    ORGANISATION = "organisation"  # its uid
    LINKS = "links"  # the path of a GS1 identifier; what its linkset is made of, in no language


class StoredPage(Row, table=True):
    """A public page in one language, compressed: as it was when the ledger ended at `position`.

    Fresh while nothing was recorded about its `subjects` (a line each) since, the time lies between
    `fresh_from` and `fresh_until` and `build` (templates, words, address) is the running one.
    `brotli` is empty until somebody had the time to press it.
    """

    __tablename__ = "stored_page"
    __table_args__ = (UniqueConstraint("kind", "code", "language"),)

    # A `PageKind`, without a constraint: a new kind of page is no change of the schema.
    kind: str = Field(max_length=16)
    code: str = Field(max_length=120)
    language: str = Field(max_length=2)
    status: int
    build: str = Field(max_length=16)
    position: int
    fresh_from: datetime = Field(sa_type=UTCDateTime)
    fresh_until: datetime = Field(sa_type=UTCDateTime)
    etag: str = Field(max_length=24)
    subjects: str
    gzip: bytes = Field(sa_type=LargeBinary)
    brotli: bytes = Field(sa_type=LargeBinary)


class PurgeCursor(SQLModel, table=True):
    """Up to which fact the cache in front was told what changed: one row, with the tries since."""

    __tablename__ = "purge_cursor"

    id: int = Field(primary_key=True)
    position: int
    tries: int = Field(default=0)
    tried_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SharePicture(SQLModel, table=True):
    """The picture that goes with a shared link to a public page, in one language.

    `code` is a lot's, or what `share_store.short_name` makes of another page. `digest` names
    everything that is drawn: another digest, another picture in its place.
    """

    __tablename__ = "share_picture"

    code: str = Field(primary_key=True, max_length=20)
    language: str = Field(primary_key=True, max_length=2)
    digest: str = Field(max_length=32)
    content: bytes = Field(sa_type=LargeBinary)
