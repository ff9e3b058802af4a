"""The plan itself: its annex as printed, the figures of its text, and where they contradict each other."""

from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.plan_queries import plan_on
from app.deps import Call, Reading
from app.errors import refuse
from app.kit.messages import Message, say
from app.models.accounts import Role
from app.models.plan import PlanTarget, TargetScope
from app.places.queries import former_districts
from app.plan.annex import MEASURES, annex, plan_names
from app.plan.axes import plan_with_axes
from app.plan.axis_files import SHEET
from app.plan.inconsistencies import inconsistencies
from app.plan.naming import GROUPS
from app.plan.price_queries import models_elsewhere
from app.plan.queries import loaded_plans
from app.plan.telling import GRAVITIES
from app.web.desk_plan_overview import MEASURES as MEASURE_WORDS
from app.web.pages import show
from app.web.plan_axes import shown_axes
from app.web.plan_figures import unit_value
from app.web.sheets import Cell, Column, Sheet, sheet_file

router = APIRouter(prefix="/desk/plan", include_in_schema=False)

# The units of the annex: hectares, quintals a hectare, tonnes.
PRINTED = {"area": 10_000, "yield": 100, "output": 1_000}
PRINTED_WORDS: dict[str, Message] = {
    "area": say("Area (ha)"),
    "yield": say("Yield (quintals/ha)"),
    "output": say("Output (t)"),
}


@router.get("/targets")
def plan_targets_page(request: Request, call: Reading, plan: str = "") -> Response:
    """A plan as it was printed, with what does not add up flagged."""
    return targets_page(request, call, plan)


@router.get("/targets/table.{ending}")
def plan_targets_file(call: Reading, ending: str, plan: str = "") -> Response:
    """The annex as a file, as printed; what it recomputes to stands beside it."""
    chosen = chosen_plan(call, plan)
    whole = annex(call.session, chosen)
    columns = [Column(say("No.")), Column(say("Former district"))]
    for year in whole.years:
        for measure in MEASURES:
            words = say("{year}: {what}", year=year, what=PRINTED_WORDS[measure])
            columns += [Column(words), Column(say("{what}, recomputed", what=words))]
    rows = []
    for line in whole.lines:
        row = [
            Cell(line.number or None),
            Cell(line.district.name if line.district else say("Total")),
        ]
        for year in whole.years:
            for measure in MEASURES:
                one = line.figures.get((year, measure))
                row += [Cell(printed(one)), Cell(printed(one, recomputed=True))]
        rows.append(row)
    sheet = Sheet(f"phu-bieu-{chosen.lower().replace('_', '-')}", say("Annex"), columns, rows)
    return sheet_file(call.language, sheet, ending, call.today)


def targets_page(request: Request, call: Call, plan: str, **again: Any) -> Response:
    """The page, also after a file was refused."""
    chosen = chosen_plan(call, plan)
    axes_plan = plan_with_axes(call.session, chosen, call.today)
    names: dict[str, str | Message] = {
        **{one.code: one.name for one in former_districts(call.session)},
        **{str(key): words for key, words in GROUPS.items()},
    }
    return show(
        request,
        call,
        "desk/plan/targets.html",
        status=422 if again.get("refusal") else 200,
        plan=chosen,
        plans=loaded_plans(call.session),
        following=plan_on(call.session, call.today),
        asked_plan=plan,
        annex=annex(call.session, chosen),
        measures=MEASURES,
        printed=printed,
        printed_words=PRINTED_WORDS,
        value_of=lambda one: unit_value(one.unit, one.stated),
        again_of=lambda one: (
            None if one.recomputed is None else unit_value(one.unit, one.recomputed)
        ),
        measure_words={key: words for key, (words, _) in MEASURE_WORDS.items()},
        names=names,
        district=TargetScope.DISTRICT,
        axes=shown_axes(call, axes_plan),
        axes_sheet=SHEET,
        elsewhere=len(models_elsewhere(call.session, chosen)),
        axes_plan=axes_plan,
        wrong=inconsistencies(call.session, chosen),
        gravities=GRAVITIES,
        in_unit=unit_value,
        may_load=call.caller.role is Role.PROVINCE_ADMIN,
        **{"errors": (), "dating": "", **again},
    )


def printed(one: PlanTarget | None, *, recomputed: bool = False) -> Decimal | None:
    """A figure of the annex in its printed unit; None where there is none."""
    number = None if one is None else one.recomputed if recomputed else one.stated
    return None if one is None or number is None else Decimal(number) / PRINTED[one.measure]


def chosen_plan(call: Call, plan: str) -> str:
    """The plan that is asked for, else the one in force; Refused for one that is not there."""
    if plan and plan not in plan_names(call.session):
        raise refuse("plan", say("This is not one of the choices."))
    return plan or plan_on(call.session, call.today)
