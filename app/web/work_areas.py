"""Planting areas and growers, as the clerk works with them."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.queries import list_crops
from app.certificates.neighbour_queries import organic_border
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.places.queries import address_of, unit_by_id
from app.registry.application_queries import applications_of
from app.registry.area_commands import AreaDetails, amend_area, register_area
from app.registry.area_queries import AreaLine, area_line, areas, crops_of
from app.registry.code_queries import codes_by_area, steps_of_area
from app.registry.law_queries import warnings_about
from app.registry.organisation_queries import organisation_by_id
from app.registry.overlap_queries import areas_over
from app.registry.standing_queries import standings_of_areas
from app.web.choices import commune_choices, former_commune_choices, market_choices
from app.web.forms import Typed
from app.web.outline import outline_of
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work", include_in_schema=False)


@router.get("/areas")
def areas_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """The cooperative's areas with their codes."""
    return list_page(request, call, page.after, q, home="/work")


@router.get("/areas/new")
def new_area_page(request: Request, call: Reading) -> Response:
    """The form."""
    return _form(request, call, {"area_unit": "ha"}, chosen=[])


@router.post("/areas/new")
def register_area_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Register, or say beside each field what cannot be."""

    def effect() -> str:
        area = register_area(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=_details(typed),
            by=call.actor,
            now=call.now,
        )
        return f"/work/areas/{area.uid}/boundary?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        chosen = typed.several.get("crops", [])
        return _form(request, call, typed.fields, chosen=chosen, refusal=answer)
    return answer


@router.get("/areas/{uid}/edit")
def edit_area_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The same form with what is known."""
    line = area_line(call.session, uid, within=call.within)
    chosen = [crop.slug for crop in crops_of(call.session, line.area)]
    return _form(request, call, _as_typed(call, line), chosen=chosen, line=line)


@router.post("/areas/{uid}/edit")
def amend_area_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Correct it."""

    def effect() -> None:
        line = area_line(call.session, uid, within=call.within)
        require_version(line.area.version, typed.whole("version", default=0))
        details = replace(
            _details(typed), polygon=line.area.polygon, closed_on=typed.day("closed_on")
        )
        typed.done()
        amend_area(call.session, area=line.area, details=details, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = area_line(call.session, uid, within=call.within)
        chosen = typed.several.get("crops", [])
        return _form(request, call, typed.fields, chosen=chosen, refusal=outcome, line=line)
    return go_to(f"/work/areas/{uid}?done=amended")


@router.get("/areas/{uid}")
def area_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One area with its codes."""
    line = area_line(call.session, uid, within=call.within)
    return one_page(request, call, line, home="/work", facts=None)


def list_page(request: Request, call: Call, after: str | None, q: str, *, home: str) -> Response:
    """Areas within reach; the desk shows whose they are."""
    found = areas(call.session, within=call.within, q=q[:80], after=after, limit=20)
    return show(
        request,
        call,
        "work/areas.html",
        areas=found,
        codes=codes_by_area(call.session, {line.area.pk for line in found.items}),
        standing=standings_of_areas(
            call.session, {line.area.pk for line in found.items}, call.today
        ),
        q=q[:80],
        home=home,
        owner=home == "/desk",
    )


def one_page(
    request: Request, call: Call, line: AreaLine, *, home: str, facts: Any, **again: Any
) -> Response:
    """An area with everything known about it."""
    former_id = line.area.former_commune_id
    return show(
        request,
        call,
        "work/area.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        home=home,
        crops=crops_of(call.session, line.area),
        former=address_of(unit_by_id(call.session, former_id), call.language.tag)
        if former_id
        else None,
        codes=steps_of_area(call.session, line.area.pk),
        standing=standings_of_areas(call.session, {line.area.pk}, call.today),
        applications=applications_of(call.session, line.area),
        warnings=warnings_about(call.session, line.area, call.today),
        over=areas_over(call.session, line.area.polygon, besides=line.area)
        if line.area.polygon
        else [],
        border=organic_border(call.session, line.area, call.today),
        outline=outline_of(line.area.polygon),
        markets=market_choices(call.language),
        facts=facts,
        **again,
    )


def _form(
    request: Request,
    call: Call,
    typed: dict[str, str],
    *,
    chosen: list[str],
    refusal: Refusal | None = None,
    line: AreaLine | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/area_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        communes=commune_choices(call.session, call.today),
        former_communes=former_commune_choices(call.session),
        crops=list_crops(call.session),
        chosen=chosen,
        line=line,
    )


def _as_typed(call: Call, line: AreaLine) -> dict[str, str]:
    area = line.area
    former = unit_by_id(call.session, area.former_commune_id) if area.former_commune_id else None
    return {
        "name": area.name,
        "commune": line.commune.code,
        "former_commune": former.code if former else "",
        "area_m2": str(area.area_m2),
        "area_unit": "m2",
        "established_on": area.established_on.isoformat(),
        "closed_on": area.closed_on.isoformat() if area.closed_on else "",
    }


def _details(typed: Typed) -> AreaDetails:
    name = typed.text("name", longest=120, required=True)
    area = typed.land("area_m2", "area_unit")
    established_on = typed.day("established_on", required=True)
    commune = typed.text("commune", longest=5, required=True)
    typed.done()
    return AreaDetails(
        name=name,
        commune=commune,
        former_commune=typed.raw("former_commune")[:5] or None,
        crops=tuple(typed.several.get("crops", [])),
        area=area,
        established_on=established_on or date.min,
        polygon=typed.raw("polygon") or None,
    )
