"""Findings: what the organisation mends and shows, what the inspector says and stops."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.errors import refuse
from app.inspection import finding_commands as commands
from app.inspection import finding_queries as queries
from app.inspection.measure_commands import Measure, take_measure
from app.kit.messages import say
from app.models.visit_findings import FindingState, MeasureKind, VisitFinding
from app.pictures.cleaning import cleaned_picture
from app.web.changing import Changing
from app.web.forms import Typed
from app.web.pages import SentPhotos, TypedForm, show

router = APIRouter(include_in_schema=False)

WORK, DESK = "/work", "/desk"
LINES_A_PAGE = 30


@router.get("/work/findings")
def findings_page(
    request: Request, call: Reading, page: PageArgs, state: FindingState | None = None
) -> Response:
    """What visits found wrong at the organisation."""
    return _list(request, call, WORK, page.after, state)


@router.get("/desk/findings")
def desk_findings_page(
    request: Request, call: Reading, page: PageArgs, state: FindingState | None = None
) -> Response:
    """What visits found wrong, overdue ones first."""
    return _list(request, call, DESK, page.after, state)


@router.get("/work/findings/{finding}")
def finding_page(request: Request, call: Reading, finding: UUID) -> Response:
    """One finding, to be mended."""
    return _one(request, call, WORK, finding)


@router.get("/desk/findings/{finding}")
def desk_finding_page(request: Request, call: Reading, finding: UUID) -> Response:
    """One finding, with what can be stopped at once."""
    return _one(request, call, DESK, finding)


@router.post("/work/findings/{finding}/evidence")
def show_evidence_form(
    request: Request, call: Writing, finding: UUID, typed: TypedForm, photos: SentPhotos
) -> Response:
    """Show that it is mended, with a photograph."""

    def effect(found: VisitFinding) -> None:
        commands.show_evidence(
            call.session,
            finding=found,
            words=typed.raw("words"),
            photo=cleaned_picture(photos[0]) if photos else None,
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, WORK, finding, typed)(effect, "evidence", "evidence_shown")


@router.post("/desk/findings/{finding}/send-back")
def send_back_form(request: Request, call: Writing, finding: UUID, typed: TypedForm) -> Response:
    """Not mended yet."""

    def effect(found: VisitFinding) -> None:
        due_on = typed.day("due_on")
        typed.done()
        commands.send_back(
            call.session,
            finding=found,
            words=typed.raw("words"),
            due_on=due_on,
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, DESK, finding, typed)(effect, "send-back", "sent_back")


@router.post("/desk/findings/{finding}/close")
def close_finding_form(
    request: Request, call: Writing, finding: UUID, typed: TypedForm
) -> Response:
    """Settled."""

    def effect(found: VisitFinding) -> None:
        commands.close_finding(
            call.session,
            finding=found,
            words=typed.raw("words"),
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, DESK, finding, typed)(effect, "close", "finding_closed")


@router.post("/desk/findings/{finding}/measures")
def take_measure_form(request: Request, call: Writing, finding: UUID, typed: TypedForm) -> Response:
    """Stop something at once: each button says what."""

    def effect(found: VisitFinding) -> None:
        kind, _, target = typed.raw("stop").partition(" ")
        if kind not in {one.value for one in MeasureKind}:
            raise refuse("stop", say("Choose one from the list."))
        take_measure(
            call.session,
            finding=found,
            measure=Measure(MeasureKind(kind), target[:80], typed.raw("reason")),
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, DESK, finding, typed)(effect, "measures", "measure_taken")


def _changing(
    request: Request, call: Call, home: str, uid: UUID, typed: Typed
) -> Changing[VisitFinding]:
    return Changing(
        call,
        typed,
        f"{home}/findings/{uid}",
        find=lambda: queries.finding_line(call.session, uid, within=call.within).finding,
        again=partial(_one, request, call, home, uid),
    )


def _list(
    request: Request, call: Call, home: str, after: str | None, state: FindingState | None
) -> Response:
    found = queries.findings(
        call.session,
        within=call.within,
        today=call.today,
        states=(state,) if state else queries.UNSETTLED,
        after=after,
        limit=LINES_A_PAGE,
    )
    late = queries.count_late(call.session, within=call.within, today=call.today)
    chosen = state.value if state else ""
    return show(
        request, call, "work/findings.html", home=home, lines=found, chosen=chosen, late=late
    )


def _one(request: Request, call: Call, home: str, uid: UUID, **again: Any) -> Response:
    line = queries.finding_line(call.session, uid, within=call.within)
    officer = home == DESK
    return show(
        request,
        call,
        "work/finding.html",
        status=422 if again.get("refusal") else 200,
        **{
            "home": home,
            "line": line,
            "said": queries.said_of(call.session, line.finding),
            "measures": queries.measures_of(call.session, line.finding),
            "stoppable": queries.stoppable(call.session, line.finding, today=call.today)
            if officer and line.finding.state is not FindingState.CLOSED
            else None,
            "tried": "",
            **again,
        },
    )
