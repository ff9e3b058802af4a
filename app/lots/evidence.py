"""Gathers what the claim rules need from the register, the certificates and the diary."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.certificates.law_queries import conversion_periods
from app.certificates.queries import certificates_of
from app.certificates.rules import Lot
from app.kit.messages import Message, frozen, thawed
from app.kit.quantities import Grams
from app.lots.balance import Thresholds
from app.lots.balance_queries import certified_of, thresholds_on, weighed_of
from app.lots.claims import (
    ORGANIC_KINDS,
    Claim,
    claims_for,
    claims_from_outside,
    tested_away,
)
from app.lots.diary_evidence import Ground, diary_of, ground_of, sown_on_of
from app.lots.facts import CodeFacts, Evidence, PartFacts
from app.lots.findings import Findings, Mix, Source, together
from app.lots.inputs import LookBack, Terms
from app.lots.lab_queries import failed_test_of
from app.lots.origin_queries import (
    areas_among,
    lots_behind,
    origins_of,
    percent_from_outside,
)
from app.lots.part_queries import growers_of, members_on, sources_of
from app.lots.waiting import sellable_from
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotClaim, LotKind, LotSource
from app.models.registry import PlantingArea
from app.registry.code_queries import steps_of_area
from app.registry.rules import status_on

NO_AREA = 0  # no row has this key
LOOK_BACK_RULE = "organic.lookback_months"
# NĐ 109/2018/NĐ-CP art. 12: goods made of several may be called organic, and bear its mark, from here on.
MIX_RULE = "certificate.organic.label_percent"
# Where no rule says how far to look back, what stood a year ago may still matter for an interval.
A_YEAR = 12


@dataclass
class Law:
    """The dated terms that lots are judged by: each looked up once, however many lots there are."""

    _terms: dict[date, Terms] = field(default_factory=dict)
    _thresholds: dict[date, Thresholds | None] = field(default_factory=dict)

    def terms(self, session: Session, day: date) -> Terms:
        """The terms of organic production by the rules of a day."""
        if day not in self._terms:
            self._terms[day] = terms_on(session, day)
        return self._terms[day]

    def thresholds(self, session: Session, day: date) -> Thresholds | None:
        """How full a limit may get by the rules of a day."""
        if day not in self._thresholds:
            self._thresholds[day] = thresholds_on(session, day)
        return self._thresholds[day]


def claims_of(session: Session, lot: HarvestLot, *, today: date) -> list[Claim]:
    """What a lot may claim with everything known today."""
    return findings_of(session, lot, today=today).claims


def findings_of(
    session: Session, lot: HarvestLot, *, today: date, law: Law | None = None
) -> Findings:
    """The same with what the claims rest on; of a derived lot: what all harvests in it hold."""
    law = law or Law()
    if lot.area_id is None and lot.kind is not LotKind.SUPPLIED:
        return _of_derived(session, lot, today=today, law=law)
    return _of_origin(session, lot, today=today, law=law)


def _of_origin(session: Session, lot: HarvestLot, *, today: date, law: Law) -> Findings:
    if lot.area_id is None:
        return _of_supplied(session, lot)
    return _of_harvest(session, lot, lot.area_id, today=today, law=law)


def _of_supplied(session: Session, lot: HarvestLot) -> Findings:
    """Goods from a supplier outside of the system: nothing is known, so nothing is claimed."""
    crop = session.get_one(Crop, lot.crop_id)
    failed = failed_test_of(session, lot)
    known = Lot(lot.crop_id, crop.name_vi, NO_AREA, "", None, lot.harvested_on)
    evidence = Evidence(known, codes=[], certificates=[], parts=[], failed_test=failed)
    return Findings(claims_from_outside(), evidence, None)


def _of_harvest(
    session: Session, lot: HarvestLot, area_id: int, *, today: date, law: Law
) -> Findings:
    terms = law.terms(session, lot.harvested_on)
    evidence = _evidence_of(session, lot, area_id, terms=terms, today=today, law=law)
    wait = sellable_from(evidence.diary.uses, lot.harvested_on) if evidence.diary else None
    return Findings(claims_for(evidence, terms=terms, today=today), evidence, wait)


def _of_derived(session: Session, lot: HarvestLot, *, today: date, law: Law) -> Findings:
    sources = [
        Source(
            origin.lot.code,
            _of_origin(session, origin.lot, today=today, law=law),
            origin.quantity.value,
        )
        for origin in origins_of(session, lot)
    ]
    behind = lots_behind(session, lot)
    processed = any(one.kind is LotKind.PROCESSED for one in (lot, *behind))
    found = together(sources, lot.harvested_on, _mix_on(session, today) if processed else None)
    # A harvest's own failed test withholds its claims already; here those of what was made of it.
    derived = [one for one in behind if one.area_id is None and one.kind is not LotKind.SUPPLIED]
    for each in (lot, *reversed(derived)):
        failed = failed_test_of(session, each)
        if failed is not None:
            return replace(
                found,
                claims=tested_away(found.claims, failed),
                evidence=replace(found.evidence, failed_test=failed),
            )
    return found


def _mix_on(session: Session, day: date) -> Mix | None:
    """The share from which on processed goods are organic by the rules of a day."""
    rule = rule_on(session, MIX_RULE, day)
    return Mix(int(value_of(rule)), rule.legal_ref) if rule else None


def _evidence_of(
    session: Session, lot: HarvestLot, area_id: int, *, terms: Terms, today: date, law: Law
) -> Evidence:
    """Everything the claims of a harvest are decided from, in a constant number of statements."""
    crop = session.get_one(Crop, lot.crop_id)
    certificates = certificates_of(session, lot.organisation_id)
    sources = sources_of(session, lot)
    organic = any(certificate.kind in ORGANIC_KINDS for certificate in certificates)
    months = terms.look_back.months if organic and terms.look_back else A_YEAR
    ground = ground_of(session, lot, sources, months=months)
    return Evidence(
        lot=_as_lot(session, lot, crop, area_id),
        codes=codes_of_area_on(session, area_id, lot.harvested_on, today),
        certificates=certificates,
        parts=_parts(session, lot, sources, ground),
        perennial=crop.perennial,
        diary=diary_of(session, lot, ground, crop=crop, land=organic),
        season=weighed_of(session, lot, law.thresholds),
        certified=certified_of(session, lot, certificates, law.thresholds),
        failed_test=failed_test_of(session, lot),
    )


def terms_on(session: Session, day: date) -> Terms:
    """The terms of organic production by the rules of a day."""
    look_back = rule_on(session, LOOK_BACK_RULE, day)
    return Terms(
        look_back=LookBack(int(value_of(look_back)), look_back.legal_ref) if look_back else None,
        periods=conversion_periods(session, day),
    )


def codes_of_lot(session: Session, lot: HarvestLot, *, today: date) -> list[CodeFacts]:
    """The codes of a lot's area, with their status on the harvest day and today.

    None of a lot that comes from several areas, or in part from outside: no single code speaks for it.
    """
    origins = origins_of(session, lot)
    areas = areas_among(origins)
    if len(areas) != 1 or percent_from_outside(origins):
        return []
    oldest = min((origin.lot for origin in origins), key=lambda one: (one.harvested_on, one.pk))
    return codes_of_area_on(session, next(iter(areas)), oldest.harvested_on, today)


def codes_of_area_on(
    session: Session, area_id: int, harvested_on: date, today: date
) -> list[CodeFacts]:
    """The codes of an area, with their status on a harvest day and today."""
    return [
        CodeFacts(
            code=code.code,
            market=code.market,
            scheme=code.scheme,
            issued_on=code.issued_on,
            then=status_on(steps, harvested_on),
            now=status_on(steps, today) or code.status,
        )
        for code, steps in steps_of_area(session, area_id)
    ]


_CLAIMS: Any = select(LotClaim).where(col(LotClaim.lot_id) == bindparam("lot"))


def claims_recorded(session: Session, lot: HarvestLot) -> dict[str, tuple[bool, Message]]:
    """By kind: whether the claim was granted when the lot was recorded, and the reason given then."""
    rows = session.execute(_CLAIMS, {"lot": lot.pk}).scalars()
    return {row.kind: (row.granted, kept_message(row)) for row in rows}


def plain_values(message: Message) -> str:
    """A message's values as JSON, in which days, amounts and messages keep their kind."""
    return frozen(message)[1]


