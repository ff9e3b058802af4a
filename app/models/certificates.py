"""Tables of certificates: who certified what, where, for which crops, from when until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text


class CertificateStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


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
        CheckConstraint("area_m2 IS NULL OR area_m2 > 0", name="area_m2"),
        CheckConstraint("expected_output_g IS NULL OR expected_output_g > 0", name="expected"),
        CheckConstraint("points IS NULL OR (points >= 0 AND points <= 100)", name="points"),
        UniqueConstraint("standard_id", "number", "valid_from", "organisation_id"),
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
    # The day conversion to organic began, as the body recorded it.
    conversion_from: date | None = Field(default=None)
    grade: str = Field(default="", max_length=20)
    # What the jury of OCOP gave, of a hundred.
    points: int | None = Field(default=None)
    # What the certificate covers as a whole: square metres, and grams a year.
    area_m2: int | None = Field(default=None)
    expected_output_g: int | None = Field(default=None, sa_type=BigInteger)
    # The certificate that this one takes the place of.
    predecessor_id: int | None = Field(default=None, foreign_key="certificate.id", unique=True)
    confirmation: Confirmation = Field(sa_type=stored_as_text(Confirmation, "confirmation"))
    # The body, or an inspector, says that it does not stand like this: the last word counts.
    disputed: bool = Field(default=False)
    status: CertificateStatus = Field(
        default=CertificateStatus.ACTIVE,
        sa_type=stored_as_text(CertificateStatus, "status"),
    )
    created_at: datetime = Field(sa_type=UTCDateTime)


def _period() -> CheckConstraint:
    return CheckConstraint("until IS NULL OR until >= since", name="period")


class CertificateCrop(SQLModel, table=True):
    """A crop in a certificate's scope from one day to another (`until` inclusive)."""

    __tablename__ = "certificate_crop"
    __table_args__ = (_period(),)

    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    crop_id: int = Field(primary_key=True, foreign_key="crop.id", index=True)
    since: date = Field(primary_key=True)
    until: date | None = Field(default=None)


class CertificateArea(SQLModel, table=True):
    """A planting area in a certificate's scope from one day to another."""

    __tablename__ = "certificate_area"
    __table_args__ = (_period(),)

    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    area_id: int = Field(primary_key=True, foreign_key="planting_area.id", index=True)
    since: date = Field(primary_key=True)
    until: date | None = Field(default=None)


class CertificateMember(SQLModel, table=True):
    """A grower on a group certificate's member list from one day to another.

    No rows at all means the whole organisation.
    """

    __tablename__ = "certificate_member"
    __table_args__ = (_period(),)

    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    grower_id: int = Field(primary_key=True, foreign_key="grower.id", index=True)
    since: date = Field(primary_key=True)
    until: date | None = Field(default=None)


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


class CertificateExtension(Row, table=True):
    """A certificate that was made to run longer (gia hạn): from which last day to which."""

    __tablename__ = "certificate_extension"
    __table_args__ = (CheckConstraint("valid_to > was_valid_to", name="longer"),)

    certificate_id: int = Field(foreign_key="certificate.id", index=True)
    was_valid_to: date
    valid_to: date
    reason: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class CertificateConfirmation(Row, table=True):
    """Who vouches for a certificate, or disputes it: the body's account, or an inspector with evidence.

    Whoever recorded it is the first.
    """

    __tablename__ = "certificate_confirmation"

    certificate_id: int = Field(foreign_key="certificate.id", index=True)
    confirmation: Confirmation = Field(sa_type=stored_as_text(Confirmation, "confirmation"))
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    disputed: bool = Field(default=False)
    words: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class CertificatePaper(Public, table=True):
    """A paper of a certificate, cleaned as the papers of an area are."""

    __tablename__ = "certificate_paper"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    certificate_id: int = Field(foreign_key="certificate.id", index=True)
    filename: str = Field(max_length=160)
    media_type: str = Field(max_length=60)
    size: int
    pages: int = Field(default=1)
    sha256: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UTCDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class CertificatePaperContent(SQLModel, table=True):
    """The bytes of a certificate's paper."""

    __tablename__ = "certificate_paper_content"

    paper_id: int = Field(primary_key=True, foreign_key="certificate_paper.id")
    content: bytes = Field(sa_type=LargeBinary)


class BodyRegistration(Row, table=True):
    """A certification body's registration (NĐ 107/2016/NĐ-CP) from one day to another (inclusive)."""

    __tablename__ = "body_registration"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        UniqueConstraint("organisation_id", "number", "valid_from"),
    )

    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    number: str = Field(max_length=80)
    valid_from: date
    valid_to: date | None = Field(default=None)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
