"""Units' parts of reports on the wire: what the records give, what was said, who is late."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.accounts.reach import Reach
from app.api.paging import PageOut, page_out
from app.api.plan_part_shapes import (
    ExpectedPartOut,
    ExpectedPartsOut,
    PartFiguresOut,
    PlanPartIn,
    PlanPartOut,
)
from app.api.problems import may_fail
from app.deps import Call, OnceDep, PageArgs, Reading, StepsDep, Writing
from app.errors import Forbidden, Malformed, NotFound, Refused, refuse
from app.kit.messages import say
from app.models.accounts import Role
from app.places.queries import commune_on
from app.plan.report_periods import period_of
from app.plan.rollup import freshen, refresh
from app.plan.submission_commands import Entered, submit_part
from app.plan.submission_queries import (
    Unit,
    expected,
    our_part,
    part_due,
    part_told,
    submission_by_uid,
    submissions,
)
from app.registry.organisation_queries import organisation_by_id, organisation_by_uid

router = APIRouter(prefix="/plan/submissions", tags=["plan"])

OfYear = Annotated[int, Query(ge=2000, le=2100, examples=[2026])]
OfQuarter = Annotated[int, Query(ge=0, le=4, description="0: the whole year.", examples=[0])]


@router.get("", responses=may_fail(Malformed))
def list_plan_parts(call: Reading, page: PageArgs) -> PageOut[PlanPartOut]:
    """Parts of the own organisation, or all; the newest first, former editions too."""
    found = submissions(call.session, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, PlanPartOut.of)


@router.post(
    "",
    status_code=201,
    response_model=PlanPartOut,
    responses=may_fail(Forbidden, Malformed, NotFound, Refused),
)
def send_plan_part(body: PlanPartIn, call: Writing, once: OnceDep) -> Response:
    """Send in a part; a second one for the same period is a new edition, and both are kept."""

    def effect() -> tuple[PlanPartOut, dict[str, str]]:
        period = period_of(body.year, body.quarter, call.today)
        unit = _unit(call, body)
        refresh(call.session, call.now)
        sent = submit_part(
            call.session,
            unit=unit,
            period=period,
            part=body.part(),
            note=body.note,
            entered=Entered(organisation_by_id(call.session, call.caller.organisation_id)),
            by=call.actor,
            now=call.now,
        )
        headers = {"Location": f"/api/v1/plan/submissions/{sent.uid}"}
        return PlanPartOut.of(part_told(call.session, sent)), headers

    return once(effect)


@router.get("/expected", responses=may_fail(Malformed, Refused))
def list_plan_parts_expected(
    call: Reading, steps: StepsDep, year: OfYear, quarter: OfQuarter = 0
) -> ExpectedPartsOut:
    """Every unit that should send its part of a period: what came, what is late, what differs."""
    period = period_of(year, quarter, call.today)
    freshen(call.session, steps, call.now)
    due = part_due(call.session, period)
    units = [ExpectedPartOut.of(one, due, call.today) for one in expected(call.session, period)]
    return ExpectedPartsOut(due_on=due, units=units)


@router.get("/own-figures", responses=may_fail(Malformed, Refused))
def read_own_plan_figures(
    call: Reading, steps: StepsDep, year: OfYear, quarter: OfQuarter = 0
) -> PartFiguresOut:
    """What the records give for the own organisation: what a part begins with."""
    period = period_of(year, quarter, call.today)
    freshen(call.session, steps, call.now)
    unit = Unit(organisation=organisation_by_id(call.session, call.caller.organisation_id))
    return PartFiguresOut.of(our_part(call.session, unit, period))


@router.get("/{submission}", responses=may_fail(NotFound))
def read_plan_part(submission: UUID, call: Reading) -> PlanPartOut:
    """One part as it was sent."""
    return PlanPartOut.of(submission_by_uid(call.session, submission, within=call.within))


def _unit(call: Call, body: PlanPartIn) -> Unit:
    """Whose part it is: an officer's word for a commune or an organisation, else the own one's."""
    if call.caller.role is not Role.PROVINCE_ADMIN:
        if body.commune is not None or body.organisation is not None:
            raise refuse("organisation", say("You send the part of your own organisation."))
        own = organisation_by_id(call.session, call.caller.organisation_id)
        return Unit(organisation=own)
    if (body.commune is None) == (body.organisation is None):
        raise refuse("commune", say("Name either the commune or the organisation."))
    if body.organisation is not None:
        found = organisation_by_uid(call.session, body.organisation, within=Reach.all())
        return Unit(organisation=found)
    return Unit(commune=commune_on(call.session, body.commune or "", call.today))
