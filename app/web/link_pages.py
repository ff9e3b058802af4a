"""Links and refusals of the resolver for whoever asked: a page for people, a problem for machines."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, unquote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.deps import language_of
from app.kit.i18n import Language
from app.kit.messages import Message
from app.logs import request_number
from app.provenance.link_choice import reads_pages
from app.provenance.links import DEFAULT_LINK, Level, Link, linkset_as_ld
from app.refusals import phrase
from app.web.kept_links import KeptLinks
from app.web.link_words import KINDS
from app.web.rendering import render

PROBLEM_MEDIA = "application/problem+json"
LONGEST_SHOWN = 120
# In these ways the lot is one that is known here: a report of it reaches the cooperative too.
_OF_A_LOT = frozenset({"lot-of-another-product", "unproven-serial", "withdrawn-lot"})


@dataclass(frozen=True)
class Refused:
    """Why an identifier leads nowhere: `fault` for machines, the sentences for people.

    `typed` is the identifier as it is put into the form again; empty: the address itself. `lot` and
    `serial` are what it names, known or not.
    """

    status: int
    slug: str
    fault: str
    why: Message
    hint: Message | None = None
    typed: str = ""
    lot: str = ""
    serial: str = ""


def refusal(
    request: Request, told: Refused, *, background: BackgroundTask | None = None
) -> Response:
    """The answer that says no (RFC 9457), or a page that helps."""
    reader = language_of(request)
    headers = _headers(reader, "no-store")
    if reads_pages(request.headers.get("accept", "")):
        page = render(
            reader.tag,
            "public/link_refused.html",
            told=told,
            typed=told.typed or shown(request),
            report=_report_of(told, shown(request)),
        )
        return HTMLResponse(page, told.status, headers, background=background)
    said = {
        "type": f"/problems/{told.slug}",
        "title": phrase(told.status),
        "status": told.status,
        "detail": " ".join(reader.say(one) for one in (told.why, told.hint) if one),
        "instance": f"urn:uuid:{request_number(request)}",
        "errors": [],
        "fault": told.fault,
    }
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, told.status, headers, media_type=PROBLEM_MEDIA, background=background)


def _report_of(told: Refused, typed: str) -> str:
    """Where the shopper reports it: at the lot that the code names, if there is one."""
    if told.lot.isalnum() and told.fault in _OF_A_LOT:
        label = f"/{told.serial}" if told.serial.isalnum() else ""
        return f"/t/{told.lot}{label}/report"
    return f"/report?code={quote(told.typed or typed)}"


def links_page(
    request: Request,
    levels: tuple[Level, ...],
    kept: KeptLinks,
    *,
    status: int = 200,
    background: BackgroundTask | None = None,
) -> Response:
    """The linkset as a page, with itself as JSON-LD inside (standard §2.10)."""
    reader = language_of(request)
    page = render(
        reader.tag,
        "public/links.html",
        levels=[(level, _grouped(level, reader.tag)) for level in levels],
        kinds=KINDS,
        linkset=linkset_as_ld(levels, kept.root),
        several=status == HTTPStatus.MULTIPLE_CHOICES,
        path=f"{shown(request)}?{request.url.query}",
        caller=None,
    )
    headers = _headers(reader, "no-cache")
    return HTMLResponse(page, status, headers, background=background)


def _grouped(level: Level, tag: str) -> dict[str, list[Link]]:
    """A level's links by their type, in its order, those in other languages left out."""
    found: dict[str, list[Link]] = {}
    for link in level.links:
        spoken = not link.languages or tag in link.languages
        if spoken and link.kind != DEFAULT_LINK:
            found.setdefault(link.kind, []).append(link)
    return found


def shown(request: Request) -> str:
    """What was asked for, as it is put into the form again."""
    path = unquote(request.scope["raw_path"].decode("latin-1"), errors="replace")
    return "".join(letter for letter in path if letter.isprintable())[:LONGEST_SHOWN]


def _headers(reader: Language, cache: str) -> dict[str, str]:
    return {
        "Content-Language": reader.html_tag,
        "Vary": "Accept, Accept-Language, Cookie",
        "Cache-Control": cache,
    }
