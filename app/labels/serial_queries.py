"""What a serial is worth: whether its label was printed, stuck on goods, or is void."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Integer, bindparam, func, select
from sqlmodel import Session, col

from app.labels.keys import KeyRing
from app.models.lots import HarvestLot
from app.models.print_runs import (
    LabelMark,
    LotSerial,
    MarkKind,
    PrintRun,
    PrintRunLot,
    RunState,
    VoidCause,
)


class SerialState(StrEnum):
    """What a serial is worth; an invented one was never made here."""

    INVENTED = "invented"
    NEVER_PRINTED = "never_printed"
    WAITING = "waiting"
    PRINTED = "printed"
    APPLIED = "applied"
    VOIDED = "voided"


@dataclass(frozen=True)
class SerialStanding:
    """A serial's state, the run it was given out in; why it is void and since when.

    `tracked`: some labels of its lot in that run are recorded as stuck on goods.
    """

    state: SerialState
    run: PrintRun | None = None
    reason: str = ""
    cause: VoidCause | None = None
    since: datetime | None = None
    tracked: bool = False


def serial_state(session: Session, lot: HarvestLot, index: int) -> SerialStanding:
    """What the serial with this number (from 0) of a lot is worth. The proof in it was checked before."""
    found = session.execute(_GIVEN_OUT, {"lot": lot.pk, "number": index}).one_or_none()
    if found is None:
        return SerialStanding(SerialState.NEVER_PRINTED)
    part_id, run = found
    marks = _marks(session, part_id)
    covering = [mark for mark in marks if mark.first_index <= index <= mark.last_index]
    void = next((mark for mark in covering if mark.kind is MarkKind.VOIDED), None)
    if void is not None:
        return SerialStanding(SerialState.VOIDED, run, void.reason, void.cause, void.marked_at)
    if run.state is not RunState.READY:
        return SerialStanding(SerialState.WAITING, run)
    if covering:
        return SerialStanding(SerialState.APPLIED, run, tracked=True)
    tracked = any(mark.kind is MarkKind.APPLIED for mark in marks)
    return SerialStanding(SerialState.PRINTED, run, tracked=tracked)


def serials_taken(session: Session, lot: HarvestLot) -> int:
    """How many serials of a lot were given out."""
    wanted = select(col(LotSerial.taken)).where(col(LotSerial.lot_id) == lot.pk)
    return int(session.execute(wanted).scalar_one_or_none() or 0)


def keys_are_there(session: Session, lot: HarvestLot, keys: KeyRing) -> bool:
    """Whether every secret is at hand that numbered labels of the lot were made with.

    Without one of them, a number that was made here cannot be told from an invented one.
    """
    wanted = (
        select(func.distinct(col(PrintRun.key_id)))
        .join(PrintRunLot, col(PrintRunLot.run_id) == col(PrintRun.id))
        .where(col(PrintRunLot.lot_id) == lot.pk, col(PrintRun.serialised).is_(True))
    )
    return set(session.execute(wanted).scalars()) <= set(keys.ids())


def _marks(session: Session, part_id: int) -> list[LabelMark]:
    return list(session.execute(_MARKS, {"part": part_id}).scalars())


# Put together once: they are asked at every scan of a numbered label.
_GIVEN_OUT = (
    select(col(PrintRunLot.id), PrintRun)
    .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
    .where(
        col(PrintRunLot.lot_id) == bindparam("lot", type_=Integer),
        col(PrintRun.serialised).is_(True),
        col(PrintRunLot.first_index) <= bindparam("number", type_=BigInteger),
        col(PrintRunLot.last_index) >= bindparam("number", type_=BigInteger),
    )
)
_MARKS = (
    select(LabelMark)
    .where(col(LabelMark.run_lot_id) == bindparam("part", type_=Integer))
    .order_by(col(LabelMark.id))
)
