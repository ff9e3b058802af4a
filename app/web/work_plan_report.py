"""A cooperative's own part of the report on the plan: filled in from the records, sent, sent again."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, StepsDep, Writing
from app.errors import Refused
from app.models.catalogue import CropGroup
from app.plan.report_periods import Period, period_from, periods_offered
from app.plan.report_queries import is_closed
from app.plan.rollup import freshen, refresh
from app.plan.submission_commands import Entered, submit_part
from app.plan.submission_queries import (
    ASKED,
    Unit,
    editions_of,
    our_part,
    part_due,
    part_told,
)
from app.registry.organisation_queries import organisation_by_id
from app.web.pages import Refusal, TypedForm, show, submitted_once
from app.web.plan_part_forms import part_shown, part_typed
from app.web.plan_report_words import GROUP_WORDS

router = APIRouter(prefix="/work/plan-report", include_in_schema=False)

HOME = "/work/plan-report"


@router.get("")
def own_plan_part_page(
    request: Request, call: Reading, steps: StepsDep, period: str = ""
) -> Response:
    """The form, filled in with what the records give, and what was sent already."""
    freshen(call.session, steps, call.now)
    return _page(request, call, _chosen(call, period))


@router.post("")
def send_own_plan_part_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Send it; a second one stands beside the first."""

    def effect() -> str:
        period = period_from(typed.raw("period"), call.today)
        part = part_typed(typed)
        refresh(call.session, call.now)
        home = organisation_by_id(call.session, call.caller.organisation_id)
        submit_part(
            call.session,
            unit=Unit(organisation=home),
            period=period,
            part=part,
            note=typed.raw("note"),
            entered=Entered(home),
            by=call.actor,
            now=call.now,
        )
        return f"{HOME}?period={period.key}&done=plan_part_sent"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        chosen = _chosen(call, typed.raw("period"))
        return _page(request, call, chosen, typed=typed.fields, refusal=answer)
    return answer


def _chosen(call: Call, typed: str) -> Period:
    """The period in the address; this year where it names none."""
    try:
        return period_from(typed, call.today)
    except Refused:
        return Period(call.today.year)


def _page(request: Request, call: Call, period: Period, **again: Any) -> Response:
    home = organisation_by_id(call.session, call.caller.organisation_id)
    unit = Unit(organisation=home)
    ours = our_part(call.session, unit, period)
    editions = [part_told(call.session, one) for one in editions_of(call.session, unit, period)]
    return show(
        request,
        call,
        "work/plan_report.html",
        status=422 if again.get("refusal") else 200,
        period=period,
        periods=[(one.key, call.language.say(one.words)) for one in periods_offered(call.today)],
        due=part_due(call.session, period),
        closed=is_closed(call.session, period, call.today),
        asked=home.kind in ASKED,
        ours=ours,
        editions=editions,
        groups=list(CropGroup),
        group_words=GROUP_WORDS,
        **{"typed": part_shown(ours, call.language), **again},
    )
