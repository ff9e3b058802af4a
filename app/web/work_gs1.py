"""The page of an organisation's GS1 keys: company prefixes, its own GLN and those of its areas."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue import gs1_key_commands as commands
from app.catalogue import gs1_key_queries as queries
from app.deps import Call, Reading, Writing
from app.registry.area_queries import area_by_uid, areas
from app.registry.organisation_queries import organisation_by_id
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/work/gs1", include_in_schema=False)

MOST_AREAS = 200


@router.get("")
def gs1_keys_page(request: Request, call: Reading) -> Response:
    """What GS1 gave the organisation."""
    return _page(request, call, {})


@router.post("/prefixes")
def register_prefix_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write a prefix down."""

    def effect() -> None:
        prefix = typed.text("prefix", longest=40, required=True)
        typed.done()
        home = organisation_by_id(call.session, call.caller.organisation_id)
        commands.register_prefix(
            call.session, organisation=home, prefix=prefix, by=call.actor, now=call.now
        )

    return _changed(request, call, typed, effect)


@router.post("/prefixes/{prefix}/remove")
def remove_prefix_form(request: Request, call: Writing, prefix: str) -> Response:
    """Strike a prefix out."""
    held = queries.company_prefix(call.session, prefix, within=call.within)

    def effect() -> None:
        commands.remove_prefix(call.session, held=held, by=call.actor, now=call.now)

    return _changed(request, call, Typed({}, {}), effect)


@router.post("/locations")
def number_location_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write down the GLN of the organisation, or of an area."""

    def effect() -> None:
        gln = typed.text("gln", longest=60, required=True)
        chosen = typed.uid("area")
        typed.done()
        area = area_by_uid(call.session, chosen, within=call.within) if chosen else None
        home = organisation_by_id(call.session, call.caller.organisation_id)
        commands.number_location(
            call.session, organisation=home, area=area, gln=gln, by=call.actor, now=call.now
        )

    return _changed(request, call, typed, effect)


@router.post("/locations/{gln}/remove")
def remove_location_number_form(request: Request, call: Writing, gln: str) -> Response:
    """Strike a GLN out."""
    number = queries.location_number(call.session, gln, within=call.within)

    def effect() -> None:
        commands.remove_location_number(call.session, number=number, by=call.actor, now=call.now)

    return _changed(request, call, Typed({}, {}), effect)


def _changed(request: Request, call: Call, typed: Typed, effect: Callable[[], None]) -> Response:
    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, typed.fields, refusal=outcome)
    return go_to("/work/gs1?done=saved")


def _page(
    request: Request, call: Call, typed: dict[str, str], *, refusal: Refusal | None = None
) -> Response:
    numbered = queries.location_numbers(call.session, within=call.within)
    known = {line.area.pk for line in numbered if line.area}
    found = areas(call.session, within=call.within, limit=MOST_AREAS).items
    unnumbered = [line.area for line in found if line.area.pk not in known]
    return show(
        request,
        call,
        "work/gs1_keys.html",
        status=422 if refusal else 200,
        prefixes=queries.company_prefixes(call.session, within=call.within),
        locations=numbered,
        areas=[(str(area.uid), area.name) for area in unnumbered],
        typed=typed,
        refusal=refusal,
    )
