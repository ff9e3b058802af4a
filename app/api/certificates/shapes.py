"""The shapes of certificates on the wire."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.api.problems import FieldProblem
from app.api.shapes import Code, In, Name, Out, Words
from app.certificates import commands
from app.certificates.rules import Listed
from app.kit.text import clean
from app.models.certificates import CertificateStatus, Confirmation

Whole = Annotated[int, Field(strict=True)]
MOST_CROPS = 100
MOST_AREAS = 500
MOST_MEMBERS = 2000


def _grade(value: str) -> str:
    return clean(value, longest=20)


def _body_code(value: str) -> str:
    return clean(value, longest=40)


class CertificateIn(In):
    """What stands on a certificate. An empty member list means every member of the holder."""

    holder: UUID | None = Field(default=None, description="Your own organisation unless given.")
    standard: Code = Field(examples=["VIETGAP_2017"])
    number: Code = Field(examples=["VietGAP-TT-13-09-10-0096"])
    issued_on: date = Field(examples=["2025-10-12"])
    valid_from: date = Field(examples=["2025-10-12"])
    valid_to: date = Field(description="The last day it is valid.", examples=["2027-10-11"])
    crops: list[Code] = Field(default=[], max_length=MOST_CROPS, examples=[["BAP_CAI"]])
    areas: list[UUID] = Field(default=[], max_length=MOST_AREAS)
    members: list[UUID] = Field(default=[], max_length=MOST_MEMBERS)
    body: UUID | None = Field(
        default=None, description="A registered certification body; else give `body_name`."
    )
    body_name: Name = Field(default="", examples=["Trung tâm Chứng nhận Tây Bắc"])
    body_code: Annotated[str, AfterValidator(_body_code)] = Field(
        default="", examples=["VietGAP-TT-13-09"]
    )
    in_conversion: bool = False
    conversion_from: date | None = Field(
        default=None, description="The day conversion to organic began, as the body recorded it."
    )
    grade: Annotated[str, AfterValidator(_grade)] = Field(
        default="", description="A grade of food safety, or stars of OCOP.", examples=["pass"]
    )
    points: int | None = Field(default=None, description="Points of OCOP.", examples=[74])
    area_m2: Whole | None = Field(default=None, examples=[45000])
    expected_output_g: Whole | None = Field(
        default=None, description="Grams a year.", examples=[120000000]
    )

    def details(self) -> commands.CertificateDetails:
        """The same, as the command takes it."""
        return commands.CertificateDetails(
            standard=self.standard,
            number=self.number,
            issued_on=self.issued_on,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            crops=tuple(self.crops),
            areas=tuple(self.areas),
            members=tuple(self.members),
            body=self.body,
            body_name=self.body_name,
            body_code=self.body_code,
            in_conversion=self.in_conversion,
            conversion_from=self.conversion_from,
            grade=self.grade,
            points=self.points,
            area_m2=self.area_m2,
            expected_output_g=self.expected_output_g,
        )


class NewCertificateIn(CertificateIn):
    """The same with what only counts when it is recorded."""

    predecessor: UUID | None = Field(
        default=None, description="The certificate of the holder that this one replaces."
    )
    evidence: Words = Field(
        default="", description="What an inspector saw; required of inspectors."
    )

    def details(self) -> commands.CertificateDetails:
        """The same, as the command takes it."""
        return replace(super().details(), predecessor=self.predecessor, evidence=self.evidence)


class StatusChangeIn(In):
    """From which day the status is another, and why."""

    effective_on: date = Field(examples=["2026-11-18"])
    reason: Words = Field(examples=["Không khắc phục lỗi sau lần giám sát ngày 10/11/2026."])


class CertificateLineOut(Out):
    """A certificate in a list. `standing` is what it is worth today."""

    id: UUID
    standard: str = Field(examples=["VIETGAP_2017"])
    kind: str = Field(examples=["vietgap"])
    edition: str = Field(examples=["TCVN 11892-1:2017"])
    number: str = Field(examples=["VietGAP-TT-13-09-10-0096"])
    holder: UUID
    holder_name: str
    body_name: str
    valid_from: date
    valid_to: date
    confirmation: Confirmation
    disputed: bool
    standing: str = Field(
        description="pending, active, suspended, disputed, withdrawn, replaced or expired."
    )
    version: int


class AreaNamed(Out):
    """A planting area in the scope."""

    id: UUID
    name: str


class MemberNamed(Out):
    """A grower on the member list, by code: names are personal data."""

    id: UUID
    code: str


class StepOut(Out):
    """A dated change of the status."""

    status: CertificateStatus
    effective_on: date
    reason: str
    recorded_at: datetime


class TermOut(Out):
    """Something that joined the scope later, or left it: a slug of a crop, or an id."""

    listed: Listed
    what: str
    since: date
    until: date | None


class ExtensionOut(Out):
    """From which last day to which it was extended."""

    was_valid_to: date
    valid_to: date
    reason: str
    recorded_at: datetime


class WordOut(Out):
    """Somebody's word for the certificate, or against it."""

    confirmation: Confirmation
    disputed: bool
    organisation: UUID | None
    organisation_name: str
    words: str
    recorded_at: datetime


class CertificateOut(CertificateLineOut):
    """A certificate with its scope, what befell it, and what deserves a second look.

    `crops`, `areas` and `members` are all that is or was in the scope; `terms` say of what joined
    later or left when that was.
    """

    body_code: str
    issued_on: date
    in_conversion: bool
    grade: str
    status: CertificateStatus
    crops: list[str] = Field(examples=[["BAP_CAI"]])
    areas: list[AreaNamed]
    members: list[MemberNamed]
    conversion_from: date | None
    points: int | None
    area_m2: int | None
    expected_output_g: int | None
    replaces: UUID | None
    replaced_by: UUID | None
    terms: list[TermOut]
    steps: list[StepOut]
    extensions: list[ExtensionOut]
    words: list[WordOut]
    warnings: list[FieldProblem]
