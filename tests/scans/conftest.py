"""Numbered labels of a lot, and processes that count who looks them up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import open_read_session
from app.labels.keys import KeyRing
from app.labels.run_marks import Marking, mark_labels
from app.labels.serials import serial_of
from app.models.lots import HarvestLot
from app.models.print_runs import MarkKind, PrintRun, VoidCause
from app.models.scans import ScanDay
from app.scans.counting import ScanCounter
from tests.given import Given
from tests.labels.printing import BY, Printing


@dataclass
class Labels:
    """A lot with a run of numbered labels."""

    printing: Printing
    lot: HarvestLot
    run: PrintRun

    @property
    def keys(self) -> KeyRing:
        return self.printing.keys

    def serial(self, index: int) -> str:
        return serial_of(self.keys.lot_key(self.lot.code).key, index)

    def mark(self, kind: MarkKind, first: int, last: int, cause: VoidCause | None = None) -> None:
        mark_labels(
            self.printing.session,
            run=self.run,
            organisation=self.printing.home(self.lot),
            marking=Marking(self.lot.code, kind, first, last, "rách", cause),
            by=BY,
            now=self.printing.given.now,
        )


@pytest.fixture
def labels(session: Session, given: Given, tmp_path: Path) -> Labels:
    """Forty numbered labels, ready to print."""
    printing, lot = Printing(session, given, tmp_path), given.lot()
    return Labels(printing, lot, printing.run((lot, 40), serialised=True))


@pytest.fixture
def process(engine: Engine, now: datetime) -> Callable[[], ScanCounter]:
    """A process that counts today's scans."""

    def started() -> ScanCounter:
        counter = ScanCounter(engine)
        counter.open(now)
        return counter

    return started


def counts(session: Session, lot: HarvestLot) -> dict[int, tuple[int, int]]:
    """Scans and devices by label (-1: the whole lot), over all days."""
    wanted = select(ScanDay).where(col(ScanDay.lot_id) == lot.pk)
    found: dict[int, tuple[int, int]] = {}
    with open_read_session(session.get_bind()) as reading:
        for row in reading.execute(wanted).scalars():
            scans, devices = found.get(row.serial, (0, 0))
            found[row.serial] = (scans + row.scans, devices + row.devices)
    return found
