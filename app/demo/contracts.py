"""Contracts worth seeing: one that is being delivered, one nearly done, one with an organisation, a draft."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.contracts.commands import Terms, draft_contract, sign_contract
from app.contracts.rules import Period
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.movements import Party
from app.models.registry import Organisation
from app.movements.recording import Doer

SINCE, FOR = 20, 90
DRAFT = "BN-01/2026"


@dataclass(frozen=True)
class Agreed:
    """With whom, how much in all for one kilogram on its way now, for how much."""

    number: str
    buyer: Party | Organisation
    times: int
    price_dong: int | None


def agree(world: World, doer: Doer, lot: HarvestLot, agreed: list[Agreed]) -> None:
    """Contracts about what a lot is of, signed some weeks ago; the last one of them is a draft."""
    crop = world.session.get_one(Crop, lot.crop_id)
    signed_on = day_of(doer.now) - timedelta(days=SINCE)
    for one in agreed:
        terms = _terms(one, crop, Grams(lot.quantity_g * one.times), signed_on)
        contract = draft_contract(world.session, doer.organisation, terms, by=doer.by, now=doer.now)
        if one.number != DRAFT:
            sign_contract(world.session, contract, signed_on, by=doer.by, now=doer.now)


def _terms(one: Agreed, crop: Crop, quantity: Grams, since: date) -> Terms:
    return Terms(
        number=one.number,
        crop=crop.slug,
        quantity=quantity,
        period=Period(since, since + timedelta(days=FOR)),
        buyer=one.buyer if isinstance(one.buyer, Organisation) else None,
        party=one.buyer if isinstance(one.buyer, Party) else None,
        price_dong=one.price_dong,
        note="Rau loại 1, đóng sọt 20 kg, giao buổi sáng.",
    )