def kept_message(row: LotClaim) -> Message:
    """The reason as it was given, ready to be said in any language."""
    return thawed(row.reason, row.reason_values)


def _as_lot(session: Session, lot: HarvestLot, crop: Crop, area_id: int) -> Lot:
    return Lot(
        crop_id=lot.crop_id,
        crop_name=crop.name_vi,
        area_id=area_id,
        area_name=session.get_one(PlantingArea, area_id).name,
        grower_id=lot.grower_id,
        harvested_on=lot.harvested_on,
    )


def _parts(
    session: Session, lot: HarvestLot, sources: Sequence[LotSource], ground: Ground
) -> list[PartFacts]:
    growers = growers_of(lot, sources)
    members = members_on(session, growers, lot.organisation_id, lot.harvested_on)
    if not sources:
        whole = LotSource(lot_id=lot.pk, grower_id=lot.grower_id, quantity_g=lot.quantity_g)
        return [_part(whole, lot, members, ground)]
    return [_part(source, lot, members, ground) for source in sources]


def _part(source: LotSource, lot: HarvestLot, members: set[int], ground: Ground) -> PartFacts:
    grower_id = source.grower_id or lot.grower_id
    return PartFacts(
        quantity=Grams(source.quantity_g),
        grower_id=grower_id,
        member=grower_id is None or grower_id in members,
        planting_id=source.planting_id,
        plot_id=source.plot_id,
        sown_on=sown_on_of(ground, source.planting_id),
    )
