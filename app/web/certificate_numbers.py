"""The public check of a certificate number: what it is worth today, and for what."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.certificates.public_queries import number_key
from app.deps import Call, Reading
from app.errors import NotFound
from app.kit.text import TextRefused, clean
from app.models.pages import PageKind
from app.provenance.page_store import PageKey
from app.web.kept_answer import kept_answer
from app.web.page_drafts import draft_certificate
from app.web.pages import go_to, show

router = APIRouter(include_in_schema=False)

LONGEST = 80
CACHE = "public, max-age=0, s-maxage=60, must-revalidate"


@router.get("/certificates")
def certificate_numbers_page(request: Request, call: Reading, number: str = "") -> Response:
    """The form; a number that was typed leads to its own page."""
    typed = _tidy(number)
    if typed:
        return go_to(f"/certificates/{quote(typed, safe='/')}")
    return _public(call, show(request, call, "public/certificates.html"))


@router.get("/certificates/{number:path}")
def certificate_number_page(request: Request, call: Reading, number: str) -> Response:
    """Every record of a number; a helpful 404 where there is none."""
    typed = _tidy(number)
    key = PageKey(PageKind.CERTIFICATE, number_key(typed))
    try:
        return kept_answer(request, key, draft_certificate)
    except NotFound:
        page = show(request, call, "public/certificate_unknown.html", status=404, number=typed)
        return _public(call, page)


def _tidy(number: str) -> str:
    try:
        return clean(number[: LONGEST * 2], longest=LONGEST).strip("/")
    except TextRefused:
        return ""


def _public(call: Call, page: Response) -> Response:
    if call.known is None:
        page.headers["Cache-Control"] = CACHE
    return page
