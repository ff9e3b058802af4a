"""The desk of the province: organisations and the dated law."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.catalogue.queries import legal_rules
from app.deps import Call, PageArgs, Reading, Writing
from app.errors import refuse
from app.kit.messages import say
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.registry import OrganisationKind
from app.registry.organisation_commands import OrganisationDetails, register_organisation
from app.registry.organisation_queries import organisations
from app.web.choices import commune_choices
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.words import ORGANISATION_KINDS

router = APIRouter(prefix="/desk", include_in_schema=False)


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
