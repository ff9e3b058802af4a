"""Tables of the register: organisations, growers, plots, planting areas and their codes."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


def _one(name: str, *columns: str, where: str) -> Index:
    """At most one such row among those for which a condition holds, on both databases."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class OrganisationKind(StrEnum):
    COOPERATIVE = "cooperative"
    GROUP = "group"
    ENTERPRISE = "enterprise"
    HOUSEHOLD = "household"
    CERTIFICATION_BODY = "certification_body"
    AUTHORITY = "authority"


class Organisation(Public, Versioned, table=True):
    """A cooperative (HTX), group (tổ hợp tác), enterprise, household, certification body or authority.

    A household bears a person's name: `name_public` says whether the public register may show it.
    """

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_name_key", "name_key", "id"),)

    kind: OrganisationKind = Field(sa_type=stored_as_text(OrganisationKind, "kind"))
    name: str = Field(max_length=160)
    name_key: str = Field(max_length=160)
    commune_id: int | None = Field(default=None, foreign_key="admin_unit.id")
    former_commune_id: int | None = Field(default=None, foreign_key="admin_unit.id")
    address: str = Field(default="", max_length=200)
    public_phone: str = Field(default="", max_length=20)
    email: str = Field(default="", max_length=254)
    name_public: bool = Field(default=True)
    registration_number: str | None = Field(default=None, max_length=40, unique=True)
    demonstration: bool = Field(default=False)
    created_at: datetime = Field(sa_type=UTCDateTime)


class Grower(Public, Versioned, table=True):
    """A person who grows. Everything here but `uid` and `code` is personal data (Luật 91/2025/QH15)."""

    __tablename__ = "grower"
    __table_args__ = (Index("ix_grower_name_key", "name_key", "id"),)

    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120)
    phone: str | None = Field(default=None, max_length=20)
    commune_id: int = Field(foreign_key="admin_unit.id")
    hamlet: str = Field(default="", max_length=120)
    account_id: int | None = Field(default=None, foreign_key="account.id", unique=True)
    merged_into_id: int | None = Field(default=None, foreign_key="grower.id", index=True)
    created_at: datetime = Field(sa_type=UTCDateTime)


