"""Inspections on the wire: whom to visit first, planned visits, checklists, visits that were made."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.reach import Reach
from app.api.lots_shapes import ReasonIn
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.visit_shapes import (
    AnswerOut,
    ChecklistOut,
    ChecklistsOut,
    PlanIn,
    PlanOut,
    RiskOut,
    SignatureOut,
    VisitLineOut,
    VisitOut,
    VisitPictureOut,
    visit_told,
)
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
from app.inspection import plan_commands, plan_queries, visit_queries
from app.inspection.checklist_queries import checklists_on
from app.inspection.finding_queries import findings
from app.inspection.risk_queries import risks
from app.inspection.sample_queries import samples
from app.inspection.visit_commands import take_over
from app.models.visit_findings import FindingState
from app.models.visits import PlanState
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(prefix="/inspection", tags=["inspection"])

MOST_RISKS = 200


@router.get("/risks", responses=may_fail())
def list_risks(
    call: Reading, limit: Annotated[int, Query(ge=1, le=MOST_RISKS)] = 50
) -> PageOut[RiskOut]:
    """Whom to visit first: those who grow, the most pressing first, each reason with its points."""
    found = risks(call.session, today=call.today)[:limit]
    return PageOut(items=[RiskOut.of(line, call.language) for line in found], next=None)


@router.get("/checklists", responses=may_fail())
def list_checklists(call: Reading) -> ChecklistsOut:
    """The editions of checklists that visits of today are made by."""
    tag = call.language.tag
    found = checklists_on(call.session, call.today)
    return ChecklistsOut(items=[ChecklistOut.of(line, tag) for line in found])


@router.get("/plans", responses=may_fail(Malformed))
def list_plans(
    call: Reading, page: PageArgs, state: Annotated[PlanState, Query()] = PlanState.OPEN
) -> PageOut[PlanOut]:
    """Planned visits, those due first."""
    found = plan_queries.plans(call.session, state=state, after=page.after, limit=page.limit)
    return page_out(found, lambda line: PlanOut.of(line, call.language))


@router.post(
    "/plans",
    status_code=201,
    response_model=PlanOut,
    responses=may_fail(Malformed, Conflict, Refused, NotFound),
)
def plan_visit(body: PlanIn, call: Writing, once: OnceDep) -> Response:
    """Plan a visit; the reasons that speak for it today are kept with it."""

    def effect() -> tuple[PlanOut, dict[str, str]]:
        plan = plan_commands.plan_visit(
            call.session,
            organisation=organisation_by_uid(call.session, body.organisation, within=Reach.all()),
            details=plan_commands.PlanDetails(
                body.checklist, body.due_on, body.area, body.assigned, body.note
            ),
            by=call.actor,
            now=call.now,
        )
        made = PlanOut.of(plan_queries.plan_line(call.session, plan.uid), call.language)
        address = f"/api/v1/inspection/plans/{plan.uid}"
        return made, {"Location": address, "ETag": etag(plan.version)}

    return once(effect)


@router.get("/plans/{plan}", responses=may_fail(NotFound))
def read_plan(plan: UUID, call: Reading, response: Response) -> PlanOut:
    """One planned visit."""
    line = plan_queries.plan_line(call.session, plan)
    response.headers["ETag"] = etag(line.plan.version)
    return PlanOut.of(line, call.language)


@router.post(
    "/plans/{plan}/drop", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired)
)
def drop_plan(
    plan: UUID, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> PlanOut:
    """Give a planned visit up, with a reason."""
    found = plan_queries.plan_by_uid(call.session, plan)
    require_version(found.version, expected)
    plan_commands.drop_plan(
        call.session, plan=found, reason=body.reason, by=call.actor, now=call.now
    )
    return read_plan(plan, call, response)


@router.get("/visits", responses=may_fail(Malformed))
def list_visits(
    call: Reading,
    page: PageArgs,
    finished: Annotated[bool | None, Query(description="All unless given.")] = None,
) -> PageOut[VisitLineOut]:
    """Visits, the newest first; who was visited sees those that are finished."""
    found = visit_queries.visits(
        call.session, within=call.within, finished=finished, after=page.after, limit=page.limit
    )
    return page_out(found, lambda line: VisitLineOut(**visit_told(line)))


@router.get("/visits/{visit}", responses=may_fail(NotFound))
def read_visit(visit: UUID, call: Reading, response: Response) -> VisitOut:
    """One visit with its answers, photographs and signatures."""
    return _answer(call, visit, response)


@router.post(
    "/visits/{visit}/take-over",
    responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired),
)
def take_over_visit(
    visit: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> VisitOut:
    """Go on with a visit that a colleague cannot end."""
    line = visit_queries.visit_line(call.session, visit, within=call.within)
    require_version(line.visit.version, expected)
    take_over(call.session, visit=line.visit, caller=call.caller, now=call.now)
    return _answer(call, visit, response)


def _answer(call: Call, uid: UUID, response: Response) -> VisitOut:
    call.session.flush()  # a lost race, and the new version
    line = visit_queries.visit_line(call.session, uid, within=call.within)
    visit = line.visit
    details = visit_queries.details_of(call.session, visit)
    found = findings(
        call.session,
        within=call.within,
        today=call.today,
        states=tuple(FindingState),
        visit_id=visit.pk,
    )
    taken = samples(call.session, within=call.within, visit_id=visit.pk)
    response.headers["ETag"] = etag(visit.version)
    return VisitOut(
        **visit_told(line),
        note=visit.note,
        answers=[
            AnswerOut(item=key, outcome=one.outcome, note=one.note)
            for key, one in details.answers.items()
        ],
        signatures=[SignatureOut.model_validate(one) for one in details.signatures],
        pictures=[
            VisitPictureOut(picture=one.uid, item=item.key if item else None)
            for one, item in details.pictures
        ],
        findings=[one.finding.uid for one in found.items],
        samples=[one.sample.uid for one in taken.items],
        draft=details.sheet,
    )
