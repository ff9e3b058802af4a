"""A cooperative's lists from Excel: growers, plots, planting areas, harvests, its diary."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import PageArgs, Reading, Writing
from app.models.exchange import ImportLayout
from app.registry.organisation_queries import organisation_by_id
from app.web import import_pages as pages
from app.web.pages import Refusal, SentFile, TypedForm

router = APIRouter(prefix="/work", include_in_schema=False)
HOME = "/work"


@router.get("/imports")
def imports_page(request: Request, call: Reading, page: PageArgs, layout: str = "") -> Response:
    """The form, the templates and the history."""
    return pages.list_page(request, call, HOME, page.after, typed={"layout": layout})


@router.post("/imports")
def send_import_form(request: Request, call: Writing, typed: TypedForm, file: SentFile) -> Response:
    """Send a list in."""
    own = organisation_by_id(call.session, call.caller.organisation_id)
    answer = pages.send(request, call, typed, file, home=HOME, organisation=own)
    if isinstance(answer, Refusal):
        return pages.list_page(request, call, HOME, None, typed=typed.fields, refusal=answer)
    return answer


@router.get("/imports/{uid}")
def import_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One import."""
    return pages.one_page(request, call, uid, home=HOME)


@router.post("/imports/{uid}/import")
def begin_import_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Import what is right, or all."""
    return pages.begin(request, call, uid, typed, home=HOME)


@router.post("/imports/{uid}/undo")
def undo_import_form(request: Request, call: Writing, uid: UUID) -> Response:
    """Take it all back."""
    return pages.undo(request, call, uid, home=HOME)


@router.get("/imports/{uid}/marked")
def marked_import(call: Reading, uid: UUID) -> Response:
    """The file, marked."""
    return pages.marked(call, uid, home=HOME)


@router.get("/import-templates/{layout}")
def import_template(call: Reading, layout: ImportLayout) -> Response:
    """A template with the own members."""
    own = organisation_by_id(call.session, call.caller.organisation_id)
    return pages.template(call, layout, own)
