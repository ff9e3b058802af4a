"""Plantings on the wire: start, read, amend, end."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.shapes import LARGEST_INT
from app.api.shapes import Code, In, Name, Out, Words
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
from app.diary import planting_commands as commands
from app.diary import queries
from app.diary.planting_queries import advice_of_planting, moved_plots
from app.diary.rules import free_from
from app.diary.second_looks import waits_of
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.kit.quantities import SquareMetres
from app.models.diary import Planting
from app.registry.area_queries import area_by_uid
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/diary/plantings")

CHANGE = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)


class PlantingIn(In):
    """One crop on an area, or on some of its plots. `area_m2`: all of the land unless given."""

    planting_area: UUID
    crop: Code = Field(examples=["BAP_CAI"])
    sown_on: date = Field(examples=["2026-09-20"])
    plots: list[UUID] = Field(default=[], max_length=500)
    variety: Name = ""
    harvest_from: date | None = None
    harvest_to: date | None = None
    area_m2: int | None = Field(default=None, ge=-LARGEST_INT, le=LARGEST_INT)
    season: UUID | None = Field(default=None, description="The declaration it belongs to.")
    note: Words = ""

    def details(self) -> commands.PlantingDetails:
        """The same, as the command takes it."""
        return commands.PlantingDetails(
            planting_area=self.planting_area,
            crop=self.crop,
            sown_on=self.sown_on,
            plots=tuple(self.plots),
            variety=self.variety,
            harvest_from=self.harvest_from,
            harvest_to=self.harvest_to,
            area=None if self.area_m2 is None else SquareMetres(self.area_m2),
            season=self.season,
            note=self.note,
        )


class EndingIn(In):
    """The last day a planting stood."""

    ended_on: date


class PlantingLineOut(Out):
    """A planting in a list."""

    id: UUID
    planting_area: UUID
    area_name: str
    organisation: UUID
    organisation_name: str
    crop: str = Field(examples=["BAP_CAI"])
    variety: str
    sown_on: date
    harvest_from: date | None
    harvest_to: date | None
    ended_on: date | None
    area_m2: int
    version: int


class PlantingOut(PlantingLineOut):
    """A planting with its plots, rotation advice, and from when on it may be harvested.

    `harvest_free_from`: the day the last pre-harvest interval ends; null when none is known.
    """

    plots: list[UUID]
    note: str
    advice: list[str]
    harvest_free_from: date | None


@router.get("", responses=may_fail(Malformed, NotFound))
def list_plantings(
    call: Reading,
    page: PageArgs,
    area: UUID | None = None,
    on: Annotated[date | None, Query(description="Those that stood on this day.")] = None,
) -> PageOut[PlantingLineOut]:
    """Plantings, newest first."""
    chosen = area_by_uid(call.session, area, within=call.within) if area else None
    found = queries.plantings(
        call.session,
        within=call.within,
        area=chosen,
        standing_on=on,
        after=page.after,
        limit=page.limit,
    )
    for line in found.items:
        call.saw(line.organisation.pk, "plantings")
    return page_out(found, lambda line: PlantingLineOut(**_line(line)))


@router.post(
    "",
    status_code=201,
    response_model=PlantingOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def start_planting(body: PlantingIn, call: Writing, once: OnceDep) -> Response:
    """Start a planting. What speaks against the rotation is said, and never refused."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        planting = commands.start_planting(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=body.details(),
            by=call.actor,
            now=call.now,
        )
        headers = {
            "Location": f"/api/v1/diary/plantings/{planting.uid}",
            "ETag": etag(planting.version),
        }
        return _told(call, planting.uid), headers

    return once(effect)


@router.get("/{planting}", responses=may_fail(NotFound))
def read_planting(planting: UUID, call: Reading, response: Response) -> PlantingOut:
    """One planting."""
    return _answer(call, planting, response)


@router.put("/{planting}", responses=CHANGE)
def amend_planting(
    planting: UUID, body: PlantingIn, call: Writing, expected: ExpectedVersion, response: Response
) -> PlantingOut:
    """Correct a planting: the whole of it, as it should be."""
    found = _of_version(call, planting, expected)
    commands.amend_planting(
        call.session, planting=found, details=body.details(), by=call.actor, now=call.now
    )
    return _answer(call, planting, response)


@router.post("/{planting}/end", responses=CHANGE)
def end_planting(
    planting: UUID, body: EndingIn, call: Writing, expected: ExpectedVersion, response: Response
) -> PlantingOut:
    """Say on which day a planting stood last."""
    found = _of_version(call, planting, expected)
    commands.end_planting(
        call.session, planting=found, ended_on=body.ended_on, by=call.actor, now=call.now
    )
    return _answer(call, planting, response)


def _of_version(call: Call, uid: UUID, expected: int) -> Planting:
    planting = queries.planting_by_uid(call.session, uid, within=call.within)
    require_version(planting.version, expected)
    return planting


def _answer(call: Call, uid: UUID, response: Response) -> PlantingOut:
    told = _told(call, uid)
    response.headers["ETag"] = etag(told.version)
    return told


def _told(call: Call, uid: UUID) -> PlantingOut:
    line = queries.planting_line(call.session, uid, within=call.within)
    call.saw(line.organisation.pk, "planting", uid)
    said = [*advice_of_planting(call.session, line), *moved_plots(call.session, line)]
    return PlantingOut(
        **_line(line),
        plots=[plot.uid for plot in queries.plots_of_planting(call.session, line.planting)],
        note=line.planting.note,
        advice=[call.language.say(one) for one in said],
        harvest_free_from=free_from(waits_of(call.session, line.planting.pk)),
    )


def _line(line: queries.PlantingLine) -> dict[str, object]:
    planting = line.planting
    return {
        **planting.model_dump(
            include={"variety", "sown_on", "harvest_from", "harvest_to", "ended_on", "area_m2"}
        ),
        "id": planting.uid,
        "planting_area": line.area.uid,
        "area_name": line.area.name,
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "crop": line.crop.slug,
        "version": planting.version,
    }
