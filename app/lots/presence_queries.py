"""What is recorded beside a lot at all: most have little of it, and what is not there need not be read."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.db import is_reading, once_a_reading
from app.models.inspection import LabReport
from app.models.labels import LabelPrint
from app.models.lots import HarvestLot, LotPicture, LotSource
from app.models.print_runs import PrintRunLot
from app.models.recalls import RecallLot, RecallRelease


class Beside(NamedTuple):
    """Whether there is any of each."""

    parts: bool
    reports: bool
    pictures: bool
    sheets: bool
    runs: bool
    recalls: bool
    releases: bool


_ALL = Beside(*[True] * len(Beside._fields))
_TABLES: tuple[Any, ...] = (
    LotSource,
    LabReport,
    LotPicture,
    LabelPrint,
    PrintRunLot,
    RecallLot,
    RecallRelease,
)
_BESIDE: Any = select(
    *(
        select(col(table.lot_id)).where(col(table.lot_id) == bindparam("lot")).exists()
        for table in _TABLES
    )
)


def beside(session: Session, lot: HarvestLot) -> Beside:
    """What there is beside a lot, in one statement; a session that may write is told to look itself."""
    return _found(session, lot) if is_reading(session) else _ALL


@once_a_reading
def _found(session: Session, lot: HarvestLot) -> Beside:
    return Beside(*map(bool, session.execute(_BESIDE, {"lot": lot.pk}).one()))
