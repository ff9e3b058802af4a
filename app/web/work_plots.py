"""The plots of an area: whose land it is made of, entered one by one or from Excel."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.errors import refuse
from app.kit.messages import say
from app.models.places import AdminUnit
from app.registry.area_queries import AreaLine, area_line
from app.registry.dossier_queries import land_of_plots
from app.registry.grower_queries import growers
from app.registry.organisation_queries import organisation_by_id
from app.registry.plot_commands import PlotDetails, register_plot
from app.registry.plot_queries import plots
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, show, submitted_once

router = APIRouter(prefix="/work", include_in_schema=False)

MOST_MEMBERS_LISTED = 200


@router.get("/areas/{uid}/plots")
def plots_page(request: Request, call: Reading, uid: UUID, page: PageArgs) -> Response:
    """The plots, and the form for one more."""
    line = area_line(call.session, uid, within=call.within)
    return _page(request, call, line, after=page.after)


@router.post("/areas/{uid}/plots")
def register_plot_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Register one more."""
    line = area_line(call.session, uid, within=call.within)

    def effect() -> str:
        register_plot(
            call.session,
            organisation=organisation_by_id(call.session, line.area.organisation_id),
            details=_details(typed, call, line),
            by=call.actor,
            now=call.now,
        )
        return f"/work/areas/{uid}/plots?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        line = area_line(call.session, uid, within=call.within)
        return _page(request, call, line, typed=typed.fields, refusal=answer)
    return answer


def _page(
    request: Request, call: Call, line: AreaLine, *, after: str | None = None, **again: Any
) -> Response:
    members = growers(call.session, within=call.within, limit=MOST_MEMBERS_LISTED)
    return show(
        request,
        call,
        "work/plots.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        plots=plots(call.session, within=call.within, area=line.area, after=after, limit=50),
        land=land_of_plots(call.session, line.area),
        members=[(str(one.grower.uid), one.grower.name) for one in members.items],
        **{"typed": {"area_unit": "m2"}, **again},
    )


def _details(typed: Typed, call: Call, line: AreaLine) -> PlotDetails:
    name = typed.text("name", longest=120, required=True)
    grower = typed.uid("grower", required=True)
    area = typed.land("area_m2", "area_unit")
    typed.done()
    if grower is None:
        raise refuse("grower", say("Choose one from the list."))
    former = line.area.former_commune_id
    known = call.session.get(AdminUnit, former) if former else None
    return PlotDetails(
        name=name,
        grower=grower,
        commune=line.commune.code,
        former_commune=known.code if known else None,
        area=area,
        planting_area=line.area.uid,
        polygon=typed.raw("polygon") or None,
    )
