"""Recording a harvest, mending it while it is open, sealing, withdrawing and recalling a lot."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.errors import Refused, refuse
from app.kit.clock import day_of
from app.kit.codes import new_lot_code
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record, record_all
from app.lots import rules
from app.lots.claims import Claim
from app.lots.evidence import Law, findings_of, plain_values
from app.lots.harvests import (
    Correction,
    Field,
    Harvest,
    found,
    refuse_if,
    require_plausible,
)
from app.lots.part_queries import sources_of
from app.models.lots import HarvestLot, LotClaim, LotPicture, LotSource, LotState, LotStep
from app.models.registry import Organisation, PlantingArea

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
    lot = _written(session, organisation, harvest, field, now=now)
    found_out = findings_of(session, lot, today=day_of(now), law=law)
    lot.sellable_from = found_out.sellable_from
    _keep_claims(session, lot, found_out.claims)
    told = _facts(lot, field, found_out.claims)
    return lot, Fact("lot.recorded", lot.code, told, organisation=organisation.uid)


def amend_lot(
    session: Session, *, lot: HarvestLot, correction: Correction, by: Actor, now: datetime
) -> HarvestLot:
    """Correct an open lot; the ledger keeps what it said before."""
    if lot.state is not LotState.OPEN:
        raise Refused(say("Lot {code} is sealed: it can no longer be changed.", code=lot.code))
    area = session.get_one(PlantingArea, lot.area_id)
    refuse_if(
        [
            *rules.faults_of_quantity(correction.quantity, SquareMetres(area.area_m2)),
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
    before = _changeable(lot)
    lot.quantity_g = correction.quantity.value
    lot.packed_on = correction.packed_on
    lot.best_before = correction.best_before
    lot.note = clean(correction.note, longest=500, multiline=True)
    lot.grade = clean(correction.grade, longest=40)
    facts: dict[str, object] = {"before": before, "after": _changeable(lot)}
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

    The entries of the diary that it was made from are free again.
    """
    become(session, lot, LotState.WITHDRAWN, reason=require_reason(reason), by=by, now=now)
    mine = col(LotSource.lot_id) == lot.pk
    session.execute(update(LotSource).where(mine).values(entry_id=None))
    return lot


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
    _step(session, lot)
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


def _written(
    session: Session, organisation: Organisation, harvest: Harvest, field: Field, *, now: datetime
) -> HarvestLot:
    lot = HarvestLot(
        code=new_lot_code(),
        organisation_id=organisation.pk,
        area_id=field.area.pk,
        crop_id=field.crop.pk,
        grower_id=field.grower.id if field.grower else None,
        harvested_on=harvest.harvested_on,
        packed_on=harvest.packed_on,
        best_before=harvest.best_before,
        quantity_g=harvest.quantity.value,
        grade=clean(harvest.grade, longest=40),
        note=clean(harvest.note, longest=500, multiline=True),
        state_since=now,
        recorded_at=now,
    )
    session.add(lot)
    session.flush()  # the lot's id, for its parts and claims
    _step(session, lot)
    session.add_all(
        LotSource(
            lot_id=lot.pk,
            planting_id=piece.planting.id if piece.planting else None,
            plot_id=piece.plot.id if piece.plot else None,
            grower_id=piece.grower.id if piece.grower else None,
            entry_id=piece.entry.id if piece.entry else None,
            quantity_g=piece.quantity.value,
        )
        for piece in field.pieces
    )
    session.add_all(
        LotPicture(lot_id=lot.pk, picture_id=picture.pk, rank=rank)
        for rank, picture in enumerate(field.pictures)
    )
    return lot


def _step(session: Session, lot: HarvestLot) -> None:
    session.add(
        LotStep(
            lot_id=lot.pk, state=lot.state, reason=lot.state_reason, recorded_at=lot.state_since
        )
    )


def _keep_claims(session: Session, lot: HarvestLot, claims: list[Claim]) -> None:
    for claim in claims:
        session.add(
            LotClaim(
                lot_id=lot.pk,
                kind=claim.kind,
                granted=claim.granted,
                certificate_id=claim.certificate_id,
                reason=claim.reason.msgid,
                reason_values=plain_values(claim.reason),
            )
        )


def _changeable(lot: HarvestLot) -> dict[str, object]:
    return {
        "quantity_g": lot.quantity_g,
        "packed_on": lot.packed_on,
        "best_before": lot.best_before,
        "grade": lot.grade,
        "note": lot.note,
    }


def _facts(lot: HarvestLot, field: Field, claims: list[Claim]) -> dict[str, object]:
    return {
        **_changeable(lot),
        "sellable_from": lot.sellable_from,
        "parts": [
            {
                "planting": piece.planting.uid if piece.planting else None,
                "plot": piece.plot.uid if piece.plot else None,
                "grower": piece.grower.uid if piece.grower else None,
                "entry": piece.entry.uid if piece.entry else None,
                "quantity_g": piece.quantity.value,
            }
            for piece in field.pieces
        ],
        "pictures": [picture.uid for picture in field.pictures],
        "area": field.area.uid,
        "crop": field.crop.slug,
        "grower": field.grower.uid if field.grower else None,
        "harvested_on": lot.harvested_on,
        "claims": [{"kind": claim.kind, "granted": claim.granted} for claim in claims],
    }
