"""Tables of the dossier behind an application: what is asked for, its documents, the site check."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.base import Public, UTCDateTime, Versioned, stored_as_text


class DossierState(StrEnum):
    """A dossier is prepared, handed in, and may come back to be completed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class Dossier(Public, Versioned, table=True):
    """What an organisation says of an area when it asks for codes; one an area, kept up to date."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("expected_output_g IS NULL OR expected_output_g > 0", name="expected"),
        CheckConstraint("households IS NULL OR households > 0", name="households"),
    )

    area_id: int = Field(foreign_key="planting_area.id", unique=True)
    state: DossierState = Field(
        default=DossierState.DRAFT,
        sa_type=stored_as_text(DossierState, "state"),
    )
    standard_id: int | None = Field(default=None, foreign_key="standard.id")
    # Grams a year.
    expected_output_g: int | None = Field(default=None, sa_type=BigInteger)
    households: int | None = Field(default=None)
    # The land-parcel identifier (mã định danh thửa đất), where the land has one.
    parcel: str = Field(default="", max_length=120)
    representative: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=500)
    created_at: datetime = Field(sa_type=UTCDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class DossierMarket(SQLModel, table=True):
    """A market a dossier asks a code for (ISO 3166-1 alpha-3; VNM is the home market)."""

    __tablename__ = "dossier_market"

    dossier_id: int = Field(primary_key=True, foreign_key="dossier.id")
    market: str = Field(primary_key=True, max_length=3)


class DocumentKind(StrEnum):
    MAP = "map"
    HOUSEHOLDS = "households"
    YIELDS = "yields"
    SEED = "seed"
    DIARY = "diary"
    CERTIFICATE = "certificate"
    LAND = "land"
    DECISION = "decision"
    SITE_CHECK = "site_check"
    OTHER = "other"


class Document(Public, table=True):
    """A paper of an area, cleaned of scripts and of where a photograph was taken.

    `step_id`: the step in the life of a code that it was given for. `sha256` is of the cleaned
    content, in lower-case hexadecimal; `size` is in bytes.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_document_area", "area_id", "id"),
    )

    area_id: int = Field(foreign_key="planting_area.id")
    step_id: int | None = Field(default=None, foreign_key="area_code_step.id", index=True)
    kind: DocumentKind = Field(sa_type=stored_as_text(DocumentKind, "kind"))
    filename: str = Field(max_length=160)
    media_type: str = Field(max_length=60)
    size: int
    pages: int = Field(default=1)
    sha256: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UTCDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class DocumentContent(SQLModel, table=True):
    """The bytes of a document, apart, so that a list of documents never carries them."""

    __tablename__ = "document_content"

    document_id: int = Field(primary_key=True, foreign_key="document.id")
    content: bytes = Field(sa_type=LargeBinary)


class Finding(StrEnum):
    FIT = "fit"
    UNFIT = "unfit"


class SiteCheck(Public, table=True):
    """What an officer found at an area before a code was issued (kiểm tra thực địa)."""

    __tablename__ = "site_check"

    application_id: int = Field(foreign_key="code_application.id", index=True)
    checked_on: date
    finding: Finding = Field(sa_type=stored_as_text(Finding, "finding"))
    words: str = Field(default="", max_length=2000)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
