"""What the law of a day says about areas and their codes: schemes, tokens, sizes. Dated rules."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.catalogue.rules import Severity, severity
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.kit.workdays import due_day
from app.models.catalogue import Confidence, Crop
from app.models.dossiers import Finding, SiteCheck
from app.models.registry import CodeApplication, CodeScheme, PlantingArea
from app.registry.area_queries import crops_of
from app.registry.codes import default_token
from app.registry.markets import HOME_MARKET
from app.registry.rules import warnings_of_boundary

# Issued elsewhere and entered as they stand; the other schemes are issued here.
TYPED_SCHEMES = frozenset({CodeScheme.EXTERNAL, CodeScheme.TCCS774_2020})

SCHEME_RULE = "code_scheme.{scheme}"
SUFFIX_RULE = "planting_area.home_market"
TOKENS_RULE = "planting_area.crop_tokens"
MINIMUM_RULE = "planting_area.minimum_m2.{kind}"
DAYS_RULE = "planting_area.decision_days.{kind}"
CHECKED_MARKETS_RULE = "planting_area.site_check_markets"
DIFFERENCE_RULE = "planting_area.declared_difference_percent"
_TOKEN = re.compile(r"[A-Z0-9]{2,20}")
_MARKET = re.compile(r"[A-Z]{3}")
_SURE = frozenset({Confidence.VERIFIED, Confidence.SECONDARY})


@dataclass(frozen=True)
class Concern:
    """Something an officer should see before deciding: it refuses, or only warns."""

    severity: Severity
    why: Message


def schemes_on(session: Session, day: date) -> list[CodeScheme]:
    """The schemes under which a code can be given on a day."""
    return [scheme for scheme in CodeScheme if scheme_in_force(session, scheme, day)]


def scheme_in_force(session: Session, scheme: CodeScheme, day: date) -> bool:
    """Whether a code of a scheme can be given on a day: issued here, or entered as it stands."""
    rule = rule_on(session, SCHEME_RULE.format(scheme=scheme.value), day)
    if rule is None:
        return False
    return scheme in TYPED_SCHEMES or bool(value_of(rule)["issuable"])


def due_on(session: Session, market: str, asked_on: date) -> date | None:
    """The last day on which an application should be decided, in working days of its day's rule."""
    kind = "home" if market == HOME_MARKET else "export"
    rule = rule_on(session, DAYS_RULE.format(kind=kind), asked_on)
    return None if rule is None else due_day(asked_on, int(value_of(rule)))


def market_token(session: Session, market: str, day: date) -> str:
    """How an ND38_2026 code names a market: the home market as the dated rule says, others as ISO 3166-1."""
    rule = rule_on(session, SUFFIX_RULE, day) if market == HOME_MARKET else None
    token = str(value_of(rule)) if rule else market
    return token if _MARKET.fullmatch(token) else market


def crop_token(session: Session, crop: Crop, day: date) -> str:
    """How an ND38_2026 code names a crop: as the dated list of (slug, token) says, else from its slug."""
    rule = rule_on(session, TOKENS_RULE, day)
    listed = dict(value_of(rule)) if rule else {}
    token = str(listed.get(crop.slug, ""))
    return token if _TOKEN.fullmatch(token) else default_token(crop.slug)


def warnings_about(session: Session, area: PlantingArea, day: date) -> list[Message]:
    """What deserves a second look at an area, its boundary above all, without being refused."""
    rule = rule_on(session, DIFFERENCE_RULE, day)
    return warnings_of_boundary(area, percent=int(value_of(rule)) if rule else None)


def concerns_about(
    session: Session, area: PlantingArea, market: str, *, day: date
) -> list[Concern]:
    """What speaks against giving an area a code for a market on a day."""
    return [
        *_smallness(session, area, day),
        *_unsure_suffix(session, market, day),
        *_unchecked(session, area, market, day),
    ]


def _smallness(session: Session, area: PlantingArea, day: date) -> list[Concern]:
    perennials = [crop for crop in crops_of(session, area) if crop.perennial]
    kind = "perennial" if perennials else "annual"
    rule = rule_on(session, MINIMUM_RULE.format(kind=kind), day)
    if rule is None or area.area_m2 >= int(value_of(rule)):
        return []
    # That a crop is perennial may be less sure than the rule: the weaker of the two decides.
    sure = all(crop.perennial_confidence in _SURE for crop in perennials)
    weight = severity(rule.confidence, enforced=rule.enforced) if sure else Severity.WARN
    why = say(
        "{area} is less than the {minimum} that a code needs ({law}).",
        area=SquareMetres(area.area_m2),
        minimum=SquareMetres(int(value_of(rule))),
        law=rule.legal_ref,
    )
    return [Concern(weight, why)]


def _unchecked(session: Session, area: PlantingArea, market: str, day: date) -> list[Concern]:
    rule = rule_on(session, CHECKED_MARKETS_RULE, day)
    if rule is None or market not in value_of(rule) or _found_fit(session, area, market):
        return []
    why = say(
        "This market asks for a site check, and none found the area fit ({law}).",
        law=rule.legal_ref,
    )
    return [Concern(severity(rule.confidence, enforced=rule.enforced), why)]


def _found_fit(session: Session, area: PlantingArea, market: str) -> bool:
    wanted = (
        select(col(SiteCheck.id))
        .join(CodeApplication, col(CodeApplication.id) == col(SiteCheck.application_id))
        .where(
            col(CodeApplication.area_id) == area.pk,
            col(CodeApplication.market) == market,
            col(SiteCheck.finding) == Finding.FIT,
        )
    )
    return session.execute(wanted.limit(1)).first() is not None


def _unsure_suffix(session: Session, market: str, day: date) -> list[Concern]:
    rule = rule_on(session, SUFFIX_RULE, day)
    if market != HOME_MARKET or rule is None or rule.confidence in _SURE:
        return []
    why = say(
        "What a code for the home market ends with is not certain; {suffix} is used.",
        suffix=market_token(session, market, day),
    )
    return [Concern(Severity.WARN, why)]
