"""Growers' plots on the wire: register and read."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.registry.shapes import (
    LARGEST_INT,
    POLYGON_EXAMPLE,
    CommuneNamed,
    Geometry,
    communes,
    polygon_object,
    polygon_text,
)
from app.api.shapes import Code, In, Name, Out
from app.deps import Call, OnceDep, PageArgs, Reading, Writing, etag
from app.errors import Conflict, Malformed, NotFound, Refused
from app.kit.quantities import SquareMetres
from app.registry import plot_commands as commands
from app.registry import plot_queries as queries
from app.registry.area_queries import area_by_uid
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/plots")


class PlotIn(In):
    """A member's plot. `area_m2` in square metres."""

    name: Name = Field(examples=["Ruộng trên"])
    grower: UUID
    commune: Code = Field(default="", examples=["02839"])
    former_commune: Code | None = Field(default=None, examples=["02866"])
    area_m2: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[1440])
    planting_area: UUID | None = Field(default=None, description="The area it is part of.")
    polygon: Geometry | None = Field(default=None, examples=[POLYGON_EXAMPLE])

    def details(self) -> commands.PlotDetails:
        """The same, as the command takes it."""
        return commands.PlotDetails(
            name=self.name,
            grower=self.grower,
            commune=self.commune,
            former_commune=self.former_commune,
            area=SquareMetres(self.area_m2),
            planting_area=self.planting_area,
            polygon=polygon_text(self.polygon),
        )


class PlotOut(Out):
    """A plot with its grower, by code, and its planting area."""

    id: UUID
    name: str
    grower: UUID
    grower_code: str = Field(examples=["NH-7Q2M9XKD"])
    planting_area: UUID | None
    planting_area_name: str | None
    organisation: UUID
    commune: CommuneNamed
    former_commune: CommuneNamed | None
    area_m2: int
    polygon: Geometry | None
    created_at: datetime
    version: int


@router.get("", responses=may_fail(Malformed, NotFound))
def list_plots(
    call: Reading,
    page: PageArgs,
    area: Annotated[UUID | None, Query(description="Only plots of this planting area.")] = None,
) -> PageOut[PlotOut]:
    """Plots, newest first."""
    of_area = area_by_uid(call.session, area, within=call.within) if area else None
    found = queries.plots(
        call.session, within=call.within, area=of_area, after=page.after, limit=page.limit
    )
    for line in found.items:
        call.saw(line.organisation.pk, "plots")
    return PageOut(items=_shown(call, found.items), next=found.next)


@router.post(
    "",
    status_code=201,
    response_model=PlotOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def register_plot(body: PlotIn, call: Writing, once: OnceDep) -> Response:
    """Enter a member's plot, in at most one planting area."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = commands.register_plot(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=body.details(),
            by=call.actor,
            now=call.now,
        )
        line = queries.plot_line(call.session, made.uid, within=call.within)
        headers = {"Location": f"/api/v1/plots/{made.uid}", "ETag": etag(made.version)}
        return _shown(call, (line,))[0], headers

    return once(effect)


@router.get("/{plot}", responses=may_fail(NotFound))
def read_plot(plot: UUID, call: Reading, response: Response) -> PlotOut:
    """One plot."""
    line = queries.plot_line(call.session, plot, within=call.within)
    call.saw(line.organisation.pk, "plot", plot)
    response.headers["ETag"] = etag(line.plot.version)
    return _shown(call, (line,))[0]


def _shown(call: Call, lines: tuple[queries.PlotLine, ...]) -> list[PlotOut]:
    former = communes(call.session, {line.plot.former_commune_id for line in lines})
    return [
        PlotOut(
            id=line.plot.uid,
            name=line.plot.name,
            grower=line.grower.uid,
            grower_code=line.grower.code,
            planting_area=line.area.uid if line.area else None,
            planting_area_name=line.area.name if line.area else None,
            organisation=line.organisation.uid,
            commune=CommuneNamed.of(line.commune),
            former_commune=former.get(line.plot.former_commune_id),
            area_m2=line.plot.area_m2,
            polygon=polygon_object(line.plot.polygon),
            created_at=line.plot.created_at,
            version=line.plot.version,
        )
        for line in lines
    ]
