"""The desk of the province: applications, organisations, dated law."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.queries import legal_rules
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import refuse
from app.kit.messages import Message, say
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.registry import ApplicationState, CodeScheme, OrganisationKind
from app.places.queries import address_of, unit_by_id
from app.registry.application_commands import reject_application
from app.registry.application_queries import (
    ApplicationLine,
    application_line,
    applications,
)
from app.registry.area_queries import crops_of
from app.registry.issue_commands import Decision, issue_code
from app.registry.law_queries import concerns_about
from app.registry.organisation_commands import OrganisationDetails, register_organisation
from app.registry.organisation_queries import organisations
from app.web.choices import commune_choices
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.words import ORGANISATION_KINDS

router = APIRouter(prefix="/desk", include_in_schema=False)

SCHEMES = [
    (CodeScheme.ND38_2026.value, "NĐ 38/2026/NĐ-CP"),
    (CodeScheme.QD3156_2022.value, "QĐ 3156/QĐ-BNN-TT (2022)"),
    (CodeScheme.TCCS774_2020.value, "TCCS 774:2020/BVTV"),
    (CodeScheme.EXTERNAL.value, "Cổng quốc gia / National portal"),
]


@router.get("/applications")
def applications_page(
    request: Request, call: Reading, page: PageArgs, state: str = "submitted"
) -> Response:
    """Who has waited longest comes first."""
    chosen = (
        ApplicationState(state) if state in set(ApplicationState) else ApplicationState.SUBMITTED
    )
    found = applications(call.session, within=call.within, state=chosen, after=page.after, limit=20)
    return show(request, call, "desk/applications.html", lines=found, state=chosen.value)


@router.get("/applications/{uid}")
def application_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One application with what speaks for and against it."""
    return _one(request, call, application_line(call.session, uid, within=call.within))


@router.post("/applications/{uid}/issue")
def issue_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Issue the code."""

    def effect(line: ApplicationLine) -> None:
        issue_code(
            call.session,
            application=line.application,
            decision=_decision(typed, call),
            by=call.actor,
            now=call.now,
        )

    return _decide(request, call, uid, typed, effect, done="issued")


@router.post("/applications/{uid}/reject")
def reject_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Turn it down, with the reason the applicant reads."""

    def effect(line: ApplicationLine) -> None:
        reject_application(
            call.session,
            application=line.application,
            reason=typed.raw("reason"),
            by=call.actor,
            now=call.now,
        )

    return _decide(request, call, uid, typed, effect, done="rejected")


@router.get("/organisations")
def organisations_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """Every organisation."""
    return _organisations(request, call, q=q[:80], after=page.after)


@router.post("/organisations")
def register_organisation_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Register one."""

    def effect() -> str:
        kind = typed.raw("kind")
        name = typed.text("name", longest=160, required=True)
        commune = typed.text("commune", longest=5, required=True)
        address = typed.text("address", longest=200)
        number = typed.text("registration_number", longest=40)
        typed.done()
        if kind not in set(OrganisationKind):
            raise refuse("kind", say("Choose one from the list."))
        register_organisation(
            call.session,
            kind=OrganisationKind(kind),
            details=OrganisationDetails(
                name=name,
                commune=commune,
                address=address,
                public_phone=typed.raw("public_phone"),
                registration_number=number or None,
            ),
            by=call.actor,
            now=call.now,
        )
        return "/desk/organisations?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _organisations(request, call, typed=typed.fields, refusal=answer)
    return answer


@router.get("/rules")
def rules_page(request: Request, call: Reading) -> Response:
    """The law as the product knows it."""
    return _rules(request, call)


@router.post("/rules")
def set_rule_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """A rule says something else from a day on."""

    def effect() -> None:
        day = typed.day("valid_from", required=True)
        legal_ref = typed.text("legal_ref", longest=300, required=True)
        confidence = typed.raw("confidence")
        typed.done()
        set_legal_rule(
            call.session,
            key=typed.raw("key")[:80],
            amendment=RuleAmendment(
                valid_from=day or call.today,
                value=_json(typed.raw("value")),
                legal_ref=legal_ref,
                confidence=Confidence(confidence if confidence in set(Confidence) else "U"),
                enforced=typed.ticked("enforced"),
            ),
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _rules(request, call, typed=typed.fields, refusal=outcome)
    return go_to("/desk/rules?done=saved")


def _decide(
    request: Request, call: Call, uid: UUID, typed: Typed, effect: Any, *, done: str
) -> Response:
    def deciding() -> None:
        line = application_line(call.session, uid, within=call.within)
        require_version(line.application.version, typed.whole("version", default=0))
        effect(line)

    outcome = tried(call, deciding)
    if isinstance(outcome, Refusal):
        line = application_line(call.session, uid, within=call.within)
        return _one(request, call, line, typed=typed.fields, refusal=outcome)
    return go_to(f"/desk/applications/{uid}?done={done}")


def _decision(typed: Typed, call: Call) -> Decision:
    day = typed.day("decided_on", required=True)
    number, scheme = typed.text("number", longest=80), typed.raw("scheme")
    typed.done()
    if scheme not in set(CodeScheme):
        raise refuse("scheme", say("Choose one from the list."))
    return Decision(CodeScheme(scheme), day or call.today, number, typed.raw("typed_code")[:80])


def _one(request: Request, call: Call, line: ApplicationLine, **again: Any) -> Response:
    former_id = line.area.former_commune_id
    waits = line.application.state is ApplicationState.SUBMITTED
    return show(
        request,
        call,
        "desk/application.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        crops=crops_of(call.session, line.area),
        former=address_of(unit_by_id(call.session, former_id), call.language.tag)
        if former_id
        else None,
        warnings=_warnings(call, line) if waits else [],
        schemes=SCHEMES,
        **again,
    )


def _warnings(call: Call, line: ApplicationLine) -> list[Message]:
    market = line.application.market
    found = concerns_about(call.session, line.area, market, day=call.today)
    return [concern.why for concern in found]


def _organisations(
    request: Request, call: Call, *, q: str = "", after: str | None = None, **again: Any
) -> Response:
    return show(
        request,
        call,
        "desk/organisations.html",
        status=422 if again.get("refusal") else 200,
        organisations=organisations(call.session, within=call.within, q=q, after=after, limit=20),
        q=q,
        may_register=call.caller.role is Role.PROVINCE_ADMIN,
        communes=commune_choices(call.session, call.today),
        kinds=[(kind, call.language.say(words)) for kind, words in ORGANISATION_KINDS.items()],
        **again,
    )


def _rules(request: Request, call: Call, **again: Any) -> Response:
    found = legal_rules(call.session)
    return show(
        request,
        call,
        "desk/rules.html",
        status=422 if again.get("refusal") else 200,
        rules=found,
        keys=[(key, key) for key in dict.fromkeys(rule.key for rule in found)],
        may_change=call.caller.role is Role.PROVINCE_ADMIN,
        **again,
    )


def _json(typed: str) -> Any:
    try:
        return json.loads(typed)
    except (ValueError, RecursionError):
        raise refuse("value", say("This is not valid JSON.")) from None
