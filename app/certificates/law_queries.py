"""What the dated rules of law say of a certificate issued on a day, ready for the pure checks."""

from datetime import date

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of
from app.catalogue.rules import Severity, severity
from app.certificates.conversion import Periods
from app.certificates.plausibility import Extension, MostOutput, Stars
from app.certificates.validity import Grades, Limit
from app.models.catalogue import LegalRule, Standard, StandardKind

# A small producer's pledge is of the same kind as a facility's certificate, with its own terms.
PLEDGE = "FOOD_SAFETY_PLEDGE"
MOST_OUTPUT = "certificate.most_output_kg_per_m2_year"
STARS = "certificate.ocop.stars"
LEAST_STARS = "certificate.ocop.least_stars"
ANNUAL = "organic.conversion_months.annual"
PERENNIAL = "organic.conversion_months.perennial"


def weight_of(rule: LegalRule) -> Severity:
    """Whether breaking a rule refuses or only warns."""
    return severity(rule.confidence, rule.enforced)


def pattern_of(session: Session, kind: StandardKind, day: date) -> tuple[str | None, Severity]:
    """What a number of a kind looks like, and how grave it is when it does not."""
    rule = rule_on(session, f"certificate.{kind.value}.number_pattern", day)
    return (None, Severity.WARN) if rule is None else (str(value_of(rule)), weight_of(rule))


def limit_of(session: Session, standard: Standard, day: date) -> Limit | None:
    """How long a certificate may run, its extension included."""
    term = "pledge" if standard.code == PLEDGE else "validity"
    longest = rule_on(session, f"certificate.{standard.kind.value}.{term}_months", day)
    if longest is None:
        return None
    extension = extension_of(session, standard.kind, day)
    more = 0 if extension is None else extension.months
    return Limit(int(value_of(longest)) + more, longest.legal_ref, weight_of(longest))


def extension_of(session: Session, kind: StandardKind, day: date) -> Extension | None:
    """By how much a certificate issued on a day may be extended."""
    rule = rule_on(session, f"certificate.{kind.value}.extension_months", day)
    if rule is None:
        return None
    return Extension(int(value_of(rule)), rule.legal_ref, weight_of(rule))


def renewal_months(session: Session, standard: Standard, day: date) -> int | None:
    """How long before its end a certificate should be renewed; None where no rule says."""
    term = "pledge_renewal" if standard.code == PLEDGE else "renewal"
    rule = rule_on(session, f"certificate.{standard.kind.value}.{term}_months", day)
    return None if rule is None else int(value_of(rule))


def grades_of(session: Session, standard: Standard, day: date) -> Grades | None:
    """The grades of food-safety facilities; a pledge has none."""
    if standard.kind is not StandardKind.FOOD_SAFETY:
        return None
    rule = rule_on(session, "food_safety.grades", day)
    if rule is None:
        return None
    scale = value_of(rule)
    return Grades(scale["grades"], scale["passing"], rule.legal_ref, weight_of(rule))


def stars_of(session: Session, kind: StandardKind, day: date) -> Stars | None:
    """The stars of OCOP and their points."""
    if kind is not StandardKind.OCOP:
        return None
    scale, least = rule_on(session, STARS, day), rule_on(session, LEAST_STARS, day)
    if scale is None or least is None:
        return None
    return Stars(value_of(scale), int(value_of(least)), scale.legal_ref, weight_of(scale))


def most_output(session: Session, day: date) -> MostOutput | None:
    """The most a square metre gives in a year."""
    rule = rule_on(session, MOST_OUTPUT, day)
    if rule is None:
        return None
    return MostOutput(int(value_of(rule)), rule.legal_ref, weight_of(rule))


def conversion_periods(session: Session, day: date) -> Periods | None:
    """How long land converts to organic by the rules of a day; None while there are none."""
    annual, perennial = rule_on(session, ANNUAL, day), rule_on(session, PERENNIAL, day)
    if annual is None or perennial is None:
        return None
    return Periods(int(value_of(annual)), int(value_of(perennial)), annual.legal_ref)
