"""Drills of a recall: the list, for an organisation and for inspectors; one with its clock and answers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, PageArgs, Reading, Writing
from app.drills import queries
from app.drills.answering_commands import answer_drill, make_drill_link
from app.drills.commands import ask_for_drill, end_drill, start_drill
from app.drills.leading import leads, require_leader
from app.errors import Forbidden
from app.kit.messages import say
from app.models.drills import Drill, DrillState
from app.web.changing import Changing
from app.web.drawn_code import drawn_code
from app.web.drill_forms import STATES, asked_typed, drill_answer_typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(include_in_schema=False)


@router.get("/work/drills")
def drills_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """One's own drills and those one is asked in, and the form of a new one."""
    return _list(request, call, after=page.after, typed={"q": q[:80]})


@router.get("/desk/drills")
def desk_drills_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """All drills, and the form of a new one."""
    return _list(request, call, after=page.after, typed={"q": q[:80]})


@router.post("/work/drills")
def start_drill_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Begin: the clock runs from now on."""

    def effect() -> str:
        drill = start_drill(
            call.session,
            asked_typed(typed),
            caller=call.caller,
            reach=call.within,
            now=call.now,
        )
        return f"/work/drills/{drill.uid}"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _list(request, call, typed=typed.fields, refusal=answer)
    return answer


@router.get("/work/drills/{drill}")
def drill_page(request: Request, call: Reading, drill: UUID) -> Response:
    """One drill."""
    return _one(request, call, drill)


@router.get("/work/drills/{drill}/report.pdf")
def drill_report_file(call: Reading, drill: UUID) -> Response:
    """The report as it was kept."""
    found = queries.drill_by_uid(call.session, drill, within=call.within)
    require_leader(found, call.caller, call.within)
    if found.state is not DrillState.ENDED:
        return go_to(f"/work/drills/{found.uid}")
    headers = {
        "Content-Disposition": 'inline; filename="dien-tap-thu-hoi.pdf"',
        "Cache-Control": "private, no-store",
    }
    pdf = queries.report_of(call.session, found)
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.post("/work/drills/{drill}/ask")
def ask_for_drill_form(request: Request, call: Writing, drill: UUID, typed: TypedForm) -> Response:
    """Ask everybody who has goods."""

    def effect(one: Drill) -> None:
        require_leader(one, call.caller, call.within)
        ask_for_drill(call.session, one, now=call.now)

    return _changing(request, call, drill, typed)(effect, "ask", "drill_asked")


@router.post("/work/drills/{drill}/answer")
def answer_drill_form(request: Request, call: Writing, drill: UUID, typed: TypedForm) -> Response:
    """Say how much of the goods one has."""

    def effect(one: Drill) -> None:
        part = queries.find_own_part(call.session, one, call.caller.organisation_id)
        if part is None:
            raise Forbidden(say("Your organisation is not asked in this drill."))
        answer_drill(call.session, one, part, drill_answer_typed(typed), now=call.now)

    return _changing(request, call, drill, typed)(effect, "answer", "drill_answered")


@router.post("/work/drills/{drill}/end")
def end_drill_form(request: Request, call: Writing, drill: UUID, typed: TypedForm) -> Response:
    """End it, with what was learnt; its report is kept."""

    def effect(one: Drill) -> None:
        require_leader(one, call.caller, call.within)
        end_drill(call.session, one, typed.raw("lessons"), by=call.actor, now=call.now)

    return _changing(request, call, drill, typed)(effect, "end", "drill_ended")


@router.post("/work/drills/{drill}/asked/{asked}/link")
def make_drill_link_form(
    request: Request, call: Writing, drill: UUID, asked: UUID, config: Config
) -> Response:
    """A link with its QR code for a buyer of one's own. Shown this once."""

    def effect() -> str:
        found = queries.drill_by_uid(call.session, drill, within=call.within)
        own = queries.asked_by_uid(call.session, found, asked, within=call.within)
        if own.seller.pk != call.caller.organisation_id:
            raise Forbidden(say("Only who delivered the goods makes this link."))
        return make_drill_link(call.session, found, own.consignee)

    token = tried(call, effect)
    if isinstance(token, Refusal):
        return _one(request, call, drill, refusal=token)
    link = f"{config.base_url}/k/{token}"
    return _one(request, call, drill, link=link, drawn=drawn_code(link), linked=asked)


def _changing(request: Request, call: Call, uid: UUID, typed: TypedForm) -> Changing[Drill]:
    return Changing(
        call,
        typed,
        f"/work/drills/{uid}",
        lambda: queries.drill_by_uid(call.session, uid, within=call.within),
        lambda **again: _one(request, call, uid, **again),
    )


def _list(request: Request, call: Call, *, after: str | None = None, **again: Any) -> Response:
    found = queries.newest_drills(call.session, within=call.within, after=after)
    home = "/desk/drills" if call.within.everything else "/work/drills"
    status = 422 if again.get("refusal") else 200
    return show(
        request,
        call,
        "work/drills.html",
        status=status,
        drills=found,
        home=home,
        states=STATES,
        **again,
    )


def _one(request: Request, call: Call, uid: UUID, **again: Any) -> Response:
    drill = queries.drill_by_uid(call.session, uid, within=call.within)
    asked = queries.consignees_of(call.session, drill, within=call.within)
    for one in asked:
        if one.party is not None:
            call.saw(one.seller.pk, "drill", uid)
    home = call.caller.organisation_id
    return show(
        request,
        call,
        "work/drill.html",
        status=422 if again.get("refusal") else 200,
        told=queries.told_of(call.session, drill),
        whole=leads(drill, call.caller, call.within),
        leads=leads(drill, call.caller, call.within),
        home=home,
        asked=asked,
        own=queries.find_own_part(call.session, drill, home),
        lots=queries.lots_of(call.session, drill),
        states=STATES,
        **{"link": "", "drawn": None, "linked": None, "tried": "", **again},
    )
