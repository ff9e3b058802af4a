"""The dossier of an area: everything a code needs, on one page, kept as a draft until it is whole."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.queries import standards_on
from app.deps import Call, Reading, Writing, require_version
from app.kit.quantities import Grams
from app.models.dossiers import Dossier
from app.models.registry import PlantingArea
from app.registry.application_commands import cancel_application
from app.registry.application_queries import application_line, applications_of
from app.registry.area_queries import area_line
from app.registry.code_queries import steps_of_area
from app.registry.document_queries import documents_of
from app.registry.dossier_commands import (
    DossierDetails,
    open_dossier,
    save_dossier,
    submit_dossier,
)
from app.registry.dossier_queries import (
    find_dossier,
    land_of_plots,
    markets_of,
    missing_from,
    plots_in,
    standard_of,
)
from app.web.choices import market_choices
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work", include_in_schema=False)


@router.get("/areas/{uid}/dossier")
def dossier_page(request: Request, call: Reading, uid: UUID) -> Response:
    """What is there, what lacks, and the next step."""
    line = area_line(call.session, uid, within=call.within)
    dossier = find_dossier(call.session, line.area.pk)
    chosen = markets_of(call.session, dossier) if dossier else ["VNM"]
    return _page(request, call, uid, typed=_as_typed(call, dossier), chosen=chosen)


@router.post("/areas/{uid}/dossier")
def dossier_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Keep the draft; hand it in when that was the button."""
    line = area_line(call.session, uid, within=call.within)

    def effect() -> str:
        dossier = open_dossier(call.session, area=line.area, now=call.now)
        if typed.raw("version"):
            require_version(dossier.version, typed.whole("version", default=0))
        save_dossier(
            call.session, dossier=dossier, details=_details(typed), by=call.actor, now=call.now
        )
        if typed.raw("then") != "submit":
            return f"/work/areas/{uid}/dossier?done=saved"
        submit_dossier(call.session, dossier=dossier, by=call.actor, now=call.now)
        return f"/work/areas/{uid}?done=applied"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        _keep_draft(call, uid, typed)
        chosen = typed.several.get("markets", [])
        return _page(request, call, uid, typed=typed.fields, chosen=chosen, refusal=answer)
    return answer


@router.post("/applications/{uid}/cancel")
def cancel_application_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Take an application back."""
    area = application_line(call.session, uid, within=call.within).area

    def effect() -> None:
        line = application_line(call.session, uid, within=call.within)
        require_version(line.application.version, typed.whole("version", default=0))
        cancel_application(call.session, application=line.application, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        found = find_dossier(call.session, area.pk)
        chosen = markets_of(call.session, found) if found else []
        again = {"typed": _as_typed(call, found), "chosen": chosen, "refusal": outcome}
        return _page(request, call, area.uid, **again)
    return go_to(f"/work/areas/{area.uid}/dossier?done=cancelled")


def _keep_draft(call: Call, uid: UUID, typed: Typed) -> None:
    """What was typed is not lost because something else is missing; what is wrong in itself is not kept."""

    def effect() -> None:
        area = area_line(call.session, uid, within=call.within).area
        dossier = open_dossier(call.session, area=area, now=call.now)
        if typed.raw("version"):
            require_version(dossier.version, typed.whole("version", default=0))
        details = _details(typed)
        save_dossier(call.session, dossier=dossier, details=details, by=call.actor, now=call.now)

    if typed.raw("then") == "submit":
        tried(call, effect)


def _page(request: Request, call: Call, uid: UUID, **shown: Any) -> Response:
    line = area_line(call.session, uid, within=call.within)
    dossier = find_dossier(call.session, line.area.pk)
    return show(
        request,
        call,
        "work/dossier.html",
        status=422 if shown.get("refusal") else 200,
        line=line,
        dossier=dossier,
        lacks=missing_from(call.session, line.area, dossier) if dossier else [],
        applications=applications_of(call.session, line.area),
        codes=steps_of_area(call.session, line.area.pk),
        papers=documents_of(call.session, line.area),
        markets=market_choices(call.language),
        standards=_standards(call, dossier),
        **_plots(call, line.area),
        **shown,
    )


def _plots(call: Call, area: PlantingArea) -> dict[str, Any]:
    return {
        "plots": plots_in(call.session, area),
        "land": land_of_plots(call.session, area),
    }


def _standards(call: Call, dossier: Dossier | None) -> list[tuple[str, str]]:
    """What can be followed today, and what the dossier said while it could be."""
    offered = standards_on(call.session, call.today)
    chosen = standard_of(call.session, dossier) if dossier else None
    if chosen is not None and chosen not in offered:
        offered.append(chosen)
    title = f"title_{call.language.tag}"
    return [(one.code, f"{getattr(one, title)} ({one.edition})") for one in offered]


def _as_typed(call: Call, dossier: Dossier | None) -> dict[str, str]:
    if dossier is None:
        return {"output_unit": "tan"}
    standard = standard_of(call.session, dossier)
    output = dossier.expected_output_g
    return {
        "standard": standard.code if standard else "",
        "expected_output": "" if output is None else f"{output / 1_000_000:g}".replace(".", ","),
        "output_unit": "tan",
        "households": "" if dossier.households is None else str(dossier.households),
        "representative": dossier.representative,
        "parcel": dossier.parcel,
        "note": dossier.note,
    }


def _details(typed: Typed) -> DossierDetails:
    output: Grams | None = None
    if typed.raw("expected_output").strip():
        output = typed.mass("expected_output", "output_unit")
    households = typed.whole("households", default=0) if typed.raw("households").strip() else None
    representative = typed.text("representative", longest=120)
    parcel = typed.text("parcel", longest=120)
    note = typed.text("note", longest=500, multiline=True)
    typed.done()
    return DossierDetails(
        markets=tuple(typed.several.get("markets", [])),
        standard=typed.raw("standard")[:40],
        expected_output=output,
        households=households,
        representative=representative,
        parcel=parcel,
        note=note,
    )