class GrowerMembership(Row, table=True):
    """A grower belongs to an organisation from one day to another (`valid_to` inclusive)."""

    __tablename__ = "grower_membership"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        UniqueConstraint("grower_id", "organisation_id", "valid_from"),
        Index("ix_grower_membership_organisation", "organisation_id", "grower_id"),
    )

    grower_id: int = Field(foreign_key="grower.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    valid_from: date
    valid_to: date | None = Field(default=None)


class ConsentPurpose(StrEnum):
    PUBLIC_NAME = "public_name"


class GrowerConsent(Row, table=True):
    """A grower's recorded, revocable consent for one purpose (Luật 91/2025/QH15; default: none)."""

    __tablename__ = "grower_consent"
    __table_args__ = (
        Index("ix_grower_consent_grower", "grower_id", "purpose"),
        _one(
            "uq_grower_consent_standing",
            "grower_id",
            "purpose",
            where="withdrawn_at IS NULL",
        ),
    )

    grower_id: int = Field(foreign_key="grower.id")
    purpose: ConsentPurpose = Field(sa_type=stored_as_text(ConsentPurpose, "purpose"))
    given_at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Bounded(SQLModel):
    """The box around a boundary in units of 1e-7 degree (WGS 84); None where nothing was drawn."""

    west: int | None = Field(default=None)
    south: int | None = Field(default=None)
    east: int | None = Field(default=None)
    north: int | None = Field(default=None)


class PlantingArea(Public, Versioned, Bounded, table=True):
    """A planting area (vùng trồng) of one organisation.

    It keeps its former commune, so that the plan's nine districts still count right after the
    merger of communes.
    """

    __tablename__ = "planting_area"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area_m2"),
        CheckConstraint("closed_on IS NULL OR closed_on >= established_on", name="closed_on"),
        UniqueConstraint("organisation_id", "name_key"),
        Index("ix_planting_area_organisation", "organisation_id", "id"),
        Index("ix_planting_area_name_key", "name_key", "id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120)
    commune_id: int = Field(foreign_key="admin_unit.id")
    former_commune_id: int | None = Field(default=None, foreign_key="admin_unit.id")
    area_m2: int
    established_on: date
    closed_on: date | None = Field(default=None)
    # A GeoJSON Polygon (RFC 7946, WGS 84, longitude first), as text: read whole or not at all.
    polygon: str | None = Field(default=None)
    created_at: datetime = Field(sa_type=UTCDateTime)


class AreaCrop(SQLModel, table=True):
    """A crop that an area grows."""

    __tablename__ = "area_crop"

    area_id: int = Field(primary_key=True, foreign_key="planting_area.id")
    crop_id: int = Field(primary_key=True, foreign_key="crop.id", index=True)


class Plot(Public, Versioned, Bounded, table=True):
    """A grower's piece of land (thửa), in at most one planting area."""

    __tablename__ = "plot"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area_m2"),
        UniqueConstraint("grower_id", "name_key"),
        Index("ix_plot_organisation", "organisation_id", "id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    grower_id: int = Field(foreign_key="grower.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="planting_area.id", index=True)
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120)
    commune_id: int = Field(foreign_key="admin_unit.id")
    former_commune_id: int | None = Field(default=None, foreign_key="admin_unit.id")
    area_m2: int
    polygon: str | None = Field(default=None)
    created_at: datetime = Field(sa_type=UTCDateTime)


class ApplicationState(StrEnum):
    """Where a request stands. What is being prepared is the dossier's; see `Dossier`."""

    SUBMITTED = "submitted"
    INSPECTING = "inspecting"
    RETURNED = "returned"
    ISSUED = "issued"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class CodeApplication(Public, Versioned, table=True):
    """A request for a planting-area code for one market (ISO 3166-1 alpha-3; VNM is the home market).

    `due_on`: the last day on which it should be decided, in working days of the rule of its day.
    """

    __tablename__ = "code_application"
    __table_args__ = (
        Index("ix_code_application_state", "state", "id"),
        Index("ix_code_application_area", "area_id"),
        _one(
            "uq_code_application_open",
            "area_id",
            "market",
            where="state IN ('submitted', 'inspecting', 'returned')",
        ),
    )

    area_id: int = Field(foreign_key="planting_area.id")
    market: str = Field(max_length=3)
    note: str = Field(default="", max_length=500)
    state: ApplicationState = Field(
        default=ApplicationState.SUBMITTED,
        sa_type=stored_as_text(ApplicationState, "state"),
    )
    submitted_at: datetime = Field(sa_type=UTCDateTime)
    due_on: date | None = Field(default=None)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decision_reason: str = Field(default="", max_length=500)
    reason_slug: str = Field(default="", max_length=60)


class CodeScheme(StrEnum):
    """The rules under which a code was given (product decision 3)."""

    QD3156_2022 = "QD3156_2022"
    TCCS774_2020 = "TCCS774_2020"
    ND38_2026 = "ND38_2026"
    EXTERNAL = "EXTERNAL"


class CodeStatus(StrEnum):
    """A warned code still holds; what is revoked, cancelled or superseded never holds again."""

    ACTIVE = "active"
    WARNED = "warned"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


HOLDING = frozenset({CodeStatus.ACTIVE, CodeStatus.WARNED})
ENDED = frozenset({CodeStatus.REVOKED, CodeStatus.CANCELLED, CodeStatus.SUPERSEDED})


class AreaCode(Public, Versioned, table=True):
    """A planting-area code (mã số vùng trồng): one code and one status per market, never rewritten."""

    __tablename__ = "area_code"
    __table_args__ = (
        UniqueConstraint("scheme", "code"),
        Index("ix_area_code_area", "area_id"),
        Index("ix_area_code_code_key", "code_key"),
        _one(
            "uq_area_code_standing",
            "area_id",
            "market",
            where="status IN ('active', 'warned', 'suspended')",
        ),
    )

    area_id: int = Field(foreign_key="planting_area.id")
    application_id: int | None = Field(default=None, foreign_key="code_application.id", unique=True)
    # The ended code of this area and market that this one follows.
    predecessor_id: int | None = Field(default=None, foreign_key="area_code.id", unique=True)
    market: str = Field(max_length=3)
    scheme: CodeScheme = Field(sa_type=stored_as_text(CodeScheme, "scheme"))
    code: str = Field(max_length=60)
    code_key: str = Field(max_length=60)
    # The parts the code was made of, as JSON: kept so that an old code stays readable for ever.
    parts: str = Field(default="{}")
    issued_on: date
    decision_number: str = Field(default="", max_length=80)
    status: CodeStatus = Field(
        default=CodeStatus.ACTIVE,
        sa_type=stored_as_text(CodeStatus, "status"),
    )
    created_at: datetime = Field(sa_type=UTCDateTime)


class AreaCodeStep(Row, table=True):
    """A dated change of a code's status; the newest on or before a day tells the status that day."""

    __tablename__ = "area_code_step"
    __table_args__ = (Index("ix_area_code_step_code", "code_id", "effective_on", "id"),)

    code_id: int = Field(foreign_key="area_code.id")
    status: CodeStatus = Field(sa_type=stored_as_text(CodeStatus, "status"))
    effective_on: date
    reason: str = Field(default="", max_length=500)
    reason_slug: str = Field(default="", max_length=60)
    decision_number: str = Field(default="", max_length=80)
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class CodeSerial(SQLModel, table=True):
    """The last serial given per scheme and scope: gapless, because it moves with the issue."""

    __tablename__ = "code_serial"

    scheme: str = Field(primary_key=True, max_length=32)
    scope: str = Field(primary_key=True, max_length=60)
    last: int = Field(default=0)
