"""The papers of a certificate on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile
from pydantic import BaseModel

from app.api.certificates.telling import sight_of
from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Out
from app.certificates.paper_commands import add_paper, remove_paper
from app.certificates.paper_queries import paper_by_uid, paper_content, papers_of
from app.certificates.queries import certificate_line
from app.deps import OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.registry.papers import cleaned

router = APIRouter(tags=["certificates"])


class CertificatePaperOut(Out):
    """A paper of a certificate."""

    uid: UUID
    filename: str
    media_type: str
    size: int
    pages: int
    sha256: str
    added_at: datetime


@router.get("/certificates/{certificate}/papers", responses=may_fail(NotFound))
def list_certificate_papers(certificate: UUID, call: Reading) -> PageOut[CertificatePaperOut]:
    """The papers of a certificate, newest first: always one page."""
    line = certificate_line(call.session, certificate, sight=sight_of(call))
    papers = papers_of(call.session, line.certificate)
    return PageOut(items=[CertificatePaperOut.model_validate(one) for one in papers], next=None)


@router.post(
    "/certificates/{certificate}/papers",
    status_code=201,
    response_model=CertificatePaperOut,
    responses=may_fail(NotFound, Conflict, Refused, Malformed),
)
def add_certificate_paper(
    certificate: UUID,
    file: Annotated[UploadFile, File(description="A PDF, JPEG, PNG or WebP.")],
    call: Writing,
    once: OnceDep,
) -> Response:
    """Add a paper; it is kept without scripts and without where a picture was taken."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = certificate_line(call.session, certificate, sight=sight_of(call))
        paper = cleaned(file.file.read(), filename=file.filename or "")
        made = add_paper(
            call.session,
            certificate=line.certificate,
            paper=paper,
            caller=call.caller,
            now=call.now,
        )
        address = f"/api/v1/certificate-papers/{made.uid}"
        return CertificatePaperOut.model_validate(made), {"Location": address}

    return once(effect)


@router.get(
    "/certificate-papers/{certificate_paper}",
    response_class=Response,
    responses=may_fail(NotFound),
)
def read_certificate_paper(certificate_paper: UUID, call: Reading) -> Response:
    """The paper itself, as an attachment."""
    found, _ = paper_by_uid(call.session, certificate_paper, sight=sight_of(call))
    headers = {
        "Content-Disposition": "attachment",
        "ETag": f'"{found.sha256}"',
        "Cache-Control": "private, no-store",
    }
    return Response(
        paper_content(call.session, found), media_type=found.media_type, headers=headers
    )


@router.delete(
    "/certificate-papers/{certificate_paper}",
    status_code=204,
    responses=may_fail(NotFound, Refused),
)
def remove_certificate_paper(certificate_paper: UUID, call: Writing) -> None:
    """Take a paper away."""
    found, certificate = paper_by_uid(call.session, certificate_paper, sight=sight_of(call))
    remove_paper(
        call.session, paper=found, certificate=certificate, caller=call.caller, now=call.now
    )
