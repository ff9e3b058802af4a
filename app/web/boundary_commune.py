"""In which commune a boundary lies, where the province supplied outlines: proposed, never imposed."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Writing, require_version
from app.errors import Conflict
from app.kit.messages import say
from app.models.places import AdminUnit
from app.registry.area_commands import move_area
from app.registry.area_queries import AreaLine, area_line
from app.registry.geometry import middle_of
from app.registry.outline_queries import commune_at
from app.web.pages import Refusal, TypedForm, go_to, tried
from app.web.work_areas import one_page

router = APIRouter(prefix="/work", include_in_schema=False)


def commune_proposed(call: Call, line: AreaLine) -> AdminUnit | None:
    """The commune the middle of a boundary lies in, if it is another than the registered one."""
    if line.area.polygon is None:
        return None
    longitude, latitude = middle_of(line.area.polygon)
    there = commune_at(call.session, longitude, latitude, day=call.today)
    return None if there is None or there.pk == line.commune.pk else there


@router.post("/areas/{uid}/commune")
def take_commune_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Register the area in the commune its boundary lies in."""

    def effect() -> None:
        line = area_line(call.session, uid, within=call.within)
        require_version(line.area.version, typed.whole("version", default=0))
        there = commune_proposed(call, line)
        if there is None:
            raise Conflict(say("The area is registered in the commune its boundary lies in."))
        move_area(call.session, area=line.area, commune=there, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = area_line(call.session, uid, within=call.within)
        return one_page(request, call, line, home="/work", facts=None, refusal=outcome)
    return go_to(f"/work/areas/{uid}/boundary?done=saved")
