"""Laboratory results of a lot: written down by its cooperative or by an officer, corrected, taken back."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing, require_version
from app.errors import NotFound
from app.inspection import lab_commands
from app.inspection.lab_queries import lab_paper_by_uid, lab_paper_content, lab_report_by_uid
from app.inspection.limit_queries import names_of_actives
from app.kit.messages import say
from app.lots.lab_queries import LabReportLine, lab_reports_of
from app.lots.queries import lot_line
from app.models.inspection import AnalyteGroup, LabReport, Verdict
from app.registry.papers import cleaned
from app.web.forms import Typed
from app.web.lab_forms import as_typed, details_of, lines_wanted
from app.web.pages import Refusal, SentFile, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work", include_in_schema=False)


@router.get("/lots/{code}/tests")
def lab_page(request: Request, call: Reading, code: str) -> Response:
    """What laboratories found in samples of a lot, and the form for one more."""
    return _page(request, call, code)


@router.post("/lots/{code}/tests")
def add_lab_report_form(
    request: Request, call: Writing, code: str, typed: TypedForm, file: SentFile
) -> Response:
    """Keep a report, or say beside each field why not; `more` only asks for more lines."""
    line = lot_line(call.session, code, within=call.within)
    if typed.raw("more"):
        return _page(request, call, code, typed=_with_more(typed))

    def effect() -> str:
        report = lab_commands.record_report(
            call.session, line=line, details=details_of(typed), caller=call.caller, now=call.now
        )
        _keep_file(call, report, file)
        return f"/work/lots/{line.lot.code}/tests?done=lab_recorded"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _page(request, call, code, typed=typed.fields, refusal=answer)
    return answer


@router.get("/lab-reports/{lab_report}/correct")
def correct_lab_page(request: Request, call: Reading, lab_report: UUID) -> Response:
    """The form with the report as it stands."""
    line = _line(call, lab_report)
    return _correcting(request, call, line, typed=as_typed(line))


@router.post("/lab-reports/{lab_report}/tests")
def correct_lab_report_form(
    request: Request, call: Writing, lab_report: UUID, typed: TypedForm, file: SentFile
) -> Response:
    """Keep it anew; the former stays to be read."""
    if typed.raw("more"):
        return _correcting(request, call, _line(call, lab_report), typed=_with_more(typed))

    def effect() -> str:
        report, lot = lab_report_by_uid(call.session, lab_report, within=call.within)
        require_version(report.version, typed.whole("version", default=0))
        corrected = lab_commands.correct_report(
            call.session, report=report, details=details_of(typed), caller=call.caller, now=call.now
        )
        _keep_file(call, corrected, file)
        return f"/work/lots/{lot.code}/tests?done=lab_corrected"

    lab_report_by_uid(call.session, lab_report, within=call.within)
    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        line = _line(call, lab_report)
        return _correcting(request, call, line, typed=typed.fields, refusal=answer)
    return answer


@router.post("/lab-reports/{lab_report}/withdraw")
def withdraw_lab_report_form(
    request: Request, call: Writing, lab_report: UUID, typed: TypedForm
) -> Response:
    """Take back a report that is wrong as a whole."""
    code = lab_report_by_uid(call.session, lab_report, within=call.within)[1].code

    def effect() -> None:
        report, _ = lab_report_by_uid(call.session, lab_report, within=call.within)
        require_version(report.version, typed.whole("version", default=0))
        lab_commands.withdraw_report(
            call.session,
            report=report,
            reason=typed.raw("reason"),
            caller=call.caller,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, code, refusal=outcome, refused_report=str(lab_report))
    return go_to(f"/work/lots/{code}/tests?done=lab_withdrawn")


@router.get("/lab-papers/{lab_paper}")
def lab_paper(call: Reading, lab_paper: UUID) -> Response:
    """The report as it came."""
    paper = lab_paper_by_uid(call.session, lab_paper, within=call.within)
    named = f"attachment; filename*=UTF-8''{quote(paper.filename, safe='')}"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    content = lab_paper_content(call.session, paper)
    return Response(content, media_type=paper.media_type, headers=headers)


def _keep_file(call: Call, report: LabReport, file: tuple[bytes, str] | None) -> None:
    if file is None:
        return
    content, filename = file
    paper = cleaned(content, filename=filename)
    lab_commands.add_lab_paper(
        call.session, report=report, paper=paper, caller=call.caller, now=call.now
    )


def _with_more(typed: Typed) -> dict[str, str]:
    return {**typed.fields, "lines": str(lines_wanted(typed.fields)), "more": ""}


def _line(call: Call, uid: UUID) -> LabReportLine:
    _, lot = lab_report_by_uid(call.session, uid, within=call.within)
    found = next((one for one in lab_reports_of(call.session, lot) if one.report.uid == uid), None)
    if found is None:
        raise NotFound(say("There is no such report."))
    return found


def _correcting(request: Request, call: Call, line: LabReportLine, **again: Any) -> Response:
    _, lot = lab_report_by_uid(call.session, line.report.uid, within=call.within)
    return _page(request, call, lot.code, correcting=line, **again)


def _page(request: Request, call: Call, code: str, **again: Any) -> Response:
    line = lot_line(call.session, code, within=call.within)
    reports = lab_reports_of(call.session, line.lot)
    typed = again.pop("typed", {})
    return show(
        request,
        call,
        "work/lab.html",
        status=422 if again.get("refusal") else 200,
        **{
            "line": line,
            "reports": reports,
            "actives": names_of_actives(call.session),
            "groups": list(AnalyteGroup),
            "verdicts": list(Verdict),
            "lines": lines_wanted(typed),
            "mine": lab_commands.sampler_of(call.caller),
            "correcting": None,
            "refused_report": None,
            "typed": typed,
            **again,
        },
    )
