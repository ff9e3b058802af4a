"""Whether a number may be written down once more: who has it already, and whose word is stronger."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.certificates.drafting import Draft
from app.errors import Conflict, FieldError
from app.kit.messages import say
from app.models.accounts import Role
from app.models.certificates import Certificate, CertificateStatus, Confirmation


@dataclass(frozen=True)
class SameNumber:
    """What a body's own word does to records of its number: one is `adopted`, others `contested`."""

    adopted: Certificate | None
    contested: list[Certificate]


def require_new(
    session: Session, draft: Draft, caller: Caller, *, besides: Certificate | None = None
) -> SameNumber:
    """One number of one standard stands once at a time; a GGN comes again when it is renewed.

    A cooperative that was first does not stand in the way of the body whose number it is: the
    body's word is written over the holder's own record, and another holder's record is contested.
    Raises Conflict where the record that stands is as strong.
    """
    same = [found for found in _same(session, draft) if found is not besides]
    mine = [found for found in same if found.organisation_id == draft.holder.pk]
    others = [found for found in same if _stands(found) and found not in mine]
    if caller.role is not Role.CERTIFIER:
        if mine or any(not _by_another_body(found, draft) for found in others):
            raise _taken(draft)
        return SameNumber(None, [])
    ours = [found for found in others if not _by_another_body(found, draft)]
    if any(found.confirmation is Confirmation.BODY for found in ours):
        raise _taken(draft)
    if any(not _may_adopt(found, draft) for found in mine):
        raise _taken(draft)
    return SameNumber(mine[0] if mine else None, ours)


def _same(session: Session, draft: Draft) -> list[Certificate]:
    paper = draft.paper
    wanted = select(Certificate).where(
        col(Certificate.standard_id) == draft.standard.pk,
        col(Certificate.number) == paper.number,
        col(Certificate.valid_from) <= paper.valid_to,
        col(Certificate.valid_to) >= paper.valid_from,
    )
    return list(session.execute(wanted.order_by(col(Certificate.id))).scalars())


def _stands(certificate: Certificate) -> bool:
    return not certificate.disputed and certificate.status is not CertificateStatus.WITHDRAWN


def _by_another_body(certificate: Certificate, draft: Draft) -> bool:
    """Two registered bodies may number alike; a name that was typed may be anybody's."""
    known, ours = certificate.body_id, draft.body.id
    return known is not None and ours is not None and known != ours


def _may_adopt(certificate: Certificate, draft: Draft) -> bool:
    return (
        certificate.confirmation is not Confirmation.BODY
        and certificate.status is not CertificateStatus.WITHDRAWN
        and not _by_another_body(certificate, draft)
    )


def _taken(draft: Draft) -> Conflict:
    why = say("Certificate {number} is recorded already.", number=draft.paper.number)
    return Conflict(why, FieldError("number", why))
