"""The papers of a planting area on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.models.dossiers import DocumentKind
from app.registry.area_queries import area_by_uid
from app.registry.document_commands import add_document as add
from app.registry.document_commands import remove_document as remove
from app.registry.document_queries import content_of, document_by_uid, documents_of
from app.registry.papers import cleaned

router = APIRouter()


class DocumentOut(Out):
    """A paper of an area."""

    uid: UUID
    kind: DocumentKind
    filename: str
    media_type: str
    size: int
    pages: int
    sha256: str
    added_at: datetime


@router.get("/areas/{area}/documents", responses=may_fail(NotFound))
def list_documents(area: UUID, call: Reading) -> PageOut[DocumentOut]:
    """The papers of an area, newest first: always one page."""
    found = area_by_uid(call.session, area, within=call.within)
    papers = documents_of(call.session, found)
    call.saw(found.organisation_id, "document", area)
    return PageOut(items=[DocumentOut.model_validate(one) for one in papers], next=None)


@router.post(
    "/areas/{area}/documents",
    status_code=201,
    response_model=DocumentOut,
    responses=may_fail(NotFound, Conflict, Refused, Malformed),
)
def add_document(
    area: UUID,
    file: Annotated[UploadFile, File(description="A PDF, JPEG, PNG or WebP.")],
    kind: Annotated[DocumentKind, Form()],
    call: Writing,
    once: OnceDep,
) -> Response:
    """Add a paper; it is kept without scripts and without where a picture was taken."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        found = area_by_uid(call.session, area, within=call.within)
        paper = cleaned(file.file.read(), filename=file.filename or "")
        made = add(call.session, area=found, kind=kind, paper=paper, by=call.actor, now=call.now)
        address = f"/api/v1/documents/{made.uid}"
        return DocumentOut.model_validate(made), {"Location": address}

    return once(effect)


@router.get("/documents/{document}", responses=may_fail(NotFound))
def read_document(document: UUID, call: Reading) -> DocumentOut:
    """What a paper is."""
    found, area = document_by_uid(call.session, document, within=call.within)
    call.saw(area.organisation_id, "document", document)
    return DocumentOut.model_validate(found)


@router.get("/documents/{document}/content", response_class=Response, responses=may_fail(NotFound))
def read_document_content(document: UUID, call: Reading) -> Response:
    """The paper itself, as an attachment."""
    found, area = document_by_uid(call.session, document, within=call.within)
    call.saw(area.organisation_id, "document", document)
    headers = {
        "Content-Disposition": "attachment",
        "ETag": f'"{found.sha256}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content_of(call.session, found), media_type=found.media_type, headers=headers)


@router.delete("/documents/{document}", status_code=204, responses=may_fail(NotFound, Refused))
def remove_document(document: UUID, call: Writing) -> None:
    """Take a paper away."""
    found, area = document_by_uid(call.session, document, within=call.within)
    remove(call.session, document=found, area=area, by=call.actor, now=call.now)
