"""What is done with recalled goods, with its evidence: fixed, used otherwise, sent back, destroyed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.clock import day_of, start_of
from app.kit.codes import MistypedLotCode, grouped, read_lot_code
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.models.movements import Holding, HoldingState, Movement
from app.models.recalls import (
    Recall,
    RecallDisposal,
    RecallLot,
    RecallPhoto,
    Way,
)
from app.models.registry import Organisation
from app.movements.ending_commands import destroy_lots, send_away_lots
from app.movements.recording import Circumstances, Doer, Piece
from app.pictures.cleaning import CleanPicture
from app.recalls.commands import tell_ledger, touch
from app.recalls.rules import STOPPING
from app.recalls.scope_queries import released_in, still_stopped


@dataclass(frozen=True)
class Disposal:
    """So much of a lot, handled in one of four ways. A document, a photograph or both prove it."""

    code: str
    way: Way
    quantity: Grams
    done_on: date
    document: str = ""
    place: str = ""
    note: str = ""
    photo: CleanPicture | None = None


def dispose(
    session: Session,
    recall: Recall,
    told: Disposal,
    *,
    organisation: Organisation,
    by: Actor,
    now: datetime,
) -> RecallDisposal:
    """Write down what was done with goods that the organisation has in hand.

    What is destroyed, used otherwise or sent back leaves its hands; what is fixed stays there.
    """
    if recall.state not in STOPPING:
        raise Conflict(say("This recall stops nothing: there is nothing to handle."))
    _require_plausible(recall, told, day_of(now))
    lot = _lot(session, recall, told.code)
    _require_free(session, recall, lot, told, organisation)
    movement = _moved(session, recall, lot, told, Doer(organisation, by, now))
    kept = RecallDisposal(
        movement_id=movement.pk if movement else None,
        recall_id=recall.pk,
        lot_id=lot.pk,
        organisation_id=organisation.pk,
        way=told.way,
        quantity_g=told.quantity.value,
        document=clean(told.document, longest=80),
        place=clean(told.place, longest=160),
        note=clean(told.note, longest=500, multiline=True),
        done_on=told.done_on,
        recorded_at=now,
        photo_sha256=told.photo.sha256 if told.photo else "",
    )
    session.add(kept)
    session.flush()  # its id, for its photograph
    if told.photo:
        session.add(RecallPhoto(disposal_id=kept.pk, content=told.photo.content))
    touch(session, recall)
    tell_ledger(session, recall, "recall.handled", _facts(kept, lot, organisation), by=by, now=now)
    return kept


def _facts(kept: RecallDisposal, lot: HarvestLot, organisation: Organisation) -> dict[str, object]:
    return {
        "lot": lot.code,
        "way": kept.way,
        "quantity_g": kept.quantity_g,
        "document": kept.document,
        "place": kept.place,
        "done_on": kept.done_on,
        "photo": kept.photo_sha256,
        "by": organisation.uid,
    }


def _require_plausible(recall: Recall, told: Disposal, today: date) -> None:
    faults = []
    if told.quantity.value <= 0:
        faults.append(FieldError("quantity_g", say("Say how many kilograms.")))
    if told.done_on > today:
        faults.append(FieldError("done_on", say("This is in the future.")))
    elif told.done_on < day_of(recall.determined_at):
        since = day_of(recall.determined_at)
        why = say("The danger was determined on {day} only.", day=since)
        faults.append(FieldError("done_on", why))
    if not told.document.strip() and told.photo is None:
        why = say("Prove it: the number of a document, or a photograph.")
        faults.append(FieldError("document", why))
    if faults:
        raise Refused(faults[0].why, *faults)


def _lot(session: Session, recall: Recall, code: str) -> HarvestLot:
    unknown = refuse("lot", say("Lot {code} is not in this recall.", code=code[:40]))
    try:
        exact = read_lot_code(code)
    except MistypedLotCode:
        raise unknown from None
    wanted = (
        select(HarvestLot)
        .join(RecallLot, col(RecallLot.lot_id) == col(HarvestLot.id))
        .where(col(RecallLot.recall_id) == recall.pk, col(HarvestLot.code) == exact)
    )
    lot: HarvestLot | None = session.execute(wanted).scalar_one_or_none()
    if lot is None:
        raise unknown
    if lot.pk in released_in(session, recall.pk):
        why = say("Lot {code} was fixed and released: it is in trade again.", code=lot.code)
        raise refuse("lot", why)
    return lot


def _require_free(
    session: Session, recall: Recall, lot: HarvestLot, told: Disposal, organisation: Organisation
) -> None:
    free = _in_hand(session, lot, organisation) - _fixed(session, recall, lot, organisation)
    if told.quantity.value > free:
        why = say(
            "Of lot {code} you have {there} that are not handled yet.",
            code=grouped(lot.code),
            there=Grams(max(free, 0)),
        )
        raise refuse("quantity_g", why)


def _moved(
    session: Session, recall: Recall, lot: HarvestLot, told: Disposal, doer: Doer
) -> Movement | None:
    """What leaves the hands leaves by a movement, in stock and in the ledger as any other does."""
    if told.way is Way.FIX:
        return None
    # Of a day without an hour: its end, or now where that is still to come.
    at = min(start_of(told.done_on + timedelta(days=1)) - timedelta(seconds=1), doer.now)
    circumstances = Circumstances(at, told.place, document=told.document, reason=recall.reason)
    command = destroy_lots if told.way is Way.DESTROY else send_away_lots
    return command(session, doer, [Piece(lot.code, told.quantity)], circumstances)


def _in_hand(session: Session, lot: HarvestLot, organisation: Organisation) -> int:
    # Behind the row, so that two who write down the same kilograms do it one after the other.
    wanted = select(col(Holding.quantity_g)).where(
        col(Holding.lot_id) == lot.pk,
        col(Holding.organisation_id) == organisation.pk,
        col(Holding.state) == HoldingState.IN_HAND,
    )
    return int(session.execute(wanted.with_for_update()).scalar() or 0)


def _fixed(session: Session, recall: Recall, lot: HarvestLot, organisation: Organisation) -> int:
    wanted = select(func.coalesce(func.sum(col(RecallDisposal.quantity_g)), 0)).where(
        col(RecallDisposal.recall_id) == recall.pk,
        col(RecallDisposal.lot_id) == lot.pk,
        col(RecallDisposal.organisation_id) == organisation.pk,
        col(RecallDisposal.way) == Way.FIX,
        still_stopped(),
    )
    return int(session.execute(wanted).scalar_one())
