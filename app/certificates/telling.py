"""What holders and bodies are told about certificates, as it happens."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.caller import Caller
from app.kit.messages import Message, say
from app.models.certificates import Certificate
from app.models.registry import Organisation
from app.notices.commands import tell


def address_of(certificate: Certificate) -> str:
    """The page of a certificate."""
    return f"/work/certificates/{certificate.uid}"


def tell_holder(
    session: Session, certificate: Certificate, kind: str, sentence: Message, *, now: datetime
) -> None:
    """Tell whoever holds a certificate."""
    holder = session.get_one(Organisation, certificate.organisation_id)
    _tell(session, holder, certificate, kind, sentence, now=now)


def tell_body(session: Session, certificate: Certificate, *, caller: Caller, now: datetime) -> None:
    """Tell a registered body that somebody else wrote down a certificate in its name."""
    if certificate.body_id is None or certificate.body_id == caller.organisation_id:
        return
    sentence = say(
        "{holder} recorded certificate {number} in your name. Confirm or dispute it.",
        holder=session.get_one(Organisation, certificate.organisation_id).name,
        number=certificate.number,
    )
    body = session.get_one(Organisation, certificate.body_id)
    _tell(session, body, certificate, "certificate.recorded", sentence, now=now)


def _tell(
    session: Session,
    organisation: Organisation,
    certificate: Certificate,
    kind: str,
    sentence: Message,
    *,
    now: datetime,
) -> None:
    tell(
        session,
        organisation=organisation,
        kind=kind,
        about=f"{kind} {certificate.uid}",
        sentence=sentence,
        address=address_of(certificate),
        now=now,
    )
