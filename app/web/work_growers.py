"""Growers: registering, consent, the end of a membership."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.registry.grower_commands import (
    Person,
    end_membership,
    give_consent,
    register_grower,
    withdraw_consent,
)
from app.registry.grower_queries import GrowerLine, find_consent, grower_line, growers
from app.registry.organisation_queries import organisation_by_id
from app.registry.twin_queries import likely_count
from app.web.choices import commune_choices
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work/growers", include_in_schema=False)


@router.get("")
def growers_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """The members."""
    home = organisation_by_id(call.session, call.caller.organisation_id)
    found = growers(call.session, within=call.within, q=q[:80], after=page.after, limit=20)
    twins = likely_count(call.session, home)
    return show(request, call, "work/growers.html", growers=found, q=q[:80], twins=twins)


@router.get("/new")
def new_grower_page(request: Request, call: Reading) -> Response:
    """The form."""
    return _form(request, call, {"member_since": call.today.isoformat()})


@router.post("/new")
def register_grower_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Register, or say beside each field what cannot be."""

    def effect() -> str:
        person, since = _person(typed)
        grower = register_grower(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            person=person,
            member_since=since,
            by=call.actor,
            now=call.now,
        )
        return f"/work/growers/{grower.uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, typed.fields, refusal=answer)
    return answer


@router.get("/{uid}")
def grower_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One grower."""
    line = grower_line(call.session, uid, within=call.within)
    if line.grower.uid != uid:  # merged: what stays is shown under its own address
        return go_to(f"/work/growers/{line.grower.uid}?done=merged")
    return _one(request, call, line)


@router.post("/{uid}/consent")
def give_consent_form(call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Write the consent down; only what was ticked is a consent."""
    line = grower_line(call.session, uid, within=call.within)
    if typed.ticked("agreed"):
        give_consent(call.session, grower=line.grower, by=call.actor, now=call.now)
    return go_to(f"/work/growers/{uid}?done=saved")


@router.post("/{uid}/consent/withdraw")
def withdraw_consent_form(call: Writing, uid: UUID) -> Response:
    """The name leaves every public page at once."""
    line = grower_line(call.session, uid, within=call.within)
    withdraw_consent(call.session, grower=line.grower, by=call.actor, now=call.now)
    return go_to(f"/work/growers/{uid}?done=saved")


@router.post("/{uid}/end")
def end_membership_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """The last day of a membership."""
    line = grower_line(call.session, uid, within=call.within)

    def effect() -> None:
        last_day = typed.day("last_day", required=True)
        typed.done()
        end_membership(
            call.session,
            membership=line.membership,
            last_day=last_day or call.today,
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = grower_line(call.session, uid, within=call.within)
        return _one(request, call, line, typed=typed.fields, refusal=outcome)
    return go_to(f"/work/growers/{uid}?done=saved")


def _one(
    request: Request,
    call: Call,
    line: GrowerLine,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/grower.html",
        status=422 if refusal else 200,
        line=line,
        consent=find_consent(call.session, line.grower.pk),
        typed=typed or {},
        refusal=refusal,
    )


def _form(
    request: Request, call: Call, typed: dict[str, str], *, refusal: Refusal | None = None
) -> Response:
    return show(
        request,
        call,
        "work/grower_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        communes=commune_choices(call.session, call.today),
    )


def _person(typed: Typed) -> tuple[Person, date]:
    name = typed.text("name", longest=120, required=True)
    commune = typed.text("commune", longest=5, required=True)
    phone, hamlet = typed.text("phone", longest=40), typed.text("hamlet", longest=120)
    since = typed.day("member_since", required=True)
    typed.done()
    return Person(name=name, commune=commune, phone=phone, hamlet=hamlet), since or date.min
