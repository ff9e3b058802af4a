"""Tells the story of a lot from the register, the certificates and the ledger. Reads only."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.lots.claims import Claim, reason_failed
from app.lots.evidence import Findings, claims_recorded, codes_of_lot, findings_of
from app.lots.queries import LotLine, lot_line
from app.models.labels import LabelPrint
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.places import AdminUnit
from app.places.queries import address_of, units_by_ids
from app.provenance.story import (
    AreaTold,
    ClaimTold,
    CodeTold,
    CropTold,
    EventTold,
    ProducerTold,
    ProofTold,
    Story,
)
from app.registry.grower_queries import public_name_of


def story_of(session: Session, code: str, *, address: str, now: datetime) -> Story:
    """Everything the public may know about a lot today; `address` is its page's full address.

    Raises NotFound for a code that was never given out.
    """
    line = lot_line(session, code, within=Reach.all())
    lot, today = line.lot, day_of(now)
    units = _units(session, line)
    findings = findings_of(session, lot, today=today)
    return Story(
        code=lot.code,
        code_in_groups=grouped(lot.code),
        address=address,
        state=lot.state,
        state_since=lot.state_since,
        state_reason=lot.state_reason,
        crop=_crop(line),
        producer=_producer(session, line, units),
        area=_area(session, line, units, today),
        harvested_on=lot.harvested_on,
        packed_on=lot.packed_on,
        best_before=lot.best_before,
        quantity=Grams(lot.quantity_g),
        claims=_claims(session, lot, findings, today),
        events=_events(session, line, units[line.area.commune_id]),
        proof=_proof(session, lot),
        told_on=today,
        demonstration=line.organisation.demonstration,
        sellable_from=findings.sellable_from,
        failed_test=_failed_test(findings),
    )


def _failed_test(findings: Findings) -> Message | None:
    failed = findings.evidence.failed_test
    return None if failed is None else reason_failed(failed)


def _units(session: Session, line: LotLine) -> dict[int | None, AdminUnit]:
    area, organisation = line.area, line.organisation
    wanted = {
        area.commune_id,
        area.former_commune_id,
        organisation.commune_id,
        organisation.former_commune_id,
    }
    known = units_by_ids(session, {unit for unit in wanted if unit is not None})
    return dict(known.items())


def _crop(line: LotLine) -> CropTold:
    crop = line.crop
    return CropTold(
        slug=crop.slug,
        name_vi=crop.name_vi,
        name_en=crop.name_en,
        name_zh=crop.name_zh,
        scientific_name=crop.scientific_name,
    )


def _producer(session: Session, line: LotLine, units: dict[int | None, AdminUnit]) -> ProducerTold:
    organisation = line.organisation
    place = units.get(organisation.commune_id)
    former = units.get(organisation.former_commune_id)
    parts = [organisation.address, address_of(place) if place else ""]
    return ProducerTold(
        name=organisation.name,
        kind=organisation.kind.value,
        address=", ".join(part for part in parts if part),
        former_address=address_of(former) if former else None,
        phone=organisation.public_phone or None,
        grower=public_name_of(session, line.lot.grower_id) if line.lot.grower_id else None,
    )


def _area(
    session: Session, line: LotLine, units: dict[int | None, AdminUnit], today: date
) -> AreaTold:
    place = units[line.area.commune_id]
    former = units.get(line.area.former_commune_id)
    codes = codes_of_lot(session, line.lot, today=today)
    return AreaTold(
        name=line.area.name,
        commune=place.name,
        former_place=address_of(former) if former else None,
        province=place.province_name,
        codes=tuple(
            CodeTold(
                code=code.code,
                market=code.market,
                scheme=code.scheme.value,
                issued_on=code.issued_on,
                status_then=code.then.value if code.then else "none",
                status_now=code.now.value,
            )
            for code in codes
        ),
    )


def _claims(
    session: Session, lot: HarvestLot, findings: Findings, today: date
) -> tuple[ClaimTold, ...]:
    recorded = claims_recorded(session, lot)
    return tuple(_claim(claim, recorded.get(claim.kind), today) for claim in findings.claims)


def _claim(claim: Claim, recorded: tuple[bool, Message] | None, today: date) -> ClaimTold:
    granted_then, reason_then = recorded or (claim.granted, claim.reason)
    held = claim.certificate
    return ClaimTold(
        kind=claim.kind,
        title=claim.label,
        granted_now=claim.granted,
        reason_now=claim.reason,
        granted_then=granted_then,
        reason_then=reason_then,
        mend=claim.mend,
        number=held.number if held else None,
        standard=held.edition if held else None,
        body=held.body_name if held else None,
        valid_from=held.valid_from if held else None,
        valid_to=held.valid_to if held else None,
        status_now=held.standing_on(today) if held else None,
        confirmation=held.confirmation if held else None,
    )


def _events(session: Session, line: LotLine, place: AdminUnit) -> tuple[EventTold, ...]:
    lot, where, who = line.lot, address_of(place), line.organisation.name
    told = [EventTold(say("Harvested"), lot.harvested_on, where, who)]
    if lot.packed_on:
        told.append(EventTold(say("Packed"), lot.packed_on, where, who))
    told.append(EventTold(say("Recorded"), day_of(lot.recorded_at), where, who))
    labelled = _first_labelled(session, lot)
    if labelled:
        told.append(EventTold(say("Labelled"), day_of(labelled), where, who))
    if lot.state is LotState.RECALLED:
        told.append(EventTold(say("Recalled"), day_of(lot.state_since), where, who))
    return tuple(sorted(told, key=lambda event: event.on))


def _first_labelled(session: Session, lot: HarvestLot) -> datetime | None:
    wanted = (
        select(col(LabelPrint.printed_at))
        .where(col(LabelPrint.lot_id) == lot.pk)
        .order_by(col(LabelPrint.id))
        .limit(1)
    )
    return session.execute(wanted).scalar_one_or_none()


def _proof(session: Session, lot: HarvestLot) -> ProofTold:
    entry = session.get_one(LedgerEntry, lot.ledger_position)
    return ProofTold(
        position=entry.position, leaf_hash=entry.leaf_hash.hex(), recorded_at=lot.recorded_at
    )
