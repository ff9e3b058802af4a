"""The papers a decision about a code rests on: added by the officer to the newest step, and there to stay."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Writing
from app.errors import refuse
from app.kit.messages import say
from app.models.dossiers import DocumentKind
from app.registry.code_queries import code_line, steps_of
from app.registry.document_commands import add_document
from app.registry.papers import cleaned
from app.web.desk_codes import code_page
from app.web.pages import Refusal, SentFile, TypedForm, submitted_once

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.post("/codes/{uid}/documents")
def add_step_document_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm, file: SentFile
) -> Response:
    """Add the decision, or the minutes it rests on."""
    line = code_line(call.session, uid, within=call.within)

    def effect() -> str:
        if file is None:
            raise refuse("file", say("Choose a file."))
        content, filename = file
        add_document(
            call.session,
            area=line.area,
            kind=DocumentKind.DECISION,
            paper=cleaned(content, filename=filename),
            by=call.actor,
            now=call.now,
            step=steps_of(call.session, line.code)[-1],
        )
        return f"/desk/codes/{uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return code_page(request, call, uid, typed=typed.fields, refusal=answer, acted="documents")
    return answer
