"""Holds a certificate against the law of the day it was issued: what refuses, what only warns."""

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of
from app.catalogue.rules import Severity, severity
from app.certificates.queries import certificates_of
from app.certificates.validity import (
    Finding,
    Grades,
    Limit,
    Written,
    findings_of_days,
    findings_of_edition,
    findings_of_grade,
    findings_of_number,
    overlaps,
)
from app.kit.messages import say
from app.models.catalogue import LegalRule, Standard, StandardKind
from app.models.certificates import Certificate

# A small producer's pledge is of the same kind as a facility's certificate, with its own term.
PLEDGE = "FOOD_SAFETY_PLEDGE"


def findings(session: Session, standard: Standard, paper: Written) -> list[Finding]:
    """Everything that stands against what is written on a certificate, gravest or not."""
    pattern = rule_on(session, f"certificate.{standard.kind.value}.number_pattern", paper.issued_on)
    return [
        *findings_of_number(
            standard.kind,
            paper.number,
            pattern=None if pattern is None else str(value_of(pattern)),
            severity=Severity.WARN if pattern is None else _weight(pattern),
        ),
        *findings_of_days(paper, limit=_limit(session, standard, paper)),
        *findings_of_edition(
            paper, edition=standard.edition, begins=standard.valid_from, ends=standard.valid_to
        ),
        *findings_of_grade(paper.grade, _grades(session, standard, paper)),
    ]


def warnings_about(session: Session, certificate: Certificate) -> list[Finding]:
    """What deserves a second look at a certificate that is recorded, overlaps included."""
    standard = session.get_one(Standard, certificate.standard_id)
    odd = [
        finding
        for finding in findings(session, standard, certificate)
        if finding.severity is Severity.WARN
    ]
    return [*odd, *_overlaps(session, certificate)]


def _overlaps(session: Session, certificate: Certificate) -> list[Finding]:
    held = {facts.id: facts for facts in certificates_of(session, certificate.organisation_id)}
    mine = held[certificate.pk]
    return [
        Finding(
            "valid_from",
            say(
                "Certificate {number} covers the same from {first} to {last}.",
                number=other.number,
                first=max(mine.valid_from, other.valid_from),
                last=min(mine.valid_to, other.valid_to),
            ),
            Severity.WARN,
        )
        for other in held.values()
        if overlaps(mine, other)
    ]


def _limit(session: Session, standard: Standard, paper: Written) -> Limit | None:
    kind = standard.kind.value
    term = "pledge" if standard.code == PLEDGE else "validity"
    longest = rule_on(session, f"certificate.{kind}.{term}_months", paper.issued_on)
    if longest is None:
        return None
    extension = rule_on(session, f"certificate.{kind}.extension_months", paper.issued_on)
    more = 0 if extension is None else int(value_of(extension))
    return Limit(int(value_of(longest)) + more, longest.legal_ref, _weight(longest))


def _grades(session: Session, standard: Standard, paper: Written) -> Grades | None:
    if standard.kind is not StandardKind.FOOD_SAFETY:
        return None
    rule = rule_on(session, "food_safety.grades", paper.issued_on)
    if rule is None:
        return None
    scale = value_of(rule)
    return Grades(scale["grades"], scale["passing"], rule.legal_ref, _weight(rule))


def _weight(rule: LegalRule) -> Severity:
    return severity(rule.confidence, rule.enforced)
