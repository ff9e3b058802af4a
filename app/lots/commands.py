"""Recording a harvest, mending it while it is open, sealing, withdrawing and recalling a lot."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.queries import chosen_crop
from app.errors import FieldError, Refused, refuse
from app.kit.clock import day_of
from app.kit.codes import new_lot_code
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots import rules
from app.lots.claims import Claim
from app.lots.evidence import claims_of, plain_values
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotClaim, LotState
from app.models.registry import Grower, Organisation, PlantingArea
from app.registry.area_queries import area_by_uid, area_grows
from app.registry.grower_queries import grower_by_uid, is_member_on

SHORTEST_REASON = 5
SOME_FAULTS = say("Some of what was recorded cannot be right.")


@dataclass(frozen=True)
class Harvest:
    """What a clerk writes down about a harvest. `quantity` in grams."""

    area: UUID
    crop: str
    harvested_on: date
    quantity: Grams
    packed_on: date | None = None
    best_before: date | None = None
    grower: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class Correction:
    """What may still be corrected while a lot is open: the whole of it, as it should be."""

    quantity: Grams
    packed_on: date | None
    best_before: date | None
    note: str


@dataclass(frozen=True)
class _Field:
    """The register's rows behind a harvest."""

    area: PlantingArea
    crop: Crop
    grower: Grower | None


def record_lot(
    session: Session, *, organisation: Organisation, harvest: Harvest, by: Actor, now: datetime
) -> HarvestLot:
    """Record a harvest as an open lot with its trace code and what it may claim today.

    A claim that cannot be made never stops the harvest from being recorded.
    """
    field = _found(session, organisation, harvest)
    _require_plausible(session, organisation, harvest, field, today=day_of(now))
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
        note=clean(harvest.note, longest=500, multiline=True),
        state_since=now,
        recorded_at=now,
    )
    session.add(lot)
    session.flush()  # the lot's id, for its claims
    claims = claims_of(session, lot, today=day_of(now))
    _keep_claims(session, lot, claims)
    lot.ledger_position = record(
        session,
        kind="lot.recorded",
        subject=lot.code,
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=_facts(lot, field, claims),
    )
    return lot


def amend_lot(
    session: Session, *, lot: HarvestLot, correction: Correction, by: Actor, now: datetime
) -> HarvestLot:
    """Correct an open lot; the ledger keeps what it said before."""
    if lot.state is not LotState.OPEN:
        raise Refused(say("Lot {code} is sealed: it can no longer be changed.", code=lot.code))
    area = session.get_one(PlantingArea, lot.area_id)
    _refuse_if(
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
    before = _changeable(lot)
    lot.quantity_g = correction.quantity.value
    lot.packed_on = correction.packed_on
    lot.best_before = correction.best_before
    lot.note = clean(correction.note, longest=500, multiline=True)
    facts: dict[str, object] = {"before": before, "after": _changeable(lot)}
    _record_change(session, lot, "lot.amended", facts, by=by, now=now)
    return lot


def seal_lot(session: Session, *, lot: HarvestLot, by: Actor, now: datetime) -> HarvestLot:
    """Close a lot for good: from now on its figures stand. Sealing twice changes nothing."""
    if lot.state is LotState.SEALED:
        return lot
    return _become(session, lot, LotState.SEALED, reason="", by=by, now=now)


def withdraw_lot(
    session: Session, *, lot: HarvestLot, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Take back a lot that was recorded by mistake: its page says so and answers 410."""
    return _become(session, lot, LotState.WITHDRAWN, reason=_require_reason(reason), by=by, now=now)


def recall_lot(
    session: Session, *, lot: HarvestLot, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    """Recall a lot (TT 17/2021/TT-BNNPTNT art. 8–11): its public page warns from this moment."""
    return _become(session, lot, LotState.RECALLED, reason=_require_reason(reason), by=by, now=now)


def _found(session: Session, organisation: Organisation, harvest: Harvest) -> _Field:
    reach = Reach.own(organisation.pk)
    return _Field(
        area=area_by_uid(session, harvest.area, within=reach),
        crop=chosen_crop(session, harvest.crop, field="crop"),
        grower=grower_by_uid(session, harvest.grower, within=reach) if harvest.grower else None,
    )


def _require_plausible(
    session: Session, organisation: Organisation, harvest: Harvest, field: _Field, *, today: date
) -> None:
    area = field.area
    faults = [
        *rules.faults_of_quantity(harvest.quantity, SquareMetres(area.area_m2)),
        *rules.faults_of_harvest_day(
            harvest.harvested_on,
            today=today,
            established_on=area.established_on,
            closed_on=area.closed_on,
        ),
        *rules.faults_of_later_days(
            harvest.harvested_on,
            packed_on=harvest.packed_on,
            best_before=harvest.best_before,
            today=today,
        ),
    ]
    if not area_grows(session, area, field.crop):
        faults.append(
            FieldError(
                "crop",
                say(
                    "{crop} is not grown in {area}. Add it to the area first.",
                    crop=field.crop.name_vi,
                    area=area.name,
                ),
            )
        )
    if field.grower and not is_member_on(session, field.grower, organisation, harvest.harvested_on):
        faults.append(
            FieldError(
                "grower",
                say("This grower was not a member on {day}.", day=harvest.harvested_on),
            )
        )
    _refuse_if(faults)


def _refuse_if(faults: list[FieldError]) -> None:
    if len(faults) == 1:
        raise Refused(faults[0].why, *faults)
    if faults:
        raise Refused(SOME_FAULTS, *faults)


def _require_reason(reason: str) -> str:
    words = clean(reason, longest=500, multiline=True)
    if len(words) < SHORTEST_REASON:
        raise refuse("reason", say("Say why, in a few words."))
    return words


def _become(
    session: Session, lot: HarvestLot, state: LotState, *, reason: str, by: Actor, now: datetime
) -> HarvestLot:
    if not rules.may_become(lot.state, state):
        raise Refused(
            say("A lot that is {state} cannot be changed like this.", state=_STATE_WORDS[lot.state])
        )
    before = lot.state
    lot.state, lot.state_reason, lot.state_since = state, reason, now
    facts: dict[str, object] = {"from": before, "reason": reason}
    _record_change(session, lot, f"lot.{state.value}", facts, by=by, now=now)
    return lot


_STATE_WORDS = {
    LotState.OPEN: say("open"),
    LotState.SEALED: say("sealed"),
    LotState.HELD: say("held"),
    LotState.CLOSED: say("closed"),
    LotState.RECALLED: say("recalled"),
    LotState.WITHDRAWN: say("withdrawn as a mistake"),
}


def _record_change(
    session: Session,
    lot: HarvestLot,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
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
        "note": lot.note,
    }


def _facts(lot: HarvestLot, field: _Field, claims: list[Claim]) -> dict[str, object]:
    return {
        **_changeable(lot),
        "area": field.area.uid,
        "crop": field.crop.slug,
        "grower": field.grower.uid if field.grower else None,
        "harvested_on": lot.harvested_on,
        "claims": [{"kind": claim.kind, "granted": claim.granted} for claim in claims],
    }
