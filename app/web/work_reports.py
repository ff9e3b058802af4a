"""Reports of shoppers: the cooperative's pages of its own, the authority's of all."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.errors import NotFound
from app.kit.messages import say
from app.lots.queries import LotLine, line_of
from app.models.lots import LotState
from app.models.reports import ReportState, ShopperReport
from app.pictures.cleaning import MEDIA_TYPE
from app.reports import commands, queries
from app.reports.rules import OPEN
from app.web.changing import Changing
from app.web.forms import Typed
from app.web.pages import TypedForm, show

router = APIRouter(include_in_schema=False)

WORK, DESK = "/work", "/desk"
LINES_A_PAGE = 30
_MAY_BE_HELD = frozenset({LotState.OPEN, LotState.SEALED})


@router.get("/work/reports")
def reports_page(
    request: Request, call: Reading, page: PageArgs, state: ReportState | None = None
) -> Response:
    """What shoppers report about the cooperative's lots."""
    return _list(request, call, WORK, page.after, state)


@router.get("/desk/reports")
def desk_reports_page(
    request: Request,
    call: Reading,
    page: PageArgs,
    state: ReportState | None = None,
    mine: str = "",
) -> Response:
    """What shoppers report, all of it, urgent ones first."""
    return _list(request, call, DESK, page.after, state, mine=bool(mine))


@router.get("/work/reports/{shopper_report}")
def shopper_report_page(request: Request, call: Reading, shopper_report: UUID) -> Response:
    """One report of an own lot."""
    return _one(request, call, WORK, shopper_report)


@router.get("/desk/reports/{shopper_report}")
def desk_report_page(request: Request, call: Reading, shopper_report: UUID) -> Response:
    """One report."""
    return _one(request, call, DESK, shopper_report)


@router.get("/work/reports/{shopper_report}/photo")
def report_photo(call: Reading, shopper_report: UUID) -> Response:
    """The photograph a shopper sent about an own lot."""
    return _photo(call, shopper_report)


@router.get("/desk/reports/{shopper_report}/photo")
def desk_report_photo(call: Reading, shopper_report: UUID) -> Response:
    """The photograph a shopper sent."""
    return _photo(call, shopper_report)


@router.post("/work/reports/{shopper_report}/look")
def look_report_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Let the shopper see that somebody looks at it."""
    return _look(request, call, WORK, shopper_report, typed)


@router.post("/desk/reports/{shopper_report}/look")
def desk_look_report_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Take it on."""
    return _look(request, call, DESK, shopper_report, typed)


@router.post("/work/reports/{shopper_report}/answer")
def answer_report_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Answer the shopper, as the cooperative."""
    return _answer(request, call, WORK, shopper_report, typed)


@router.post("/desk/reports/{shopper_report}/answer")
def desk_answer_report_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Answer the shopper, as the authority."""
    return _answer(request, call, DESK, shopper_report, typed)


@router.post("/work/reports/{shopper_report}/done")
def report_done_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Write down what the cooperative did."""
    return _done(request, call, WORK, shopper_report, typed)


@router.post("/desk/reports/{shopper_report}/done")
def desk_report_done_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Write down what the authority did."""
    return _done(request, call, DESK, shopper_report, typed)


@router.post("/desk/reports/{shopper_report}/ask")
def desk_ask_report_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Ask the cooperative whose lot it is."""

    def effect(report: ShopperReport) -> None:
        commands.ask_cooperative(
            call.session,
            report=report,
            words=typed.raw("words"),
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, DESK, shopper_report, typed)(effect, "ask", "report_asked")


@router.post("/desk/reports/{shopper_report}/close")
def desk_close_report_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Close it, with a reason."""

    def effect(report: ShopperReport) -> None:
        commands.close_report(
            call.session,
            report=report,
            reason=typed.raw("reason"),
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, DESK, shopper_report, typed)(effect, "close", "report_closed")


