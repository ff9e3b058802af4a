"""What a kilogram of a crop is worth on a day: the rows as the roll-up reads them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.clock import day_of
from app.models.contracts import Contract, ContractState
from app.models.plan_prices import CropPrice, PriceSource

Row = tuple[date, date | None, int]
Found = dict[tuple[int | None, PriceSource], dict[int, list[Row]]]


@dataclass(frozen=True)
class Worth:
    """A price that holds on a day. `source` None: everybody's price."""

    dong_per_kg: int
    source: PriceSource | None

    def of(self, grams: int) -> int:
        """What so many grams are worth, in whole dong, cut off."""
        return grams * self.dong_per_kg // 1000


@dataclass(frozen=True)
class Prices:
    """The prices that hold for one organisation, the strongest kind first."""

    kinds: Sequence[tuple[PriceSource | None, Mapping[int, Sequence[Row]]]]

    def find(self, crop_id: int, day: date) -> Worth | None:
        """The price of a crop on a day: of a contract, else the producer's own, else everybody's."""
        for source, by_crop in self.kinds:
            rows = by_crop.get(crop_id, ())
            # Of those that began by then the newest that still holds.
            for at in range(bisect_right(rows, day, key=lambda row: row[0]) - 1, -1, -1):
                if (rows[at][1] or date.max) >= day:
                    return Worth(rows[at][2], source)
        return None


@dataclass
class AllPrices:
    """Every price there is, by whose it is, its source and its crop."""

    rows: dict[tuple[int | None, PriceSource], dict[int, list[Row]]] = field(default_factory=dict)

    def of(self, organisation_id: int) -> Prices:
        """The prices that hold for an organisation."""
        contract, entered = PriceSource.CONTRACT, PriceSource.ENTERED
        own = [(source, self.rows.get((organisation_id, source), {})) for source in PriceSource]
        general = [(None, self.rows.get((None, source), {})) for source in (contract, entered)]
        return Prices([*own, *general])


def prices_for(session: Session) -> AllPrices:
    """All prices that were not withdrawn, and what signed contracts say for their time."""
    found: Found = defaultdict(lambda: defaultdict(list))
    for owner, source, crop, *row in session.execute(_entered()):
        found[owner, source][crop].append(tuple(row))
    for owner, crop, since, until, closed_at, dong in session.execute(_agreed()):
        last = until if closed_at is None else min(until, day_of(closed_at))
        found[owner, PriceSource.CONTRACT][crop].append((since, last, dong))
    for by_crop in found.values():
        for rows in by_crop.values():
            rows.sort(key=lambda row: row[0])
    return AllPrices(dict(found))


def _entered() -> Any:
    price = CropPrice
    return (
        select(
            col(price.organisation_id),
            col(price.source),
            col(price.crop_id),
            col(price.from_day),
            col(price.ended_on),
            col(price.dong_per_kg),
        )
        .where(col(price.withdrawn_at).is_(None))
        .order_by(col(price.id))
    )


def _agreed() -> Any:
    contract = Contract
    return (
        select(
            col(contract.organisation_id),
            col(contract.crop_id),
            col(contract.starts_on),
            col(contract.ends_on),
            col(contract.closed_at),
            col(contract.price_dong),
        )
        .where(
            col(contract.price_dong).is_not(None),
            col(contract.state).in_([ContractState.SIGNED, ContractState.ENDED]),
        )
        .order_by(col(contract.id))
    )
