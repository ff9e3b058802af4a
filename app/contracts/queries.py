"""Finding contracts: the own ones, those one buys by once they are signed, what is agreed for a crop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.contracts.progress_queries import delivered_for
from app.contracts.rules import ContractProgress
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.catalogue import Crop
from app.models.contracts import Contract, ContractState
from app.models.movements import Party
from app.models.products import Product
from app.models.registry import Organisation

MOST_OPEN = 200


@dataclass(frozen=True)
class ContractTold:
    """A contract with the names beside it and how far it is fulfilled."""

    contract: Contract
    seller: Organisation
    buyer: Organisation | None
    party: Party | None
    crop: Crop
    product: Product | None
    progress: ContractProgress

    @property
    def buyer_name(self) -> str:
        other = self.buyer or self.party
        return other.name if other else ""


@dataclass(frozen=True)
class AgreedPrice:
    """What a kilogram of a crop costs by one contract, and how many kilograms it is about."""

    organisation_id: int
    dong_per_kg: int
    quantity: Grams


def contract_by_uid(session: Session, uid: UUID, *, within: Reach, today: date) -> ContractTold:
    """The contract with this public id."""
    wanted = _contracts().where(col(Contract.uid) == uid, _seen(within))
    found = _told(session, session.execute(wanted).all(), today)
    if not found:
        raise NotFound(say("There is no such contract."))
    return found[0]


def own_contract(session: Session, uid: UUID, organisation_id: int) -> Contract:
    """The same for its seller alone, who writes it down."""
    wanted = select(Contract).where(
        col(Contract.uid) == uid, col(Contract.organisation_id) == organisation_id
    )
    found: Contract | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such contract."))
    return found


def newest_contracts(
    session: Session,
    *,
    within: Reach,
    today: date,
    state: ContractState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ContractTold]:
    """Contracts by which one delivers or is delivered to, newest first."""
    wanted = _contracts().where(_seen(within))
    if state is not None:
        wanted = wanted.where(col(Contract.state) == state)
    if after is not None:
        wanted = wanted.where(col(Contract.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Contract.id).desc()).limit(limit + 1)
    rows = _told(session, session.execute(newest).all(), today)
    return page_of(rows, limit=limit, key=lambda one: (one.contract.pk,))


def signed_contracts(session: Session, organisation_id: int, *, today: date) -> list[ContractTold]:
    """By which an organisation delivers now: for a form to choose from, those that end first."""
    wanted = (
        _contracts()
        .where(
            col(Contract.organisation_id) == organisation_id,
            col(Contract.state) == ContractState.SIGNED,
            col(Contract.starts_on) <= today,
        )
        .order_by(col(Contract.ends_on), col(Contract.id))
        .limit(MOST_OPEN)
    )
    return _told(session, session.execute(wanted).all(), today)


def agreed_prices(session: Session, crop: Crop, day: date) -> list[AgreedPrice]:
    """What signed contracts say a kilogram of a crop costs on a day, dearest first.

    One contract's price is its parties' own: whoever shows figures made of these shows none that
    rest on so few organisations that one of them can be told.
    """
    wanted = (
        select(col(Contract.organisation_id), col(Contract.price_dong), col(Contract.quantity_g))
        .where(
            col(Contract.crop_id) == crop.pk,
            col(Contract.state).in_([ContractState.SIGNED, ContractState.ENDED]),
            col(Contract.starts_on) <= day,
            col(Contract.ends_on) >= day,
            col(Contract.price_dong).is_not(None),
        )
        .order_by(col(Contract.price_dong).desc(), col(Contract.id))
    )
    return [
        AgreedPrice(organisation, price, Grams(grams))
        for organisation, price, grams in session.execute(wanted)
    ]


def _seen(within: Reach) -> Any:
    """A draft is its seller's alone, and the officials'."""
    bought = and_(within.limits(col(Contract.buyer_id)), col(Contract.signed_on).is_not(None))
    return or_(within.limits(col(Contract.organisation_id)), bought)


def _contracts() -> Any:
    buyer = aliased(Organisation)
    return (
        select(Contract, Organisation, buyer, Party, Crop, Product)
        .join(Organisation, col(Organisation.id) == col(Contract.organisation_id))
        .join(Crop, col(Crop.id) == col(Contract.crop_id))
        .outerjoin(buyer, col(buyer.id) == col(Contract.buyer_id))
        .outerjoin(Party, col(Party.id) == col(Contract.party_id))
        .outerjoin(Product, col(Product.id) == col(Contract.product_id))
    )


def _told(session: Session, rows: Sequence[Any], today: date) -> list[ContractTold]:
    sums = delivered_for(session, [row[0].pk for row in rows])
    return [
        ContractTold(
            row,
            seller,
            buyer,
            party,
            crop,
            product,
            _progress(row, *sums.get(row.pk, (0, 0)), today),
        )
        for row, seller, buyer, party, crop, product in rows
    ]


def _progress(contract: Contract, delivered: int, on_the_way: int, today: date) -> ContractProgress:
    open_still = contract.state is ContractState.SIGNED
    return ContractProgress(
        Grams(contract.quantity_g),
        Grams(delivered),
        Grams(on_the_way),
        overdue=open_still and contract.ends_on < today,
    )
