"""Contracts at work: the list, a new one, one with what was delivered for it, signing and ending it."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.catalogue.product_queries import products_of
from app.catalogue.queries import list_crops
from app.contracts import commands, queries
from app.contracts.queries import ContractTold
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import NotFound
from app.kit.messages import say
from app.ledger.queries import history_of
from app.models.contracts import Contract, ContractState
from app.movements.queries import movements_for, parties
from app.registry.organisation_queries import organisation_by_id, receivers
from app.web.changing import Changing
from app.web.contract_forms import UNITS, as_typed, terms_typed
from app.web.contract_words import STATES
from app.web.movement_words import KINDS, party_options
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work/contracts", include_in_schema=False)


@router.get("")
def contracts_page(request: Request, call: Reading, page: PageArgs, state: str = "") -> Response:
    """By which one delivers or is delivered to, newest first."""
    chosen = ContractState(state) if state in set(ContractState) else None
    found = queries.newest_contracts(
        call.session, within=call.within, today=call.today, state=chosen, after=page.after
    )
    for told in found.items:
        call.saw(told.seller.pk, "contracts")
    return show(request, call, "work/contracts.html", contracts=found, state=chosen, states=STATES)


@router.get("/new")
def new_contract_page(request: Request, call: Reading) -> Response:
    """A contract about to be written down."""
    return _form(request, call, {"quantity_unit": "tan", "starts_on": call.today.isoformat()})


@router.post("/new")
def draft_contract_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write it down, once, however often the button is pressed."""

    def effect() -> str:
        home = organisation_by_id(call.session, call.caller.organisation_id)
        terms = terms_typed(typed, call)
        contract = commands.draft_contract(call.session, home, terms, by=call.actor, now=call.now)
        return f"/work/contracts/{contract.uid}?done=contract_drafted"

    outcome = submitted_once(request, call, typed, effect)
    if isinstance(outcome, Refusal):
        return _form(request, call, typed.fields, refusal=outcome)
    return outcome


@router.get("/{contract}")
def contract_page(request: Request, call: Reading, contract: UUID) -> Response:
    """One contract with every movement for it."""
    return _one(request, call, contract)


@router.get("/{contract}/edit")
def edit_contract_page(request: Request, call: Reading, contract: UUID) -> Response:
    """A draft, to be corrected."""
    told = _own(call, contract)
    if told.contract.state is not ContractState.DRAFT:
        return go_to(f"/work/contracts/{contract}")
    return _form(request, call, as_typed(told), told=told)


@router.post("/{contract}/edit")
def amend_contract_form(
    request: Request, call: Writing, contract: UUID, typed: TypedForm
) -> Response:
    """Correct it."""

    def effect() -> None:
        told = _own(call, contract)
        require_version(told.contract.version, typed.whole("version", default=0))
        terms = terms_typed(typed, call)
        commands.amend_contract(call.session, told.contract, terms, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        told = _own(call, contract)
        return _form(request, call, typed.fields, told=told, refusal=outcome)
    return go_to(f"/work/contracts/{contract}?done=amended")


@router.post("/{contract}/sign")
def sign_contract_form(
    request: Request, call: Writing, contract: UUID, typed: TypedForm
) -> Response:
    """Both sides signed it."""

    def effect(one: Contract) -> None:
        day: date | None = typed.day("signed_on", required=True)
        typed.done()
        commands.sign_contract(call.session, one, day or call.today, by=call.actor, now=call.now)

    return _changing(request, call, contract, typed)(effect, "sign", "contract_signed")


@router.post("/{contract}/end")
def end_contract_form(
    request: Request, call: Writing, contract: UUID, typed: TypedForm
) -> Response:
    """It is done with."""

    def effect(one: Contract) -> None:
        reason = typed.raw("reason")
        commands.end_contract(call.session, one, reason, by=call.actor, now=call.now)

    return _changing(request, call, contract, typed)(effect, "end", "saved")


@router.post("/{contract}/cancel")
def cancel_contract_form(
    request: Request, call: Writing, contract: UUID, typed: TypedForm
) -> Response:
    """It does not stand."""

    def effect(one: Contract) -> None:
        reason = typed.raw("reason")
        commands.cancel_contract(call.session, one, reason, by=call.actor, now=call.now)

    return _changing(request, call, contract, typed)(effect, "cancel", "saved")


def _changing(request: Request, call: Call, contract: UUID, typed: TypedForm) -> Changing[Contract]:
    return Changing(
        call,
        typed,
        f"/work/contracts/{contract}",
        lambda: _own(call, contract).contract,
        lambda **again: _one(request, call, contract, **again),
    )


def _own(call: Call, uid: UUID) -> ContractTold:
    """For who delivers by it; for anybody else there is no such thing to change."""
    told = queries.contract_by_uid(call.session, uid, within=call.within, today=call.today)
    if told.seller.pk != call.caller.organisation_id:
        raise NotFound(say("There is no such contract."))
    return told


def _one(request: Request, call: Call, uid: UUID, **again: object) -> Response:
    told = queries.contract_by_uid(call.session, uid, within=call.within, today=call.today)
    call.saw(told.seller.pk, "contract", uid)
    return show(
        request,
        call,
        "work/contract.html",
        status=422 if again.get("refusal") else 200,
        told=told,
        mine=told.seller.pk == call.caller.organisation_id,
        movements=movements_for(call.session, told.contract),
        facts=history_of(call.session, str(uid)),
        states=STATES,
        kinds=KINDS,
        **{"tried": "", **again},
    )


def _form(
    request: Request,
    call: Call,
    typed: dict[str, str],
    *,
    told: ContractTold | None = None,
    **again: object,
) -> Response:
    home = call.caller.organisation_id
    crops = [
        (crop.slug, getattr(crop, f"name_{call.language.tag}")) for crop in list_crops(call.session)
    ]
    products = [(one.product.uid, one.product.name_vi) for one in products_of(call.session, home)]
    return show(
        request,
        call,
        "work/contract_new.html",
        status=422 if again.get("refusal") else 200,
        typed=typed,
        told=told,
        crops=crops,
        products=products,
        units=UNITS,
        parties=parties(call.session, within=Reach.own(home), limit=200).items,
        party_options=party_options(call.language),
        receivers=receivers(call.session, besides=home),
        **again,
    )
