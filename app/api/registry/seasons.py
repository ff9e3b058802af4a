"""Seasonal declarations on the wire: declare, read, amend, report what a season gave."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.shapes import LARGEST_INT
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
from app.kit.quantities import Grams, SquareMetres
from app.models.seasons import SeasonDeclaration
from app.registry import season_commands as commands
from app.registry import season_queries as queries
from app.registry.area_queries import area_by_uid

router = APIRouter()

CHANGE = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)


class SeasonIn(In):
    """What is declared when a season starts, the whole of it (QĐ 3156/QĐ-BNN-TT annex 2).

    `area_m2` in square metres, `expected_output_g` in grams; `market` ISO 3166-1 alpha-3.
    """

    crop: Code = Field(examples=["BAP_CAI"])
    variety: Name = Field(default="", examples=["KK Cross"])
    starts_on: date = Field(examples=["2026-09-20"])
    harvest_from: date = Field(examples=["2026-12-01"])
    harvest_to: date = Field(examples=["2026-12-31"])
    area_m2: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[20000])
    standard: Code = Field(
        default="", description="The standard applied, if any.", examples=["VIETGAP_2026"]
    )
    market: Code = Field(default="VNM", examples=["VNM"])
    expected_output_g: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[60_000_000])
    intercropped: bool = Field(
        default=False,
        description="Crops share the land: together they may be more than there is of it.",
    )

    def details(self) -> commands.SeasonDetails:
        """The same, as the command takes it."""
        return commands.SeasonDetails(
            crop=self.crop,
            variety=self.variety,
            starts_on=self.starts_on,
            harvest_from=self.harvest_from,
            harvest_to=self.harvest_to,
            sown=SquareMetres(self.area_m2),
            standard=self.standard,
            market=self.market,
            expected_output=Grams(self.expected_output_g),
            intercropped=self.intercropped,
        )


class OutputIn(In):
    """What a season gave: grams, and the last day of its harvest. A lost harvest is 0."""

    actual_output_g: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[52_000_000])
    ended_on: date = Field(examples=["2026-11-18"])


class SeasonLineOut(Out):
    """A declaration in a list. What the season gave is null until it is reported."""

    id: UUID
    area: UUID
    area_name: str
    organisation: UUID
    organisation_name: str
    crop: str = Field(examples=["BAP_CAI"])
    variety: str
    starts_on: date
    harvest_from: date
    harvest_to: date
    area_m2: int
    standard: str | None = Field(examples=["VIETGAP_2026"])
    market: str = Field(examples=["VNM"])
    expected_output_g: int
    declared_at: datetime
    actual_output_g: int | None
    ended_on: date | None
    reported_at: datetime | None
    version: int


class SeasonOut(SeasonLineOut):
    """A declaration with what deserves a second look."""

    warnings: list[str]


@router.get("/areas/{area}/seasons", responses=may_fail(NotFound))
def list_area_seasons(area: UUID, call: Reading) -> list[SeasonLineOut]:
    """Every season declared for a planting area, newest first."""
    found = area_by_uid(call.session, area, within=call.within)
    return [_line_out(line) for line in queries.seasons_of(call.session, found)]


@router.post(
    "/areas/{area}/seasons",
    status_code=201,
    response_model=SeasonOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def declare_season(area: UUID, body: SeasonIn, call: Writing, once: OnceDep) -> Response:
    """Declare a season of a planting area. Doubts come back as `warnings`."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = commands.declare_season(
            call.session,
            area=area_by_uid(call.session, area, within=call.within),
            details=body.details(),
            by=call.actor,
            now=call.now,
        )
        headers = {"Location": f"/api/v1/seasons/{made.uid}", "ETag": etag(made.version)}
        return _whole(call, made.uid), headers

    return once(effect)


@router.get("/seasons", responses=may_fail(Malformed))
def list_seasons(
    call: Reading,
    page: PageArgs,
    state: Annotated[
        queries.SeasonState, Query(description="`open`: what it gave is not reported yet.")
    ] = queries.SeasonState.ALL,
    q: Annotated[Name, Query(description="Words of the area, the organisation or the crop.")] = "",
) -> PageOut[SeasonLineOut]:
    """Seasons within the caller's reach: open ones first, by the end of their harvest."""
    found = queries.seasons(
        call.session, within=call.within, state=state, q=q, after=page.after, limit=page.limit
    )
    return page_out(found, _line_out)


@router.get("/seasons/{season}", responses=may_fail(NotFound))
def read_season(season: UUID, call: Reading, response: Response) -> SeasonOut:
    """One season."""
    told = _whole(call, season)
    response.headers["ETag"] = etag(told.version)
    return told


@router.put("/seasons/{season}", responses=CHANGE)
def amend_season(
    season: UUID, body: SeasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> SeasonOut:
    """Correct a declaration until what it gave is reported."""
    found = _of_version(call, season, expected)
    commands.amend_season(
        call.session, season=found, details=body.details(), by=call.actor, now=call.now
    )
    response.headers["ETag"] = etag(found.version)
    return _whole(call, season)


@router.post("/seasons/{season}/end", responses=CHANGE)
def end_season(
    season: UUID, body: OutputIn, call: Writing, expected: ExpectedVersion, response: Response
) -> SeasonOut:
    """Report what a season gave, once and for all."""
    found = _of_version(call, season, expected)
    commands.end_season(
        call.session,
        season=found,
        actual=Grams(body.actual_output_g),
        ended_on=body.ended_on,
        by=call.actor,
        now=call.now,
    )
    response.headers["ETag"] = etag(found.version)
    return _whole(call, season)


def _of_version(call: Call, season: UUID, expected: int) -> SeasonDeclaration:
    found = queries.season_line(call.session, season, within=call.within).season
    require_version(found.version, expected)
    return found


def _whole(call: Call, uid: UUID) -> SeasonOut:
    line = queries.season_line(call.session, uid, within=call.within)
    warnings = queries.warnings_of_season(call.session, line)
    return SeasonOut(**_told(line), warnings=[call.language.say(warning) for warning in warnings])


def _line_out(line: queries.SeasonLine) -> SeasonLineOut:
    return SeasonLineOut(**_told(line))


def _told(line: queries.SeasonLine) -> dict[str, Any]:
    shown = SeasonLineOut.model_fields.keys() & SeasonDeclaration.model_fields.keys() - {"id"}
    return {
        **{name: getattr(line.season, name) for name in shown},
        "id": line.season.uid,
        "area": line.area.uid,
        "area_name": line.area.name,
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "crop": line.crop.slug,
        "standard": None if line.standard is None else line.standard.code,
    }
