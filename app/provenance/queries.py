"""Tells the story of a lot from the register, the certificates and the ledger. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import Message
from app.labels.public_queries import Pack, is_activated, packs_of
from app.lots.claims import Claim
from app.lots.evidence import claims_recorded, findings_of
from app.lots.findings import Findings
from app.lots.lab_queries import LabReportTold, lab_results_of
from app.lots.origin_queries import deciding_lot, lots_behind
from app.lots.queries import LotLine, lot_line
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.places.queries import address_of
from app.provenance.diary_told import diaries_told, diary_told, inputs_of
from app.provenance.journey_told import journey_of
from app.provenance.labels_told import label_told, sold_as
from app.provenance.organisation_told import MakerTold, maker_told
from app.provenance.origins_told import origins_told
from app.provenance.pictures_told import public_pictures
from app.provenance.public_reasons import public_reason
from app.provenance.story import (
    ClaimTold,
    CropTold,
    DiaryTold,
    LabelTold,
    PictureTold,
    ProducerTold,
    ProofTold,
    Story,
    StripTold,
)
from app.provenance.strip import REASONS_TOLD, StripFacts, failed_test, strip_of
from app.provenance.visibility import shown
from app.recalls.lifted_queries import find_lifted, find_released
from app.registry.finding_queries import is_named
from app.registry.grower_queries import public_name_of


@dataclass(frozen=True)
class _Known:
    """What is known of a lot and bears on how it stands; `deciding`: the lot whose state counts."""

    lot: HarvestLot
    findings: Findings
    claims: tuple[ClaimTold, ...]
    tests: tuple[LabReportTold, ...]
    deciding: HarvestLot


def story_of(session: Session, code: str, *, address: str, now: datetime) -> Story:
    """Everything the public may know about a lot today; `address` is its page's full address.

    Raises NotFound for a code that was never given out.
    """
    line = lot_line(session, code, within=Reach.all())
    today, maker = day_of(now), maker_told(session, line.organisation)
    area, origins = origins_told(session, line.lot, today=today)
    findings, deciding = (
        findings_of(session, line.lot, today=today),
        deciding_lot(session, line.lot),
    )
    claims, tests = _claims(session, line, findings, today), _tests(session, line.lot)
    known = _Known(line.lot, findings, claims, tests, deciding)
    packs = packs_of(session, line.lot)
    lot = shown(line.lot, said=line.lot.state in REASONS_TOLD)
    state = shown(deciding, said=deciding.state in REASONS_TOLD)
    return Story(
        code=lot.code,
        code_in_groups=grouped(lot.code),
        address=address,
        strip=_strip(session, known, producer=maker.name, today=today),
        state=state.state,
        state_since=state.state_since,
        state_reason=state.state_reason if state.state in REASONS_TOLD else "",
        crop=_crop(shown(line.crop)),
        sold_as=sold_as(packs),
        producer=_producer(session, line, maker),
        area=area,
        origins=origins,
        pictures=_pictures(session, line.lot, packs),
        harvested_on=lot.harvested_on,
        packed_on=lot.packed_on,
        best_before=lot.best_before,
        sellable_from=findings.sellable_from,
        claims=claims,
        diary=_diary(findings),
        tests=tests,
        failed_test=failed_test(tests),
        label=_label(session, line, findings, address, maker, now),
        events=journey_of(session, line, findings, deciding, maker),
        proof=_proof(lot),
        told_on=today,
        demonstration=maker.demonstration,
    )


def _label(
    session: Session,
    line: LotLine,
    findings: Findings,
    address: str,
    maker: MakerTold,
    now: datetime,
) -> LabelTold | None:
    base_url, claims = _base(address), findings.claims
    return label_told(session, line, claims, base_url=base_url, now=now, named=maker.named)


def _strip(session: Session, known: _Known, *, producer: Message, today: date) -> StripTold:
    evidence = known.findings.evidence
    return strip_of(
        StripFacts(
            lot=known.lot,
            producer=producer,
            today=today,
            claims=known.claims,
            codes=evidence.codes,
            sellable_from=known.findings.sellable_from,
            waiting=known.findings.waiting,
            inputs=inputs_of(evidence.diary),
            activated=is_activated(session, known.lot),
            failed_test=failed_test(known.tests),
            stopped_by=known.deciding,
            lifted=find_lifted(session, known.lot),
            released=find_released(session, known.lot),
        )
    )


def _base(address: str) -> str:
    return address.rpartition("/t/")[0]


def _pictures(session: Session, lot: HarvestLot, packs: Sequence[Pack]) -> tuple[PictureTold, ...]:
    found = public_pictures(session, lot, packs)
    return tuple(PictureTold(one.name, one.of_lot) for one in found)


def _diary(findings: Findings) -> DiaryTold | None:
    return diaries_told(
        [diary_told(one.evidence.diary, one.evidence.lot.harvested_on) for one in findings.harvests]
    )


def _tests(session: Session, lot: HarvestLot) -> tuple[LabReportTold, ...]:
    """What laboratories found in samples of a lot and of all lots in it, newest first."""
    found = [
        test for one in (lot, *lots_behind(session, lot)) for test in lab_results_of(session, one)
    ]
    return tuple(sorted(found, key=lambda test: test.sampled_on, reverse=True))


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


def _proof(lot: HarvestLot) -> ProofTold:
    return ProofTold(position=lot.ledger_position, recorded_at=lot.recorded_at)
