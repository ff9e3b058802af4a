"""What stood on a day, or on some day of a year: certificates and codes of an area. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.certificates.rules import FACILITY_KINDS, CertificateFacts, Listed
from app.lots.claims import GROWING_KINDS
from app.models.certificates import CertificateStatus
from app.models.registry import HOLDING, AreaCodeStep
from app.registry.rules import status_on

ACTIVE = CertificateStatus.ACTIVE.value
# Certificates that make a vegetable a safe one in the plan's words.
SAFETY_KINDS = GROWING_KINDS | FACILITY_KINDS
Period = tuple[date, date]


@dataclass(frozen=True)
class Ground:
    """What was grown where: a crop on an area, by whom; None among the growers: nobody is named."""

    area_id: int
    crop_id: int | None = None
    growers: frozenset[int | None] = frozenset()


def year_days(year: int) -> Period:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def certified_on(
    day: date, ground: Ground, certificates: Sequence[CertificateFacts], kinds: Collection[str]
) -> bool:
    """Whether a certificate of some kinds stood for what was grown somewhere on a day."""
    return any(
        one.kind in kinds
        and not one.in_conversion
        and one.standing_on(day) == ACTIVE
        and (one.kind in FACILITY_KINDS or _covers(one, ground, day))
        for one in certificates
    )


def certified_in(
    year: int, ground: Ground, certificates: Sequence[CertificateFacts], kinds: Collection[str]
) -> bool:
    """The same on some day of a year: one of the days on which anything changes will show it."""
    days = {day for one in certificates if one.kind in kinds for day in _changes(one)}
    first, last = year_days(year)
    asked = [first, *sorted(day for day in days if first < day <= last)]
    return any(certified_on(day, ground, certificates, kinds) for day in asked)


def coded_on(day: date, codes: Sequence[Sequence[AreaCodeStep]]) -> bool:
    """Whether a code of the area held on a day."""
    return any(status_on(steps, day) in HOLDING for steps in codes)


def coded_in(year: int, codes: Sequence[Sequence[AreaCodeStep]]) -> bool:
    """Whether a code of the area held on some day of a year."""
    first, last = year_days(year)
    days = {step.effective_on for steps in codes for step in steps}
    return any(
        coded_on(day, codes) for day in (first, *(one for one in days if first < one <= last))
    )


def _covers(certificate: CertificateFacts, ground: Ground, day: date) -> bool:
    if not certificate.lists_on(Listed.AREAS, ground.area_id, day):
        return False
    if ground.crop_id is not None and not certificate.lists_on(Listed.CROPS, ground.crop_id, day):
        return False
    if not certificate.members or not ground.growers:
        return True
    return all(certificate.lists_on(Listed.MEMBERS, one, day) for one in ground.growers)


def _changes(certificate: CertificateFacts) -> set[date]:
    after = timedelta(days=1)
    days = {certificate.valid_from, *(step.effective_on for step in certificate.steps)}
    days |= {term.since for term in certificate.terms}
    ended = {term.until for term in certificate.terms if term.until}
    return days | {day + after for day in ended if day < date.max}
