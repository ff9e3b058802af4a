"""The papers of a certificate: added, opened, taken away."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates.paper_commands import add_paper, remove_paper
from app.certificates.paper_queries import paper_by_uid, paper_content
from app.certificates.queries import Sight, certificate_line
from app.deps import Call, Reading, Writing
from app.errors import refuse
from app.kit.messages import say
from app.registry.papers import cleaned
from app.web.certificate_page import one_page
from app.web.pages import Refusal, SentFile, TypedForm, go_to, submitted_once, tried

router = APIRouter(prefix="/work", include_in_schema=False)


@router.post("/certificates/{uid}/papers")
def add_certificate_paper_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm, file: SentFile
) -> Response:
    """Add one, or say beside the field why not."""
    certificate_line(call.session, uid, sight=_sight(call))

    def effect() -> str:
        if file is None:
            raise refuse("file", say("Choose a file."))
        content, filename = file
        line = certificate_line(call.session, uid, sight=_sight(call))
        add_paper(
            call.session,
            certificate=line.certificate,
            paper=cleaned(content, filename=filename),
            caller=call.caller,
            now=call.now,
        )
        return f"/work/certificates/{uid}?done=saved#papers"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return one_page(request, call, uid, typed=typed.fields, refusal=answer, tried="papers")
    return answer


@router.get("/certificate-papers/{uid}")
def certificate_paper(call: Reading, uid: UUID) -> Response:
    """The paper itself."""
    paper, _ = paper_by_uid(call.session, uid, sight=_sight(call))
    named = f"attachment; filename*=UTF-8''{quote(paper.filename, safe='')}"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    content = paper_content(call.session, paper)
    return Response(content, media_type=paper.media_type, headers=headers)


@router.post("/certificate-papers/{uid}/remove")
def remove_certificate_paper_form(request: Request, call: Writing, uid: UUID) -> Response:
    """Take one away."""
    _, certificate = paper_by_uid(call.session, uid, sight=_sight(call))
    address = certificate.uid

    def effect() -> None:
        paper, held = paper_by_uid(call.session, uid, sight=_sight(call))
        remove_paper(call.session, paper=paper, certificate=held, caller=call.caller, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return one_page(request, call, address, refusal=outcome, tried="papers")
    return go_to(f"/work/certificates/{address}?done=removed#papers")


def _sight(call: Call) -> Sight:
    return Sight.of(call.caller, call.within)
