"""The province's figures on the wire: by any dimension, the rows behind a number, the year's forecast."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.paging import PageOut, page_out
from app.api.plan_shapes import (
    AsOfOut,
    Conditions,
    FigureRowOut,
    FiguresOut,
    Year,
    where_from,
)
from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import PageArgs, Reading, StepsDep
from app.errors import Malformed, Refused
from app.plan.dimensions import Dimension
from app.plan.drilling import (
    AreaBehind,
    Behind,
    Drilled,
    LotBehind,
    PlantingBehind,
    SeasonBehind,
    drill,
)
from app.plan.figures import figures, total
from app.plan.forecasting import forecast
from app.plan.rollup import freshen

router = APIRouter(prefix="/plan", tags=["plan"])


class FigureTableOut(Out):
    """Figures by a dimension and all together, with how new they are."""

    year: int | None = Field(examples=[2026])
    by: Dimension
    as_of: AsOfOut
    total: FiguresOut
    items: list[FigureRowOut]


_NOTHING: dict[str, Any] = dict.fromkeys(
    ("id", "code", "crop", "day", "sown_m2", "output_g", "figures")
)


class DrilledOut(Out):
    """A row behind a number: an area with its figures, a declared season, a planting without one, or a lot."""

    kind: Behind
    id: UUID | None = Field(description="Of an area, a season or a planting.")
    code: str | None = Field(description="Of a lot.", examples=["LC0123456789AB0"])
    area: UUID
    area_name: str = Field(examples=["Vùng Na Hối"])
    organisation: UUID
    organisation_name: str = Field(examples=["Hợp tác xã Rau Bắc Hà"])
    crop: str | None = Field(examples=["BAP_CAI"])
    day: date | None = Field(description="Of the harvest; of a season: when it begins.")
    sown_m2: int | None = Field(examples=[20000])
    output_g: int | None = Field(description="Weighed, or reported; null: neither yet.")
    figures: FiguresOut | None

    @classmethod
    def of(cls, row: Drilled) -> "DrilledOut":
        return cls(
            **_NOTHING
            | {
                "area": row.area.uid,
                "area_name": row.area.name,
                "organisation": row.organisation.uid,
                "organisation_name": row.organisation.name,
            }
            | _own(row)
        )


class ForecastOut(Out):
    """A year's output in grams, from low to high; null where nothing can be said. `why` tells how."""

    year: int = Field(examples=[2026])
    low: int | None = Field(examples=[38000000000])
    middle: int | None = Field(examples=[42000000000])
    high: int | None = Field(examples=[47000000000])
    so_far: int = Field(examples=[30000000000])
    expected: int = Field(description="What declared seasons still to come expect.")
    seasons: int = Field(description="How many past seasons the range is made of.", examples=[140])
    why: str


@router.get("/figures", responses=may_fail(Malformed, Refused))
def list_plan_figures(
    call: Reading,
    steps: StepsDep,
    where: Conditions,
    by: Annotated[Dimension, Query(examples=["district"])],
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="All years together unless given.")
    ] = None,
) -> FigureTableOut:
    """The figures of a year by a dimension."""
    fresh, asked = freshen(call.session, steps, call.now), where_from(where)
    tag = call.language.tag
    rows = figures(call.session, year=year, by=by, where=asked, language=tag)
    return FigureTableOut(
        year=year,
        by=by,
        as_of=AsOfOut.of(fresh),
        total=FiguresOut.of(total(call.session, year=year, where=asked)),
        items=[FigureRowOut.of(row, call.language) for row in rows],
    )


@router.get("/drill", responses=may_fail(Malformed, Refused))
def drill_plan_figures(
    call: Reading,
    steps: StepsDep,
    where: Conditions,
    page: PageArgs,
    behind: Annotated[Behind, Query(description="Which rows are wanted.")] = Behind.AREAS,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> PageOut[DrilledOut]:
    """The areas and seasons behind a number as they were registered, or its lots, the newest first."""
    freshen(call.session, steps, call.now)
    found = drill(
        call.session,
        year=year,
        where=where_from(where),
        behind=behind,
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, DrilledOut.of)


@router.get("/forecast", responses=may_fail(Malformed, Refused))
def read_plan_forecast(
    call: Reading, steps: StepsDep, where: Conditions, year: Year
) -> ForecastOut:
    """What a year will give: what stands, and declared seasons by what such ones gave before."""
    freshen(call.session, steps, call.now)
    found = forecast(call.session, year=year, where=where_from(where), today=call.today)
    return ForecastOut(
        year=year,
        low=found.low,
        middle=found.middle,
        high=found.high,
        so_far=found.so_far,
        expected=found.expected,
        seasons=found.seasons,
        why=call.language.say(found.why),
    )


def _own(row: Drilled) -> dict[str, Any]:
    """What a kind of row tells of itself."""
    match row:
        case AreaBehind():
            figures = row.row.figures
            return {
                "kind": Behind.AREAS,
                "id": row.area.uid,
                "sown_m2": figures.sown_m2.value,
                "output_g": figures.output_g.value,
                "figures": FiguresOut.of(figures),
            }
        case SeasonBehind():
            return {
                "kind": Behind.SEASONS,
                "id": row.season.uid,
                "crop": row.crop.slug,
                "day": row.season.harvest_from,
                "sown_m2": row.season.area_m2,
                "output_g": row.season.actual_output_g,
            }
        case PlantingBehind():
            return {
                "kind": Behind.PLANTINGS,
                "id": row.planting.uid,
                "crop": row.crop.slug,
                "day": row.planting.harvest_from or row.planting.sown_on,
                "sown_m2": row.planting.area_m2,
            }
        case LotBehind():
            return {
                "kind": Behind.LOTS,
                "code": row.lot.code,
                "crop": row.crop.slug,
                "day": row.lot.harvested_on,
                "output_g": row.lot.quantity_g,
            }
