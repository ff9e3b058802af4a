"""Recording certificates, and what befalls them: suspension, restoration, withdrawal."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.catalogue.queries import standard_by_code
from app.catalogue.rules import Severity
from app.certificates import rules
from app.certificates.checks import findings
from app.certificates.queries import steps_of
from app.certificates.scope import Body, Goods, Named, body_for, goods_for, keep_goods, refuse_if
from app.certificates.validity import tidy_number
from app.errors import Conflict, FieldError, NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean, fold
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.accounts import Role
from app.models.catalogue import Standard, StandardKind
from app.models.certificates import (
    Certificate,
    CertificateStatus,
    CertificateStep,
    Confirmation,
)
from app.models.registry import Organisation, OrganisationKind

SHORTEST_REASON = 5

_STRENGTH = {
    Role.CERTIFIER: Confirmation.BODY,
    Role.INSPECTOR: Confirmation.INSPECTOR,
}
_HOLDERS = frozenset(
    {OrganisationKind.COOPERATIVE, OrganisationKind.GROUP, OrganisationKind.ENTERPRISE}
)


@dataclass(frozen=True)
class CertificateDetails:
    """What stands on a certificate. No members means every member of the holder.

    `body` is the id of a registered certification body; without it `body_name` is typed. A
    certifier's own body takes the place of both.
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
    grade: str = ""


@dataclass(frozen=True)
class Change:
    """A change of status: to what, from which day, why."""

    status: CertificateStatus
    effective_on: date
    reason: str


def record_certificate(
    session: Session,
    *,
    holder: Organisation,
    details: CertificateDetails,
    caller: Caller,
    now: datetime,
) -> Certificate:
    """Write a certificate down. Who records it decides how strongly it is vouched for.

    Refuses what cannot be, and what the text of an act forbids; what is only odd is kept and
    told by `checks.warnings_about`. Raises Conflict for a certificate that is recorded already.
    """
    standard = _standard(session, details.standard)
    paper = _tidied(standard, details)
    _require_holder(holder)
    _require_plausible(session, standard, paper, today=day_of(now))
    goods = goods_for(
        session,
        holder=holder,
        kind=standard.kind,
        named=Named(paper.crops, paper.areas, paper.members),
    )
    body = body_for(session, caller, body=paper.body, body_name=paper.body_name)
    _require_new(session, standard, paper)
    certificate = Certificate(
        **_written(holder, standard, paper, body),
        confirmation=_STRENGTH.get(caller.role, Confirmation.SELF_DECLARED),
        created_at=now,
    )
    session.add(certificate)
    session.flush()  # the certificate's id, for its scope
    keep_goods(session, certificate, goods)
    record(
        session,
        kind="certificate.recorded",
        subject=str(certificate.uid),
        by=caller.actor,
        now=now,
        organisation=holder.uid,
        facts=_facts(certificate, standard, goods),
    )
    return certificate


def _written(
    holder: Organisation, standard: Standard, paper: CertificateDetails, body: Body
) -> dict[str, Any]:
    return {
        "organisation_id": holder.pk,
        "standard_id": standard.pk,
        "number": paper.number,
        "number_key": fold(paper.number)[:80],
        "body_id": body.id,
        "body_name": body.name,
        "body_code": paper.body_code,
        "issued_on": paper.issued_on,
        "valid_from": paper.valid_from,
        "valid_to": paper.valid_to,
        "in_conversion": paper.in_conversion,
        "grade": paper.grade,
    }


