"""Correcting what a holder declared, while nobody else has vouched for it or acted on it."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.caller import Caller
from app.certificates.confirming_commands import rewrite
from app.certificates.drafting import CertificateDetails, drafted, facts_of
from app.certificates.history_queries import extensions_of, find_successor
from app.certificates.numbers import require_new
from app.certificates.queries import steps_of
from app.certificates.telling import tell_body
from app.errors import Refused
from app.kit.messages import say
from app.ledger.commands import record
from app.models.certificates import Certificate, Confirmation
from app.models.registry import Organisation


def amend_certificate(
    session: Session,
    *,
    certificate: Certificate,
    details: CertificateDetails,
    caller: Caller,
    now: datetime,
) -> Certificate:
    """Write a self-declared certificate anew; a dispute stays until somebody confirms it.

    Raises Refused once somebody vouched for it, changed its state or extended it. What the
    certificate replaced is not changed by a correction.
    """
    _require_untouched(session, certificate)
    holder = session.get_one(Organisation, certificate.organisation_id)
    draft = drafted(session, holder=holder, details=details, caller=caller, now=now)
    require_new(session, draft, caller, besides=certificate)
    rewrite(session, certificate, draft)
    record(
        session,
        kind="certificate.amended",
        subject=str(certificate.uid),
        by=caller.actor,
        now=now,
        organisation=holder.uid,
        facts=facts_of(certificate, draft),
    )
    tell_body(session, certificate, caller=caller, now=now)
    return certificate


def is_amendable(session: Session, certificate: Certificate) -> bool:
    """Whether nobody but the holder has had a hand in it yet."""
    return (
        certificate.confirmation is Confirmation.SELF_DECLARED
        and not steps_of(session, [certificate.pk])[certificate.pk]
        and not extensions_of(session, certificate)
        and find_successor(session, certificate) is None
    )


def _require_untouched(session: Session, certificate: Certificate) -> None:
    if certificate.confirmation is not Confirmation.SELF_DECLARED:
        why = say("Somebody vouched for it; ask the certification body to change it.")
        raise Refused(why)
    if not is_amendable(session, certificate):
        raise Refused(say("Its state was changed since; it can no longer be corrected."))
