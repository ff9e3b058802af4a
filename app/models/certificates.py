"""Tables of certificates: who certified what, where, for which crops, from when until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class CertificateStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Confirmation(StrEnum):
    """Who vouches for the certificate, strongest first: shown as three different strengths."""

    BODY = "body"
    INSPECTOR = "inspector"
    SELF_DECLARED = "self_declared"


class Certificate(Public, Versioned, table=True):
    """A certificate of one standard held by one organisation. `valid_to` is inclusive.

    `in_conversion` marks organic land in conversion (TCVN 11041-2:2017 §5.1.2): until a
    certificate covers it fully, a lot may say "in conversion" and not "organic".
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        UniqueConstraint("standard_id", "number", "valid_from"),
        Index("ix_certificate_organisation", "organisation_id", "id"),
        Index("ix_certificate_number_key", "number_key"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    standard_id: int = Field(foreign_key="standard.id")
    number: str = Field(max_length=80)
    number_key: str = Field(max_length=80)
    body_id: int | None = Field(default=None, foreign_key="organisation.id")
    body_name: str = Field(max_length=160)
    body_code: str = Field(default="", max_length=40)
    issued_on: date
    valid_from: date
    valid_to: date
    in_conversion: bool = Field(default=False)
    grade: str = Field(default="", max_length=20)
    confirmation: Confirmation = Field(sa_type=stored_as_text(Confirmation, "confirmation"))
    status: CertificateStatus = Field(
        default=CertificateStatus.ACTIVE,
        sa_type=stored_as_text(CertificateStatus, "status"),
    )
    created_at: datetime = Field(sa_type=UTCDateTime)


class CertificateCrop(SQLModel, table=True):
    """A crop in a certificate's scope."""

    __tablename__ = "certificate_crop"

    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    crop_id: int = Field(primary_key=True, foreign_key="crop.id", index=True)


class CertificateArea(SQLModel, table=True):
    """A planting area in a certificate's scope."""

    __tablename__ = "certificate_area"

    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    area_id: int = Field(primary_key=True, foreign_key="planting_area.id", index=True)


class CertificateMember(SQLModel, table=True):
    """A grower on a group certificate's member list; no rows means the whole organisation."""

    __tablename__ = "certificate_member"

    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    grower_id: int = Field(primary_key=True, foreign_key="grower.id", index=True)


class CertificateStep(Row, table=True):
    """A dated change of a certificate's status."""

    __tablename__ = "certificate_step"
    __table_args__ = (
        Index("ix_certificate_step_certificate", "certificate_id", "effective_on", "id"),
    )

    certificate_id: int = Field(foreign_key="certificate.id")
    status: CertificateStatus = Field(sa_type=stored_as_text(CertificateStatus, "status"))
    effective_on: date
    reason: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
