"""Certificates of organisations, renewed or not, with what they cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlmodel import Session

from app.demo.cast import BODY
from app.demo.scale.chance import Numbers, uids
from app.demo.scale.ground import Basis, Days, Ground
from app.demo.scale.land import Areas
from app.demo.scale.people import BODY_ID, MARK, Holders
from app.demo.scale.people import FIRST_HOLDER as FIRST
from app.demo.scale.writing import write
from app.kit.text import fold
from app.models.certificates import (
    Certificate,
    CertificateArea,
    CertificateConfirmation,
    CertificateCrop,
    CertificateStatus,
    CertificateStep,
    Confirmation,
)

YEAR = 365
COVERED = 0.8
RENEWED = 0.8
SUSPENDED = 0.03


@dataclass(frozen=True)
class Standing:
    """A kind of standard: how many hold it, and for how many days a certificate runs."""

    kind: str
    share: float
    term: int
    prefix: str

    def code(self, days: Days, day: int) -> str:
        """The edition that a certificate of this day is of."""
        if self.kind == "vietgap":
            return "VIETGAP_2026" if days.day(day).isoformat() >= "2026-07-08" else "VIETGAP_2017"
        return {"organic": "ORGANIC_2017", "pgs": "PGS"}[self.kind]


STANDINGS = (
    Standing("vietgap", 0.45, 3 * YEAR, "VG"),
    Standing("organic", 0.06, 2 * YEAR, "HC"),
    Standing("pgs", 0.04, YEAR, "PGS"),
)


@dataclass(frozen=True)
class Covering:
    """One certificate: key, kind, days from and to (inclusive), what it covers by position."""

    key: int
    kind: str
    standard: str
    number: str
    begins: int
    ends: int
    areas: frozenset[int]
    crops: frozenset[int]

    def covers(self, day: int, area: int, crop: int) -> bool:
        return self.begins <= day <= self.ends and area in self.areas and crop in self.crops


@dataclass(frozen=True)
class Certificates:
    """All of them in the order of their keys, from 1; and by holder."""

    uids: list[UUID]
    holders: list[int]
    all: list[Covering]
    by_holder: dict[int, list[Covering]]

    @property
    def begins(self) -> Numbers:
        return np.array([one.begins for one in self.all], dtype=np.int64)


def make_certificates(
    session: Session, basis: Basis, holders: Holders, areas: Areas
) -> Certificates:
    """Certificates one after another; the areas of a holder are covered for the most part."""
    ground, days, chance = basis.ground, basis.days, basis.chance
    drawn = chance.of("certificates")
    mine: dict[int, list[int]] = {}
    for area, holder in enumerate(areas.holders.tolist()):
        mine.setdefault(holder, []).append(area)
    found: list[tuple[int, Covering]] = []
    for holder in range(len(holders)):
        for standing in STANDINGS:
            lucky = drawn.random() < standing.share and not holders.is_household(holder)
            if lucky and holder in mine:
                terms = _terms(standing, len(found) + 1, mine[holder], areas, days, drawn)
                found += [(holder, one) for one in terms]
    made = Certificates(
        uids(drawn, days.milliseconds(np.array([one.begins for _, one in found], dtype=np.int64))),
        [holder for holder, _ in found],
        [one for _, one in found],
        {},
    )
    for holder, one in found:
        made.by_holder.setdefault(holder, []).append(one)
    _write(session, made, areas, ground, days, drawn)
    return made


def _terms(
    standing: Standing,
    key: int,
    mine: list[int],
    areas: Areas,
    days: Days,
    drawn: np.random.Generator,
) -> Iterator[Covering]:
    """The certificate of a standard that a holder has, and those that follow it; keys from `key`."""
    covered = [area for area in mine if drawn.random() < COVERED] or mine[:1]
    crops = frozenset(crop for area in covered for crop in areas.crops[area])
    day = int(drawn.integers(-standing.term // 2, days.last))
    while day <= days.last:
        number = f"{standing.prefix}-{key:05}"
        ends = day + standing.term - 1
        standard = standing.code(days, day)
        scope = (frozenset(covered), crops)
        yield Covering(key, standing.kind, standard, number, day, ends, *scope)
        key += 1
        if drawn.random() > RENEWED:
            return
        day = ends + 1 + int(drawn.integers(0, 60))


def _write(
    session: Session,
    made: Certificates,
    areas: Areas,
    ground: Ground,
    days: Days,
    drawn: np.random.Generator,
) -> None:
    ones, count = made.all, len(made.all)
    stopped = [bool(luck < SUSPENDED) for luck in drawn.random(count).tolist()]
    body = BODY.replace("minh hoạ", MARK)
    begins = [days.day(one.begins) for one in ones]
    write(
        session,
        Certificate,
        {
            "id": range(1, count + 1),
            "uid": made.uids,
            "organisation_id": [holder + FIRST for holder in made.holders],
            "standard_id": [ground.standards[one.standard] for one in ones],
            "number": [one.number for one in ones],
            "number_key": [fold(one.number) for one in ones],
            "body_id": [BODY_ID] * count,
            "body_name": [body] * count,
            "issued_on": begins,
            "valid_from": begins,
            "valid_to": [days.day(one.ends) for one in ones],
            "area_m2": [int(areas.sizes[list(one.areas)].sum()) for one in ones],
            "confirmation": [Confirmation.BODY] * count,
            "status": [
                CertificateStatus.SUSPENDED if one else CertificateStatus.ACTIVE for one in stopped
            ],
            "created_at": [days.instant(one.begins) for one in ones],
        },
    )
    _write_scope(session, made, ground, days)
    _write_words(session, ones, stopped, days)


def _write_words(session: Session, ones: list[Covering], stopped: list[bool], days: Days) -> None:
    """That the body vouches for each, and that it suspended some."""
    count = len(ones)
    write(
        session,
        CertificateConfirmation,
        {
            "id": range(1, count + 1),
            "certificate_id": range(1, count + 1),
            "confirmation": [Confirmation.BODY] * count,
            "organisation_id": [BODY_ID] * count,
            "recorded_at": [days.instant(one.begins) for one in ones],
        },
    )
    ended = [
        (one, min(days.last, (one.begins + one.ends) // 2))
        for one, is_stopped in zip(ones, stopped, strict=True)
        if is_stopped
    ]
    write(
        session,
        CertificateStep,
        {
            "id": range(1, len(ended) + 1),
            "certificate_id": [one.key for one, _ in ended],
            "status": [CertificateStatus.SUSPENDED] * len(ended),
            "effective_on": [days.day(day) for _, day in ended],
            "reason": ["Đánh giá giám sát chưa đạt."] * len(ended),
            "recorded_at": [days.instant(day) for _, day in ended],
        },
    )


def _write_scope(session: Session, made: Certificates, ground: Ground, days: Days) -> None:
    lands = [(one, area) for one in made.all for area in sorted(one.areas)]
    goods = [(one, crop) for one in made.all for crop in sorted(one.crops)]
    write(
        session,
        CertificateArea,
        {
            "certificate_id": [one.key for one, _ in lands],
            "area_id": [area + 1 for _, area in lands],
            "since": [days.day(one.begins) for one, _ in lands],
        },
    )
    write(
        session,
        CertificateCrop,
        {
            "certificate_id": [one.key for one, _ in goods],
            "crop_id": [ground.crops[crop].pk for _, crop in goods],
            "since": [days.day(one.begins) for one, _ in goods],
        },
    )
