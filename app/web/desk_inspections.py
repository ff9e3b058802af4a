"""Whom to visit first and why, and the visits that are planned."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.inspection.checklist_queries import checklists_on
from app.inspection.finding_queries import count_late
from app.inspection.plan_commands import PlanDetails, drop_plan, plan_visit
from app.inspection.plan_queries import inspectors, plan_by_uid, plans
from app.inspection.risk_queries import risks
from app.inspection.start_queries import areas_by_organisation
from app.registry.organisation_queries import organisation_by_uid
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk/inspections", include_in_schema=False)

HOME = "/desk/inspections"
MOST_RISKS = 30


@router.get("")
def inspections_page(request: Request, call: Reading, page: PageArgs, mine: str = "") -> Response:
    """Planned visits, then those who grow, the most pressing first."""
    return _page(request, call, page.after, mine=bool(mine))


@router.post("/plans")
def plan_visit_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Plan a visit."""
    organisation = typed.uid("organisation", required=True)
    due_on = typed.day("due_on", required=True)
    details = PlanDetails(
        typed.raw("checklist")[:40],
        due_on or call.today,
        area=typed.uid("area"),
        assigned=typed.uid("assigned"),
        note=typed.text("note", longest=500, multiline=True),
    )

    def effect() -> None:
        typed.done()
        if organisation is None:
            return
        home = organisation_by_uid(call.session, organisation, within=Reach.all())
        plan_visit(call.session, organisation=home, details=details, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        again: dict[str, Any] = {
            "typed": typed.fields,
            "refusal": outcome,
            "tried": typed.raw("organisation"),
        }
        return _page(request, call, None, **again)
    return go_to(f"{HOME}?done=visit_planned")


@router.post("/plans/{plan}/drop")
def drop_plan_form(request: Request, call: Writing, plan: UUID, typed: TypedForm) -> Response:
    """Give a planned visit up."""

    def effect() -> None:
        found = plan_by_uid(call.session, plan)
        require_version(found.version, typed.whole("version", default=0))
        drop_plan(call.session, plan=found, reason=typed.raw("reason"), by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        again: dict[str, Any] = {"typed": typed.fields, "refusal": outcome, "tried": str(plan)}
        return _page(request, call, None, **again)
    return go_to(f"{HOME}?done=plan_dropped")


def _page(
    request: Request, call: Call, after: str | None, *, mine: bool = False, **again: Any
) -> Response:
    account = call.caller.account_id if mine else None
    pressing = risks(call.session, today=call.today)[:MOST_RISKS] if after is None else []
    homes = [line.organisation.pk for line in pressing]
    return show(
        request,
        call,
        "desk/inspections.html",
        status=422 if again.get("refusal") else 200,
        **{
            "plans": plans(call.session, assigned_id=account, after=after, limit=30),
            "risks": pressing,
            "areas": areas_by_organisation(call.session, homes),
            "checklists": checklists_on(call.session, call.today),
            "inspectors": inspectors(call.session, call.today),
            "late": count_late(call.session, within=Reach.all(), today=call.today),
            "mine": mine,
            "tried": "",
            **again,
        },
    )
