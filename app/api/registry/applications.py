"""Applications for planting-area codes on the wire: apply, read, issue, reject."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.codes import CodeOut
from app.api.registry.shapes import CommuneNamed
from app.api.shapes import Code, In, Out, Words
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
from app.models.registry import ApplicationState, CodeScheme
from app.registry import application_queries as queries
from app.registry.application_commands import apply_for_code as apply
from app.registry.application_commands import reject_application as reject
from app.registry.area_queries import area_by_uid
from app.registry.code_queries import steps_of
from app.registry.issue_commands import Decision
from app.registry.issue_commands import issue_code as issue
from app.registry.law_queries import concerns_about

router = APIRouter()

DECISION = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired, Malformed)


class ApplicationIn(In):
    """For which market (ISO 3166-1 alpha-3; VNM is the home market)."""

    market: Code = Field(examples=["VNM"])
    note: Words = Field(default="", examples=["Đề nghị cấp mã số vùng trồng."])


class DecisionIn(In):
    """The officer's decision to issue a code."""

    scheme: CodeScheme
    decided_on: date = Field(examples=["2026-11-18"])
    number: Code = Field(description="The decision's number.", examples=["112/QĐ-TTBVTV"])
    typed_code: str = Field(
        default="",
        max_length=200,
        description="Only for codes issued elsewhere (EXTERNAL, TCCS774_2020).",
    )
    crop: Code = Field(
        default="", description="Which crop the code names; the first by name unless given."
    )

    def decision(self) -> Decision:
        """The same, as the command takes it."""
        return Decision(
            scheme=self.scheme,
            decided_on=self.decided_on,
            number=self.number,
            typed_code=self.typed_code,
            crop=self.crop,
        )


class RejectionIn(In):
    """Why an application is turned down; the applicant reads it."""

    reason: Words = Field(examples=["Diện tích nhỏ hơn mức tối thiểu."])


class ApplicationLineOut(Out):
    """An application in a worklist, with the code it led to."""

    id: UUID
    area: UUID
    area_name: str
    organisation: UUID
    organisation_name: str
    commune: CommuneNamed
    market: str
    note: str
    state: ApplicationState
    submitted_at: datetime
    decided_at: datetime | None
    decision_reason: str
    code: str | None = Field(examples=["15-PUC-BAPCAI01-000001-VNM"])
    version: int

    @classmethod
    def of(cls, line: queries.ApplicationLine) -> "ApplicationLineOut":
        return cls(**_line(line))


class ApplicationOut(ApplicationLineOut):
    """An application; `warnings` are what an officer should see before deciding."""

    issued: CodeOut | None
    warnings: list[str]


@router.post(
    "/areas/{area}/applications",
    status_code=201,
    response_model=ApplicationOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def apply_for_code(area: UUID, body: ApplicationIn, call: Writing, once: OnceDep) -> Response:
    """Ask for a code of a planting area for one market."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = apply(
            call.session,
            area=area_by_uid(call.session, area, within=call.within),
            market=body.market,
            note=body.note,
            by=call.actor,
            now=call.now,
        )
        headers = {"Location": f"/api/v1/applications/{made.uid}", "ETag": etag(made.version)}
        return _read(call, made.uid), headers

    return once(effect)


@router.get("/applications", responses=may_fail(Malformed))
def list_applications(
    call: Reading,
    page: PageArgs,
    state: Annotated[ApplicationState | None, Query(description="Only in this state.")] = None,
) -> PageOut[ApplicationLineOut]:
    """Applications within the caller's reach, oldest first."""
    found = queries.applications(
        call.session, within=call.within, state=state, after=page.after, limit=page.limit
    )
    return page_out(found, ApplicationLineOut.of)


@router.get("/applications/{application}", responses=may_fail(NotFound))
def read_application(application: UUID, call: Reading, response: Response) -> ApplicationOut:
    """One application."""
    told = _read(call, application)
    response.headers["ETag"] = etag(told.version)
    return told


@router.post(
    "/applications/{application}/issue",
    status_code=201,
    response_model=ApplicationOut,
    responses=DECISION,
)
def issue_code(
    application: UUID, body: DecisionIn, call: Writing, expected: ExpectedVersion, once: OnceDep
) -> Response:
    """Issue the code that was applied for."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = _of_version(call, application, expected)
        issue(
            call.session,
            application=line.application,
            decision=body.decision(),
            by=call.actor,
            now=call.now,
        )
        told = _read(call, application)
        return told, {"ETag": etag(told.version)}

    return once(effect)


@router.post("/applications/{application}/reject", responses=DECISION)
def reject_application(
    application: UUID,
    body: RejectionIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ApplicationOut:
    """Turn an application down."""
    line = _of_version(call, application, expected)
    reject(
        call.session,
        application=line.application,
        reason=body.reason,
        by=call.actor,
        now=call.now,
    )
    told = _read(call, application)
    response.headers["ETag"] = etag(told.version)
    return told


def _of_version(call: Call, application: UUID, expected: int) -> queries.ApplicationLine:
    line = queries.application_line(call.session, application, within=call.within)
    require_version(line.application.version, expected)
    return line


def _read(call: Call, application: UUID) -> ApplicationOut:
    line = queries.application_line(call.session, application, within=call.within)
    code = line.code
    day = code.issued_on if code else call.today
    concerns = concerns_about(call.session, line.area, line.application.market, day=day)
    return ApplicationOut(
        **_line(line),
        issued=CodeOut.of(code, steps_of(call.session, code), call.today) if code else None,
        warnings=[call.language.say(concern.why) for concern in concerns],
    )


def _line(line: queries.ApplicationLine) -> dict[str, Any]:
    asked = line.application
    return {
        "id": asked.uid,
        "area": line.area.uid,
        "area_name": line.area.name,
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "commune": CommuneNamed.of(line.commune),
        "market": asked.market,
        "note": asked.note,
        "state": asked.state,
        "submitted_at": asked.submitted_at,
        "decided_at": asked.decided_at,
        "decision_reason": asked.decision_reason,
        "code": line.code.code if line.code else None,
        "version": asked.version,
    }
