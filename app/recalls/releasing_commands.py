"""Letting goods that were fixed go into trade again: a second look of the authority, with a reason."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.db import insert_rows
from app.errors import Conflict, Forbidden, Refused
from app.kit.codes import grouped
from app.kit.messages import say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.lots.commands import become
from app.lots.origin_queries import lots_behind
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotState
from app.models.movements import Holding, HoldingState
from app.models.recalls import Recall, RecallDisposal, RecallKind, RecallLot, RecallRelease, Way
from app.models.registry import Organisation
from app.movements.making_commands import set_apart
from app.movements.recording import Circumstances, Doer, Piece
from app.recalls import rules
from app.recalls.commands import home_of, touch
from app.recalls.scope_queries import batches, still_stopped, unreleased
from app.recalls.stopping import let_lot_go, state_before_recall
from app.recalls.telling import News, tell_facility_and_offices, tell_organisation

# Goods of the same code that nobody fixed and that may be with somebody.
_ABOUT = (
    HoldingState.WITH_PARTY,
    HoldingState.IN_TRANSIT,
    HoldingState.MISSING,
    HoldingState.UNACCOUNTED,
)


def may_release(recall: Recall, caller: Caller) -> bool:
    """An inspector looks again in a voluntary recall, in a compulsory one the province's administrator."""
    if caller.role is Role.PROVINCE_ADMIN:
        return True
    return caller.role is Role.INSPECTOR and recall.kind is RecallKind.VOLUNTARY


def release_fixed(
    session: Session,
    recall: Recall,
    disposal: RecallDisposal,
    *,
    reason: str,
    caller: Caller,
    now: datetime,
) -> RecallRelease:
    """Release what was fixed. Where other goods carry its code, it becomes a lot of its own.

    What the recall's columns say of the released lot is frozen: it is sold again.
    """
    _require_second_look(recall, disposal, caller)
    words = _require_releasable(session, recall, disposal, reason)
    lot = session.get_one(HarvestLot, disposal.lot_id)
    _require_only_here(session, recall, lot)
    touch(session, recall)  # of two at once the second is refused
    release = RecallRelease(
        recall_id=recall.pk,
        disposal_id=disposal.pk,
        source_id=lot.pk,
        lot_id=lot.pk,
        office_id=caller.organisation_id,
        reason=words,
        fixed_g=disposal.quantity_g,
        released_at=now,
    )
    columns = _columns_of_whole(session, recall, disposal)
    if columns is None:
        freed, told = _set_apart(session, recall, disposal, release, caller.actor)
    else:
        _freeze(release, columns)
        freed, told = lot, let_lot_go(session, recall, lot, reason=words, now=now)
    session.add(release)
    session.flush()
    _record(session, recall, disposal, release, [told], (lot, freed), by=caller.actor)
    _tell(session, recall, disposal, freed, now=now)
    return release


def _record(
    session: Session,
    recall: Recall,
    disposal: RecallDisposal,
    release: RecallRelease,
    told: list[Fact],
    lots: tuple[HarvestLot, HarvestLot],
    *,
    by: Actor,
) -> None:
    source, freed = lots
    facts = {
        "disposal": disposal.uid,
        "source": source.code,
        "lot": freed.code,
        "quantity_g": release.fixed_g,
        "reason": release.reason,
    }
    home = home_of(session, recall).uid
    fact = Fact("recall.released", str(recall.uid), facts, organisation=home)
    record_all(session, [fact, *told], by=by, now=release.released_at)


def _require_second_look(recall: Recall, disposal: RecallDisposal, caller: Caller) -> None:
    if not may_release(recall, caller):
        why = say(
            "Fixed goods of a compulsory recall are released by the province's administrator."
        )
        raise Forbidden(why)
    if caller.organisation_id == disposal.organisation_id:
        raise Forbidden(say("Who fixed goods does not release them."))


def _require_releasable(
    session: Session, recall: Recall, disposal: RecallDisposal, reason: str
) -> str:
    if recall.state not in rules.STOPPING:
        raise Conflict(say("This recall stops nothing: there is nothing to release."))
    if disposal.way is not Way.FIX:
        raise Refused(say("Only goods that were fixed are released."))
    wanted = select(col(RecallRelease.id)).where(col(RecallRelease.disposal_id) == disposal.pk)
    if session.execute(wanted).first() is not None:
        raise Conflict(say("These goods were released already."))
    words = clean(reason, longest=rules.LONGEST_REASON, multiline=True)
    faults = rules.faults_of_words(reason=words)
    if faults:
        raise Refused(faults[0].why, *faults)
    return words


