"""The worklist of applications: what is due, what is overdue, and the decisions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.reason_queries import reasons_for
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import refuse
from app.kit.messages import Message, say
from app.models.dossiers import Finding
from app.models.registry import ApplicationState, CodeScheme
from app.places.queries import address_of, unit_by_id
from app.registry.application_commands import (
    CheckDetails,
    order_site_check,
    record_site_check,
    reject_application,
    return_application,
)
from app.registry.application_queries import (
    ApplicationLine,
    application_line,
    applications,
    count_overdue,
)
from app.registry.area_queries import crops_of
from app.registry.decision_queries import Decision
from app.registry.document_queries import documents_of
from app.registry.dossier_queries import (
    checks_of,
    find_dossier,
    land_of_plots,
    plots_in,
    standard_of,
)
from app.registry.issue_commands import issue_code, issue_codes
from app.registry.law_queries import concerns_about
from app.web.forms import Typed
from app.web.outline import outline_of
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.words import SCHEMES

router = APIRouter(prefix="/desk", include_in_schema=False)

# Those whose codes are typed in one by one are not among those of many at once.
BULK = (CodeScheme.ND38_2026, CodeScheme.QD3156_2022)


@router.get("/applications")
def applications_page(
    request: Request, call: Reading, page: PageArgs, state: str = "submitted"
) -> Response:
    """What is due first comes first."""
    return _worklist(request, call, state, page.after)


@router.post("/applications")
def issue_many_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Issue the codes of all that are ticked, by one decision."""

    def effect() -> str:
        chosen = typed.uids("chosen")
        if not chosen:
            raise refuse("chosen", say("Tick at least one application."))
        issue_codes(
            call.session,
            applications=[
                application_line(call.session, uid, within=call.within).application
                for uid in chosen
            ],
            decision=decision_in(typed, call),
            by=call.actor,
            now=call.now,
        )
        return "/desk/applications?state=issued&done=issued"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        chosen = typed.several.get("chosen", [])
        again = {"typed": typed.fields, "refusal": answer, "chosen": chosen}
        return _worklist(request, call, "submitted", None, **again)
    return answer


@router.get("/applications/{uid}")
def application_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One application with what speaks for and against it."""
    line = application_line(call.session, uid, within=call.within)
    call.saw(line.area.organisation_id, "application", uid)
    return _one(request, call, line)


@router.post("/applications/{uid}/inspect")
def order_check_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Have the area looked at first."""

    def effect(line: ApplicationLine) -> None:
        order_site_check(call.session, application=line.application, by=call.actor, now=call.now)

    return _decide(request, call, uid, typed, effect, done="inspecting")


@router.post("/applications/{uid}/site-checks")
def record_check_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Keep what was found on site."""

    def effect(line: ApplicationLine) -> None:
        day = typed.day("checked_on", required=True)
        typed.done()
        if typed.raw("finding") not in set(Finding):
            raise refuse("finding", say("Choose one."))
        record_site_check(
            call.session,
            application=line.application,
            details=CheckDetails(
                day or call.today, Finding(typed.raw("finding")), typed.raw("words")
            ),
            by=call.actor,
            now=call.now,
        )

    return _decide(request, call, uid, typed, effect, done="checked")


@router.post("/applications/{uid}/issue")
def issue_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Issue the code."""

    def effect(line: ApplicationLine) -> None:
        issue_code(
            call.session,
            application=line.application,
            decision=decision_in(typed, call),
            by=call.actor,
            now=call.now,
        )

    return _decide(request, call, uid, typed, effect, done="issued")


@router.post("/applications/{uid}/return")
def return_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Send it back to be completed."""

    def effect(line: ApplicationLine) -> None:
        return_application(call.session, application=line.application, **_why(typed, call))

    return _decide(request, call, uid, typed, effect, done="returned")


@router.post("/applications/{uid}/reject")
def reject_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Turn it down, with the reason the applicant reads."""

    def effect(line: ApplicationLine) -> None:
        reject_application(call.session, application=line.application, **_why(typed, call))

    return _decide(request, call, uid, typed, effect, done="rejected")


def decision_in(typed: Typed, call: Call) -> Decision:
    """The decision to issue that a form holds."""
    day = typed.day("decided_on", required=True)
    number, scheme = typed.text("number", longest=80), typed.raw("scheme")
    typed.done()
    if scheme not in set(CodeScheme):
        raise refuse("scheme", say("Choose one from the list."))
    chosen, crop = CodeScheme(scheme), typed.raw("crop")[:40]
    return Decision(chosen, day or call.today, number, typed.raw("typed_code")[:80], crop)


def scheme_choices(call: Call, among: Iterable[CodeScheme] = CodeScheme) -> list[tuple[str, str]]:
    """Under what a code can be given, the scheme of today first."""
    offered = sorted(among, key=lambda scheme: scheme is not CodeScheme.ND38_2026)
    return [(scheme.value, call.language.say(SCHEMES[scheme])) for scheme in offered]


def reason_choices(call: Call, step: str) -> list[tuple[str, str]]:
    """The reasons of today's list for a step, in the reader's language."""
    return [
        (one.slug, f"{getattr(one, 'text_' + call.language.tag)} – {one.legal_ref}")
        for one in reasons_for(call.session, step, call.today)
    ]


def _why(typed: Typed, call: Call) -> dict[str, Any]:
    return {
        "reason": typed.raw("reason"),
        "reason_slug": typed.raw("reason_slug")[:60],
        "by": call.actor,
        "now": call.now,
    }


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


def _worklist(
    request: Request, call: Call, state: str, after: str | None, **again: Any
) -> Response:
    chosen = (
        ApplicationState(state) if state in set(ApplicationState) else ApplicationState.SUBMITTED
    )
    found = applications(call.session, within=call.within, state=chosen, after=after, limit=20)
    return show(
        request,
        call,
        "desk/applications.html",
        status=422 if again.get("refusal") else 200,
        lines=found,
        state=chosen.value,
        overdue=count_overdue(call.session, call.today, within=call.within),
        schemes=scheme_choices(call, BULK),
        **{"chosen": [], **again},
    )


def _one(request: Request, call: Call, line: ApplicationLine, **again: Any) -> Response:
    former_id = line.area.former_commune_id
    dossier = find_dossier(call.session, line.area.pk)
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
        dossier=dossier,
        standard=standard_of(call.session, dossier) if dossier else None,
        plots=plots_in(call.session, line.area),
        land=land_of_plots(call.session, line.area),
        papers=documents_of(call.session, line.area),
        checks=checks_of(call.session, line.application),
        outline=outline_of(line.area.polygon),
        warnings=_warnings(call, line),
        schemes=scheme_choices(call),
        reject_reasons=reason_choices(call, "rejected"),
        return_reasons=reason_choices(call, "returned"),
        **again,
    )


def _warnings(call: Call, line: ApplicationLine) -> list[Message]:
    if line.code is not None:
        return []
    market = line.application.market
    found = concerns_about(call.session, line.area, market, day=call.today)
    return [concern.why for concern in found]
