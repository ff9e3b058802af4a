"""Planting areas on the wire: register, read, amend."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.registry.codes import CodeOut
from app.api.registry.shapes import (
    LARGEST_INT,
    MOST_CROPS,
    POLYGON_EXAMPLE,
    CommuneNamed,
    Geometry,
    communes,
    polygon_object,
    polygon_text,
)
from app.api.shapes import Code, In, Name, Out
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.kit.quantities import SquareMetres
from app.registry import area_commands as commands
from app.registry import area_queries as queries
from app.registry.code_queries import steps_of_area
from app.registry.law_queries import warnings_about
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/areas")


class AreaIn(In):
    """A planting area, the whole of it. `area_m2` in square metres; `polygon` GeoJSON (WGS 84)."""

    name: Name = Field(examples=["Vùng rau Bản Phố"])
    commune: Code = Field(
        default="",
        description="The commune's code of today, or a former one that no commune bears today.",
        examples=["02839"],
    )
    former_commune: Code | None = Field(
        default=None,
        description="The code before 1 July 2025: counts for the plan, needed by QD3156_2022.",
        examples=["02866"],
    )
    crops: list[Code] = Field(max_length=MOST_CROPS, examples=[["BAP_CAI", "SU_HAO"]])
    area_m2: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[24000])
    established_on: date = Field(examples=["2024-03-01"])
    closed_on: date | None = None
    polygon: Geometry | None = Field(default=None, examples=[POLYGON_EXAMPLE])

    def details(self) -> commands.AreaDetails:
        """The same, as the command takes it."""
        return commands.AreaDetails(
            name=self.name,
            commune=self.commune,
            former_commune=self.former_commune,
            crops=tuple(self.crops),
            area=SquareMetres(self.area_m2),
            established_on=self.established_on,
            closed_on=self.closed_on,
            polygon=polygon_text(self.polygon),
        )


class AreaLineOut(Out):
    """A planting area in a list."""

    id: UUID
    name: str
    organisation: UUID
    organisation_name: str
    commune: CommuneNamed
    former_commune: CommuneNamed | None
    crops: list[str] = Field(examples=[["BAP_CAI"]])
    area_m2: int
    established_on: date
    closed_on: date | None
    created_at: datetime
    version: int


class AreaOut(AreaLineOut):
    """A planting area with its boundary, its codes, and what deserves a second look."""

    polygon: Geometry | None
    codes: list[CodeOut]
    warnings: list[str]


@router.get("", responses=may_fail(Malformed))
def list_areas(
    call: Reading,
    page: PageArgs,
    q: Annotated[
        Name, Query(description="Words of the name, organisation, commune or a code.")
    ] = "",
) -> PageOut[AreaLineOut]:
    """Planting areas within the caller's reach, newest first."""
    found = queries.areas(call.session, within=call.within, q=q, after=page.after, limit=page.limit)
    lines = [AreaLineOut(**line) for line in _lines(call, found.items)]
    return PageOut(items=lines, next=found.next)


@router.post(
    "",
    status_code=201,
    response_model=AreaOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def register_area(body: AreaIn, call: Writing, once: OnceDep) -> Response:
    """Enter a planting area of your organisation. Doubts come back as `warnings`."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = commands.register_area(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=body.details(),
            by=call.actor,
            now=call.now,
        )
        headers = {"Location": f"/api/v1/areas/{made.uid}", "ETag": etag(made.version)}
        return _whole(call, made.uid), headers

    return once(effect)


@router.get("/{area}", responses=may_fail(NotFound))
def read_area(area: UUID, call: Reading, response: Response) -> AreaOut:
    """One planting area, with its codes."""
    told = _whole(call, area)
    response.headers["ETag"] = etag(told.version)
    return told


@router.put(
    "/{area}", responses=may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)
)
def amend_area(
    area: UUID, body: AreaIn, call: Writing, expected: ExpectedVersion, response: Response
) -> AreaOut:
    """Correct what is written down about a planting area."""
    found = queries.area_by_uid(call.session, area, within=call.within)
    require_version(found.version, expected)
    commands.amend_area(
        call.session, area=found, details=body.details(), by=call.actor, now=call.now
    )
    response.headers["ETag"] = etag(found.version)
    return _whole(call, area)


def _lines(call: Call, lines: tuple[queries.AreaLine, ...]) -> list[dict[str, Any]]:
    former = communes(call.session, {line.area.former_commune_id for line in lines})
    crops = queries.crops_by_area(call.session, {line.area.pk for line in lines})
    return [
        {
            "id": line.area.uid,
            "name": line.area.name,
            "organisation": line.organisation.uid,
            "organisation_name": line.organisation.name,
            "commune": CommuneNamed.of(line.commune),
            "former_commune": former.get(line.area.former_commune_id),
            "crops": [crop.slug for crop in crops.get(line.area.pk, ())],
            "area_m2": line.area.area_m2,
            "established_on": line.area.established_on,
            "closed_on": line.area.closed_on,
            "created_at": line.area.created_at,
            "version": line.area.version,
        }
        for line in lines
    ]


def _whole(call: Call, uid: UUID) -> AreaOut:
    line = queries.area_line(call.session, uid, within=call.within)
    call.saw(line.area.organisation_id, "area", uid)
    codes = steps_of_area(call.session, line.area.pk)
    warnings = warnings_about(call.session, line.area, call.today)
    return AreaOut(
        **_lines(call, (line,))[0],
        polygon=polygon_object(line.area.polygon),
        codes=[CodeOut.of(code, steps, call.today) for code, steps in codes],
        warnings=[call.language.say(warning) for warning in warnings],
    )
