"""Recording a harvest, mending it while it is open, sealing, withdrawing and recalling a lot."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.errors import Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record, record_all
from app.lots import rules
from app.lots.entering import (
    changeable,
    faults_of_weight,
    keep_claims,
    keep_step,
    told_of,
    weigh_anew,
    written,
)
from app.lots.evidence import Law, findings_of
from app.lots.harvests import (
    Correction,
    Field,
    Harvest,
    found,
    refuse_if,
    require_plausible,
)
from app.lots.holding_commands import in_hand, move_all
from app.lots.part_queries import sources_of
from app.models.lots import HarvestLot, LotKind, LotSource, LotState
from app.models.movements import MovementLine
from app.models.registry import Organisation

SHORTEST_REASON = 5
LONGEST_REASON = 500


def record_lot(
    session: Session, *, organisation: Organisation, harvest: Harvest, by: Actor, now: datetime
) -> HarvestLot:
    """Record a harvest as an open lot with its trace code and what it may claim today.

    A claim that cannot be made never stops the harvest from being recorded.
    """
    field = found(session, organisation, harvest)
    require_plausible(session, organisation, harvest, field, today=day_of(now))
    queue_harvests(session, organisation.pk)
    lot, fact = enter_lot(session, organisation, harvest, field, now=now)
    lot.ledger_position = record_all(session, [fact], by=by, now=now)
    return lot


def enter_lot(
    session: Session,
    organisation: Organisation,
    harvest: Harvest,
    field: Field,
    *,
    now: datetime,
    law: Law | None = None,
) -> tuple[HarvestLot, Fact]:
    """A lot with its claims, and the fact that is still to be recorded of it."""
    lot = written(session, organisation, harvest, field, now=now)
    found_out = findings_of(session, lot, today=day_of(now), law=law)
    lot.sellable_from = found_out.sellable_from
    keep_claims(session, lot, found_out.claims)
    told = told_of(lot, field, found_out.claims)
    return lot, Fact("lot.recorded", lot.code, told, organisation=organisation.uid)


def amend_lot(
    session: Session, *, lot: HarvestLot, correction: Correction, by: Actor, now: datetime
) -> HarvestLot:
    """Correct an open lot; the ledger keeps what it said before.

    What a lot made of others weighs is said by the movement that made it.
    """
    if lot.state is not LotState.OPEN:
        raise Refused(say("Lot {code} is sealed: it can no longer be changed.", code=lot.code))
    refuse_if(
        [
            *faults_of_weight(session, lot, correction.quantity),
            *rules.faults_of_later_days(
                lot.harvested_on,
                packed_on=correction.packed_on,
                best_before=correction.best_before,
                today=day_of(now),
            ),
        ]
    )
    if correction.quantity.value != lot.quantity_g and sources_of(session, lot):
        why = say("The lot has parts: withdraw it and record it anew, with what each part weighs.")
        raise refuse("quantity_g", why)
    queue_harvests(session, lot.organisation_id)
    before = changeable(lot)
    weigh_anew(session, lot, correction.quantity)
    lot.quantity_g = correction.quantity.value
    lot.packed_on = correction.packed_on
    lot.best_before = correction.best_before
    lot.note = clean(correction.note, longest=500, multiline=True)
    lot.grade = clean(correction.grade, longest=40)
    facts: dict[str, object] = {"before": before, "after": changeable(lot)}
    record_change(session, lot, "lot.amended", facts, by=by, now=now)
    return lot


def seal_lot(session: Session, *, lot: HarvestLot, by: Actor, now: datetime) -> HarvestLot:
    """Close a lot for good: from now on its figures stand. Sealing twice changes nothing."""
    if lot.state is LotState.SEALED:
        return lot
    return become(session, lot, LotState.SEALED, reason="", by=by, now=now)


def withdraw_lot(
    session: Session, *, lot: HarvestLot, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Take back a lot that was recorded by mistake: its page says so and answers 410.

    The entries of the diary that it was made from are free again. What was moved is no mistake.
    """
    require_unmoved(session, lot)
    become(session, lot, LotState.WITHDRAWN, reason=require_reason(reason), by=by, now=now)
    mine = col(LotSource.lot_id) == lot.pk
    session.execute(update(LotSource).where(mine).values(entry_id=None))
    move_all(session, lot, in_hand(lot), None)
    return lot


def require_unmoved(session: Session, lot: HarvestLot) -> None:
    """Refuse to take back a lot of which something was moved, or that a movement made."""
    if lot.kind is not LotKind.HARVEST:
        why = say("Lot {code} was made by a movement: undo the movement.", code=lot.code)
        raise Refused(why)
    moved = select(col(MovementLine.id)).where(col(MovementLine.lot_id) == lot.pk).limit(1)
    if session.execute(moved).first() is not None:
        raise Refused(say("Lot {code} was moved: undo its movements first.", code=lot.code))


def recall_lot(
    session: Session, *, lot: HarvestLot, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Recall a lot (TT 17/2021/TT-BNNPTNT art. 8–11): its public page warns from this moment."""
    return become(session, lot, LotState.RECALLED, reason=require_reason(reason), by=by, now=now)


def require_reason(reason: str) -> str:
    """A reason in a few words, cleaned; refused when there is none."""
    words = clean(reason, longest=LONGEST_REASON, multiline=True)
    if len(words) < SHORTEST_REASON:
        raise refuse("reason", say("Say why, in a few words."))
    return words


def become(
    session: Session, lot: HarvestLot, state: LotState, *, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Bring a lot into another state, where the rules let it, and keep the step."""
    if not rules.may_become(lot.state, state):
        raise Refused(
            say("A lot that is {state} cannot be changed like this.", state=_STATE_WORDS[lot.state])
        )
    before = lot.state
    lot.state, lot.state_reason, lot.state_since = state, reason, now
    keep_step(session, lot)
    facts: dict[str, object] = {"from": before, "reason": reason}
    record_change(session, lot, f"lot.{state.value}", facts, by=by, now=now)
    return lot


def queue_harvests(session: Session, organisation_id: int) -> None:
    """Let harvests of one organisation be weighed one after the other, so that no two pass a cap.

    PostgreSQL: behind the organisation's row until the commit. SQLite has one writer anyway.
    """
    # NO KEY: rows that refer to the organisation may be written meanwhile.
    wanted = select(col(Organisation.id)).where(col(Organisation.id) == organisation_id)
    session.execute(wanted.with_for_update(key_share=True))


_STATE_WORDS = {
    LotState.OPEN: say("open"),
    LotState.SEALED: say("sealed"),
    LotState.HELD: say("held"),
    LotState.CLOSED: say("closed"),
    LotState.RECALLED: say("recalled"),
    LotState.WITHDRAWN: say("withdrawn as a mistake"),
}


def record_change(
    session: Session,
    lot: HarvestLot,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Record a fact about a lot in its organisation's history."""
    organisation = session.get_one(Organisation, lot.organisation_id)
    session.flush()  # a lost race must fail before the ledger is touched
    record(
        session,
        kind=kind,
        subject=lot.code,
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
    )
