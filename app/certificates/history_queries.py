"""What befell a certificate beside its steps: extensions, who vouched or disputed, what replaced it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.certificates import (
    Certificate,
    CertificateConfirmation,
    CertificateExtension,
    Confirmation,
)
from app.models.registry import Organisation


@dataclass(frozen=True)
class Word:
    """Somebody's word for or against a certificate, and whose it is."""

    row: CertificateConfirmation
    organisation: Organisation | None


def extensions_of(session: Session, certificate: Certificate) -> list[CertificateExtension]:
    """The extensions of a certificate, oldest first."""
    wanted = select(CertificateExtension).where(
        col(CertificateExtension.certificate_id) == certificate.pk
    )
    return list(session.execute(wanted.order_by(col(CertificateExtension.id))).scalars())


def words_about(session: Session, certificate: Certificate) -> list[Word]:
    """Who vouched for a certificate or disputed it, oldest first."""
    wanted = (
        select(CertificateConfirmation, Organisation)
        .outerjoin(
            Organisation, col(Organisation.id) == col(CertificateConfirmation.organisation_id)
        )
        .where(col(CertificateConfirmation.certificate_id) == certificate.pk)
        .order_by(col(CertificateConfirmation.id))
    )
    return [Word(*row) for row in session.execute(wanted).all()]


def find_standing_dispute(
    session: Session, certificate: Certificate
) -> CertificateConfirmation | None:
    """The last dispute of a certificate that is disputed now: a body's goes before an inspector's."""
    if not certificate.disputed:
        return None
    disputes = [word.row for word in words_about(session, certificate) if word.row.disputed]
    of_body = [row for row in disputes if row.confirmation is Confirmation.BODY]
    return (of_body or disputes)[-1] if disputes else None


def find_predecessor(session: Session, certificate: Certificate) -> Certificate | None:
    """The certificate that this one took the place of."""
    if certificate.predecessor_id is None:
        return None
    return session.get(Certificate, certificate.predecessor_id)


def find_successor(session: Session, certificate: Certificate) -> Certificate | None:
    """The certificate that took the place of this one."""
    wanted = select(Certificate).where(col(Certificate.predecessor_id) == certificate.pk)
    return session.execute(wanted).scalar_one_or_none()
