"""A certificate as somebody copies it: tidied, held against the law, the holder and the register."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.accounts.caller import Caller
from app.catalogue.queries import standard_by_code
from app.catalogue.rules import Severity
from app.certificates.checks import findings, findings_of_size
from app.certificates.scope import Body, Goods, Named, body_for, goods_for, refuse_if
from app.certificates.validity import Finding, tidy_number
from app.errors import FieldError, NotFound, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean, fold
from app.models.catalogue import Standard, StandardKind
from app.models.certificates import Certificate
from app.models.registry import Organisation, OrganisationKind

HOLDERS = frozenset(
    {
        OrganisationKind.COOPERATIVE,
        OrganisationKind.GROUP,
        OrganisationKind.ENTERPRISE,
        OrganisationKind.HOUSEHOLD,
    }
)
MOST_POINTS = 100
# What an eight-byte column holds, and far more than a province grows.
MOST_GRAMS = 10**15
MOST_M2 = 10**9


@dataclass(frozen=True)
class CertificateDetails:
    """What stands on a certificate. No members means every member of the holder.

    `body` is the id of a registered certification body; without it `body_name` is typed. A
    certifier's own body takes the place of both. `predecessor`: the certificate it replaces.
    `evidence`: what an inspector saw.
    """

    standard: str
    number: str
    issued_on: date
    valid_from: date
    valid_to: date
    crops: tuple[str, ...] = ()
    areas: tuple[UUID, ...] = ()
    members: tuple[UUID, ...] = ()
    body: UUID | None = None
    body_name: str = ""
    body_code: str = ""
    in_conversion: bool = False
    conversion_from: date | None = None
    grade: str = ""
    points: int | None = None
    area_m2: int | None = None
    expected_output_g: int | None = None
    predecessor: UUID | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Draft:
    """The same, checked: everything it names exists and is the holder's."""

    holder: Organisation
    standard: Standard
    paper: CertificateDetails
    goods: Goods
    body: Body


def drafted(
    session: Session,
    *,
    holder: Organisation,
    details: CertificateDetails,
    caller: Caller,
    now: datetime,
) -> Draft:
    """Refuses what cannot be, and what the text of an act forbids; what is only odd passes."""
    standard = _standard(session, details.standard)
    paper = _tidied(standard, details)
    _require_holder(holder)
    refuse_if(_faults(session, standard, paper, today=day_of(now)))
    goods = goods_for(
        session,
        holder=holder,
        kind=standard.kind,
        named=Named(paper.crops, paper.areas, paper.members),
    )
    land = sum(area.area_m2 for area in goods.areas)
    refuse_if(_refusing(findings_of_size(session, paper, paper, land)))
    body = body_for(session, caller, body=paper.body, body_name=paper.body_name)
    return Draft(holder, standard, paper, goods, body)


def columns_of(draft: Draft) -> dict[str, Any]:
    """What of a draft goes into the certificate's own row."""
    paper, body = draft.paper, draft.body
    return {
        "organisation_id": draft.holder.pk,
        "standard_id": draft.standard.pk,
        "number": paper.number,
        "number_key": fold(paper.number)[:80],
        "body_id": body.id,
        "body_name": body.name,
        "body_code": paper.body_code,
        "issued_on": paper.issued_on,
        "valid_from": paper.valid_from,
        "valid_to": paper.valid_to,
        "in_conversion": paper.in_conversion,
        "conversion_from": paper.conversion_from,
        "grade": paper.grade,
        "points": paper.points,
        "area_m2": paper.area_m2,
        "expected_output_g": paper.expected_output_g,
    }


def facts_of(certificate: Certificate, draft: Draft) -> dict[str, object]:
    """What the ledger keeps of a certificate as it was written down."""
    facts: dict[str, object] = {
        "standard": draft.standard.code,
        "body": certificate.body_name,
        "crops": [crop.slug for crop in draft.goods.crops],
        "areas": [area.uid for area in draft.goods.areas],
        "members": [grower.uid for grower in draft.goods.members],
    }
    names = ("number", "issued_on", "valid_from", "valid_to", "in_conversion", "conversion_from")
    sizes = ("grade", "points", "area_m2", "expected_output_g", "confirmation")
    return facts | {name: getattr(certificate, name) for name in (*names, *sizes)}


def _standard(session: Session, code: str) -> Standard:
    try:
        return standard_by_code(session, code)
    except NotFound as unknown:
        raise refuse("standard", unknown.why) from None


def _tidied(standard: Standard, details: CertificateDetails) -> CertificateDetails:
    number = clean(tidy_number(standard.kind, details.number), longest=80)
    if not fold(number):
        raise refuse("number", say("This is required."))
    return replace(
        details,
        number=number,
        body_name=clean(details.body_name, longest=160),
        body_code=clean(details.body_code, longest=40),
        grade=clean(details.grade, longest=20),
        evidence=clean(details.evidence, longest=500, multiline=True),
    )


def _require_holder(holder: Organisation) -> None:
    if holder.kind not in HOLDERS:
        raise refuse("holder", say("Only those who grow or pack hold a certificate."))


def _faults(
    session: Session, standard: Standard, paper: CertificateDetails, *, today: date
) -> list[FieldError]:
    return [
        *_refusing(findings(session, standard, paper)),
        *_of_days(paper, today),
        *_of_conversion(standard, paper),
        *_of_amounts(standard, paper),
    ]


def _refusing(found: list[Finding]) -> list[FieldError]:
    return [
        FieldError(finding.field, finding.why)
        for finding in found
        if finding.severity is Severity.REFUSE
    ]


def _of_days(paper: CertificateDetails, today: date) -> list[FieldError]:
    if paper.issued_on <= today:
        return []
    return [FieldError("issued_on", say("The day {day} is in the future.", day=paper.issued_on))]


def _of_conversion(standard: Standard, paper: CertificateDetails) -> list[FieldError]:
    if standard.kind is not StandardKind.ORGANIC:
        why = say("Only organic production has a time of conversion.")
        wrong = {
            "in_conversion": paper.in_conversion,
            "conversion_from": paper.conversion_from is not None,
        }
        return [FieldError(field, why) for field, given in wrong.items() if given]
    if paper.conversion_from is not None and paper.conversion_from > paper.valid_to:
        why = say("Conversion cannot begin after the certificate ran out.")
        return [FieldError("conversion_from", why)]
    return []


def _of_amounts(standard: Standard, paper: CertificateDetails) -> list[FieldError]:
    faults = []
    for field, amount, most in (
        ("area_m2", paper.area_m2, MOST_M2),
        ("expected_output_g", paper.expected_output_g, MOST_GRAMS),
    ):
        if amount is not None and not 0 < amount <= most:
            faults.append(FieldError(field, say("This amount cannot be right.")))
    if paper.points is None:
        return faults
    if standard.kind is not StandardKind.OCOP:
        faults.append(FieldError("points", say("Only OCOP products are given points.")))
    elif not 0 <= paper.points <= MOST_POINTS:
        faults.append(FieldError("points", say("Points go from 0 to 100.")))
    return faults
