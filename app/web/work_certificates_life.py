"""What befalls a certificate, as forms: longer days, words for and against it, another scope."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates.confirming_commands import confirm_certificate, dispute_certificate
from app.certificates.extending_commands import extend_certificate
from app.certificates.queries import CertificateLine, Sight, certificate_line, scope_of
from app.certificates.scope import Named
from app.certificates.scope_commands import ScopeChange, change_scope
from app.deps import Call, Reading, Writing, require_version
from app.registry.organisation_queries import organisation_by_id
from app.web.certificate_forms import codes_typed, join_choices, scope_choices
from app.web.certificate_page import one_page
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/work/certificates", include_in_schema=False)


@router.post("/{uid}/extend")
def extend_certificate_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Let it run longer."""

    def effect(line: CertificateLine) -> None:
        day = typed.day("valid_to", required=True)
        typed.done()
        extend_certificate(
            call.session,
            certificate=line.certificate,
            valid_to=day or call.today,
            reason=typed.raw("reason"),
            caller=call.caller,
            now=call.now,
        )

    return _changed(request, call, uid, typed, effect, what="extend", done="extended")


@router.post("/{uid}/confirm")
def confirm_certificate_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Vouch for it."""

    def effect(line: CertificateLine) -> None:
        confirm_certificate(
            call.session,
            certificate=line.certificate,
            words=typed.raw("words"),
            caller=call.caller,
            now=call.now,
        )

    return _changed(request, call, uid, typed, effect, what="confirm", done="confirmed")


@router.post("/{uid}/dispute")
def dispute_certificate_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Say that it does not stand like this."""

    def effect(line: CertificateLine) -> None:
        dispute_certificate(
            call.session,
            certificate=line.certificate,
            words=typed.raw("words"),
            caller=call.caller,
            now=call.now,
        )

    return _changed(request, call, uid, typed, effect, what="dispute", done="disputed")


@router.get("/{uid}/scope")
def certificate_scope_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The lists, and what may join or leave them."""
    return _scope(request, call, uid)


@router.post("/{uid}/scope")
def change_scope_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Let something join or leave from a day on."""

    def effect() -> None:
        line = _line(call, uid)
        require_version(line.certificate.version, typed.whole("version", default=0))
        change_scope(
            call.session,
            certificate=line.certificate,
            change=_change(call, typed, line),
            caller=call.caller,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        again = {"typed": typed.fields, "chosen": typed.several, "refusal": outcome}
        return _scope(request, call, uid, **again)
    return go_to(f"/work/certificates/{uid}?done=saved")


def _change(call: Call, typed: Typed, line: CertificateLine) -> ScopeChange:
    day = typed.day("effective_on", required=True)
    joining = Named(
        tuple(typed.several.get("crops_join", [])),
        tuple(typed.uids("areas_join")),
        tuple(typed.uids("members_join")),
    )
    leaving = Named(
        tuple(typed.several.get("crops_leave", [])),
        tuple(typed.uids("areas_leave")),
        tuple(typed.uids("members_leave")),
    )
    codes = typed.text("member_codes", longest=20_000, multiline=True)
    typed.done()
    more = codes_typed(call, codes, line.holder, "member_codes")
    joining = Named(joining.crops, joining.areas, tuple(dict.fromkeys((*joining.members, *more))))
    return ScopeChange(day or call.today, typed.raw("reason"), joining, leaving)


def _scope(request: Request, call: Call, uid: UUID, **again: Any) -> Response:
    line = _line(call, uid)
    scope = scope_of(call.session, line.certificate)
    holder = organisation_by_id(call.session, line.certificate.organisation_id)
    leaving = scope_choices(call, scope)
    joining, more = join_choices(call, holder, leaving)
    return show(
        request,
        call,
        "work/certificate_scope.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        scope=scope,
        joining=joining,
        leaving=leaving,
        more=more,
        **{"chosen": {}, **again},
    )


def _changed(
    request: Request,
    call: Call,
    uid: UUID,
    typed: Typed,
    effect: Callable[[CertificateLine], None],
    *,
    what: str,
    done: str,
) -> Response:
    def act() -> None:
        line = _line(call, uid, unclaimed=what == "confirm")
        require_version(line.certificate.version, typed.whole("version", default=0))
        effect(line)

    outcome = tried(call, act)
    if isinstance(outcome, Refusal):
        return one_page(request, call, uid, typed=typed.fields, refusal=outcome, tried=what)
    return go_to(f"/work/certificates/{uid}?done={done}")


def _line(call: Call, uid: UUID, *, unclaimed: bool = False) -> CertificateLine:
    sight = Sight.of(call.caller, call.within, unclaimed=unclaimed)
    return certificate_line(call.session, uid, sight=sight)
