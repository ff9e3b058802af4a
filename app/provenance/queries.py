"""Tells the story of a lot from the register, the certificates and the ledger. Reads only."""

from collections.abc import Sequence
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
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.places import AdminUnit
from app.places.queries import address_of, units_by_ids
from app.provenance.diary_told import diary_told, inputs_of
from app.provenance.labels_told import label_told, sold_as
from app.provenance.pictures_told import public_pictures
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
    lot, today = line.lot, day_of(now)
    units = _units(session, line)
    findings = findings_of(session, lot, today=today)
    claims = _claims(session, lot, findings, today)
    tests = lab_results_of(session, lot)
    packs = packs_of(session, lot)
    return Story(
        code=lot.code,
        code_in_groups=grouped(lot.code),
        address=address,
        strip=_strip(session, line, findings, claims, tests, today),
        state=lot.state,
        state_since=lot.state_since,
        state_reason=lot.state_reason if lot.state in REASONS_TOLD else "",
        crop=_crop(line),
        sold_as=sold_as(packs),
        producer=_producer(session, line, units),
        area=_area(line, units, findings.evidence.codes),
        pictures=tuple(
            PictureTold(one.name, one.of_lot) for one in public_pictures(session, lot, packs)
        ),
        harvested_on=lot.harvested_on,
        packed_on=lot.packed_on,
        best_before=lot.best_before,
        sellable_from=findings.sellable_from,
        claims=claims,
        diary=diary_told(findings.evidence.diary, lot.harvested_on),
        tests=tests,
        failed_test=failed_test(tests),
        label=label_told(session, line, base_url=address.rpartition("/t/")[0], now=now),
        events=_events(session, line, findings, units[line.area.commune_id]),
        proof=_proof(session, lot),
        told_on=today,
        demonstration=line.organisation.demonstration,
    )


def _strip(
    session: Session,
    line: LotLine,
    findings: Findings,
    claims: tuple[ClaimTold, ...],
    tests: tuple[LabReportTold, ...],
    today: date,
) -> StripTold:
    diary = findings.evidence.diary
    return strip_of(
        StripFacts(
            lot=line.lot,
            producer=line.organisation.name,
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
        path=f"/o/{organisation.uid}",
        kind=organisation.kind.value,
        address=", ".join(part for part in parts if part),
        former_address=address_of(former) if former else None,
        phone=organisation.public_phone or None,
        grower=public_name_of(session, line.lot.grower_id) if line.lot.grower_id else None,
    )


def _area(
    line: LotLine, units: dict[int | None, AdminUnit], codes: Sequence[CodeFacts]
) -> AreaTold:
    place = units[line.area.commune_id]
    former = units.get(line.area.former_commune_id)
    return AreaTold(
        name=line.area.name,
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


def _events(
    session: Session, line: LotLine, findings: Findings, place: AdminUnit
) -> tuple[EventTold, ...]:
    lot, diary = line.lot, findings.evidence.diary
    labelled = first_labelled_on(session, lot)
    days = [
        (say("Sown or planted"), diary.sown_on if diary else None),
        (say("Harvested"), lot.harvested_on),
        (say("Packed"), lot.packed_on),
        (say("Recorded"), day_of(lot.recorded_at)),
        (say("Labelled"), day_of(labelled) if labelled else None),
    ]
    if lot.state in _STATES_TOLD:
        days.append((_STATES_TOLD[lot.state], day_of(lot.state_since)))
    where, who = address_of(place), line.organisation.name
    told = [EventTold(what, on, where, who) for what, on in days if on is not None]
    return tuple(sorted(told, key=lambda event: event.on))


def _proof(session: Session, lot: HarvestLot) -> ProofTold:
    entry = session.get_one(LedgerEntry, lot.ledger_position)
    return ProofTold(
        position=entry.position, leaf_hash=entry.leaf_hash.hex(), recorded_at=lot.recorded_at
    )
