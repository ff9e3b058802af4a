"""Views of the desk that somebody kept, by a name of their own."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.plan.view_commands import drop_view, keep_view, views_of
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk/plan/views", include_in_schema=False)


@router.get("")
def plan_views_page(request: Request, call: Reading) -> Response:
    """One's own views."""
    return _page(request, call)


@router.post("")
def keep_plan_view_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Keep one."""
    outcome = tried(
        call,
        lambda: keep_view(
            call.session,
            account_id=call.caller.account_id,
            name=typed.raw("name"),
            address=typed.raw("address"),
            now=call.now,
        ),
    )
    if isinstance(outcome, Refusal):
        return _page(request, call, typed=typed.fields, refusal=outcome)
    return go_to("/desk/plan/views?done=saved")


@router.post("/{view}/drop")
def drop_plan_view_form(call: Writing, view: UUID) -> Response:
    """Drop one."""
    drop_view(call.session, account_id=call.caller.account_id, uid=view)
    return go_to("/desk/plan/views?done=view_dropped")


def _page(request: Request, call: Call, **again: Any) -> Response:
    return show(
        request,
        call,
        "desk/plan/views.html",
        status=422 if again.get("refusal") else 200,
        views=views_of(call.session, call.caller.account_id),
        **again,
    )
