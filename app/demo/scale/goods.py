"""What became of lots: labels printed, looked up by shoppers, sold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from sqlmodel import Session

from app.demo.scale.chance import Numbers, uids
from app.demo.scale.harvests import SCANNED
from app.demo.scale.lots import Batch
from app.demo.scale.people import FIRST_HOLDER
from app.demo.scale.writing import write
from app.labels.face import LabelFacts
from app.labels.snapshot import frozen
from app.ledger.commands import Fact
from app.models.labels import LabelForm, LabelPrint
from app.models.movements import Direction, Movement, MovementKind, MovementLine
from app.models.scans import WHOLE_LOT, ScanDay

MARKET = "Chợ phiên"
SCAN_DAYS = 3
SOLD_HOUR = 18


@dataclass(frozen=True)
class Sale:
    """What one organisation sold on one day: positions in the batch."""

    uid: UUID
    holder: int
    day: int
    lots: list[int] = field(default_factory=list)


def sales_of(batch: Batch) -> list[Sale]:
    """The sales of a batch, by day and organisation."""
    sold = np.flatnonzero(batch.sold)
    keys = sorted({(int(batch.day[at]), int(batch.holder[at])) for at in sold.tolist()})
    drawn = batch.made.chance.of("sales", batch.first)
    moments = batch.made.days.milliseconds(np.array([day for day, _ in keys], dtype=np.int64))
    sales = {
        key: Sale(uid, key[1], key[0]) for key, uid in zip(keys, uids(drawn, moments), strict=True)
    }
    for at in sold.tolist():
        sales[int(batch.day[at]), int(batch.holder[at])].lots.append(at)
    return list(sales.values())


def facts_of_sales(batch: Batch, sales: list[Sale]) -> Iterator[tuple[int, Fact]]:
    """That they were sold, with the day."""
    made = batch.made
    for sale in sales:
        lines = [{"lot": batch.codes[at], "quantity_g": int(batch.grams[at])} for at in sale.lots]
        facts = {
            "in": lines,
            "out": [],
            "loss_g": 0,
            "difference_g": 0,
            "happened_at": made.days.instant(sale.day, SOLD_HOUR),
            "place": MARKET,
            "counterparty": None,
            "party": None,
        }
        yield (
            sale.day,
            Fact(
                "movement.sold", str(sale.uid), facts, organisation=made.holders.uids[sale.holder]
            ),
        )


def write_sales(
    session: Session, batch: Batch, sales: list[Sale], positions: list[int], first: int
) -> None:
    """The movements, whose keys begin at `first`, and their lines."""
    days = batch.made.days
    moments = [days.instant(sale.day, SOLD_HOUR) for sale in sales]
    keys = range(first, first + len(sales))
    write(
        session,
        Movement,
        {
            "id": keys,
            "uid": [sale.uid for sale in sales],
            "organisation_id": [sale.holder + FIRST_HOLDER for sale in sales],
            "kind": [MovementKind.SELLING] * len(sales),
            "happened_at": moments,
            "place": [MARKET] * len(sales),
            "recorded_at": moments,
            "ledger_position": positions,
        },
    )
    lines = [(key, at) for key, sale in zip(keys, sales, strict=True) for at in sale.lots]
    write(
        session,
        MovementLine,
        {
            "movement_id": [key for key, _ in lines],
            "lot_id": [batch.keys[at] for _, at in lines],
            "direction": [Direction.IN] * len(lines),
            "quantity_g": [int(batch.grams[at]) for _, at in lines],
        },
    )


def write_labels(session: Session, batch: Batch, base_url: str) -> None:
    """A sheet of labels for each lot of whoever labels, and how often they were looked up."""
    drawn = batch.made.chance.of("labels", batch.first)
    labelled = np.flatnonzero(batch.labelled)
    write(
        session,
        LabelPrint,
        {
            "uid": uids(drawn, batch.made.days.milliseconds(batch.day[labelled])),
            "lot_id": [batch.keys[at] for at in labelled.tolist()],
            "form": [LabelForm.SHEET_A4] * len(labelled),
            "copies": drawn.integers(8, 200, len(labelled)).tolist(),
            "snapshot": [frozen(_words(batch, at, base_url)) for at in labelled.tolist()],
            "printed_at": batch.made.days.instants(batch.day[labelled]),
        },
    )
    _write_scans(session, batch, labelled, drawn)


def _write_scans(
    session: Session, batch: Batch, labelled: Numbers, drawn: np.random.Generator
) -> None:
    seen = labelled[drawn.random(len(labelled)) < SCANNED]
    scans = drawn.geometric(0.3, (len(seen), SCAN_DAYS))
    rows = [
        (batch.keys[at], int(batch.day[at]) + 1 + turn, int(scans[row, turn]))
        for row, at in enumerate(seen.tolist())
        for turn in range(SCAN_DAYS)
        if batch.day[at] + 1 + turn <= batch.made.days.last
    ]
    write(
        session,
        ScanDay,
        {
            "lot_id": [row[0] for row in rows],
            "serial": [WHOLE_LOT] * len(rows),
            "day": [batch.made.days.day(row[1]) for row in rows],
            "scans": [row[2] for row in rows],
            "devices": [(row[2] + 1) // 2 for row in rows],
        },
    )


def _words(batch: Batch, at: int, base_url: str) -> LabelFacts:
    made = batch.made
    holder, day = int(batch.holder[at]), made.days.day(int(batch.day[at]))
    place = made.ground.places[int(made.holders.places[holder])].present
    return LabelFacts(
        product_name=made.ground.crops[int(batch.crop[at])].name_vi,
        producer_name=made.holders.names[holder],
        producer_address=place.name,
        origin=f"{place.name}, Việt Nam",
        harvested_on=day,
        lot_code=batch.codes[at],
        base_url=base_url,
        packed_on=day,
        demonstration=True,
    )