def _require_only_here(session: Session, recall: Recall, lot: HarvestLot) -> None:
    """Refuse goods that another recall stops, themselves or by what is in them."""
    for some in batches([lot.pk, *(one.pk for one in lots_behind(session, lot))]):
        wanted = (
            select(col(Recall.id))
            .join(RecallLot, col(RecallLot.recall_id) == col(Recall.id))
            .where(
                col(RecallLot.lot_id).in_(some),
                col(Recall.id) != recall.pk,
                col(Recall.state).in_(rules.STOPPING),
                unreleased(),
            )
        )
        if session.execute(wanted).first() is not None:
            why = say("Another recall stops lot {code}, or goods in it.", code=grouped(lot.code))
            raise Conflict(why)


def _columns_of_whole(
    session: Session, recall: Recall, disposal: RecallDisposal
) -> dict[str, int] | None:
    """The columns of a lot all of which was fixed or is no more; None: other goods carry its code."""
    of_lot = col(Holding.lot_id) == disposal.lot_id
    by_state = select(col(Holding.state), func.sum(col(Holding.quantity_g))).where(of_lot)
    held = {
        state: int(grams) for state, grams in session.execute(by_state.group_by(col(Holding.state)))
    }
    by_way = (
        select(col(RecallDisposal.way), func.sum(col(RecallDisposal.quantity_g)))
        .where(
            col(RecallDisposal.recall_id) == recall.pk,
            col(RecallDisposal.lot_id) == disposal.lot_id,
            still_stopped(),
        )
        .group_by(col(RecallDisposal.way))
    )
    done = {way: int(grams) for way, grams in session.execute(by_way)}
    reused, sent = done.get(Way.REPURPOSE, 0), done.get(Way.REEXPORT, 0)
    sold_on = held.get(HoldingState.SOLD, 0) - reused - sent
    unfixed = held.get(HoldingState.IN_HAND, 0) - disposal.quantity_g
    if unfixed or sold_on or any(held.get(state, 0) for state in _ABOUT):
        return None
    return {
        "repurposed_g": reused,
        "reexported_g": sent,
        "destroyed_g": held.get(HoldingState.DESTROYED, 0),
        "unaccounted_g": held.get(HoldingState.LOST, 0),
    }


def _freeze(release: RecallRelease, columns: dict[str, int]) -> None:
    for name, grams in columns.items():
        setattr(release, name, grams)


def _set_apart(
    session: Session, recall: Recall, disposal: RecallDisposal, release: RecallRelease, by: Actor
) -> tuple[HarvestLot, Fact]:
    """Make the fixed kilograms a lot of their own, in the recall as one that was released."""
    lot = session.get_one(HarvestLot, disposal.lot_id)
    holder = session.get_one(Organisation, disposal.organisation_id)
    doer = Doer(holder, by, release.released_at)
    piece = Piece(lot.code, Grams(disposal.quantity_g))
    told = Circumstances(
        doer.now, disposal.place, document=disposal.document, reason=release.reason
    )
    movement, freed = set_apart(session, doer, piece, told)
    if state_before_recall(session, lot) is LotState.HELD:
        become(session, freed, LotState.HELD, reason=release.reason, by=by, now=doer.now)
    release.lot_id, release.movement_id = freed.pk, movement.pk
    row = {
        "recall_id": recall.pk,
        "lot_id": freed.pk,
        "root": False,
        "state_before": freed.state,
        "added_at": doer.now,
    }
    insert_rows(session, RecallLot, [row])
    facts = {"to": freed.state, "reason": release.reason, "recall": recall.uid}
    return freed, Fact("lot.recall_released", freed.code, facts, organisation=holder.uid)


def _tell(
    session: Session, recall: Recall, disposal: RecallDisposal, freed: HarvestLot, *, now: datetime
) -> None:
    sentence = say(
        "{grams} that were fixed are released after a recall: lot {code}.",
        grams=Grams(disposal.quantity_g),
        code=grouped(freed.code),
    )
    news = News("recall.released", sentence)
    tell_facility_and_offices(session, recall, news, now=now)
    if disposal.organisation_id != recall.organisation_id:
        tell_organisation(session, recall, disposal.organisation_id, news, now=now)
