"""What maps are drawn from: the areas around one, and all areas for the desk, as GeoJSON."""

import gzip
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates.border_queries import organic_borders
from app.certificates.neighbour_queries import organic_border
from app.deps import Call, Reading
from app.models.registry import CodeStatus, PlantingArea
from app.registry.area_queries import area_line
from app.registry.map_queries import MappedArea, mapped_areas, mapped_near
from app.registry.overlap_queries import areas_over, plots_over
from app.web.pages import show

router = APIRouter(include_in_schema=False)

AROUND_M = 3_000.0
GEOJSON = "application/geo+json"


@router.get("/work/areas/{uid}/near.geojson")
def near_own_area(request: Request, call: Reading, uid: UUID) -> Response:
    """What lies around an own area: the organisation's other areas, overlaps, organic neighbours."""
    area = area_line(call.session, uid, within=call.within).area
    own = mapped_near(call.session, area, AROUND_M, within=call.within, day=call.today)
    shapes = [*_areas(own, "/work"), *_organic(call, area), *_overlaps(call, area)]
    return _collection(request, shapes)


@router.get("/desk/areas/{uid}/near.geojson")
def near_any_area(request: Request, call: Reading, uid: UUID) -> Response:
    """The same for the desk, whosever the areas are."""
    area = area_line(call.session, uid, within=call.within).area
    around = mapped_near(call.session, area, AROUND_M, within=call.within, day=call.today)
    shapes = [*_areas(around, "/desk"), *_organic(call, area), *_overlaps(call, area)]
    return _collection(request, shapes)


@router.get("/desk/map")
def desk_map_page(request: Request, call: Reading) -> Response:
    """Every area of the province on one map."""
    return show(request, call, "desk/map.html")


@router.get("/desk/borders")
def desk_borders_page(request: Request, call: Reading) -> Response:
    """Where organic land has neighbours: what is sprayed there is watched."""
    borders = organic_borders(call.session, call.today)
    return show(request, call, "desk/borders.html", borders=borders)


@router.get("/desk/areas.geojson")
def desk_areas_geojson(request: Request, call: Reading) -> Response:
    """Every open area with a boundary, the status of its codes, and the address of its page."""
    return _collection(
        request, _areas(mapped_areas(call.session, within=call.within, day=call.today), "/desk")
    )


def _areas(areas: Iterable[MappedArea], home: str) -> Iterable[dict[str, Any]]:
    for one in areas:
        status = one.status.value if one.status else "none"
        if one.status in {CodeStatus.CANCELLED, CodeStatus.SUPERSEDED}:
            status = "revoked"
        yield _feature(one.polygon, one.name, status, f"{home}/areas/{one.uid}")


def _organic(call: Call, area: PlantingArea) -> Iterable[dict[str, Any]]:
    border = organic_border(call.session, area, call.today)
    for one in border.near:
        if one.area.polygon and not border.organic:
            yield _feature(one.area.polygon, one.area.name, "organic", "")


def _overlaps(call: Call, area: PlantingArea) -> Iterable[dict[str, Any]]:
    if area.polygon is None:
        return
    for over in areas_over(call.session, area.polygon, besides=area):
        yield _feature(over.shared.geometry, over.area.name, "overlap", "")
    for under in plots_over(call.session, area.polygon, besides=area):
        yield _feature(under.shared.geometry, under.organisation.name, "overlap", "")


def _feature(geometry: str, name: str, status: str, href: str) -> dict[str, Any]:
    properties = {"name": name, "status": status, "href": href}
    return {"type": "Feature", "properties": properties, "geometry": json.loads(geometry)}


def _collection(request: Request, features: Iterable[dict[str, Any]]) -> Response:
    whole = {"type": "FeatureCollection", "features": list(features)}
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Cache-Control": "private, no-store", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=5)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=GEOJSON, headers=headers)
