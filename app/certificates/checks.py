"""Holds a certificate against the law of the day it was issued: what refuses, what only warns."""

from typing import Protocol

from sqlmodel import Session

from app.catalogue.rules import Severity
from app.certificates.body_queries import registered_periods
from app.certificates.conversion import conversion_over
from app.certificates.history_queries import extensions_of
from app.certificates.law_queries import (
    conversion_periods,
    extension_of,
    grades_of,
    limit_of,
    most_output,
    pattern_of,
    stars_of,
)
from app.certificates.plausibility import (
    findings_of_area,
    findings_of_body,
    findings_of_conversion,
    findings_of_extension,
    findings_of_output,
    findings_of_stars,
)
from app.certificates.queries import certificates_of, land_of
from app.certificates.validity import (
    Finding,
    Written,
    findings_of_days,
    findings_of_edition,
    findings_of_grade,
    findings_of_number,
    overlaps,
)
from app.kit.messages import say
from app.models.catalogue import Standard
from app.models.certificates import Certificate


class Sized(Protocol):
    """How much a certificate covers, as it says itself."""

    @property
    def area_m2(self) -> int | None: ...
    @property
    def expected_output_g(self) -> int | None: ...


class Paper(Written, Protocol):
    """Everything on a certificate that the law of its day has something to say about."""

    @property
    def points(self) -> int | None: ...


def findings(session: Session, standard: Standard, paper: Paper) -> list[Finding]:
    """Everything that stands against what is written on a certificate, gravest or not."""
    day = paper.issued_on
    pattern, weight = pattern_of(session, standard.kind, day)
    return [
        *findings_of_number(standard.kind, paper.number, pattern=pattern, severity=weight),
        *findings_of_days(paper, limit=limit_of(session, standard, day)),
        *findings_of_edition(
            paper, edition=standard.edition, begins=standard.valid_from, ends=standard.valid_to
        ),
        *findings_of_grade(paper.grade, grades_of(session, standard, day)),
        *findings_of_stars(paper.grade, paper.points, stars_of(session, standard.kind, day)),
    ]


def findings_of_size(session: Session, paper: Paper, size: Sized, land_m2: int) -> list[Finding]:
    """What stands against the land and the output that a certificate lists."""
    most = most_output(session, paper.issued_on)
    return [
        *findings_of_area(size.area_m2, land_m2),
        *findings_of_output(size.expected_output_g, size.area_m2 or land_m2, most),
    ]


def warnings_about(session: Session, certificate: Certificate) -> list[Finding]:
    """What deserves a second look at a certificate that is recorded, overlaps included."""
    standard = session.get_one(Standard, certificate.standard_id)
    odd = [
        *findings(session, standard, certificate),
        *findings_of_size(session, certificate, certificate, land_of(session, certificate)),
        *_of_body(session, certificate),
        *_of_conversion(session, certificate),
        *_of_extension(session, standard, certificate),
    ]
    warnings = [finding for finding in odd if finding.severity is Severity.WARN]
    return [*warnings, *_overlaps(session, certificate)]


def _of_body(session: Session, certificate: Certificate) -> list[Finding]:
    if certificate.body_id is None:
        return []
    periods = registered_periods(session, certificate.body_id)
    return findings_of_body(certificate.issued_on, periods)


def _of_conversion(session: Session, certificate: Certificate) -> list[Finding]:
    began = certificate.conversion_from
    periods = conversion_periods(session, certificate.issued_on)
    if began is None or periods is None:
        return []
    return findings_of_conversion(
        in_conversion=certificate.in_conversion,
        valid_from=certificate.valid_from,
        over=conversion_over(began, perennial=False, periods=periods),
    )


def _of_extension(session: Session, standard: Standard, certificate: Certificate) -> list[Finding]:
    made = extensions_of(session, certificate)
    if not made:
        return []
    rule = extension_of(session, standard.kind, certificate.issued_on)
    return findings_of_extension(made[0].was_valid_to, certificate.valid_to, rule)


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
