"""A newer plan from a spreadsheet, beside those that are there: all of it, or a sentence for each cell."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.queries import list_crops
from app.deps import Call, Reading, Writing
from app.errors import refuse
from app.kit.i18n import language
from app.kit.messages import Message, say
from app.places.queries import former_communes, former_districts
from app.plan.axes import axes_of, plan_with_axes
from app.plan.axis_files import LAYOUT as AXES_LAYOUT
from app.plan.axis_files import SHEET, axis_rows
from app.plan.naming import PLAN_PROVINCE
from app.plan.plan_commands import PlanLoaded, load_plan, put_in_force
from app.plan.plan_files import LAYOUT, figures_written, read_plan
from app.plan.queries import targets
from app.plan.recomputing import Figure
from app.web.desk_plan_targets import chosen_plan, targets_page
from app.web.pages import Refusal, SentFiles, TypedForm, go_to, tried
from app.web.sheets import Cell, Column, Sheet, book_file

router = APIRouter(prefix="/desk/plan", include_in_schema=False)
VIETNAMESE = language("vi")


@router.get("/targets/figures.xlsx")
def plan_figures_file(call: Reading, plan: str = "") -> Response:
    """A plan as a file that can be loaded: what a newer one is written into."""
    chosen = chosen_plan(call, plan)
    found = [
        (Figure(one.measure, one.scope, one.scope_name, one.year), one.unit, one.stated)
        for one in targets(call.session, plan=chosen)
    ]
    names = {one.code: one.name for one in former_districts(call.session, PLAN_PROVINCE)}
    columns = [Column(column.heading) for column in LAYOUT.columns]
    rows = [
        [*(Cell(value) for value in row), Cell(None), Cell(None)]
        for row in figures_written(found, names)
    ]
    sheet = Sheet(f"chi-tieu-{chosen.lower().replace('_', '-')}", say("Targets"), columns, rows)
    return book_file(call.language, [sheet, _axes_sheet(call, chosen)], call.today)


def _axes_sheet(call: Call, plan: str) -> Sheet:
    """The axes that count for a plan, as `read_axes` reads them."""
    told = axes_of(call.session, plan_with_axes(call.session, plan, call.today))
    districts = {one.code: one.name for one in former_districts(call.session, PLAN_PROVINCE)}
    communes = {one.code: one for one in former_communes(call.session)}
    crops = {one.slug: one.name_vi for one in list_crops(call.session)}
    rows = []
    for one in told:
        name = one.name if isinstance(one.name, str) else VIETNAMESE.say(one.name)
        lie = [(districts.get(code, code), "", "") for code in one.districts]
        units = (communes[code] for code in one.communes)
        lie += [(districts.get(unit.district_code or "", ""), unit.name, "") for unit in units]
        lead = [("", "", crops.get(slug, slug)) for slug in dict.fromkeys(one.crops)]
        for district, commune, crop in (*lie, *lead):
            rows.append(
                [Cell(value or None) for value in (name, district, commune, "", crop, "", "")]
            )
    columns = [Column(column.heading) for column in AXES_LAYOUT.columns]
    return Sheet(SHEET, Message(SHEET, {}), columns, rows)


@router.post("/targets")
def load_plan_form(request: Request, call: Writing, typed: TypedForm, files: SentFiles) -> Response:
    """Load it, with its axes where it brings any."""

    def effect() -> PlanLoaded:
        file, axes = files.get("file"), files.get("axes")
        if file is None:
            raise refuse("file", say("Choose a file."))
        content, filename = file
        in_force_on = typed.day("in_force_on")
        typed.done()
        return load_plan(
            call.session,
            read_plan(content, filename=filename),
            plan=typed.raw("plan")[:80],
            legal_ref=typed.raw("legal_ref")[:300],
            in_force_on=in_force_on,
            by=call.actor,
            now=call.now,
            axes=axis_rows(file, axes),
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return targets_page(request, call, "", typed=typed.fields, refusal=outcome)
    if outcome.errors:
        why = say("Nothing was loaded: mend the cells below, and send the file again.")
        return targets_page(
            request,
            call,
            "",
            typed=typed.fields,
            refusal=Refusal(why),
            errors=outcome.errors,
        )
    return go_to(f"/desk/plan/targets?plan={outcome.plan}&done=plan_loaded")


@router.post("/targets/{plan}/day")
def date_plan_form(request: Request, call: Writing, plan: str, typed: TypedForm) -> Response:
    """From which day on the desk and the reports follow a plan; none: not any more, or not yet."""

    def effect() -> None:
        day = typed.day("in_force_on")
        typed.done()
        put_in_force(call.session, plan, day, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return targets_page(request, call, "", typed=typed.fields, refusal=outcome, dating=plan)
    return go_to("/desk/plan/targets?done=saved")
