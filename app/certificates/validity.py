"""What is wrong, or only odd, about what stands on a certificate: number, days, grade. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from dateutil.relativedelta import relativedelta
from stdnum import ean

from app.catalogue.rules import Severity
from app.certificates.rules import FACILITY_KINDS, PRODUCT_KINDS, CertificateFacts, status_on
from app.kit.messages import Message, say
from app.models.catalogue import StandardKind
from app.models.certificates import CertificateStatus

GGN_DIGITS = 13
# A slip of the year, not law: VietGAP is of 2008, and nobody certifies for a lifetime.
YEARS = range(1990, 2100)
MOST_MONTHS = 1200


class Written(Protocol):
    """What stands on the paper, whether it is recorded already or about to be."""

    @property
    def number(self) -> str: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date: ...
    @property
    def grade(self) -> str: ...


@dataclass(frozen=True)
class Finding:
    """Something about one field: reason to refuse the certificate, or only to look again."""

    field: str
    why: Message
    severity: Severity


@dataclass(frozen=True)
class Limit:
    """How long a certificate may run by one row of law, its extension included."""

    months: int
    law: str
    severity: Severity


@dataclass(frozen=True)
class Grades:
    """The grades of the day, and which of them pass."""

    known: Collection[str]
    passing: Collection[str]
    law: str
    severity: Severity


def tidy_number(kind: StandardKind, number: str) -> str:
    """A number as it is kept: a GGN without the spaces and hyphens people put in."""
    return str(ean.compact(number)) if kind is StandardKind.GLOBALGAP else number


def is_ggn(number: str) -> bool:
    """Thirteen digits of which the last is the GS1 mod-10 check digit, as in a GLN."""
    return len(number) == GGN_DIGITS and bool(ean.is_valid(number))


def findings_of_number(
    kind: StandardKind, number: str, *, pattern: str | None, severity: Severity
) -> list[Finding]:
    """A GGN that cannot be one refuses; a number unlike its pattern is as grave as the law row."""
    if kind is StandardKind.GLOBALGAP:
        if is_ggn(number):
            return []
        why = say("A GGN has 13 digits, the last of them a check digit. This one does not add up.")
        return [Finding("number", why, Severity.REFUSE)]
    if pattern is None or _fits(pattern, number):
        return []
    why = say("The number does not look like {example}.", example=_example(pattern))
    return [Finding("number", why, severity)]


def findings_of_days(paper: Written, *, limit: Limit | None) -> list[Finding]:
    """Days in the wrong order refuse; longer than the law allows is as grave as the law row.

    The last day may bear the same number as the first, or be the one before: bodies write both
    "15/03/2024 - 14/03/2026" and "15/03/2024 - 15/03/2026" for two years.
    """
    slips = [
        Finding(field, say("Check the year {year}.", year=str(day.year)), Severity.REFUSE)
        for field, day in _days(paper)
        if day.year not in YEARS
    ]
    if slips:
        return slips
    return _of_order(paper) or _of_length(paper, limit)


def findings_of_edition(
    paper: Written, *, edition: str, begins: date, ends: date | None
) -> list[Finding]:
    """A certificate issued before its edition began, or after it was replaced, is odd."""
    if begins <= paper.issued_on <= (ends or date.max):
        return []
    why = say("{edition} was not in force on {day}.", edition=edition, day=paper.issued_on)
    return [Finding("standard", why, Severity.WARN)]


def findings_of_grade(grade: str, grades: Grades | None) -> list[Finding]:
    """A grade that nobody gives, or that does not pass."""
    if not grade or grades is None:
        return []
    if grade not in grades.known:
        known = ", ".join(map(str, grades.known))
        why = say("The grades are {known} ({law}).", known=known, law=grades.law)
        return [Finding("grade", why, grades.severity)]
    if grade not in grades.passing:
        why = say(
            "A facility of grade {grade} has not passed ({law}).", grade=grade, law=grades.law
        )
        return [Finding("grade", why, grades.severity)]
    return []


def overlaps(one: CertificateFacts, other: CertificateFacts) -> bool:
    """Whether two certificates of one holder say the same of the same goods on the same day."""
    return (
        one.id != other.id
        and one.kind == other.kind
        and not (_is_over(one) or _is_over(other))
        and max(one.valid_from, other.valid_from) <= min(one.valid_to, other.valid_to)
        and _same_goods(one, other)
    )


def _is_over(certificate: CertificateFacts) -> bool:
    """Withdrawn or replaced, whatever its last day: it makes way for another."""
    return status_on(certificate.steps, date.max) in _OVER


_OVER = frozenset({CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED})


def _same_goods(one: CertificateFacts, other: CertificateFacts) -> bool:
    if one.kind in FACILITY_KINDS:
        return True
    same_crop = bool(one.crops & other.crops)
    return same_crop and (one.kind in PRODUCT_KINDS or bool(one.areas & other.areas))


def _days(paper: Written) -> tuple[tuple[str, date], ...]:
    return (
        ("issued_on", paper.issued_on),
        ("valid_from", paper.valid_from),
        ("valid_to", paper.valid_to),
    )


def _of_order(paper: Written) -> list[Finding]:
    if paper.valid_to < paper.valid_from:
        why = say("The last day lies before the first.")
        return [Finding("valid_to", why, Severity.REFUSE)]
    if paper.issued_on > paper.valid_to:
        why = say("It cannot be issued after it ran out.")
        return [Finding("issued_on", why, Severity.REFUSE)]
    return []


def _of_length(paper: Written, limit: Limit | None) -> list[Finding]:
    if limit is None:
        return []
    last = paper.valid_from + relativedelta(months=min(limit.months, MOST_MONTHS))
    if paper.valid_to <= last:
        return []
    why = say(
        "Such a certificate is valid for at most {months} months ({law}).",
        months=limit.months,
        law=limit.law,
    )
    return [Finding("valid_to", why, limit.severity)]


def _fits(pattern: str, number: str) -> bool:
    try:
        return re.fullmatch(pattern, number, re.ASCII) is not None
    except re.error:  # an administrator's slip must not stop anybody's work
        return True


def _example(pattern: str) -> str:
    r"""A pattern of fixed text and counted digits as people read it: `TT-\d{2}` gives `TT-00`."""
    return re.sub(r"\\d\{(\d{1,2})\}", lambda run: "0" * int(run[1]), pattern).strip("^$")
