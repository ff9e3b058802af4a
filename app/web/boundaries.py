"""The boundary of an area on a map: drawn, walked, read from a file or from a table of coordinates."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates.neighbour_queries import organic_border
from app.deps import Call, Reading, Writing, require_version
from app.errors import DomainError, refuse
from app.kit.messages import Message, say
from app.registry.area_commands import draw_boundary
from app.registry.area_queries import AreaLine, area_line
from app.registry.boundary_files import NamedBoundary, read_boundaries
from app.registry.coordinate_table import CoordinateSystem, ring_from_table
from app.registry.geometry import repaired
from app.registry.law_queries import warnings_about
from app.registry.overlap_queries import areas_over, plots_over
from app.web.boundary_commune import commune_proposed
from app.web.choices import coordinate_choices
from app.web.forms import Typed
from app.web.outline import Outline, outline_of
from app.web.pages import (
    Refusal,
    SentFile,
    TypedForm,
    refusal_of,
    show,
    submitted_once,
)

router = APIRouter(prefix="/work", include_in_schema=False)


@dataclass(frozen=True)
class Found:
    """A boundary that was read from a file, drawn small, ready to be chosen."""

    name: str
    polygon: str
    outline: Outline | None
    changes: list[Message]


@router.get("/areas/{uid}/boundary")
def boundary_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The map, and the other ways to give a boundary."""
    line = area_line(call.session, uid, within=call.within)
    return _page(request, call, line, typed={"polygon": line.area.polygon or ""})


@router.post("/areas/{uid}/boundary")
def boundary_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Keep what was drawn."""
    line = area_line(call.session, uid, within=call.within)

    def effect() -> str:
        require_version(line.area.version, typed.whole("version", default=0))
        draw_boundary(
            call.session, area=line.area, polygon=typed.raw("polygon"), by=call.actor, now=call.now
        )
        return f"/work/areas/{uid}/boundary?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        line = area_line(call.session, uid, within=call.within)
        return _page(request, call, line, typed=typed.fields, refusal=answer)
    return answer


@router.post("/areas/{uid}/boundaries")
def read_boundaries_form(
    request: Request, call: Reading, uid: UUID, typed: TypedForm, file: SentFile
) -> Response:
    """Read a file or a pasted table; nothing is kept until it is saved."""
    line = area_line(call.session, uid, within=call.within)
    try:
        found = _found(typed, file, line)
    except DomainError as refused:
        return _page(request, call, line, typed=typed.fields, refusal=refusal_of(refused))
    first = {**typed.fields, "polygon": found[0].polygon}
    return _page(request, call, line, typed=first, found=found)


def _found(typed: Typed, file: SentFile, line: AreaLine) -> list[Found]:
    if typed.raw("table").strip():
        system = typed.raw("system")
        if system not in set(CoordinateSystem):
            raise refuse("system", say("Choose one from the list."))
        ring = ring_from_table(typed.raw("table"), system=CoordinateSystem(system))
        return [_choice(NamedBoundary(line.area.name, ring), line)]
    if file is None:
        raise refuse("file", say("Choose a file, or paste a table."))
    content, filename = file
    return [_choice(one, line) for one in read_boundaries(content, filename=filename)]


def _choice(one: NamedBoundary, line: AreaLine) -> Found:
    mended = repaired(one.ring_text, near=line.commune)
    return Found(one.name, mended.polygon, outline_of(mended.polygon), mended.changes)


def _page(
    request: Request,
    call: Call,
    line: AreaLine,
    *,
    typed: dict[str, str],
    refusal: Refusal | None = None,
    found: list[Found] | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/boundary.html",
        status=422 if refusal else 200,
        line=line,
        typed=typed,
        refusal=refusal,
        found=found or [],
        systems=coordinate_choices(),
        outline=outline_of(line.area.polygon),
        **about_boundary(call, line),
    )


def about_boundary(call: Call, line: AreaLine) -> dict[str, Any]:
    """What deserves a second look: overlaps, the organic border, another commune, another size."""
    area = line.area
    if area.polygon is None:
        return {"warnings": [], "there": None, "over": [], "plots_over": [], "border": None}
    return {
        "warnings": warnings_about(call.session, area, call.today),
        "there": commune_proposed(call, line),
        "over": areas_over(call.session, area.polygon, besides=area),
        "plots_over": plots_over(call.session, area.polygon, besides=area),
        "border": organic_border(call.session, area, call.today),
    }
