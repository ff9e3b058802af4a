"""How far the province is from its plan, at a glance: goals, districts, crop groups, axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, StepsDep
from app.kit.messages import Message, say
from app.models.plan import TargetScope
from app.places.queries import former_districts
from app.plan.axes import whose_axes
from app.plan.comparing import Compared, model_groups, plan_vs_actual
from app.plan.dimensions import Dimension, FigureRow, Figures
from app.plan.figures import figures, total
from app.plan.forecasting import Forecast, forecast
from app.plan.naming import GROUPS, PLAN_PROVINCE
from app.plan.rollup import freshen
from app.plan.summing import Coarse, coarse
from app.web.desk_plan import choices
from app.web.pages import show
from app.web.plan_asked import Asked, asked_of, plan_followed
from app.web.plan_figures import FIGURES, unit_value
from app.web.sheets import Cell, Column, Share, Sheet, Value, sheet_file, shown

router = APIRouter(prefix="/desk/plan", include_in_schema=False)

PROVINCE = TargetScope.PROVINCE
# A target's measure: what it is called, and the figure of the desk that counts for it.
MEASURES: Mapping[str, tuple[Message, str]] = {
    "area": (say("Land"), "land"),
    "area_at_least": (say("Land of specialised vegetable growing"), "land"),
    "yield": (say("Yield"), "yield"),
    "output": (say("Output"), "output"),
    "output_at_least": (say("Output"), "output"),
    "value_at_least": (say("Value a year"), "value"),
    "safe_sown_share_at_least": (say("Safe and traceable, of the SOWN land"), "sown-safe"),
    "area_share": (say("Share of the land"), "land"),
    "models_at_least": (say("Model groups, at least"), ""),
    "models_at_most": (say("Model groups, at most"), ""),
}
GOALS = ("area_at_least", "output_at_least", "value_at_least", "safe_sown_share_at_least")
# What stands for them in a year of which only the annex speaks.
OF_THE_ANNEX = ("area", "yield", "output")


@dataclass(frozen=True)
class Goal:
    """One goal of the plan as a tile: what is, what is wanted (`least`: or more), how far, where it leads."""

    words: Message
    now: str
    basis: str
    wanted: str
    least: bool
    reached: int | None
    address: str

    @property
    def percent(self) -> Decimal | None:
        """The part that is reached, in percent."""
        return None if self.reached is None else Decimal(self.reached) / 10

    @property
    def length(self) -> int:
        """Of a bar of 100, never longer than it."""
        return min((self.reached or 0) // 10, 100)


@router.get("")
def plan_page(request: Request, call: Reading, steps: StepsDep) -> Response:
    """The overview of a year."""
    asked = asked_of(call, request.query_params).changed(where={Dimension.PROVINCE: PLAN_PROVINCE})
    fresh = freshen(call.session, steps, call.now)
    known = coarse(call.session, asked.year)
    told = plan_vs_actual(call.session, plan_followed(call, asked), asked.year, known)
    wanted = _of(told, PROVINCE, *GOALS) or _of(told, PROVINCE, *OF_THE_ANNEX)
    whole = total(call.session, year=asked.year, where=asked.where, known=known)
    return show(
        request,
        call,
        "desk/plan/overview.html",
        asked=asked,
        goal_year=told[0].target.year if told else asked.year,
        goals=[_goal(call, asked, one) for one in wanted],
        of_land=FIGURES["land-safe"].cell(whole, asked.changed(figure="land-safe").address("rows")),
        models=_models(call, asked, told),
        districts=_districts(call, asked, told, known),
        groups=_groups(call, asked, told, known),
        axes=_axes(call, asked, known),
        axes_plan=whose_axes(call.session, call.today).in_year(asked.year),
        ahead=_ahead(call, asked, known),
        nothing=_is_empty(whole),
        fresh=fresh,
        **choices(call, asked),
    )


@router.get("/table.{ending}")
def plan_file(request: Request, call: Reading, steps: StepsDep, ending: str) -> Response:
    """Every target of the plan beside what is, as a file."""
    asked = asked_of(call, request.query_params)
    freshen(call.session, steps, call.now)
    told = plan_vs_actual(call.session, plan_followed(call, asked), asked.year)
    return sheet_file(call.language, _every_target(call, asked, told), ending, call.today)


def _goal(call: Call, asked: Asked, one: Compared) -> Goal:
    words, figure = MEASURES[one.target.measure]
    known = one.actual is not None and one.actual.value is not None
    return Goal(
        words=words,
        now=shown(call.language, _actual(one)),
        basis=one.actual.basis.value if one.actual and known else "",
        wanted=shown(call.language, unit_value(one.target.unit, one.target.stated)),
        least=one.target.measure in GOALS,
        reached=one.reached,
        address=asked.changed(figure=figure).address("rows"),
    )


def _actual(one: Compared) -> Value:
    if one.actual is None or one.actual.value is None:
        return None
    return unit_value(one.target.unit, one.actual.value)


def _models(call: Call, asked: Asked, told: Sequence[Compared]) -> dict[str, int | None]:
    found = {one.target.measure: one for one in told}
    least, most = found.get("models_at_least"), found.get("models_at_most")
    return {
        "now": len(model_groups(call.session, plan_followed(call, asked), asked.year)),
        "least": least.target.stated if least else None,
        "most": most.target.stated if most else None,
    }


def _districts(call: Call, asked: Asked, told: Sequence[Compared], known: Coarse) -> Sheet:
    whole = _figures_by(call, asked, Dimension.DISTRICT, known)
    names = {one.code: one.name for one in former_districts(call.session, PLAN_PROVINCE)}
    columns = [Column(say("Former district"))]
    for measure in ("area", "yield", "output"):
        words = MEASURES[measure][0]
        columns += [
            Column(say("{what}: plan", what=words), number=True),
            Column(say("{what}: is", what=words), number=True),
            Column(say("reached"), number=True, unit="%"),
        ]
    rows = []
    for code, name in names.items():
        found = {
            one.target.measure: one
            for one in _of(told, TargetScope.DISTRICT)
            if one.target.scope_name == code
        }
        into = asked.into(Dimension.DISTRICT, code)
        row = [Cell(name, into.address("rows"))]
        for measure in ("area", "yield", "output"):
            row += _three(found.get(measure), into, MEASURES[measure][1], whole.get(code))
        rows.append(row)
    return Sheet("ke-hoach-huyen", say("Former districts"), columns, rows)


def _figures_by(call: Call, asked: Asked, by: Dimension, known: Coarse) -> dict[str, Figures]:
    rows = figures(call.session, year=asked.year, by=by, where=asked.where, known=known)
    return {row.key: row.figures for row in rows}


def _three(
    one: Compared | None, into: Asked, figure: str, whole: Figures | None = None
) -> list[Cell]:
    """What is planned, what is, how far; what is stands there though the plan says nothing of it."""
    if one is None:
        address = into.changed(figure=figure).address("rows")
        return [
            Cell(None),
            FIGURES[figure].cell(whole, address) if whole else Cell(None),
            Cell(None),
        ]
    actual = _actual(one)
    known = one.actual is not None and actual is not None
    return [
        Cell(unit_value(one.target.unit, one.target.stated)),
        Cell(
            actual,
            into.changed(figure=figure).address("rows") if known else "",
            basis=one.actual.basis.value if known and one.actual else "",
        ),
        Cell(
            None if one.reached is None else Share(one.reached),
            bar=None if one.reached is None else min(one.reached // 10, 100),
        ),
    ]


def _groups(call: Call, asked: Asked, told: Sequence[Compared], known: Coarse) -> Sheet:
    whole = _figures_by(call, asked, Dimension.GROUP, known)
    columns = [
        Column(say("Crop group")),
        Column(say("Land: plan"), number=True),
        Column(say("Land: is"), number=True),
        Column(say("reached"), number=True, unit="%"),
        Column(say("Share: plan"), number=True),
        Column(say("Share: is"), number=True),
        Column(say("Share by the plan's own hectares"), number=True),
    ]
    rows = []
    for slug, words in GROUPS.items():
        found = {
            one.target.measure: one
            for one in _of(told, TargetScope.CROP_GROUP)
            if one.target.scope_name == slug
        }
        into = asked.into(Dimension.GROUP, str(slug))
        share = found.get("area_share")
        again = share.target.recomputed if share else None
        rows.append(
            [
                Cell(words, into.address("rows")),
                *_three(found.get("area"), into, "land", whole.get(str(slug))),
                *_three(share, into, "land")[:2],
                Cell(None if again is None else Share(again)),
            ]
        )
    return Sheet("ke-hoach-nhom", say("Crop groups"), columns, rows)


def _axes(call: Call, asked: Asked, known: Coarse) -> Sheet:
    names = ("land", "sown", "output", "yield", "value", "sown-safe")
    year, by = asked.year, Dimension.AXIS
    found = figures(call.session, year=year, by=by, where=asked.where, known=known)

    def into(row: FigureRow) -> Asked:
        return asked.into(by, row.key)

    def cell(row: FigureRow, slug: str) -> Cell:
        return FIGURES[slug].cell(row.figures, into(row).changed(figure=slug).address("rows"))

    rows = [
        [Cell(row.name, into(row).address("rows")), *(cell(row, slug) for slug in names)]
        for row in found
    ]
    heads = [Column(say("Axis")), *(FIGURES[slug].column for slug in names)]
    return Sheet("ke-hoach-truc", say("Axes"), heads, rows)


def _every_target(call: Call, asked: Asked, told: Sequence[Compared]) -> Sheet:
    districts = {one.code: one.name for one in former_districts(call.session, PLAN_PROVINCE)}
    groups = {str(key): words for key, words in GROUPS.items()}
    names: dict[str, str | Message] = {**districts, **groups}
    columns = [
        Column(say("Measure")),
        Column(say("Of")),
        Column(say("Goal of")),
        Column(say("Stated"), number=True),
        Column(say("Recomputed"), number=True),
        Column(say("Is"), number=True),
        Column(say("Rests on")),
        Column(say("Reached"), number=True, unit="%"),
        Column(say("Unit")),
    ]
    rows = [
        [
            Cell(MEASURES.get(one.target.measure, (one.target.measure, ""))[0]),
            Cell(names.get(one.target.scope_name, say("The province"))),
            Cell(str(one.target.year)),
            Cell(one.target.stated),
            Cell(one.target.recomputed),
            Cell(one.actual.value if one.actual else None),
            Cell(one.actual.basis.value if one.actual and one.actual.value is not None else None),
            Cell(None if one.reached is None else Share(one.reached)),
            Cell(one.target.unit),
        ]
        for one in told
    ]
    name = f"ke-hoach-va-thuc-te-{asked.year}"
    return Sheet(name, say("The plan against what is"), columns, rows)


def _of(told: Sequence[Compared], scope: TargetScope, *measures: str) -> list[Compared]:
    found = [one for one in told if one.target.scope is scope]
    if not measures:
        return found
    by_measure = {one.target.measure: one for one in found}
    return [by_measure[measure] for measure in measures if measure in by_measure]


def _ahead(call: Call, asked: Asked, known: Coarse) -> Forecast | None:
    """What this year and later ones may give; of years that are over nothing is foretold."""
    if asked.year < call.today.year:
        return None
    return forecast(call.session, year=asked.year, where=asked.where, today=call.today, known=known)


def _is_empty(found: Figures) -> bool:
    return found.land_m2.value is None and not found.lots and not found.seasons
