"""The papers of an area: added from the phone or the computer, opened, taken away."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.errors import refuse
from app.kit.messages import say
from app.models.dossiers import DocumentKind
from app.registry.area_queries import AreaLine, area_line
from app.registry.document_commands import add_document, remove_document
from app.registry.document_queries import content_of, document_by_uid, documents_of
from app.registry.papers import cleaned
from app.web.pages import Refusal, SentFile, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(include_in_schema=False)


@router.get("/work/areas/{uid}/documents")
def documents_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The papers, and the form for one more."""
    return _page(request, call, area_line(call.session, uid, within=call.within))


@router.post("/work/areas/{uid}/documents")
def add_document_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm, file: SentFile
) -> Response:
    """Add one, or say beside the field why not."""
    line = area_line(call.session, uid, within=call.within)

    def effect() -> str:
        if file is None:
            raise refuse("file", say("Choose a file."))
        if typed.raw("kind") not in set(DocumentKind):
            raise refuse("kind", say("Choose one from the list."))
        content, filename = file
        add_document(
            call.session,
            area=line.area,
            kind=DocumentKind(typed.raw("kind")),
            paper=cleaned(content, filename=filename),
            by=call.actor,
            now=call.now,
        )
        return f"/work/areas/{uid}/documents?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        line = area_line(call.session, uid, within=call.within)
        return _page(request, call, line, typed=typed.fields, refusal=answer)
    return answer


@router.post("/work/documents/{uid}/remove")
def remove_document_form(request: Request, call: Writing, uid: UUID) -> Response:
    """Take one away."""
    _, area = document_by_uid(call.session, uid, within=call.within)
    area_uid = area.uid

    def effect() -> None:
        document, held = document_by_uid(call.session, uid, within=call.within)
        remove_document(call.session, document=document, area=held, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = area_line(call.session, area_uid, within=call.within)
        return _page(request, call, line, refusal=outcome)
    return go_to(f"/work/areas/{area_uid}/documents?done=removed")


@router.get("/work/documents/{uid}")
def own_document(call: Reading, uid: UUID) -> Response:
    """An own paper."""
    return _file(call, uid)


@router.get("/desk/documents/{uid}")
def any_document(call: Reading, uid: UUID) -> Response:
    """A paper an officer reads."""
    return _file(call, uid)


def _file(call: Call, uid: UUID) -> Response:
    document, area = document_by_uid(call.session, uid, within=call.within)
    call.saw(area.organisation_id, "document", uid)
    named = f"attachment; filename*=UTF-8''{quote(document.filename, safe='')}"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    content = content_of(call.session, document)
    return Response(content, media_type=document.media_type, headers=headers)


def _page(request: Request, call: Call, line: AreaLine, **again: Any) -> Response:
    return show(
        request,
        call,
        "work/documents.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        papers=documents_of(call.session, line.area),
        kinds=list(DocumentKind),
        **again,
    )
