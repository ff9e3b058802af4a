"""The very label that a trace was asked for by: goods may bear a number that nobody made here."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.codes import MistypedLotCode, read_lot_code
from app.labels.keys import KeyRing
from app.labels.payload import lot_and_serial_in
from app.labels.serial_queries import SerialState, keys_are_there, serial_state
from app.models.lots import HarvestLot

_GENUINE = frozenset({SerialState.PRINTED, SerialState.APPLIED})


@dataclass(frozen=True)
class TracedLabel:
    """A number as it was read; `state` None: a secret is missing, and nobody can say.

    `number`: as people count; None for one that was not made here.
    """

    serial: str
    state: SerialState | None
    number: int | None = None
    reason: str = ""

    @property
    def genuine(self) -> bool:
        """Whether goods may bear it."""
        return self.state in _GENUINE


def label_in(session: Session, text: str, keys: KeyRing) -> TracedLabel | None:
    """The label in a scanned address or typed text; None where no number of one is in it."""
    code, serial = lot_and_serial_in(text.strip())
    if not serial:
        return None
    try:
        wanted = select(HarvestLot).where(col(HarvestLot.code) == read_lot_code(code))
    except MistypedLotCode:
        return None
    lot = session.execute(wanted).scalar_one_or_none()
    if lot is None:
        return None
    index = keys.read(lot.code, serial)
    if index is None:
        known = keys_are_there(session, lot, keys)
        return TracedLabel(serial, SerialState.INVENTED if known else None)
    standing = serial_state(session, lot, index)
    return TracedLabel(serial, standing.state, index + 1, standing.reason)
