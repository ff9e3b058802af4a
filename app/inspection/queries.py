"""The inspector's view of a lot: its whole history, and that of what it rests on."""

from sqlmodel import Session

from app.ledger.queries import Fact, histories_of
from app.lots.queries import LotLine


def history_of_lot(session: Session, line: LotLine) -> list[Fact]:
    """Every fact about a lot and its planting area, oldest first."""
    return histories_of(session, [line.lot.code, *subjects_behind(line)])


def subjects_behind(line: LotLine) -> list[str]:
    """What else the ledger tells of that a lot rests on."""
    return [str(line.area.uid)]
