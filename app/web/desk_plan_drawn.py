"""The plan's figures drawn: communes on a map, years and months as bars, each with its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, StepsDep
from app.errors import NotFound
from app.kit.messages import Message, say
from app.models.plan import PlanTarget, TargetScope
from app.places.queries import communes_on
from app.plan.dimensions import Dimension, FigureRow
from app.plan.figures import figures
from app.plan.naming import PLAN_PROVINCE
from app.plan.queries import targets
from app.plan.rollup import freshen
from app.web.bars import bar_chart
from app.web.desk_plan import choices, league_rows
from app.web.pages import show
from app.web.plan_asked import Asked, asked_of, plan_followed, trail_of
from app.web.plan_figures import FIGURES, Shown
from app.web.plan_map import classed, ground_of
from app.web.sheets import Cell, Column, Sheet, Value, sheet_file, shown

router = APIRouter(prefix="/desk/plan", include_in_schema=False)

# What the plan states for a figure, in the figure's own unit: measure and factor.
STATED = {"land": ("area", 1), "output": ("output", 1000), "yield": ("yield", 1)}
MONTHS = tuple(range(1, 13))


@dataclass(frozen=True)
class Line:
    """One year or month: its label, what is, and what the plan states (None: nothing)."""

    key: str
    label: str
    actual: int | None
    basis: str
    stated: int | None


@router.get("/map")
def plan_map_page(request: Request, call: Reading, steps: StepsDep) -> Response:
    """Communes of today by one figure."""
    asked = asked_of(call, request.query_params).changed(by=Dimension.COMMUNE)
    fresh = freshen(call.session, steps, call.now)
    rows = {row.key: row for row in league_rows(call, asked)}
    lead = FIGURES[asked.figure]
    names = {one.code: one.name for one in communes_on(call.session, call.today)}
    told = classed({key: lead.number(row.figures) for key, row in rows.items()})
    return show(
        request,
        call,
        "desk/plan/map.html",
        asked=asked,
        ground=ground_of(call.session, call.today),
        told=told,
        legend=[
            (
                band,
                shown(call.language, lead.unit(band.least)),
                shown(call.language, lead.unit(band.most)),
            )
            for band in told.bands
        ],
        values={key: shown(call.language, lead.value(row.figures)) for key, row in rows.items()},
        names=names,
        sheet=_map_sheet(lead, asked, list(rows.values()), told.numbers),
        lead=lead,
        trail=trail_of(call, asked, "map", call.language.say(lead.words)),
        fresh=fresh,
        **choices(call, asked),
    )


@router.get("/map/table.{ending}")
def plan_map_file(request: Request, call: Reading, steps: StepsDep, ending: str) -> Response:
    """What the map shows, as a file."""
    asked = asked_of(call, request.query_params).changed(by=Dimension.COMMUNE)
    freshen(call.session, steps, call.now)
    rows, lead = league_rows(call, asked), FIGURES[asked.figure]
    told = classed({row.key: lead.number(row.figures) for row in rows})
    sheet = _map_sheet(lead, asked, rows, told.numbers)
    return sheet_file(call.language, sheet, ending, call.today)


@router.get("/trends")
def plan_trends_page(request: Request, call: Reading, steps: StepsDep) -> Response:
    """A figure by year beside what the plan states, and by month of one year."""
    asked = asked_of(call, request.query_params)
    fresh = freshen(call.session, steps, call.now)
    lead = FIGURES[asked.figure]
    years, months = _years(call, asked), _months(call, asked)
    return show(
        request,
        call,
        "desk/plan/trends.html",
        asked=asked,
        lead=lead,
        year_chart=_chart(call, lead, years),
        month_chart=_chart(call, lead, months),
        year_sheet=_trend_sheet(lead, asked, years, Dimension.YEAR),
        month_sheet=_trend_sheet(lead, asked, months, Dimension.SEASON),
        trail=trail_of(call, asked, "trends", call.language.say(lead.words)),
        fresh=fresh,
        **choices(call, asked),
    )


@router.get("/trends/{kind}.{ending}")
def plan_trends_file(
    request: Request, call: Reading, steps: StepsDep, kind: str, ending: str
) -> Response:
    """One of the two tables as a file: `years` or `months`."""
    asked = asked_of(call, request.query_params)
    freshen(call.session, steps, call.now)
    lead = FIGURES[asked.figure]
    if kind not in ("years", "months"):
        raise NotFound(say("There is no such page."))
    by = Dimension.YEAR if kind == "years" else Dimension.SEASON
    lines = _years(call, asked) if kind == "years" else _months(call, asked)
    return sheet_file(call.language, _trend_sheet(lead, asked, lines, by), ending, call.today)


def _map_sheet(
    lead: Shown, asked: Asked, rows: Sequence[FigureRow], numbers: Mapping[str, int]
) -> Sheet:
    columns = [
        Column(say("Commune")),
        Column(say("Code")),
        lead.column,
        Column(say("Class on the map"), number=True),
    ]
    table = [
        [
            Cell(row.name),
            Cell(row.key),
            lead.cell(row.figures, asked.into(Dimension.COMMUNE, row.key).address("rows")),
            Cell(numbers.get(row.key) or None),
        ]
        for row in rows
    ]
    return Sheet(f"ban-do-{asked.figure}-{asked.year}", lead.words, columns, table)


def _years(call: Call, asked: Asked) -> list[Line]:
    lead = FIGURES[asked.figure]
    rows = figures(call.session, year=None, by=Dimension.YEAR, where=asked.where)
    known = {int(row.key): row for row in rows if int(row.key)}
    stated = _stated(call, asked)
    if not known and not stated:
        return []
    every = sorted({*known, *stated})
    return [
        Line(
            str(year),
            str(year),
            lead.number(known[year].figures) if year in known else None,
            lead.basis(known[year].figures) if year in known else "",
            stated.get(year),
        )
        for year in every
    ]


def _months(call: Call, asked: Asked) -> list[Line]:
    lead = FIGURES[asked.figure]
    where = asked.out_of(Dimension.SEASON).where
    rows = figures(call.session, year=asked.year, by=Dimension.SEASON, where=where)
    known = {int(row.key): row.figures for row in rows}
    return [
        Line(
            str(month),
            f"{month:02}/{asked.year}",
            lead.number(known[month]) if month in known else None,
            lead.basis(known[month]) if month in known else "",
            None,
        )
        for month in MONTHS
    ]


def _stated(call: Call, asked: Asked) -> dict[int, int]:
    """By year: what the plan states for the whole province, or for the one district asked for."""
    measure, factor = STATED.get(asked.figure, ("", 1))
    narrowed = {one for one in asked.where if one is not Dimension.PROVINCE}
    district = asked.where.get(Dimension.DISTRICT)
    if not measure or narrowed - {Dimension.DISTRICT}:
        return {}
    scope = (TargetScope.DISTRICT, district) if district else (TargetScope.PROVINCE, PLAN_PROVINCE)
    found: list[PlanTarget] = targets(call.session, plan=plan_followed(call, asked))
    return {
        one.year: one.stated * factor
        for one in found
        if one.measure == measure and (one.scope, one.scope_name) == scope
    }


def _chart(call: Call, lead: Shown, lines: Sequence[Line]) -> object:
    say_it = call.language.say

    def said(number: int | None) -> str:
        value: Value = None if number is None else lead.unit(number)
        return shown(call.language, value)

    series = [(say_it(say("What is")), [line.actual for line in lines])]
    if any(line.stated for line in lines):
        series.append((say_it(say("What the plan states")), [line.stated for line in lines]))
    labels = [line.label[:2] if "/" in line.label else line.label for line in lines]
    return bar_chart(
        labels,
        [(name, [_scaled(lead, value) for value in values]) for name, values in series],
        said=[[said(value) for value in values] for _, values in series],
    )


def _scaled(lead: Shown, number: int | None) -> int | None:
    """A number in the unit of the scale: hectares, tonnes, quintals, million dong, percent."""
    return None if number is None else number // lead.scale or (1 if number > 0 else 0)


def _trend_sheet(lead: Shown, asked: Asked, lines: Sequence[Line], by: Dimension) -> Sheet:
    yearly = by is Dimension.YEAR
    words: Message = say("Year") if yearly else say("Month of harvest")
    columns = [Column(words), lead.column]
    if yearly:
        columns.append(Column(say("What the plan states"), number=True, unit=lead.file_unit))
    rows = []
    for line in lines:
        into = asked.changed(year=int(line.key)) if yearly else asked.into(by, line.key)
        value = None if line.actual is None else lead.unit(line.actual)
        row = [
            Cell(line.label),
            Cell(value, into.address("rows") if value is not None else "", basis=line.basis),
        ]
        if yearly:
            row.append(Cell(None if line.stated is None else lead.unit(line.stated)))
        rows.append(row)
    name = f"xu-huong-{'nam' if yearly else 'thang'}-{asked.figure}"
    return Sheet(name, lead.words, columns, rows)
