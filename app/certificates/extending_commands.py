"""Making a certificate run longer (gia hạn), as far as the dated rules allow."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.accounts.caller import Caller
from app.catalogue.rules import Severity
from app.certificates.history_queries import extensions_of
from app.certificates.law_queries import extension_of, limit_of
from app.certificates.plausibility import findings_of_extension
from app.certificates.scope import refuse_if
from app.certificates.telling import tell_holder
from app.certificates.validity import Finding, findings_of_days
from app.certificates.words import STATUS_WORDS, require_reason
from app.errors import FieldError, Refused, refuse
from app.kit.messages import say
from app.ledger.commands import record
from app.models.catalogue import Standard
from app.models.certificates import Certificate, CertificateExtension, CertificateStatus
from app.models.registry import Organisation

_OVER = frozenset({CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED})


@dataclass(frozen=True)
class _Days:
    """A certificate as it would stand with another last day."""

    number: str
    issued_on: date
    valid_from: date
    valid_to: date
    grade: str


def extend_certificate(
    session: Session,
    *,
    certificate: Certificate,
    valid_to: date,
    reason: str,
    caller: Caller,
    now: datetime,
) -> Certificate:
    """Let a certificate run to a later last day.

    Refuses what the text of an act forbids; what is only odd is told by `checks.warnings_about`.
    """
    said = require_reason(reason)
    _require_extendable(certificate, valid_to)
    refuse_if(_faults(session, certificate, valid_to))
    was = certificate.valid_to
    certificate.valid_to = valid_to
    session.flush()  # a lost race must fail before the ledger is touched
    session.add(
        CertificateExtension(
            certificate_id=certificate.pk,
            was_valid_to=was,
            valid_to=valid_to,
            reason=said,
            recorded_at=now,
        )
    )
    record(
        session,
        kind="certificate.extended",
        subject=str(certificate.uid),
        by=caller.actor,
        now=now,
        organisation=session.get_one(Organisation, certificate.organisation_id).uid,
        facts={"was_valid_to": was, "valid_to": valid_to, "reason": said},
    )
    sentence = say(
        "Certificate {number} was extended to {day}.", number=certificate.number, day=valid_to
    )
    tell_holder(session, certificate, "certificate.extended", sentence, now=now)
    return certificate


def _require_extendable(certificate: Certificate, valid_to: date) -> None:
    if certificate.status in _OVER:
        words = STATUS_WORDS[certificate.status]
        why = say("A certificate that is {status} cannot be changed like this.", status=words)
        raise Refused(why)
    if valid_to <= certificate.valid_to:
        why = say("It runs to {day} already. Choose a later day.", day=certificate.valid_to)
        raise refuse("valid_to", why)


def _faults(session: Session, certificate: Certificate, valid_to: date) -> list[FieldError]:
    standard = session.get_one(Standard, certificate.standard_id)
    made = extensions_of(session, certificate)
    first_end = made[0].was_valid_to if made else certificate.valid_to
    rule = extension_of(session, standard.kind, certificate.issued_on)
    limit = limit_of(session, standard, certificate.issued_on)
    days = _Days(
        certificate.number,
        certificate.issued_on,
        certificate.valid_from,
        valid_to,
        certificate.grade,
    )
    found: list[Finding] = [
        *findings_of_days(days, limit=limit),
        *findings_of_extension(first_end, valid_to, rule),
    ]
    return [
        FieldError("valid_to", finding.why)
        for finding in found
        if finding.severity is Severity.REFUSE
    ]
