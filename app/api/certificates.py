"""Certificates on the wire: record, read, suspend, restore, withdraw."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import FieldProblem, may_fail
from app.api.shapes import Code, In, Name, Out, Words
from app.certificates import commands, queries
from app.certificates.checks import warnings_about
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.kit.text import clean
from app.models.certificates import CertificateStatus, Confirmation
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(prefix="/certificates", tags=["certificates"])

MOST_CROPS = 100
MOST_AREAS = 500
MOST_MEMBERS = 2000
CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)


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
    grade: Annotated[str, AfterValidator(_grade)] = Field(default="", examples=["pass"])

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
            grade=self.grade,
        )


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
    standing: str = Field(description="pending, active, suspended, withdrawn or expired.")
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


class CertificateOut(CertificateLineOut):
    """A certificate with its scope, what befell it, and what deserves a second look."""

    body_code: str
    issued_on: date
    in_conversion: bool
    grade: str
    status: CertificateStatus
    crops: list[str] = Field(examples=[["BAP_CAI"]])
    areas: list[AreaNamed]
    members: list[MemberNamed]
    steps: list[StepOut]
    warnings: list[FieldProblem]


@router.get("", responses=may_fail(Malformed))
def list_certificates(
    call: Reading,
    page: PageArgs,
    q: Annotated[Name, Query(description="Words of the number or of the holder's name.")] = "",
) -> PageOut[CertificateLineOut]:
    """Certificates, newest first. A certification body sees those it gave, whoever holds them."""
    found = queries.certificates(
        call.session, sight=_sight(call), q=q, after=page.after, limit=page.limit
    )
    steps = queries.steps_of(call.session, [line.certificate.pk for line in found.items])
    return page_out(
        found,
        lambda line: CertificateLineOut(
            **_line(line, line.standing_on(call.today, steps[line.certificate.pk]))
        ),
    )


@router.post(
    "",
    status_code=201,
    response_model=CertificateOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def record_certificate(body: CertificateIn, call: Writing, once: OnceDep) -> Response:
    """Write a certificate down. Who records it decides its `confirmation`."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        certificate = commands.record_certificate(
            call.session,
            holder=organisation_by_uid(
                call.session, body.holder or call.caller.organisation_uid, within=call.within
            ),
            details=body.details(),
            caller=call.caller,
            now=call.now,
        )
        line = queries.line_of(call.session, certificate)
        address = f"/api/v1/certificates/{certificate.uid}"
        return _whole(call, line), {"Location": address, "ETag": etag(certificate.version)}

    return once(effect)


@router.get("/{certificate}", responses=may_fail(NotFound))
def read_certificate(certificate: UUID, call: Reading, response: Response) -> CertificateOut:
    """One certificate."""
    line = queries.certificate_line(call.session, certificate, sight=_sight(call))
    response.headers["ETag"] = etag(line.certificate.version)
    return _whole(call, line)


@router.post("/{certificate}/suspend", responses=CHANGE)
def suspend_certificate(
    certificate: UUID,
    body: StatusChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Suspend a certificate from a day on: later harvests cannot claim it."""
    change = commands.Change(CertificateStatus.SUSPENDED, body.effective_on, body.reason)
    return _changed(call, _of_version(call, certificate, expected), change, response)


@router.post("/{certificate}/restore", responses=CHANGE)
def restore_certificate(
    certificate: UUID,
    body: StatusChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Restore a suspended certificate from a day on."""
    change = commands.Change(CertificateStatus.ACTIVE, body.effective_on, body.reason)
    return _changed(call, _of_version(call, certificate, expected), change, response)


@router.post("/{certificate}/withdraw", responses=CHANGE)
def withdraw_certificate(
    certificate: UUID,
    body: StatusChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> CertificateOut:
    """Withdraw a certificate for good from a day on."""
    change = commands.Change(CertificateStatus.WITHDRAWN, body.effective_on, body.reason)
    return _changed(call, _of_version(call, certificate, expected), change, response)


def _sight(call: Call) -> queries.Sight:
    return queries.Sight.of(call.caller, call.within)


def _of_version(call: Call, certificate: UUID, expected: int) -> queries.CertificateLine:
    line = queries.certificate_line(call.session, certificate, sight=_sight(call))
    require_version(line.certificate.version, expected)
    return line


def _changed(
    call: Call, line: queries.CertificateLine, change: commands.Change, response: Response
) -> CertificateOut:
    commands.change_status(
        call.session, certificate=line.certificate, change=change, by=call.actor, now=call.now
    )
    response.headers["ETag"] = etag(line.certificate.version)
    return _whole(call, line)


def _line(line: queries.CertificateLine, standing: str) -> dict[str, Any]:
    certificate, standard, holder = line.certificate, line.standard, line.holder
    return {
        "id": certificate.uid,
        "standard": standard.code,
        "kind": standard.kind.value,
        "edition": standard.edition,
        "number": certificate.number,
        "holder": holder.uid,
        "holder_name": holder.name,
        "body_name": certificate.body_name,
        "valid_from": certificate.valid_from,
        "valid_to": certificate.valid_to,
        "confirmation": certificate.confirmation,
        "standing": standing,
        "version": certificate.version,
    }


def _whole(call: Call, line: queries.CertificateLine) -> CertificateOut:
    certificate = line.certificate
    scope = queries.scope_of(call.session, certificate)
    return CertificateOut(
        **_line(line, line.standing_on(call.today, scope.steps)),
        body_code=certificate.body_code,
        issued_on=certificate.issued_on,
        in_conversion=certificate.in_conversion,
        grade=certificate.grade,
        status=certificate.status,
        crops=[crop.slug for crop in scope.crops],
        areas=[AreaNamed(id=area.uid, name=area.name) for area in scope.areas],
        members=[MemberNamed(id=grower.uid, code=grower.code) for grower in scope.members],
        steps=[StepOut.model_validate(step) for step in scope.steps],
        warnings=[
            FieldProblem(at=warning.field, why=call.language.say(warning.why))
            for warning in warnings_about(call.session, certificate)
        ],
    )