def change_status(
    session: Session, *, certificate: Certificate, change: Change, by: Actor, now: datetime
) -> Certificate:
    """Suspend, restore or withdraw a certificate from a day on, never before an earlier change."""
    reason = clean(change.reason, longest=500, multiline=True)
    if len(reason) < SHORTEST_REASON:
        raise refuse("reason", say("Say why, in a few words."))
    if not rules.may_become(certificate.status, change.status):
        raise Refused(
            say(
                "A certificate that is {status} cannot be changed like this.",
                status=STATUS_WORDS[certificate.status],
            )
        )
    _require_day(session, certificate, change.effective_on, today=day_of(now))
    certificate.status = change.status
    session.flush()  # a lost race must fail before the ledger is touched
    session.add(
        CertificateStep(
            certificate_id=certificate.pk,
            status=change.status,
            effective_on=change.effective_on,
            reason=reason,
            recorded_at=now,
        )
    )
    holder = session.get_one(Organisation, certificate.organisation_id)
    record(
        session,
        kind=f"certificate.{_VERBS[change.status]}",
        subject=str(certificate.uid),
        by=by,
        now=now,
        organisation=holder.uid,
        facts={"effective_on": change.effective_on, "reason": reason},
    )
    return certificate


STATUS_WORDS = {
    CertificateStatus.ACTIVE: say("in force"),
    CertificateStatus.SUSPENDED: say("suspended"),
    CertificateStatus.WITHDRAWN: say("withdrawn"),
    CertificateStatus.REPLACED: say("replaced"),
}
_VERBS = {
    CertificateStatus.ACTIVE: "restored",
    CertificateStatus.SUSPENDED: "suspended",
    CertificateStatus.WITHDRAWN: "withdrawn",
    CertificateStatus.REPLACED: "replaced",
}


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
    )


def _require_holder(holder: Organisation) -> None:
    if holder.kind not in _HOLDERS:
        why = say("Only a cooperative, a group or an enterprise holds a certificate.")
        raise refuse("holder", why)


def _require_plausible(
    session: Session, standard: Standard, paper: CertificateDetails, *, today: date
) -> None:
    faults = [
        FieldError(finding.field, finding.why)
        for finding in findings(session, standard, paper)
        if finding.severity is Severity.REFUSE
    ]
    if paper.issued_on > today:
        why = say("The day {day} is in the future.", day=paper.issued_on)
        faults.append(FieldError("issued_on", why))
    if paper.in_conversion and standard.kind is not StandardKind.ORGANIC:
        why = say("Only organic production has a time of conversion.")
        faults.append(FieldError("in_conversion", why))
    refuse_if(faults)


def _require_new(session: Session, standard: Standard, paper: CertificateDetails) -> None:
    """One number of one standard stands once at a time; a GGN comes again when it is renewed."""
    taken = session.execute(
        select(col(Certificate.id))
        .where(
            col(Certificate.standard_id) == standard.pk,
            col(Certificate.number) == paper.number,
            col(Certificate.valid_from) <= paper.valid_to,
            col(Certificate.valid_to) >= paper.valid_from,
        )
        .limit(1)
    ).first()
    if taken:
        why = say("Certificate {number} is recorded already.", number=paper.number)
        raise Conflict(why, FieldError("number", why))


def _require_day(session: Session, certificate: Certificate, day: date, *, today: date) -> None:
    if day > today:
        raise refuse("effective_on", say("The day {day} is in the future.", day=day))
    if day < certificate.valid_from:
        raise refuse("effective_on", say("The certificate was not valid yet on that day."))
    steps = steps_of(session, [certificate.pk])[certificate.pk]
    if steps and day < steps[-1].effective_on:
        # Else the status of today would be another than the one of the last step.
        last = steps[-1].effective_on
        why = say(
            "An earlier change took effect on {day}. Choose that day or a later one.", day=last
        )
        raise refuse("effective_on", why)


def _facts(certificate: Certificate, standard: Standard, goods: Goods) -> dict[str, object]:
    return {
        "standard": standard.code,
        "number": certificate.number,
        "body": certificate.body_name,
        "issued_on": certificate.issued_on,
        "valid_from": certificate.valid_from,
        "valid_to": certificate.valid_to,
        "in_conversion": certificate.in_conversion,
        "grade": certificate.grade,
        "confirmation": certificate.confirmation,
        "crops": [crop.slug for crop in goods.crops],
        "areas": [area.uid for area in goods.areas],
        "members": [grower.uid for grower in goods.members],
    }
