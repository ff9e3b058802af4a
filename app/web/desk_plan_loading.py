"""A newer plan from a spreadsheet, beside those that are there: all of it, or a sentence for each cell."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Writing
from app.errors import refuse
from app.kit.messages import say
from app.plan.plan_commands import PlanLoaded, load_plan
from app.plan.plan_files import read_plan
from app.web.desk_plan_targets import targets_page
from app.web.pages import Refusal, SentFile, TypedForm, go_to, tried

router = APIRouter(prefix="/desk/plan", include_in_schema=False)


@router.post("/targets")
def load_plan_form(request: Request, call: Writing, typed: TypedForm, file: SentFile) -> Response:
    """Load it."""

    def effect() -> PlanLoaded:
        if file is None:
            raise refuse("file", say("Choose a file."))
        content, filename = file
        return load_plan(
            call.session,
            read_plan(content, filename=filename),
            plan=typed.raw("plan")[:80],
            legal_ref=typed.raw("legal_ref")[:300],
            by=call.actor,
            now=call.now,
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
