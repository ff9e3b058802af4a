"""Finding the papers of a certificate, and what is in them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.certificates.queries import Sight
from app.errors import NotFound
from app.kit.messages import say
from app.models.certificates import Certificate, CertificatePaper, CertificatePaperContent


def papers_of(session: Session, certificate: Certificate) -> list[CertificatePaper]:
    """The papers of a certificate that stand, newest first."""
    wanted = select(CertificatePaper).where(
        col(CertificatePaper.certificate_id) == certificate.pk,
        col(CertificatePaper.removed_at).is_(None),
    )
    return list(session.execute(wanted.order_by(col(CertificatePaper.id).desc())).scalars())


def paper_by_uid(
    session: Session, uid: UUID, *, sight: Sight
) -> tuple[CertificatePaper, Certificate]:
    """The standing paper with this public id, and its certificate."""
    wanted = (
        select(CertificatePaper, Certificate)
        .join(Certificate, col(Certificate.id) == col(CertificatePaper.certificate_id))
        .where(
            col(CertificatePaper.uid) == uid,
            col(CertificatePaper.removed_at).is_(None),
            sight.limits(),
        )
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such paper."))
    return row[0], row[1]


def paper_content(session: Session, paper: CertificatePaper) -> bytes:
    """The bytes of a paper."""
    return session.get_one(CertificatePaperContent, paper.pk).content


def taken_by_papers(session: Session, certificate: Certificate) -> tuple[int, int]:
    """How many papers a certificate has, and their bytes."""
    size = func.coalesce(func.sum(col(CertificatePaper.size)), 0)
    wanted = select(func.count(), size).where(
        col(CertificatePaper.certificate_id) == certificate.pk,
        col(CertificatePaper.removed_at).is_(None),
    )
    count, total = session.execute(wanted).one()
    return int(count), int(total)
