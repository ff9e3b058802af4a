"""Refusals as pages: what went wrong, in the reader's words, and where to go from there."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.deps import language_of
from app.errors import EnrolFirst, NotSignedIn
from app.logs import report, request_number
from app.refusals import as_refusal, refusal_headers
from app.web.rendering import render


def answer_page(request: Request, error: Exception) -> Response:
    """The handler of every exception outside /api: a page, or the sign-in page first."""
    if isinstance(error, NotSignedIn) and request.method == "GET":
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(wanted)}", status_code=303)
    if isinstance(error, EnrolFirst) and request.method == "GET":
        return RedirectResponse("/account", status_code=303)
    slug, status, why, _fields = as_refusal(error)
    report(request, slug, status, error)
    language = language_of(request)
    html = render(
        language.tag,
        "public/error.html",
        status=status,
        slug=slug,
        why=why,
        caller=getattr(request.state, "caller", None),
        path=request.url.path,
        number=request_number(request),
    )
    headers = {k: v for k, v in refusal_headers(error).items() if k != "WWW-Authenticate"}
    headers |= {"Content-Language": language.html_tag, "Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers)
