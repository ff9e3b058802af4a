"""Where the kilograms of traced lots are now, and how much of them is accounted for."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.quantities import Grams, percent_down
from app.lots.origin_queries import BATCH
from app.models.catalogue import Crop
from app.models.movements import Holding, HoldingState, Party
from app.models.registry import Organisation, PlantingArea
from app.tracing.closure_queries import Closure

_GONE = frozenset({HoldingState.MISSING, HoldingState.UNACCOUNTED})


@dataclass(frozen=True)
class Whereabouts:
    """So many grams of a lot are there. `party`: the outside party that has them, else empty."""

    lot_id: int
    state: HoldingState
    organisation_id: int
    organisation: str
    party: str
    party_address: str
    quantity_g: int


@dataclass(frozen=True)
class Names:
    """What traced lots are called beside their codes, by key."""

    organisations: dict[int, str]
    crops: dict[int, Crop]
    areas: dict[int, str]


def whereabouts(session: Session, found: Closure, *, reach: Reach) -> list[Whereabouts]:
    """By lot, oldest first: every holding that is not empty and within reach.

    An organisation sees what it holds and what became of its own lots; who bought from a partner
    is the partner's to know.
    """
    places: list[Whereabouts] = []
    keys = sorted(found.lots)
    for start in range(0, len(keys), BATCH):
        wanted = (
            select(Holding, col(Organisation.name), col(Party.name), col(Party.address))
            .join(Organisation, col(Organisation.id) == col(Holding.organisation_id))
            .outerjoin(Party, col(Party.id) == col(Holding.party_id))
            .where(
                col(Holding.lot_id).in_(keys[start : start + BATCH]),
                col(Holding.quantity_g) > 0,
            )
            .order_by(col(Holding.lot_id), col(Holding.id))
        )
        for held, name, party, address in session.execute(wanted):
            own = reach.sees(held.organisation_id)
            if own or (held.party_id is None and reach.sees(_owner(found, held))):
                places.append(
                    Whereabouts(
                        lot_id=held.lot_id,
                        state=held.state,
                        organisation_id=held.organisation_id,
                        organisation=name,
                        party=party or "",
                        party_address=address or "",
                        quantity_g=held.quantity_g,
                    )
                )
    return places


def whose_buyers(places: Iterable[Whereabouts]) -> list[int]:
    """The organisations whose outside parties are shown: theirs to know who looked."""
    return sorted({one.organisation_id for one in places if one.party})


def accounted(places: Iterable[Whereabouts]) -> tuple[Grams, Grams]:
    """Grams that are known to be somewhere, and all grams."""
    known = whole = 0
    for one in places:
        whole += one.quantity_g
        known += 0 if one.state in _GONE else one.quantity_g
    return Grams(known), Grams(whole)


def percent_accounted(places: Iterable[Whereabouts]) -> float | None:
    """Of a hundred kilograms, how many are known to be somewhere; None where there are none at all."""
    known, whole = accounted(places)
    return percent_down(known.value, whole.value) if whole.value else None


def names_of(session: Session, found: Closure) -> Names:
    """The names of organisations, crops and areas of traced lots."""
    lots = list(found.lots.values())
    return Names(
        organisations=_named(session, Organisation, {lot.organisation_id for lot in lots}),
        crops={crop.pk: crop for crop in session.execute(select(Crop)).scalars()},
        areas=_named(session, PlantingArea, {lot.area_id for lot in lots if lot.area_id}),
    )


def _named(
    session: Session, model: type[Organisation] | type[PlantingArea], ids: set[int]
) -> dict[int, str]:
    names: dict[int, str] = {}
    keys = sorted(ids)
    for start in range(0, len(keys), BATCH):
        wanted = select(col(model.id), col(model.name)).where(
            col(model.id).in_(keys[start : start + BATCH])
        )
        names |= {key: name for key, name in session.execute(wanted) if key is not None}
    return names


def _owner(found: Closure, held: Holding) -> int:
    return found.lots[held.lot_id].organisation_id
