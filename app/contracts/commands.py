"""Writing contracts down, signing them, ending them. Terms that are signed are not changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import chosen_crop
from app.contracts import rules
from app.errors import Conflict, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.kit.text import clean, fold
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Crop
from app.models.contracts import Contract, ContractState
from app.models.movements import Party
from app.models.products import Product
from app.models.registry import Organisation
from app.notices.commands import tell

SOME_FAULTS = say("Some of what was agreed cannot be right.")


@dataclass(frozen=True)
class Terms:
    """What is agreed with whom: `buyer`, an organisation of the system, or an own `party`.

    Crop by slug. `price_dong` None: it follows the market of the day.
    """

    number: str
    crop: str
    quantity: Grams
    period: rules.Period
    buyer: Organisation | None = None
    party: Party | None = None
    product: Product | None = None
    price_dong: int | None = None
    note: str = ""


def draft_contract(
    session: Session, organisation: Organisation, terms: Terms, *, by: Actor, now: datetime
) -> Contract:
    """Write a contract down, before it is signed."""
    columns = _columns(session, organisation, terms, known=None)
    contract = Contract(organisation_id=organisation.pk, recorded_at=now, **columns)
    session.add(contract)
    session.flush()  # of two with one number, one must fail before the ledger is touched
    _record(session, contract, "contract.drafted", _told(session, contract), by=by, now=now)
    return contract


def amend_contract(
    session: Session, contract: Contract, terms: Terms, *, by: Actor, now: datetime
) -> Contract:
    """Correct a draft: the whole of it, as it should be."""
    if contract.state is not ContractState.DRAFT:
        raise Conflict(say("What was signed is not changed: end it and sign another."))
    organisation = session.get_one(Organisation, contract.organisation_id)
    for name, value in _columns(session, organisation, terms, known=contract).items():
        setattr(contract, name, value)
    session.flush()
    _record(session, contract, "contract.amended", _told(session, contract), by=by, now=now)
    return contract


def sign_contract(
    session: Session, contract: Contract, signed_on: date, *, by: Actor, now: datetime
) -> Contract:
    """Say that both sides signed it, and when. From now on deliveries count; the buyer sees it."""
    _require_step(contract, ContractState.SIGNED)
    if signed_on > day_of(now):
        raise refuse("signed_on", say("This is in the future."))
    if signed_on > contract.ends_on:
        raise refuse("signed_on", say("It was signed after its last day."))
    contract.state, contract.signed_on = ContractState.SIGNED, signed_on
    session.flush()
    _record(session, contract, "contract.signed", {"signed_on": signed_on}, by=by, now=now)
    told = say("A contract with you is written down as signed: {number}.", number=contract.number)
    _tell_buyer(session, contract, told, "contract.signed", now)
    return contract


def end_contract(
    session: Session, contract: Contract, reason: str, *, by: Actor, now: datetime
) -> Contract:
    """It is done with: delivered, or given up by both. Nothing counts for it any more."""
    return _close(session, contract, ContractState.ENDED, reason, by=by, now=now)


def cancel_contract(
    session: Session, contract: Contract, reason: str, *, by: Actor, now: datetime
) -> Contract:
    """It does not stand: a draft that came to nothing, a contract that was dissolved."""
    return _close(session, contract, ContractState.CANCELLED, reason, by=by, now=now)


def _close(
    session: Session,
    contract: Contract,
    state: ContractState,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> Contract:
    _require_step(contract, state)
    words = clean(reason, longest=500, multiline=True)
    if not words:
        raise refuse("reason", say("Say why, in a few words."))
    was = contract.state
    contract.state, contract.closed_at, contract.closed_reason = state, now, words
    session.flush()
    kind = f"contract.{state.value}"
    _record(session, contract, kind, {"from": was, "reason": words}, by=by, now=now)
    if was is ContractState.SIGNED:
        told = say(
            "A contract with you is over: {number}. {reason}", number=contract.number, reason=words
        )
        _tell_buyer(session, contract, told, kind, now)
    return contract


def _require_step(contract: Contract, wanted: ContractState) -> None:
    why = rules.find_step_fault(contract.state, wanted)
    if why is not None:
        raise Conflict(why)


def _columns(
    session: Session, home: Organisation, terms: Terms, *, known: Contract | None
) -> dict[str, Any]:
    number = clean(terms.number, longest=60)
    if not number:
        raise refuse("number", say("This is required."))
    _require_buyer(home, terms)
    crop = chosen_crop(session, terms.crop, field="crop")
    _require_product(home, crop, terms.product)
    faults = rules.faults_of_terms(terms.quantity, terms.price_dong, terms.period)
    if faults:
        raise Refused(faults[0].why if len(faults) == 1 else SOME_FAULTS, *faults)
    _require_new_number(session, home, number, known)
    return {
        "number": number,
        "number_key": fold(number),
        "buyer_id": terms.buyer.pk if terms.buyer else None,
        "party_id": terms.party.pk if terms.party else None,
        "crop_id": crop.pk,
        "product_id": terms.product.pk if terms.product else None,
        "quantity_g": terms.quantity.value,
        "price_dong": terms.price_dong,
        "starts_on": terms.period.starts_on,
        "ends_on": terms.period.ends_on,
        "note": clean(terms.note, longest=500, multiline=True),
    }


def _require_buyer(home: Organisation, terms: Terms) -> None:
    if (terms.buyer is None) == (terms.party is None):
        raise refuse("buyer", say("Say who buys."))
    if terms.buyer is not None and terms.buyer.pk == home.pk:
        raise refuse("buyer", say("One has no contract with oneself."))


def _require_product(home: Organisation, crop: Crop, product: Product | None) -> None:
    if product is None:
        return
    if product.organisation_id != home.pk or product.crop_id != crop.pk:
        raise refuse("product", say("This product is not of this crop."))


def _require_new_number(
    session: Session, home: Organisation, number: str, known: Contract | None
) -> None:
    wanted = select(col(Contract.id)).where(
        col(Contract.organisation_id) == home.pk, col(Contract.number_key) == fold(number)
    )
    found = session.execute(wanted).scalar()
    if found is not None and (known is None or found != known.pk):
        raise refuse("number", say("You have a contract with this number already."))


def _told(session: Session, contract: Contract) -> dict[str, object]:
    crop = session.get_one(Crop, contract.crop_id)
    buyer = session.get(Organisation, contract.buyer_id) if contract.buyer_id else None
    party = session.get(Party, contract.party_id) if contract.party_id else None
    return {
        "number": contract.number,
        "crop": crop.slug,
        "quantity_g": contract.quantity_g,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
        "buyer": buyer.uid if buyer else None,
        "party": party.uid if party else None,
    }


def _record(
    session: Session,
    contract: Contract,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    home = session.get_one(Organisation, contract.organisation_id)
    # A price is nobody's but the two parties': only its salted hash enters the log.
    price = {"price_dong": contract.price_dong} if "quantity_g" in facts else None
    record(
        session,
        kind=kind,
        subject=str(contract.uid),
        by=by,
        now=now,
        organisation=home.uid,
        facts=facts,
        personal=price,
    )


def _tell_buyer(
    session: Session, contract: Contract, sentence: Message, kind: str, now: datetime
) -> None:
    if contract.buyer_id is None:
        return
    tell(
        session,
        organisation=session.get_one(Organisation, contract.buyer_id),
        kind=kind,
        about=f"{kind} {contract.uid}",
        sentence=sentence,
        address=f"/work/contracts/{contract.uid}",
        now=now,
    )
