"""The province's desk: how far from the plan, tables by anything, and the rows behind any number."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, StepsDep
from app.kit.cursor import Page
from app.kit.messages import say
from app.plan.dimensions import Dimension, FigureRow
from app.plan.drilling import Behind, Drilled, drill
from app.plan.figures import figures, total
from app.plan.queries import loaded_plans
from app.plan.rollup import freshen
from app.plan.summing import years_told
from app.web.bars import lengths
from app.web.pages import show
from app.web.plan_asked import Asked, asked_of, plan_followed, trail_of, years_known
from app.web.plan_figures import DIMENSIONS, FIGURES
from app.web.plan_rows import BEHIND_WORDS, parts_of, rows_sheet
from app.web.sheets import Cell, Column, Sheet, sheet_file

router = APIRouter(prefix="/desk/plan", include_in_schema=False)

TABLE_FIGURES = (
    *("land", "sown", "output", "yield", "value"),
    *("land-safe", "sown-safe", "land-coded", "sown-diary", "labelled", "scanned"),
)
_ELSE = {
    Behind.LOTS: (Behind.SEASONS, Behind.PLANTINGS),
    Behind.SEASONS: (Behind.PLANTINGS, Behind.LOTS),
}
PAGE = 50
EVERY = 2_000


@router.get("/tables")
def plan_tables_page(request: Request, call: Reading, steps: StepsDep) -> Response:
    """Every figure by one dimension, the largest of the chosen one first."""
    asked = asked_of(call, request.query_params)
    fresh = freshen(call.session, steps, call.now)
    title = call.language.say(DIMENSIONS[asked.by])
    return show(
        request,
        call,
        "desk/plan/tables.html",
        asked=asked,
        sheet=_league(call, asked),
        trail=trail_of(call, asked, "tables", title),
        fresh=fresh,
        **choices(call, asked),
    )


@router.get("/tables/table.{ending}")
def plan_tables_file(request: Request, call: Reading, steps: StepsDep, ending: str) -> Response:
    """The same as a file."""
    asked = asked_of(call, request.query_params)
    freshen(call.session, steps, call.now)
    return sheet_file(call.language, _league(call, asked, file=True), ending, call.today)


@router.get("/rows")
def plan_rows_page(request: Request, call: Reading, steps: StepsDep, page: PageArgs) -> Response:
    """The rows behind a number, with the number above them."""
    asked = asked_of(call, request.query_params)
    fresh = freshen(call.session, steps, call.now)
    shown = FIGURES[asked.figure]
    whole = total(call.session, year=asked.year, where=asked.where)
    behind, found = _behind(call, asked, after=page.after, limit=PAGE)
    return show(
        request,
        call,
        "desk/plan/rows.html",
        asked=asked,
        behind=behind,
        behinds=BEHIND_WORDS,
        behind_seasons=Behind.SEASONS,
        behind_plantings=Behind.PLANTINGS,
        shown=shown,
        number=shown.cell(whole),
        sheet=rows_sheet(call, behind, found.items, asked),
        parts=parts_of(call.language, shown, whole),
        more=found,
        trail=trail_of(call, asked, "rows", call.language.say(shown.words)),
        fresh=fresh,
        **choices(call, asked),
    )


@router.get("/rows/table.{ending}")
def plan_rows_file(request: Request, call: Reading, steps: StepsDep, ending: str) -> Response:
    """The rows behind a number as a file, all of them up to a hundred thousand."""
    asked = asked_of(call, request.query_params)
    freshen(call.session, steps, call.now)
    rows: list[Drilled] = []
    after: str | None = None
    for _ in range(EVERY // 40):
        behind, part = _behind(call, asked, after=after, limit=EVERY)
        asked = asked.changed(behind=behind)
        rows += part.items
        after = part.next
        if after is None:
            break
    return sheet_file(call.language, rows_sheet(call, behind, rows, asked), ending, call.today)


def _behind(
    call: Call, asked: Asked, *, after: str | None, limit: int
) -> tuple[Behind, Page[Drilled]]:
    """The rows that are asked for; where nobody says which, those of the first kind there are any of.

    What was harvested may have been reported by seasons alone, what was sown be in diaries alone.
    """
    usual = FIGURES[asked.figure].behind
    kinds = [asked.behind] if asked.behind or after else [usual, *_ELSE.get(usual, ())]
    for kind in kinds:
        behind = kind or usual
        found = drill(
            call.session,
            year=asked.year,
            where=asked.where,
            behind=behind,
            after=after,
            limit=limit,
        )
        if found.items:
            return behind, found
    return kinds[0] or usual, found


def choices(call: Call, asked: Asked) -> dict[str, Any]:
    """What the forms of these pages offer."""
    known = years_known(call.today.year, years_told(call.session))
    say_it = call.language.say
    return {
        "years": known,
        "plans": loaded_plans(call.session),
        "following": plan_followed(call, asked),
        "dimensions": [(one.value, say_it(words)) for one, words in DIMENSIONS.items()],
        "figures": [(slug, say_it(one.words)) for slug, one in FIGURES.items()],
        "breakdowns": [
            (say_it(words), asked.address("tables", by=one))
            for one, words in DIMENSIONS.items()
            if one not in asked.where and one is not Dimension.PROVINCE
        ],
    }


def league_rows(call: Call, asked: Asked) -> list[FigureRow]:
    """The rows of a table, the largest of the chosen figure first; what nobody knows comes last."""
    rows = figures(
        call.session,
        year=None if asked.by is Dimension.YEAR else asked.year,
        by=asked.by,
        where=asked.where,
        language=call.language.tag,
    )
    lead = FIGURES[asked.figure]
    return sorted(rows, key=lambda row: -(lead.number(row.figures) or 0))


def _league(call: Call, asked: Asked, *, file: bool = False) -> Sheet:
    rows = league_rows(call, asked)
    lead = FIGURES[asked.figure]
    # A page shows what fits; a file holds every figure there is.
    chosen = dict.fromkeys([*TABLE_FIGURES, *FIGURES]) if file else TABLE_FIGURES
    order = [lead, *(FIGURES[slug] for slug in chosen if FIGURES[slug] is not lead)]
    slugs = {id(one): slug for slug, one in FIGURES.items()}
    long = lengths([lead.number(row.figures) for row in rows])
    table = []
    for row, bar in zip(rows, long, strict=True):
        into = row_asked(asked, row)
        name = Cell(row.name, into.address("rows"))
        told = [
            one.cell(row.figures, into.changed(figure=slugs[id(one)]).address("rows"))
            for one in order
        ]
        first = Cell(told[0].value, told[0].href, basis=told[0].basis, bar=bar)
        notes = [Cell(one.basis(row.figures)) for one in order[:5]] if file else []
        table.append([name, first, *told[1:], *notes])
    columns = [Column(DIMENSIONS[asked.by]), *(one.column for one in order)]
    if file:
        words = say("rests on")
        columns += [
            Column(say("{what}: {detail}", what=one.words, detail=words)) for one in order[:5]
        ]
    file_name = f"ke-hoach-{asked.by.value}-{asked.year}"
    return Sheet(file_name, say("Figures of the plan"), columns, table)


def row_asked(asked: Asked, row: FigureRow) -> Asked:
    """What is asked for to see what is behind a row."""
    if asked.by is Dimension.YEAR:
        return asked.changed(year=int(row.key), by=Dimension.DISTRICT)
    return asked.into(asked.by, row.key)
