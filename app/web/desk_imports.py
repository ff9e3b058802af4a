"""The province's lists from Excel: codes that were given earlier, for an organisation it chooses."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.errors import NotFound
from app.models.exchange import ImportLayout
from app.models.registry import Organisation
from app.registry.organisation_queries import organisation_by_uid, organisations
from app.web import import_pages as pages
from app.web.forms import Typed
from app.web.pages import Refusal, SentFile, TypedForm

router = APIRouter(prefix="/desk", include_in_schema=False)
HOME = "/desk"
MOST_LISTED = 1_000


@router.get("/imports")
def desk_imports_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """The form, the template and the history."""
    return _list(request, call, page.after, typed={"layout": ImportLayout.CODES.value})


@router.post("/imports")
def send_desk_import_form(
    request: Request, call: Writing, typed: TypedForm, file: SentFile
) -> Response:
    """Send a list in."""
    chosen = _chosen(call, typed)
    answer = pages.send(request, call, typed, file, home=HOME, organisation=chosen)
    if isinstance(answer, Refusal):
        return _list(request, call, None, typed=typed.fields, refusal=answer)
    return answer


@router.get("/imports/{uid}")
def desk_import_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One import."""
    return pages.one_page(request, call, uid, home=HOME)


@router.post("/imports/{uid}/import")
def begin_desk_import_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Import what is right, or all."""
    return pages.begin(request, call, uid, typed, home=HOME)


@router.post("/imports/{uid}/undo")
def undo_desk_import_form(request: Request, call: Writing, uid: UUID) -> Response:
    """Take it all back."""
    return pages.undo(request, call, uid, home=HOME)


@router.get("/imports/{uid}/marked")
def marked_desk_import(call: Reading, uid: UUID) -> Response:
    """The file, marked."""
    return pages.marked(call, uid, home=HOME)


@router.get("/import-templates/{layout}")
def desk_import_template(
    call: Reading, layout: ImportLayout, organisation: UUID | None = None
) -> Response:
    """A template, with the areas of an organisation when one is chosen."""
    chosen = organisation or call.caller.organisation_uid
    owner = organisation_by_uid(call.session, chosen, within=call.within)
    return pages.template(call, layout, owner)


def _list(request: Request, call: Call, after: str | None, **context: Any) -> Response:
    found = organisations(call.session, within=call.within, limit=MOST_LISTED)
    choices = [(str(one.uid), one.name) for one in sorted(found.items, key=_by_name)]
    return pages.list_page(request, call, HOME, after, organisations=choices, **context)


def _by_name(organisation: Organisation) -> str:
    return organisation.name_key


def _chosen(call: Call, typed: Typed) -> Organisation | None:
    try:
        uid = UUID(typed.raw("organisation"))
        return organisation_by_uid(call.session, uid, within=call.within)
    except (ValueError, NotFound):
        return None
