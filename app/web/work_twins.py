"""Growers and plots that look entered twice: side by side, told apart or made one."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.errors import refuse
from app.kit.messages import say
from app.registry.grower_queries import grower_by_uid
from app.registry.organisation_queries import organisation_by_id
from app.registry.plot_queries import plot_line
from app.registry.twin_commands import merge_growers, tell_apart
from app.registry.twin_queries import twins_of
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work/growers", include_in_schema=False)
MOST_SHOWN = 50


@router.get("/twins")
def twins_page(request: Request, call: Reading) -> Response:
    """What looks entered twice."""
    return _page(request, call)


@router.post("/twins/apart")
def tell_twins_apart_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """These two are not the same."""

    def effect() -> None:
        noun = "plot" if typed.text("noun", longest=10) == "plot" else "grower"
        one, other = _uid(typed, "one"), _uid(typed, "other")
        tell_apart(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            noun=noun,
            uids=(_known(call, noun, one), _known(call, noun, other)),
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, refusal=outcome)
    return go_to("/work/growers/twins?done=told_apart")


@router.post("/{uid}/merge")
def merge_growers_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Make one of two records of a person."""
    one = grower_by_uid(call.session, uid, within=call.within)

    def effect() -> str:
        other = grower_by_uid(call.session, _uid(typed, "other"), within=call.within)
        merged = merge_growers(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            growers=(one, other),
            by=call.actor,
            now=call.now,
        )
        return f"/work/growers/{merged.stays.uid}?done=merged"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _page(request, call, refusal=answer)
    return answer


def _page(request: Request, call: Call, *, refusal: Refusal | None = None) -> Response:
    organisation = organisation_by_id(call.session, call.caller.organisation_id)
    found = twins_of(call.session, organisation)
    return show(
        request,
        call,
        "work/twins.html",
        status=422 if refusal else 200,
        found=found,
        most=MOST_SHOWN,
        refusal=refusal,
    )


def _uid(typed: Typed, field: str) -> UUID:
    chosen = typed.uid(field, required=True)
    typed.done()
    if chosen is None:
        raise refuse(field, say("Choose one."))
    return chosen


def _known(call: Call, noun: str, uid: UUID) -> UUID:
    if noun == "plot":
        return plot_line(call.session, uid, within=call.within).plot.uid
    return grower_by_uid(call.session, uid, within=call.within).uid
