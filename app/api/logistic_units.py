"""Cartons and pallets on the wire: what an SSCC stands for."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.deps import Reading
from app.errors import NotFound
from app.labels.payload import sscc_in
from app.labels.sscc_queries import unit_of

router = APIRouter(prefix="/logistic-units", tags=["labels"])


class UnitOut(Out):
    """A carton or pallet: whose label it bears, which number that has in its lot's labels (from 1)."""

    sscc: str = Field(examples=["189353120000000014"])
    lot: str = Field(examples=["LCJ6VNGGH6BCFNM"])
    run: UUID
    label: int = Field(examples=[1])


@router.get("/{sscc}", responses=may_fail(NotFound))
def read_logistic_unit(sscc: Code, call: Reading) -> UnitOut:
    """The lot and the run behind an SSCC."""
    unit = unit_of(call.session, sscc_in(sscc), within=call.within)
    return UnitOut(sscc=unit.sscc, lot=unit.lot.code, run=unit.run.uid, label=unit.index + 1)
