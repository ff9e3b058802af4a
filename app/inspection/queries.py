"""The inspector's view of a lot: its whole history, and that of what it rests on."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.labels.run_queries import runs_of_lot
from app.ledger.queries import Fact, histories_of
from app.lots.origin_queries import areas_among, lots_behind, origins_of
from app.lots.queries import LotLine
from app.models.certificates import Certificate
from app.models.lots import LotClaim
from app.models.movements import Delivery, Movement, MovementLine
from app.models.recalls import Recall, RecallLot
from app.models.samples import Sample


def history_of_lot(session: Session, line: LotLine) -> list[Fact]:
    """Every fact about a lot, the lots in it, their planting areas and its print runs, oldest first."""
    runs = [str(uid) for uid in runs_of_lot(session, line.lot)]
    return histories_of(session, [line.lot.code, *subjects_behind(session, line), *runs])


def subjects_around(session: Session, line: LotLine) -> list[str]:
    """The same, and what was done with the lot and found in it: where it went, samples, recalls, claims."""
    lots = [line.lot.pk, *(lot.pk for lot in lots_behind(session, line.lot))]
    moved = select(col(MovementLine.movement_id)).where(col(MovementLine.lot_id).in_(lots))
    recalled = select(col(RecallLot.recall_id)).where(col(RecallLot.lot_id).in_(lots))
    claimed = select(col(LotClaim.certificate_id)).where(col(LotClaim.lot_id).in_(lots))
    wanted = (
        select(col(Movement.uid)).where(col(Movement.id).in_(moved)),
        select(col(Delivery.uid)).where(col(Delivery.movement_id).in_(moved)),
        select(col(Sample.uid)).where(col(Sample.lot_id).in_(lots)),
        select(col(Recall.uid)).where(col(Recall.id).in_(recalled)),
        select(col(Certificate.uid)).where(col(Certificate.id).in_(claimed)),
    )
    around = [str(uid) for one in wanted for uid in session.execute(one).scalars()]
    return [*subjects_behind(session, line), *around]


def subjects_behind(session: Session, line: LotLine) -> list[str]:
    """What else the ledger tells of that a lot rests on."""
    origins = origins_of(session, line.lot)
    areas = dict.fromkeys(str(area.uid) for area in areas_among(origins).values())
    return [*(lot.code for lot in lots_behind(session, line.lot)), *areas]
