"""One planting-area code at the desk: its life, and every step that can be taken with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.reason_queries import reasons_by_slug
from app.deps import Call, Reading, Writing, require_version
from app.models.registry import AreaCode, CodeStatus
from app.registry.area_queries import crops_of
from app.registry.code_commands import (
    Change,
    cancel_code,
    restore_code,
    revoke_code,
    suspend_code,
    warn_code,
)
from app.registry.code_queries import code_line, steps_of, successor_of
from app.registry.document_queries import documents_of
from app.registry.issue_commands import reissue_code
from app.registry.rules import may_become, status_on
from app.web.desk_applications import decision_in, reason_choices, scheme_choices
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(include_in_schema=False)

Step = Callable[..., AreaCode]


@router.get("/desk/codes/{uid}")
def desk_code_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The code, its history, and what can be done."""
    return code_page(request, call, uid)


@router.post("/desk/codes/{uid}/warn")
def warn_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Warn the holder."""
    return _change(request, call, uid, typed, warn_code, done="warned")


@router.post("/desk/codes/{uid}/suspend")
def suspend_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Suspend the code."""
    return _change(request, call, uid, typed, suspend_code, done="suspended")


@router.post("/desk/codes/{uid}/restore")
def restore_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Restore it, or lift a warning."""
    return _change(request, call, uid, typed, restore_code, done="restored")


@router.post("/desk/codes/{uid}/revoke")
def revoke_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Revoke it for good."""
    return _change(request, call, uid, typed, revoke_code, done="code_revoked")


@router.post("/desk/codes/{uid}/cancel")
def cancel_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Cancel it."""
    return _change(request, call, uid, typed, cancel_code, done="code_cancelled")


@router.get("/work/codes/{uid}")
def own_code_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The same for its holder."""
    return code_page(request, call, uid)


@router.post("/work/codes/{uid}/cancel")
def give_up_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """The holder gives the code up."""
    return _change(request, call, uid, typed, cancel_code, done="code_cancelled", home="/work")


@router.post("/desk/codes/{uid}/reissue")
def reissue_code_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """A new code in its place."""

    def effect() -> UUID:
        line = code_line(call.session, uid, within=call.within)
        require_version(line.code.version, typed.whole("version", default=0))
        made = reissue_code(
            call.session,
            code=line.code,
            decision=decision_in(typed, call),
            by=call.actor,
            now=call.now,
        )
        return made.uid

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return code_page(request, call, uid, typed=typed.fields, refusal=outcome, acted="reissue")
    return go_to(f"/desk/codes/{outcome}?done=issued")


def code_page(request: Request, call: Call, uid: UUID, **again: Any) -> Response:
    """A code with its steps; the forms of those steps that are possible now."""
    line = code_line(call.session, uid, within=call.within)
    possible = [status.value for status in CodeStatus if may_become(line.code.status, status)]
    return show(
        request,
        call,
        "desk/code.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        steps=steps_of(call.session, line.code),
        standing=status_on(steps_of(call.session, line.code), call.today) or line.code.status,
        papers=documents_of(call.session, line.area),
        reasons=reasons_by_slug(call.session),
        choices={step: reason_choices(call, step) for step in possible},
        crops=crops_of(call.session, line.area),
        possible=possible,
        predecessor=call.session.get(AreaCode, line.code.predecessor_id)
        if line.code.predecessor_id
        else None,
        successor=successor_of(call.session, line.code),
        schemes=scheme_choices(call),
        **{"acted": "", **again},
    )


def _change(
    request: Request,
    call: Call,
    uid: UUID,
    typed: Typed,
    step: Step,
    *,
    done: str,
    home: str = "/desk",
) -> Response:
    def effect() -> None:
        line = code_line(call.session, uid, within=call.within)
        require_version(line.code.version, typed.whole("version", default=0))
        step(call.session, code=line.code, change=_read(typed, call), by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        acted = request.url.path.rsplit("/", 1)[-1]
        return code_page(request, call, uid, typed=typed.fields, refusal=outcome, acted=acted)
    return go_to(f"{home}/codes/{uid}?done={done}")


def _read(typed: Typed, call: Call) -> Change:
    day = typed.day("effective_on", required=True)
    number = typed.text("number", longest=80)
    typed.done()
    slug = typed.raw("reason_slug")[:60]
    return Change(day or call.today, typed.raw("reason"), slug, number)
