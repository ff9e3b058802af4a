"""The plans that are loaded, and from when on each is the one that counts."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, In, Out
from app.catalogue.plan_queries import plan_on
from app.deps import Call, OnceDep, Reading, Writing
from app.errors import Malformed, Refused
from app.models.plan import SAFE_VEGETABLES_2030, ProvincePlan
from app.plan.plan_commands import put_in_force
from app.plan.queries import loaded_plans

router = APIRouter(prefix="/plan/plans", tags=["plan"])


class PlanOut(Out):
    """A plan. `counts`: whether the desk and the reports follow it today."""

    plan: str = Field(examples=[SAFE_VEGETABLES_2030])
    in_force_on: date | None = Field(
        description="Null: it is kept beside the others and counts for nothing yet."
    )
    legal_ref: str
    counts: bool

    @classmethod
    def of(cls, one: ProvincePlan, call: Call) -> "PlanOut":
        return cls(
            plan=one.plan,
            in_force_on=one.in_force_on,
            legal_ref=one.legal_ref,
            counts=one.plan == plan_on(call.session, call.today),
        )


class PlanDateIn(In):
    """The day from which a plan counts; null: not any more, or not yet."""

    in_force_on: date | None = Field(examples=["2031-01-02"])


@router.get("", responses=may_fail())
def list_province_plans(call: Reading) -> PageOut[PlanOut]:
    """The plans that are loaded, the newest in force first: always one page."""
    found = loaded_plans(call.session)
    return PageOut(items=[PlanOut.of(one, call) for one in found], next=None)


@router.post("/{plan}/day", response_model=PlanOut, responses=may_fail(Malformed, Refused))
def date_plan(plan: Code, body: PlanDateIn, call: Writing, once: OnceDep) -> Response:
    """Say from which day on the desk and the reports follow a plan."""

    def effect() -> tuple[PlanOut, dict[str, str]]:
        dated = put_in_force(call.session, plan, body.in_force_on, by=call.actor, now=call.now)
        return PlanOut.of(dated, call), {}

    return once(effect)
