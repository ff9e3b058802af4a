"""Certification bodies and from when until when they are registered."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.certificates.body_commands import register_body_period
from app.certificates.body_queries import bodies_with_registrations
from app.deps import Call, Reading, Writing
from app.models.accounts import Role
from app.registry.organisation_queries import organisation_by_uid
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk/bodies", include_in_schema=False)


@router.get("")
def bodies_page(request: Request, call: Reading) -> Response:
    """Every body with its registrations."""
    return _page(request, call)


@router.post("/{uid}")
def register_body_period_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Write down a registration, or the day it ended."""

    def effect() -> None:
        number = typed.text("number", longest=80, required=True)
        first = typed.day("valid_from", required=True)
        last = typed.day("valid_to")
        typed.done()
        register_body_period(
            call.session,
            body=organisation_by_uid(call.session, uid, within=Reach.all()),
            number=number,
            valid_from=first or call.today,
            valid_to=last,
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, typed=typed.fields, refusal=outcome, tried=str(uid))
    return go_to("/desk/bodies?done=saved")


def _page(request: Request, call: Call, **again: Any) -> Response:
    return show(
        request,
        call,
        "desk/bodies.html",
        status=422 if again.get("refusal") else 200,
        lines=bodies_with_registrations(call.session),
        may_register=call.caller.role is Role.PROVINCE_ADMIN,
        **{"tried": "", **again},
    )
