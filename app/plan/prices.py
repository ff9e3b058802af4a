"""What a kilogram of a crop is worth on a day: the rows as the roll-up reads them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.plan_prices import CropPrice, PriceSource

Row = tuple[date, date | None, int]


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
            at = bisect_right(rows, day, key=lambda row: row[0]) - 1
            if at >= 0 and (rows[at][1] or date.max) >= day:
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
    """All prices that were not withdrawn."""
    found: dict[tuple[int | None, PriceSource], dict[int, list[Row]]] = defaultdict(
        lambda: defaultdict(list)
    )
    wanted = (
        select(
            col(CropPrice.organisation_id),
            col(CropPrice.source),
            col(CropPrice.crop_id),
            col(CropPrice.from_day),
            col(CropPrice.ended_on),
            col(CropPrice.dong_per_kg),
        )
        .where(col(CropPrice.withdrawn_at).is_(None))
        .order_by(col(CropPrice.from_day), col(CropPrice.id))
    )
    for owner, source, crop, since, until, dong in session.execute(wanted):
        found[owner, source][crop].append((since, until, dong))
    return AllPrices(dict(found))
