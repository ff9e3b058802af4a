"""Applications for planting-area codes on the wire: read, check, return, issue, reject."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.codes import CodeOut
from app.api.registry.shapes import CommuneNamed, DecisionIn, ReasonIn
from app.api.shapes import In, Out
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
from app.models.dossiers import Finding
from app.models.registry import ApplicationState
from app.registry import application_commands as commands
from app.registry import application_queries as queries
from app.registry.code_queries import steps_of
from app.registry.dossier_queries import checks_of
from app.registry.issue_commands import issue_code as issue
from app.registry.issue_commands import issue_codes
from app.registry.law_queries import concerns_about

router = APIRouter()

DECISION = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired, Malformed)


class SiteCheckIn(In):
    """What was found on site."""

    checked_on: date = Field(examples=["2026-11-18"])
    finding: Finding
    words: str = Field(default="", max_length=4000, examples=["Đã có kho thuốc và biển báo."])


class SiteCheckOut(Out):
    """A site check made for an application."""

    checked_on: date
    finding: Finding
    words: str
    recorded_at: datetime


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
    reason_slug: str
    due_on: date | None = Field(description="The last day on which it should be decided.")
    code: str | None = Field(examples=["15-PUC-BAPCAI01-000001-VNM"])
    version: int

    @classmethod
    def of(cls, line: queries.ApplicationLine) -> "ApplicationLineOut":
        return cls(**_line(line))


class ApplicationOut(ApplicationLineOut):
    """An application; `warnings` are what an officer should see before deciding."""

    issued: CodeOut | None
    site_checks: list[SiteCheckOut]
    warnings: list[str]


class IssueManyIn(DecisionIn):
    """Which applications one decision answers."""

    applications: list[UUID] = Field(min_length=1, max_length=200)


class IssuedOut(Out):
    """The codes that one decision issued, in the order asked."""

    codes: list[CodeOut]


@router.get("/applications", responses=may_fail(Malformed))
def list_applications(
    call: Reading,
    page: PageArgs,
    state: Annotated[ApplicationState | None, Query(description="Only in this state.")] = None,
) -> PageOut[ApplicationLineOut]:
    """Applications within the caller's reach: due first; of those decided, the newest first."""
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


@router.post("/applications/issue", status_code=201, response_model=IssuedOut, responses=DECISION)
def issue_many(body: IssueManyIn, call: Writing, once: OnceDep) -> Response:
    """Issue many codes by one decision: all of them, or none and a reason for each."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        lines = [
            queries.application_line(call.session, one, within=call.within)
            for one in body.applications
        ]
        made = issue_codes(
            call.session,
            applications=[line.application for line in lines],
            decision=body.decision(),
            by=call.actor,
            now=call.now,
        )
        told = [CodeOut.of(code, steps_of(call.session, code), call.today) for code in made]
        return IssuedOut(codes=told), {}

    return once(effect)


@router.post("/applications/{application}/reject", responses=DECISION)
def reject_application(
    application: UUID, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> ApplicationOut:
    """Turn an application down."""
    line = _of_version(call, application, expected)
    commands.reject_application(call.session, application=line.application, **_why(body, call))
    return _changed(call, application, response)


@router.post("/applications/{application}/return", responses=DECISION)
def return_application(
    application: UUID, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> ApplicationOut:
    """Send an application back to be completed; its dossier can be changed again."""
    line = _of_version(call, application, expected)
    commands.return_application(call.session, application=line.application, **_why(body, call))
    return _changed(call, application, response)


@router.post("/applications/{application}/cancel", responses=DECISION)
def cancel_application(
    application: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> ApplicationOut:
    """Take an application back."""
    line = _of_version(call, application, expected)
    commands.cancel_application(
        call.session, application=line.application, by=call.actor, now=call.now
    )
    return _changed(call, application, response)


@router.post("/applications/{application}/inspect", responses=DECISION)
def order_site_check(
    application: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> ApplicationOut:
    """Have the area looked at before deciding."""
    line = _of_version(call, application, expected)
    commands.order_site_check(
        call.session, application=line.application, by=call.actor, now=call.now
    )
    return _changed(call, application, response)


@router.post(
    "/applications/{application}/site-checks",
    status_code=201,
    response_model=ApplicationOut,
    responses=DECISION,
)
def record_site_check(
    application: UUID, body: SiteCheckIn, call: Writing, expected: ExpectedVersion, once: OnceDep
) -> Response:
    """Keep what was found on site; found fit, the application can be decided."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = _of_version(call, application, expected)
        commands.record_site_check(
            call.session,
            application=line.application,
            details=commands.CheckDetails(body.checked_on, body.finding, body.words),
            by=call.actor,
            now=call.now,
        )
        told = _read(call, application)
        return told, {"ETag": etag(told.version)}

    return once(effect)


def _why(body: ReasonIn, call: Call) -> dict[str, Any]:
    return {
        "reason": body.reason,
        "reason_slug": body.reason_slug,
        "by": call.actor,
        "now": call.now,
    }


def _changed(call: Call, application: UUID, response: Response) -> ApplicationOut:
    told = _read(call, application)
    response.headers["ETag"] = etag(told.version)
    return told


def _of_version(call: Call, application: UUID, expected: int) -> queries.ApplicationLine:
    line = queries.application_line(call.session, application, within=call.within)
    require_version(line.application.version, expected)
    return line


def _read(call: Call, application: UUID) -> ApplicationOut:
    line = queries.application_line(call.session, application, within=call.within)
    call.saw(line.area.organisation_id, "application", application)
    code = line.code
    day = code.issued_on if code else call.today
    concerns = concerns_about(call.session, line.area, line.application.market, day=day)
    return ApplicationOut(
        **_line(line),
        issued=CodeOut.of(code, steps_of(call.session, code), call.today) if code else None,
        site_checks=[
            SiteCheckOut.model_validate(check)
            for check in checks_of(call.session, line.application)
        ],
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
        "reason_slug": asked.reason_slug,
        "due_on": asked.due_on,
        "code": line.code.code if line.code else None,
        "version": asked.version,
    }
