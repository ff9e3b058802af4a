"""The plan on the wire: its targets as stated, beside what they recompute to."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.deps import Reading
from app.models.plan import SAFE_VEGETABLES_2030, TargetScope
from app.plan import queries

router = APIRouter(prefix="/plan", tags=["plan"])


class TargetOut(Out):
    """One figure of a plan, a whole number of `unit`. `recomputed`: what its other figures give."""

    plan: str = Field(examples=[SAFE_VEGETABLES_2030])
    measure: str = Field(examples=["area"])
    scope: TargetScope
    scope_name: str = Field(examples=["085"])
    year: int = Field(examples=[2030])
    unit: str = Field(examples=["m2"])
    stated: int = Field(examples=[4000000])
    recomputed: int | None
    consistent: bool = Field(description="Whether the plan's other figures agree.")
    legal_ref: str
    note: str


@router.get("/targets", responses=may_fail())
def list_plan_targets(
    call: Reading,
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="Every year unless given.", examples=[2030])
    ] = None,
    plan: Code = SAFE_VEGETABLES_2030,
) -> PageOut[TargetOut]:
    """A plan's figures by year, measure, scope and name."""
    found = queries.targets(call.session, plan=plan, year=year)
    return PageOut(items=[TargetOut.model_validate(target) for target in found], next=None)
