"""The inspector's view of a lot: its whole history, and that of what it rests on."""

from sqlmodel import Session

from app.labels.run_queries import runs_of_lot
from app.ledger.queries import Fact, histories_of
from app.lots.origin_queries import lots_behind, origins_of
from app.lots.queries import LotLine


def history_of_lot(session: Session, line: LotLine) -> list[Fact]:
    """Every fact about a lot, the lots in it, their planting areas and its print runs, oldest first."""
    runs = [str(uid) for uid in runs_of_lot(session, line.lot)]
    return histories_of(session, [line.lot.code, *subjects_behind(session, line), *runs])


def subjects_behind(session: Session, line: LotLine) -> list[str]:
    """What else the ledger tells of that a lot rests on."""
    areas = dict.fromkeys(str(origin.area.uid) for origin in origins_of(session, line.lot))
    return [*(lot.code for lot in lots_behind(session, line.lot)), *areas]