@router.post("/desk/reports/{shopper_report}/forget")
def desk_forget_contact_form(
    request: Request, call: Writing, shopper_report: UUID, typed: TypedForm
) -> Response:
    """Erase the shopper's contact."""

    def effect(report: ShopperReport) -> None:
        commands.forget_contact(call.session, report=report, by=call.actor, now=call.now)

    return _changing(request, call, DESK, shopper_report, typed)(effect, "", "contact_erased")


def _look(request: Request, call: Call, home: str, uid: UUID, typed: Typed) -> Response:
    def effect(report: ShopperReport) -> None:
        commands.look_at(call.session, report=report, caller=call.caller, now=call.now)

    return _changing(request, call, home, uid, typed)(effect, "", "looking")


def _answer(request: Request, call: Call, home: str, uid: UUID, typed: Typed) -> Response:
    def effect(report: ShopperReport) -> None:
        commands.answer_report(
            call.session,
            report=report,
            words=typed.raw("words"),
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, home, uid, typed)(effect, "answer", "report_answered")


def _done(request: Request, call: Call, home: str, uid: UUID, typed: Typed) -> Response:
    def effect(report: ShopperReport) -> None:
        commands.note_done(
            call.session,
            report=report,
            words=typed.raw("words"),
            caller=call.caller,
            now=call.now,
        )

    return _changing(request, call, home, uid, typed)(effect, "done", "report_done")


def _changing(
    request: Request, call: Call, home: str, uid: UUID, typed: Typed
) -> Changing[ShopperReport]:
    return Changing(
        call,
        typed,
        f"{home}/reports/{uid}",
        find=lambda: queries.report_by_uid(call.session, uid, within=call.within),
        again=partial(_one, request, call, home, uid),
    )


def _list(
    request: Request,
    call: Call,
    home: str,
    after: str | None,
    state: ReportState | None,
    *,
    mine: bool = False,
) -> Response:
    lines = queries.reports(
        call.session,
        within=call.within,
        today=call.today,
        states=(state,) if state else tuple(OPEN),
        assigned_id=call.caller.account_id if mine else None,
        after=after,
        limit=LINES_A_PAGE,
    )
    counts = queries.count_open(call.session, within=call.within)
    return show(
        request,
        call,
        "work/reports.html",
        home=home,
        lines=lines,
        chosen="" if mine else state.value if state else "open",
        counts={one.value: count for one, count in counts.items()},
        late=queries.count_late(call.session, within=call.within, today=call.today),
        mine=mine,
    )


def _one(request: Request, call: Call, home: str, uid: UUID, **again: Any) -> Response:
    line = queries.report_line(call.session, uid, within=call.within, today=call.today)
    officer = home == DESK
    others = queries.reports_of_lot(call.session, line.lot) if line.lot else []
    return show(
        request,
        call,
        "work/report.html",
        status=422 if again.get("refusal") else 200,
        **{
            "home": home,
            "line": line,
            "said": queries.messages_of(call.session, line.report),
            "others": [one for one in others if one.uid != uid],
            "contact": queries.find_contact(call.session, line.report) if officer else None,
            "photo": queries.find_photo(call.session, line.report),
            "hold": _to_hold(call, line) if officer else None,
            "tried": None,
            **again,
        },
    )


def _to_hold(call: Call, line: queries.ReportLine) -> LotLine | None:
    if line.lot is None or line.lot.state not in _MAY_BE_HELD:
        return None
    return line_of(call.session, line.lot)


def _photo(call: Call, uid: UUID) -> Response:
    report = queries.report_by_uid(call.session, uid, within=call.within)
    photo = queries.find_photo(call.session, report)
    if photo is None:
        raise NotFound(say("There is no such picture."))
    headers = {"Cache-Control": "private, no-store", "ETag": f'"{photo.sha256}"'}
    return Response(photo.content, media_type=MEDIA_TYPE, headers=headers)
