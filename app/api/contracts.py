"""Contracts on the wire: drafted, amended, signed, ended; how far they are fulfilled."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.accounts.reach import Reach
from app.api.changing import ChangeDep, Changing, Said
from app.api.lots_shapes import ReasonIn
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code, In, Out, Words
from app.catalogue.product_queries import product_line
from app.contracts import commands, queries
from app.contracts.queries import ContractTold
from app.contracts.rules import Period
from app.deps import (
    Call,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.kit.quantities import Grams
from app.models.contracts import Contract, ContractState
from app.movements.queries import party_by_uid
from app.registry.organisation_queries import organisation_by_id, organisation_by_uid

router = APIRouter(prefix="/contracts", tags=["contracts"])

MAY_CHANGE = may_fail(Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired)
MOST_GRAMS = 1_000_000_000_000


class ContractIn(In):
    """A contract, the whole of it. One of `buyer` and `party` is named."""

    number: Code = Field(max_length=60, examples=["HĐLK-03/2026"])
    buyer: UUID | None = Field(default=None, description="An organisation of the system.")
    party: UUID | None = Field(default=None, description="An outside party of yours.")
    crop: Code = Field(examples=["BAP_CAI"])
    product: UUID | None = None
    quantity_g: int = Field(gt=0, le=MOST_GRAMS, examples=[20_000_000])
    price_dong: int | None = Field(
        default=None, description="Of a kilogram. Null: it follows the market.", examples=[9_500]
    )
    starts_on: date = Field(examples=["2026-12-01"])
    ends_on: date = Field(examples=["2027-03-31"])
    note: Words = ""


class SignedIn(In):
    """When both sides signed."""

    signed_on: date = Field(examples=["2026-11-20"])


class ContractOut(Out):
    """A contract with how far it is fulfilled, for its two parties and officials."""

    id: UUID
    number: str
    state: ContractState
    seller: UUID
    buyer: UUID | None
    party: UUID | None
    buyer_name: str
    crop: str
    product: UUID | None
    quantity_g: int
    price_dong: int | None
    starts_on: date
    ends_on: date
    signed_on: date | None
    closed_at: datetime | None
    closed_reason: str
    note: str
    delivered_g: int = Field(description="Confirmed by the buyer, or sold without a delivery.")
    on_the_way_g: int
    left_g: int
    late_g: int = Field(description="What is left after the last day.")
    version: int

    @classmethod
    def of(cls, told: ContractTold) -> "ContractOut":
        row, done = told.contract, told.progress
        return cls(
            id=row.uid,
            number=row.number,
            state=row.state,
            seller=told.seller.uid,
            buyer=told.buyer.uid if told.buyer else None,
            party=told.party.uid if told.party else None,
            buyer_name=told.buyer_name,
            crop=told.crop.slug,
            product=told.product.uid if told.product else None,
            quantity_g=row.quantity_g,
            price_dong=row.price_dong,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            signed_on=row.signed_on,
            closed_at=row.closed_at,
            closed_reason=row.closed_reason,
            note=row.note,
            delivered_g=done.delivered.value,
            on_the_way_g=done.on_the_way.value,
            left_g=done.left.value,
            late_g=done.late.value,
            version=row.version,
        )


@router.get("", responses=may_fail(Malformed))
def list_contracts(
    call: Reading, page: PageArgs, state: ContractState | None = None
) -> PageOut[ContractOut]:
    """Contracts by which one delivers or is delivered to, newest first."""
    found = queries.newest_contracts(
        call.session,
        within=call.within,
        today=call.today,
        state=state,
        after=page.after,
        limit=page.limit,
    )
    for told in found.items:
        call.saw(told.seller.pk, "contracts")
    return page_out(found, ContractOut.of)


@router.post(
    "",
    status_code=201,
    response_model=ContractOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def draft_contract(body: ContractIn, call: Writing, once: OnceDep) -> Response:
    """Write a contract down, before it is signed."""

    def effect() -> Said:
        home = organisation_by_id(call.session, call.caller.organisation_id)
        contract = commands.draft_contract(
            call.session, home, _terms(body, call), by=call.actor, now=call.now
        )
        told = _told(call, contract.uid)
        headers = {"Location": f"/api/v1/contracts/{contract.uid}", "ETag": etag(contract.version)}
        return ContractOut.of(told), headers

    return once(effect)


@router.get("/{contract}", responses=may_fail(NotFound))
def read_contract(contract: UUID, call: Reading, response: Response) -> ContractOut:
    """One contract."""
    told = _told(call, contract)
    call.saw(told.seller.pk, "contract", contract)
    response.headers["ETag"] = etag(told.contract.version)
    return ContractOut.of(told)


@router.put("/{contract}", responses=MAY_CHANGE)
def amend_contract(contract: UUID, body: ContractIn, change: ChangeDep) -> ContractOut:
    """Correct a draft. What was signed is not changed."""
    call = change.call
    return _changed(
        change,
        contract,
        lambda one: commands.amend_contract(
            call.session, one, _terms(body, call), by=call.actor, now=call.now
        ),
    )


@router.post("/{contract}/sign", responses=MAY_CHANGE)
def sign_contract(contract: UUID, body: SignedIn, change: ChangeDep) -> ContractOut:
    """Both sides signed it: deliveries count from now on, and the buyer sees it."""
    call = change.call
    return _changed(
        change,
        contract,
        lambda one: commands.sign_contract(
            call.session, one, body.signed_on, by=call.actor, now=call.now
        ),
    )


@router.post("/{contract}/end", responses=MAY_CHANGE)
def end_contract(contract: UUID, body: ReasonIn, change: ChangeDep) -> ContractOut:
    """It is done with."""
    call = change.call
    return _changed(
        change,
        contract,
        lambda one: commands.end_contract(
            call.session, one, body.reason, by=call.actor, now=call.now
        ),
    )


@router.post("/{contract}/cancel", responses=MAY_CHANGE)
def cancel_contract(contract: UUID, body: ReasonIn, change: ChangeDep) -> ContractOut:
    """It does not stand."""
    call = change.call
    return _changed(
        change,
        contract,
        lambda one: commands.cancel_contract(
            call.session, one, body.reason, by=call.actor, now=call.now
        ),
    )


def _changed(change: Changing, uid: UUID, effect: Callable[[Contract], object]) -> ContractOut:
    call = change.call
    change(queries.own_contract(call.session, uid, call.caller.organisation_id), effect)
    return ContractOut.of(_told(call, uid))


def _told(call: Call, uid: UUID) -> ContractTold:
    return queries.contract_by_uid(call.session, uid, within=call.within, today=call.today)


def _terms(body: ContractIn, call: Call) -> commands.Terms:
    session = call.session
    return commands.Terms(
        number=body.number,
        crop=body.crop,
        quantity=Grams(body.quantity_g),
        period=Period(body.starts_on, body.ends_on),
        buyer=organisation_by_uid(session, body.buyer, within=Reach.all()) if body.buyer else None,
        party=party_by_uid(session, body.party, within=call.within) if body.party else None,
        product=product_line(session, body.product, within=call.within).product
        if body.product
        else None,
        price_dong=body.price_dong,
        note=body.note,
    )
