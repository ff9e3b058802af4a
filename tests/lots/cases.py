"""Lots as the rules see them, in a few words; every test says only what matters to it."""

from datetime import date, timedelta
from typing import Any

from app.catalogue.input_rules import VerdictKind
from app.certificates.conversion import Periods
from app.certificates.rules import CertificateFacts, Lot
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres
from app.lots.balance import Season, Thresholds, Weighed
from app.lots.claims import Claim, claims_for
from app.lots.facts import CodeFacts, DiaryFacts, Evidence, PartFacts, Use
from app.lots.inputs import LookBack, Terms
from app.models.certificates import CertificateStatus, CertificateStep, Confirmation
from app.models.registry import CodeScheme, CodeStatus

HARVEST = date(2026, 11, 15)
TODAY = date(2026, 11, 20)
CROP, OTHER_CROP, AREA, OTHER_AREA, MEMBER, OTHER = 1, 2, 11, 12, 21, 22
PERIODS = Periods(annual_months=12, perennial_months=18, law="TCVN 11041-2:2017")
TERMS = Terms(LookBack(36, "TCVN 11041-2:2017"), PERIODS)
LIMITS = Thresholds(warn_percent=90, tolerance_percent=5, law="QĐ 3156")


def days(count: int) -> timedelta:
    return timedelta(days=count)


def certificate(kind: str = "vietgap", **other: Any) -> CertificateFacts:
    chosen: dict[str, Any] = {
        "id": 1,
        "kind": kind,
        "edition": "",
        "number": "VietGAP-1",
        "body_name": "Trung tâm",
        "confirmation": Confirmation.BODY,
        "valid_from": HARVEST - days(300),
        "valid_to": HARVEST + days(300),
        "in_conversion": False,
        "grade": "",
        "steps": (),
        "crops": frozenset({CROP}),
        "areas": frozenset({AREA}),
        "members": frozenset(),
        **other,
    }
    return CertificateFacts(**chosen)


def step(status: CertificateStatus, day: date, key: int = 1) -> CertificateStep:
    return CertificateStep(
        id=key, certificate_id=1, status=status, effective_on=day, recorded_at=None
    )


def code(then: CodeStatus | None = CodeStatus.ACTIVE, market: str = "VNM") -> CodeFacts:
    return CodeFacts("15-PUC-1", market, CodeScheme.ND38_2026, HARVEST, then, CodeStatus.ACTIVE)


def spray(ago: int, interval: int | None = 7, **other: Any) -> Use:
    """A permitted pesticide, used so many days before the harvest."""
    chosen: dict[str, Any] = {
        "on": HARVEST - days(ago),
        "product": "Thuốc A",
        "pesticide": True,
        "interval_days": interval,
        "verdict": VerdictKind.PERMITTED,
        "reason": say("It is registered."),
        "organic": None,
        **other,
    }
    return Use(**chosen)


def manure(ago: int, **other: Any) -> Use:
    return spray(ago, None, pesticide=False, product="Phân chuồng", **{"organic": True, **other})


def diary(*uses: Use, entries: int = 5, land: tuple[Use, ...] = ()) -> DiaryFacts:
    return DiaryFacts(entries, uses, land)


def weighed(upto: int, total: int | None = None, limit: int = 100, **other: Any) -> Weighed:
    """Kilograms against a limit of 100."""
    return Weighed(
        limit=Grams(limit * 1000),
        upto=Grams(upto * 1000),
        total=Grams((upto if total is None else total) * 1000),
        since=date(2026, 8, 1),
        thresholds=other.get("thresholds", LIMITS),
    )


def season(
    key: int = 1, starts: date = date(2026, 8, 1), first: int = 60, last: int = 90
) -> Season:
    return Season(
        id=key,
        starts_on=starts,
        harvest_from=starts + days(first),
        last=starts + days(last),
        output=Grams(100_000),
        sown=SquareMetres(1_000),
    )


def evidence(*certificates: CertificateFacts, **other: Any) -> Evidence:
    grower = other.pop("grower", None)
    chosen: dict[str, Any] = {
        "lot": Lot(CROP, "Bắp cải", AREA, "Đồi Sân Chùa", grower, HARVEST),
        "codes": [code()],
        "certificates": certificates,
        "parts": [part(grower_id=grower)],
        "diary": diary(),
        **other,
    }
    return Evidence(**chosen)


def part(kilograms: int = 100, **other: Any) -> PartFacts:
    return PartFacts(quantity=Grams(kilograms * 1000), **other)


def decided(found: Evidence, terms: Terms = TERMS, today: date = TODAY) -> dict[str, Claim]:
    return {claim.kind: claim for claim in claims_for(found, terms=terms, today=today)}


def granted(found: Evidence, **other: Any) -> dict[str, bool]:
    return {kind: claim.granted for kind, claim in decided(found, **other).items()}
