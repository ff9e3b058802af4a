"""Pages for everybody: the way in, the page behind the QR, what a problem type means."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.accounts.reach import Reach
from app.certificates.public_queries import certificates_numbered
from app.db import open_read_session
from app.deps import language_of
from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.i18n import LANGUAGES
from app.kit.messages import say
from app.models.pages import PageKind
from app.models.registry import CodeScheme
from app.provenance.link_faults import FAULTS, why_malformed
from app.provenance.page_store import PageKey
from app.provenance.translating import leads_to
from app.refusals import PROBLEM_TYPES
from app.registry.code_queries import area_by_code
from app.registry.codes import key_of, scheme_of
from app.web.kept_answer import KeptAnswer, kept_answer
from app.web.lot_drafts import draft_lot
from app.web.pages import Uploaded
from app.web.reading import text_in_photo
from app.web.rendering import render
from app.web.visits import counter_of, device_of

router = APIRouter(include_in_schema=False)

LOT_LETTERS = "lc"
LONGEST_OF_PAPER = 80
A_YEAR = 365 * 24 * 3600


def public_routes() -> list[BaseRoute]:
    """The page behind the QR, in either case of its path, ahead of all other routing."""
    return [
        Route(f"/{letter}/{{code}}{end}", lot_story_page, name="lot_story_page", methods=["GET"])
        for letter in ("t", "T")
        for end in ("", "/")
    ]


def lot_story_page(request: Request) -> Response:
    """The provenance page of a lot: 200, or a helpful 404 (mistyped, unknown) or 410 (withdrawn)."""
    found = lot_answer(request)
    counter = counter_of(request.app.state)
    visited = getattr(request.state, "visit", False)
    if isinstance(found, KeptAnswer) and counter is not None and visited:
        counter.count_lot(found.kept.page.code, device_of(request, counter))
    return found


def lot_answer(request: Request) -> Response:
    """The ready-made page of the lot that an address names; or what stands in its place."""
    typed = request.path_params["code"]
    try:
        code = read_lot_code(typed)
    except MistypedLotCode as slip:
        context: dict[str, Any] = {"typed_code": typed[:60], "why": slip.why, "hint": slip.hint}
        return _public(request, "public/mistyped.html", status=404, **context)
    try:
        return kept_answer(request, PageKey(PageKind.LOT, code), draft_lot)
    except NotFound:
        return _public(request, "public/unknown.html", status=404, code=code)


@router.get("/")
def home_page(request: Request) -> Response:
    """Enter a code, scan one, or sign in."""
    return _public(request, "public/home.html", caller=request.state.caller)


@router.get("/find")
def find_page(request: Request, code: str = "") -> Response:
    """Where the form on the front page leads: a lot code, a GTIN, a scan or an address, mistyped or not.

    A planting-area code or a certificate number, which stand on labels too, leads to its page.
    """
    if not code.strip():
        return RedirectResponse("/", status_code=303)
    return _found(request, code)


@router.post("/scan")
def scan_photo(request: Request, photo: Uploaded) -> Response:
    """A photograph of a label, from any phone without a script: read here and followed."""
    text = text_in_photo(photo) if photo else None
    if text is None:
        why = say("No QR code was found in the picture. Hold the phone closer and straight.")
        return _public(request, "public/home.html", status=422, caller=None, scan_failed=why)
    return _found(request, text)


@router.get("/problems/{slug}")
def problem_page(request: Request, slug: str) -> Response:
    """What a problem type of the API means."""
    if slug not in PROBLEM_TYPES:
        raise NotFound(say("There is nothing at this address."))
    return _public(request, "public/problem.html", slug=slug)


@router.get("/language/{tag}")
def choose_language(tag: str, request: Request, to: str = "/") -> Response:
    """Remember a language in a cookie and go back to a page of this site."""
    answer = RedirectResponse(local_address(to), status_code=303)
    secure = request.app.state.settings.secure_cookies
    if tag in LANGUAGES:
        answer.set_cookie("lang", tag, max_age=A_YEAR, samesite="lax", secure=secure, httponly=True)
    return answer


def local_address(wanted: str) -> str:
    """An address on this site, whatever was asked for (no open redirects)."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if local and "\\" not in wanted else "/"


def _found(request: Request, text: str) -> Response:
    try:
        if not key_of(text).startswith(LOT_LETTERS) and (paper := _paper(request, text)):
            return RedirectResponse(paper, status_code=303)
        return RedirectResponse(leads_to(text), status_code=303)
    except FAULTS as bad:
        typed = "".join(letter for letter in text if letter.isprintable())[:60]
        hint = say("Compare it with the label, digit by digit.")
        context: dict[str, Any] = {"typed_code": typed, "why": why_malformed(bad), "hint": hint}
        return _public(request, "public/mistyped.html", status=404, **context)


def _paper(request: Request, text: str) -> str | None:
    """The page of a planting-area code or a known certificate, which stand on labels too."""
    if not text.isprintable() or len(text) > LONGEST_OF_PAPER or not key_of(text):
        return None
    state = request.app.state
    with open_read_session(state.engine) as session:
        try:
            area_by_code(session, text, within=Reach.all())
        except NotFound:
            known = certificates_numbered(session, text, day=day_of(state.clock())).certificates
            if known:
                return f"/certificates/{quote(known[0].line.certificate.number)}"
            # One of another province, or mistyped: the register's page says what is known of it.
            form = scheme_of(text) is not CodeScheme.EXTERNAL
            return f"/register/{quote(text.strip().replace('/', '-'))}" if form else None
    return f"/register/{key_of(text)}"


def _public(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    language = language_of(request)
    html = render(
        language.tag,
        template,
        **{"caller": None, "scan_failed": None, "path": request.url.path, **context},
    )
    headers = {"Content-Language": language.html_tag, "Vary": "Accept-Language, Cookie"}
    headers["Cache-Control"] = "no-cache"  # 404 and 410 too: a code may come to be
    return HTMLResponse(html, status, headers)
