"""Vouching for a certificate and disputing it: the body's own word, an inspector's with evidence."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.caller import Caller
from app.certificates.drafting import Draft, columns_of, facts_of
from app.certificates.history_queries import find_standing_dispute, words_about
from app.certificates.paper_queries import papers_of
from app.certificates.scope import keep_goods
from app.certificates.telling import tell_body, tell_holder
from app.certificates.words import LONGEST_REASON, require_reason
from app.errors import Conflict, Forbidden, Refused, refuse
from app.kit.messages import Message, say
from app.kit.text import clean
from app.ledger.commands import record
from app.models.accounts import Role
from app.models.certificates import (
    Certificate,
    CertificateConfirmation,
    Confirmation,
)
from app.models.registry import Organisation

_STRONGEST = [Confirmation.BODY, Confirmation.INSPECTOR, Confirmation.SELF_DECLARED]


def vouch(
    session: Session,
    certificate: Certificate,
    strength: Confirmation,
    *,
    caller: Caller,
    words: str,
    now: datetime,
    disputed: bool = False,
) -> None:
    """Write down somebody's word for a certificate, or against it."""
    session.add(
        CertificateConfirmation(
            certificate_id=certificate.pk,
            confirmation=strength,
            organisation_id=caller.organisation_id,
            disputed=disputed,
            words=words,
            recorded_at=now,
        )
    )
    session.flush()


def confirm_certificate(
    session: Session, *, certificate: Certificate, words: str, caller: Caller, now: datetime
) -> Certificate:
    """Vouch for a certificate that somebody recorded: as its body, or as an inspector with evidence.

    A body that was named only in writing makes the certificate its own. Raises Refused for an
    inspector without words or a paper, and where the body itself disputes it.
    """
    said = clean(words, longest=LONGEST_REASON, multiline=True)
    strength = _strength(caller)
    if strength is Confirmation.BODY:
        _make_own(certificate, caller)
    else:
        _require_evidence(session, certificate, said)
        _require_no_dispute_of_body(session, certificate)
    _require_news(session, certificate, caller)
    certificate.confirmation = min(certificate.confirmation, strength, key=_STRONGEST.index)
    certificate.disputed = False
    session.flush()  # a lost race must fail before the ledger is touched
    vouch(session, certificate, strength, caller=caller, words=said, now=now)
    _record(session, certificate, "confirmed", {"words": said, "as": strength}, caller, now)
    sentence = say(
        "{who} confirmed certificate {number}.",
        who=caller.organisation_name,
        number=certificate.number,
    )
    tell_holder(session, certificate, "certificate.confirmed", sentence, now=now)
    return certificate


def dispute_certificate(
    session: Session, *, certificate: Certificate, words: str, caller: Caller, now: datetime
) -> Certificate:
    """Say that a certificate does not stand as it is recorded: harvests cannot claim it meanwhile."""
    said = require_reason(words, field="words")
    if caller.role is Role.CERTIFIER and certificate.body_id != caller.organisation_id:
        raise Forbidden(say("Only the body that a certificate names can dispute it."))
    sentence = say(
        "{who} disputes certificate {number}: {words}",
        who=caller.organisation_name,
        number=certificate.number,
        words=_short(said),
    )
    _dispute(session, certificate, said, sentence, caller, now)
    return certificate


def contest(
    session: Session, certificate: Certificate, *, by: Certificate, caller: Caller, now: datetime
) -> None:
    """Dispute another holder's record of a number that its body gave to somebody else."""
    sentence = say(
        "{who} gave number {number} to another holder.",
        who=caller.organisation_name,
        number=by.number,
    )
    _dispute(session, certificate, str(by.number), sentence, caller, now)


def adopt(
    session: Session, certificate: Certificate, draft: Draft, *, caller: Caller, now: datetime
) -> Certificate:
    """Write a body's own word over what the holder declared, and vouch for it."""
    rewrite(session, certificate, draft)
    certificate.confirmation, certificate.disputed = Confirmation.BODY, False
    session.flush()
    vouch(session, certificate, Confirmation.BODY, caller=caller, words="", now=now)
    _record(session, certificate, "confirmed", facts_of(certificate, draft), caller, now)
    sentence = say(
        "{who} recorded certificate {number} itself; what you declared follows it now.",
        who=caller.organisation_name,
        number=certificate.number,
    )
    tell_holder(session, certificate, "certificate.confirmed", sentence, now=now)
    return certificate


def rewrite(session: Session, certificate: Certificate, draft: Draft) -> None:
    """Let a recorded certificate say what a draft says, its scope too."""
    for name, value in columns_of(draft).items():
        setattr(certificate, name, value)
    session.flush()  # a lost race must fail before the scope is touched
    keep_goods(session, certificate, draft.goods)


def _dispute(
    session: Session,
    certificate: Certificate,
    said: str,
    sentence: Message,
    caller: Caller,
    now: datetime,
) -> None:
    certificate.disputed = True
    session.flush()  # a lost race must fail before the ledger is touched
    strength = Confirmation.BODY if caller.role is Role.CERTIFIER else Confirmation.INSPECTOR
    vouch(session, certificate, strength, caller=caller, words=said, now=now, disputed=True)
    _record(session, certificate, "disputed", {"words": said}, caller, now)
    tell_holder(session, certificate, "certificate.disputed", sentence, now=now)
    if strength is Confirmation.INSPECTOR:
        tell_body(session, certificate, caller=caller, now=now)


def _strength(caller: Caller) -> Confirmation:
    if caller.role is Role.CERTIFIER:
        return Confirmation.BODY
    if caller.role is Role.INSPECTOR:
        return Confirmation.INSPECTOR
    raise Forbidden(say("Only a certification body or an inspector confirms a certificate."))


def _make_own(certificate: Certificate, caller: Caller) -> None:
    if certificate.body_id not in {None, caller.organisation_id}:
        raise Forbidden(say("Only the body that a certificate names can confirm it."))
    certificate.body_id = caller.organisation_id
    certificate.body_name = caller.organisation_name


def _require_evidence(session: Session, certificate: Certificate, words: str) -> None:
    if not words and not papers_of(session, certificate):
        raise refuse("words", say("Say what you saw, or add the paper of the certificate first."))


def _require_no_dispute_of_body(session: Session, certificate: Certificate) -> None:
    dispute = find_standing_dispute(session, certificate)
    if dispute is not None and dispute.confirmation is Confirmation.BODY:
        raise Refused(say("The certification body disputes it; only the body can confirm it."))


def _require_news(session: Session, certificate: Certificate, caller: Caller) -> None:
    """Whoever vouches for it already need not do it again, unless it was disputed since."""
    said = [
        word.row
        for word in words_about(session, certificate)
        if word.row.organisation_id == caller.organisation_id
    ]
    if said and not said[-1].disputed and not certificate.disputed:
        raise Conflict(say("Your organisation vouches for this certificate already."))


def _short(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:119]}…"  # noqa: PLR2004  # fits a notice


def _record(
    session: Session,
    certificate: Certificate,
    verb: str,
    facts: dict[str, object],
    caller: Caller,
    now: datetime,
) -> None:
    record(
        session,
        kind=f"certificate.{verb}",
        subject=str(certificate.uid),
        by=caller.actor,
        now=now,
        organisation=session.get_one(Organisation, certificate.organisation_id).uid,
        facts=facts,
    )
