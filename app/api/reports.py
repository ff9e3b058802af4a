"""Reports of shoppers on the wire, as the cooperative and the authority work with them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.lots_shapes import ReasonIn
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.reports_shapes import ReportLineOut, ReportOut, SaidOut, WordsIn, line_told
from app.deps import Call, ExpectedVersion, PageArgs, Reading, Writing, etag, require_version
from app.errors import Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.kit.messages import say
from app.models.reports import ReportState, ShopperReport
from app.pictures.cleaning import MEDIA_TYPE
from app.reports import commands, queries
from app.reports.rules import OPEN

router = APIRouter(tags=["reports"])

MAY_CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)


@router.get("/reports", responses=may_fail(Malformed))
def list_reports(
    call: Reading,
    page: PageArgs,
    state: Annotated[ReportState | None, Query(description="All open ones unless given.")] = None,
) -> PageOut[ReportLineOut]:
    """Reports of the own lots, or all: urgent ones first, then the newest."""
    found = queries.reports(
        call.session,
        within=call.within,
        today=call.today,
        states=(state,) if state else tuple(OPEN),
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, lambda line: ReportLineOut(**line_told(line, call.today)))


@router.get("/reports/{shopper_report}", responses=may_fail(NotFound))
def read_report(shopper_report: UUID, call: Reading, response: Response) -> ReportOut:
    """One report with what was said of it."""
    return _answer(call, shopper_report, response)


@router.get(
    "/reports/{shopper_report}/photo", response_class=Response, responses=may_fail(NotFound)
)
def read_report_photo(shopper_report: UUID, call: Reading) -> Response:
    """The photograph that was sent with it."""
    report = queries.report_by_uid(call.session, shopper_report, within=call.within)
    photo = queries.find_photo(call.session, report)
    if photo is None:
        raise NotFound(say("There is no such picture."))
    headers = {"ETag": f'"{photo.sha256}"', "Cache-Control": "private, no-store"}
    return Response(photo.content, media_type=MEDIA_TYPE, headers=headers)


@router.post("/reports/{shopper_report}/look", responses=MAY_CHANGE)
def look_at_report(
    shopper_report: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> ReportOut:
    """Let the shopper see that somebody looks at it."""
    report = _of_version(call, shopper_report, expected)
    commands.look_at(call.session, report=report, caller=call.caller, now=call.now)
    return _answer(call, shopper_report, response)


@router.post("/reports/{shopper_report}/answer", responses=MAY_CHANGE)
def answer_report(
    shopper_report: UUID,
    body: WordsIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ReportOut:
    """Answer the shopper: whoever holds the ticket reads it."""
    report = _of_version(call, shopper_report, expected)
    commands.answer_report(
        call.session, report=report, words=body.words, caller=call.caller, now=call.now
    )
    return _answer(call, shopper_report, response)


@router.post("/reports/{shopper_report}/done", responses=MAY_CHANGE)
def note_report_done(
    shopper_report: UUID,
    body: WordsIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ReportOut:
    """Write down what was done; the shopper does not see it."""
    report = _of_version(call, shopper_report, expected)
    commands.note_done(
        call.session, report=report, words=body.words, caller=call.caller, now=call.now
    )
    return _answer(call, shopper_report, response)


@router.post("/reports/{shopper_report}/ask", responses=MAY_CHANGE)
def ask_about_report(
    shopper_report: UUID,
    body: WordsIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ReportOut:
    """Ask the cooperative whose lot it is."""
    report = _of_version(call, shopper_report, expected)
    commands.ask_cooperative(
        call.session, report=report, words=body.words, caller=call.caller, now=call.now
    )
    return _answer(call, shopper_report, response)


@router.post("/reports/{shopper_report}/close", responses=MAY_CHANGE)
def close_report(
    shopper_report: UUID,
    body: ReasonIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ReportOut:
    """Close it with a reason, which the offices read."""
    report = _of_version(call, shopper_report, expected)
    commands.close_report(
        call.session, report=report, reason=body.reason, caller=call.caller, now=call.now
    )
    return _answer(call, shopper_report, response)


def _of_version(call: Call, uid: UUID, expected: int) -> ShopperReport:
    report = queries.report_by_uid(call.session, uid, within=call.within)
    require_version(report.version, expected)
    return report


def _answer(call: Call, uid: UUID, response: Response) -> ReportOut:
    call.session.flush()  # a lost race, and the new version
    line = queries.report_line(call.session, uid, within=call.within, today=call.today)
    report = line.report
    response.headers["ETag"] = etag(report.version)
    return ReportOut(
        **line_told(line, call.today),
        looked_at=report.looked_at,
        answered_at=report.answered_at,
        closed_at=report.closed_at,
        closed_reason=report.closed_reason,
        photo=queries.has_photo(call.session, report),
        said=[SaidOut.of(one) for one in queries.messages_of(call.session, report)],
    )
