"""The marks of standards that labels may bear: sent by the province, each with its days and its act."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue.mark_commands import MarkTerms, add_mark
from app.catalogue.mark_queries import mark_by_uid, marks
from app.catalogue.queries import all_standards, standard_by_code
from app.deps import Call, Reading, Writing
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.models.accounts import Role
from app.models.catalogue import Standard
from app.pictures.marks import cleaned_mark
from app.web.pages import Refusal, SentFile, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk/marks", include_in_schema=False)


@router.get("")
def marks_page(request: Request, call: Reading) -> Response:
    """Every mark there is or was."""
    return _page(request, call)


@router.post("")
def add_mark_form(request: Request, call: Writing, typed: TypedForm, file: SentFile) -> Response:
    """Keep a newer one."""

    def effect() -> None:
        begins = typed.day("valid_from", required=True)
        ends = typed.day("valid_to")
        legal_ref = typed.text("legal_ref", longest=300, required=True)
        if file is None:
            raise refuse("file", say("Choose a file."))
        typed.done()
        add_mark(
            call.session,
            standard=_standard(call, typed.raw("standard")[:40]),
            artwork=cleaned_mark(file[0]),
            terms=MarkTerms(begins or call.today, legal_ref, ends),
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, typed=typed.fields, refusal=outcome)
    return go_to("/desk/marks?done=saved")


@router.get("/{mark}/picture")
def mark_picture(call: Reading, mark: UUID) -> Response:
    """The picture of one."""
    found = mark_by_uid(call.session, mark).mark
    headers = {"ETag": f'"{found.sha256}"', "Cache-Control": "private, max-age=31536000, immutable"}
    return Response(found.content, media_type="image/png", headers=headers)


def _standard(call: Call, code: str) -> Standard:
    try:
        return standard_by_code(call.session, code)
    except NotFound:
        raise refuse("standard", say("Choose one from the list.")) from None


def _page(request: Request, call: Call, **again: Any) -> Response:
    return show(
        request,
        call,
        "desk/marks.html",
        status=422 if again.get("refusal") else 200,
        lines=marks(call.session, call.today),
        titled=lambda standard: _titled(standard, call),
        standards=[(one.code, _titled(one, call)) for one in all_standards(call.session)],
        may_add=call.caller.role is Role.PROVINCE_ADMIN,
        **again,
    )


def _titled(standard: Standard, call: Call) -> str:
    title = getattr(standard, f"title_{call.language.tag}")
    return f"{title} – {standard.edition}"
