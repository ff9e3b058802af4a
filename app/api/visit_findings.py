"""Findings of visits on the wire: evidence, the inspector's word, what is stopped at once."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.kept_photo import kept_photo
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.reports_shapes import WordsIn
from app.api.shapes import In, Out, Words
from app.deps import Call, ExpectedVersion, PageArgs, Reading, Writing, etag, require_version
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.inspection import finding_commands as commands
from app.inspection import finding_queries as queries
from app.inspection.measure_commands import Measure, take_measure
from app.models.checklists import Severity
from app.models.visit_findings import FindingState, FollowUp, MeasureKind, VisitFinding

router = APIRouter(prefix="/inspection/findings", tags=["inspection"])

MAY_CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)


class EvidenceIn(WordsIn):
    """That it is mended. `picture`: a photograph of the own organisation sent to `/pictures` before."""

    picture: UUID | None = None


class SendBackIn(In):
    """Why the evidence is not enough, and until when it is to be mended now."""

    words: Words = Field(examples=["Ảnh chưa thấy ổ khoá của kho."])
    due_on: date | None = None


class MeasureIn(In):
    """What is stopped: the id of a code or certificate, or the code of a lot."""

    kind: MeasureKind
    target: str = Field(max_length=80, examples=["LC123456789ABCD"])
    reason: Words = Field(examples=["Thuốc không có nhãn trong kho; chờ kết quả mẫu."])


class FindingLineOut(BaseModel):
    """A finding in a list. `late`: it is overdue."""

    uid: UUID
    visit: UUID
    organisation: UUID
    organisation_name: str
    area: UUID | None
    item: str | None
    severity: Severity
    words: str
    due_on: date
    state: FindingState
    late: bool
    opened_at: datetime
    closed_at: datetime | None
    version: int


class FollowUpOut(BaseModel):
    """Something said of it; a photograph by `/pictures/{picture}`."""

    kind: FollowUp
    by: str
    words: str
    picture: UUID | None
    said_at: datetime


class MeasureOut(Out):
    """What was stopped because of it."""

    kind: MeasureKind
    subject: str
    reason: str
    taken_at: datetime


class FindingOut(FindingLineOut):
    """A finding with what was said and done."""

    said: list[FollowUpOut]
    measures: list[MeasureOut]


@router.get("", responses=may_fail(Malformed))
def list_findings(
    call: Reading,
    page: PageArgs,
    state: Annotated[
        FindingState | None, Query(description="All that are not settled unless given.")
    ] = None,
) -> PageOut[FindingLineOut]:
    """Findings of the own organisation, or all: overdue ones first."""
    found = queries.findings(
        call.session,
        within=call.within,
        today=call.today,
        states=(state,) if state else queries.UNSETTLED,
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, lambda line: _line(line, call.today))


@router.get("/{finding}", responses=may_fail(NotFound))
def read_finding(finding: UUID, call: Reading, response: Response) -> FindingOut:
    """One finding."""
    return _answer(call, finding, response)


@router.post("/{finding}/evidence", responses=MAY_CHANGE)
def show_finding_evidence(
    finding: UUID, body: EvidenceIn, call: Writing, expected: ExpectedVersion, response: Response
) -> FindingOut:
    """Show, as the organisation, that it is mended."""
    commands.show_evidence(
        call.session,
        finding=_of_version(call, finding, expected),
        words=body.words,
        photo=kept_photo(call, body.picture),
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, finding, response)


@router.post("/{finding}/send-back", responses=MAY_CHANGE)
def send_finding_back(
    finding: UUID, body: SendBackIn, call: Writing, expected: ExpectedVersion, response: Response
) -> FindingOut:
    """Say that the evidence is not enough."""
    commands.send_back(
        call.session,
        finding=_of_version(call, finding, expected),
        words=body.words,
        due_on=body.due_on,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, finding, response)


@router.post("/{finding}/close", responses=MAY_CHANGE)
def close_finding(
    finding: UUID, body: WordsIn, call: Writing, expected: ExpectedVersion, response: Response
) -> FindingOut:
    """Settle it."""
    commands.close_finding(
        call.session,
        finding=_of_version(call, finding, expected),
        words=body.words,
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, finding, response)


@router.post(
    "/{finding}/measures",
    responses=may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired),
)
def take_finding_measure(
    finding: UUID, body: MeasureIn, call: Writing, expected: ExpectedVersion, response: Response
) -> FindingOut:
    """Warn or suspend a code, suspend a certificate or hold a lot, from this moment on."""
    take_measure(
        call.session,
        finding=_of_version(call, finding, expected),
        measure=Measure(body.kind, body.target, body.reason),
        caller=call.caller,
        now=call.now,
    )
    return _answer(call, finding, response)


def _of_version(call: Call, uid: UUID, expected: int) -> VisitFinding:
    finding = queries.finding_line(call.session, uid, within=call.within).finding
    require_version(finding.version, expected)
    return finding


def _answer(call: Call, uid: UUID, response: Response) -> FindingOut:
    call.session.flush()  # a lost race, and the new version
    line = queries.finding_line(call.session, uid, within=call.within)
    response.headers["ETag"] = etag(line.finding.version)
    return FindingOut(
        **_line(line, call.today).model_dump(),
        said=[
            FollowUpOut(
                kind=one.message.kind,
                by=one.organisation.name,
                words=one.message.words,
                picture=one.picture.uid if one.picture else None,
                said_at=one.message.said_at,
            )
            for one in queries.said_of(call.session, line.finding)
        ],
        measures=[
            MeasureOut.model_validate(one)
            for one in queries.measures_of(call.session, line.finding)
        ],
    )


def _line(line: queries.FindingLine, today: date) -> FindingLineOut:
    finding = line.finding
    return FindingLineOut(
        uid=finding.uid,
        visit=line.visit.uid,
        organisation=line.organisation.uid,
        organisation_name=line.organisation.name,
        area=line.area.uid if line.area else None,
        item=line.item.key if line.item else None,
        severity=finding.severity,
        words=finding.words,
        due_on=finding.due_on,
        state=finding.state,
        late=line.late_on(today),
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
        version=finding.version,
    )
