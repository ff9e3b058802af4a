"""Adding papers to a certificate and taking them away."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.certificates.history_queries import words_about
from app.certificates.paper_queries import papers_of, taken_by_papers
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.messages import say
from app.ledger.commands import record
from app.models.accounts import Role
from app.models.certificates import (
    Certificate,
    CertificatePaper,
    CertificatePaperContent,
    Confirmation,
)
from app.models.registry import Organisation
from app.registry.papers import FIELD, Paper

MOST_PAPERS = 20
MOST_BYTES = 40 * 1024 * 1024
_HOLDERS = frozenset({Role.COOP_ADMIN, Role.STAFF})


def add_paper(
    session: Session, *, certificate: Certificate, paper: Paper, caller: Caller, now: datetime
) -> CertificatePaper:
    """Keep a cleaned paper with a certificate.

    Raises Refused when there is no room for more, Conflict when it has the same paper.
    """
    _require_room(session, certificate, paper)
    same = [one for one in papers_of(session, certificate) if one.sha256 == paper.sha256]
    if same:
        why = say("The certificate has this paper already: {name}.", name=same[0].filename)
        raise Conflict(why, FieldError(FIELD, why))
    kept = CertificatePaper(
        certificate_id=certificate.pk,
        filename=paper.filename,
        media_type=paper.media_type,
        size=len(paper.content),
        pages=paper.pages,
        sha256=paper.sha256,
        added_at=now,
    )
    session.add(kept)
    session.flush()  # the paper's id, for its content
    session.add(CertificatePaperContent(paper_id=kept.pk, content=paper.content))
    _record(session, certificate, kept, "paper_added", caller, now)
    return kept


def remove_paper(
    session: Session,
    *,
    paper: CertificatePaper,
    certificate: Certificate,
    caller: Caller,
    now: datetime,
) -> None:
    """Take a paper away: its content goes, that it was there stays in the ledger.

    Raises Refused for a holder's paper on which somebody's confirmation may rest.
    """
    if caller.role in _HOLDERS and _is_relied_on(session, certificate, paper):
        raise Refused(say("A confirmation rests on this paper; it stays."))
    paper.removed_at = now
    content = delete(CertificatePaperContent).where(
        col(CertificatePaperContent.paper_id) == paper.pk
    )
    session.execute(content)
    _record(session, certificate, paper, "paper_removed", caller, now)


def _is_relied_on(session: Session, certificate: Certificate, paper: CertificatePaper) -> bool:
    return any(
        word.row.confirmation is not Confirmation.SELF_DECLARED
        and word.row.recorded_at >= paper.added_at
        for word in words_about(session, certificate)
    )


def _require_room(session: Session, certificate: Certificate, paper: Paper) -> None:
    count, size = taken_by_papers(session, certificate)
    if count >= MOST_PAPERS:
        raise refuse(FIELD, say("A certificate has at most {most} papers.", most=MOST_PAPERS))
    if size + len(paper.content) > MOST_BYTES:
        most = MOST_BYTES >> 20
        raise refuse(FIELD, say("The papers of a certificate have at most {most} MB.", most=most))


def _record(
    session: Session,
    certificate: Certificate,
    paper: CertificatePaper,
    verb: str,
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
        facts={
            "paper": paper.uid,
            "media_type": paper.media_type,
            "size": paper.size,
            "sha256": paper.sha256,
        },
        personal={"filename": paper.filename},
    )
