"""Tells the story of a lot from the register, the certificates and the ledger. Reads only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.labels.public_queries import first_labelled_on, is_activated, packs_of
from app.lots.claims import Claim
from app.lots.evidence import Findings, claims_recorded, findings_of
from app.lots.facts import CodeFacts
from app.lots.lab_queries import LabReportTold, lab_results_of
from app.lots.queries import LotLine, lot_line
from app.lots.waiting import waiting_of
from app.models.catalogue import Crop
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.places import AdminUnit
from app.places.queries import address_of, unit_by_id
from app.provenance.diary_told import diary_told, inputs_of
from app.provenance.labels_told import label_told, sold_as
from app.provenance.organisation_told import MakerTold, maker_told
from app.provenance.pictures_told import public_pictures
from app.provenance.public_reasons import public_reason
from app.provenance.story import (
    AreaTold,
    ClaimTold,
    CodeTold,
    CropTold,
    EventTold,
    PictureTold,
    ProducerTold,
    ProofTold,
    Story,
    StripTold,
)
from app.provenance.strip import REASONS_TOLD, StripFacts, failed_test, strip_of
from app.provenance.visibility import shown
from app.registry.finding_queries import is_named
from app.registry.grower_queries import public_name_of

_STATES_TOLD = {
    LotState.HELD: say("Held by the authority"),
    LotState.CLOSED: say("All of it has left"),
    LotState.RECALLED: say("Recalled"),
}


def story_of(session: Session, code: str, *, address: str, now: datetime) -> Story:
    """Everything the public may know about a lot today; `address` is its page's full address.

    Raises NotFound for a code that was never given out.
    """
    line = lot_line(session, code, within=Reach.all())
    today, maker = day_of(now), maker_told(session, line.organisation)
    place = unit_by_id(session, line.area.commune_id)
    findings = findings_of(session, line.lot, today=today)
    claims = _claims(session, line, findings, today)
    tests = lab_results_of(session, line.lot)
    packs = packs_of(session, line.lot)
    lot = shown(line.lot, said=line.lot.state in REASONS_TOLD)
    return Story(
        code=lot.code,
        code_in_groups=grouped(lot.code),
        address=address,
        strip=_strip(session, line, findings, claims, tests, producer=maker.name, today=today),
        state=lot.state,
        state_since=lot.state_since,
        state_reason=lot.state_reason if lot.state in REASONS_TOLD else "",
        crop=_crop(shown(line.crop)),
        sold_as=sold_as(packs),
        producer=_producer(session, line, maker),
        area=_area(session, line, place, findings.evidence.codes, named=maker.named),
        pictures=tuple(
            PictureTold(one.name, one.of_lot) for one in public_pictures(session, line.lot, packs)
        ),
        harvested_on=lot.harvested_on,
        packed_on=lot.packed_on,
        best_before=lot.best_before,
        sellable_from=findings.sellable_from,
        claims=claims,
        diary=diary_told(findings.evidence.diary, lot.harvested_on),
        tests=tests,
        failed_test=failed_test(tests),
        label=label_told(
            session, line, base_url=address.rpartition("/t/")[0], now=now, named=maker.named
        ),
        events=_events(session, line, findings, place, maker),
        proof=_proof(session, lot),
        told_on=today,
        demonstration=maker.demonstration,
    )


def _strip(
    session: Session,
    line: LotLine,
    findings: Findings,
    claims: tuple[ClaimTold, ...],
    tests: tuple[LabReportTold, ...],
    *,
    producer: Message,
    today: date,
) -> StripTold:
    diary = findings.evidence.diary
    return strip_of(
        StripFacts(
            lot=line.lot,
            producer=producer,
            today=today,
            claims=claims,
            codes=findings.evidence.codes,
            sellable_from=findings.sellable_from,
            waiting=waiting_of(diary, line.lot.harvested_on),
            inputs=inputs_of(diary),
            activated=is_activated(session, line.lot),
            failed_test=failed_test(tests),
        )
    )


def _crop(crop: Crop) -> CropTold:
    return CropTold(
        slug=crop.slug,
        name_vi=crop.name_vi,
        name_en=crop.name_en,
        name_zh=crop.name_zh,
        scientific_name=crop.scientific_name,
    )


def _producer(session: Session, line: LotLine, maker: MakerTold) -> ProducerTold:
    parts = [maker.street, address_of(maker.commune) if maker.commune else ""]
    grower = line.lot.grower_id
    return ProducerTold(
        name=maker.name,
        path=maker.path,
        kind=maker.kind.value,
        address=", ".join(part for part in parts if part),
        former_address=address_of(maker.former) if maker.former else None,
        phone=maker.phone or None,
        grower=public_name_of(session, grower) if grower else None,
    )


def _area(
    session: Session, line: LotLine, place: AdminUnit, codes: Sequence[CodeFacts], *, named: bool
) -> AreaTold:
    area = shown(line.area, agreed=named)
    former = unit_by_id(session, area.former_commune_id) if area.former_commune_id else None
    return AreaTold(
        name=area.name if named else "",
        commune=place.name,
        commune_code=place.code,
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
    session: Session, line: LotLine, findings: Findings, today: date
) -> tuple[ClaimTold, ...]:
    recorded = claims_recorded(session, line.lot)
    named = is_named(line.organisation)
    return tuple(
        replace(
            told,
            reason_now=public_reason(told.reason_now, named=named),
            reason_then=public_reason(told.reason_then, named=named),
        )
        for claim in findings.claims
        for told in (_claim(claim, recorded.get(claim.kind), today),)
    )


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


def _events(
    session: Session, line: LotLine, findings: Findings, place: AdminUnit, maker: MakerTold
) -> tuple[EventTold, ...]:
    lot, diary = shown(line.lot), findings.evidence.diary
    labelled = first_labelled_on(session, line.lot)
    days = [
        (say("Sown or planted"), diary.sown_on if diary else None),
        (say("Harvested"), lot.harvested_on),
        (say("Packed"), lot.packed_on),
        (say("Recorded"), day_of(lot.recorded_at)),
        (say("Labelled"), day_of(labelled) if labelled else None),
    ]
    if lot.state in _STATES_TOLD:
        days.append((_STATES_TOLD[lot.state], day_of(lot.state_since)))
    told = [
        EventTold(what, on, address_of(place), maker.name) for what, on in days if on is not None
    ]
    return tuple(sorted(told, key=lambda event: event.on))


def _proof(session: Session, lot: HarvestLot) -> ProofTold:
    entry = session.get_one(LedgerEntry, lot.ledger_position)
    return ProofTold(
        position=entry.position, leaf_hash=entry.leaf_hash.hex(), recorded_at=lot.recorded_at
    )
