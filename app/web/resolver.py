"""The GS1-conformant resolver: what stands behind a Digital Link of ours (ADR 0025).

Plain Starlette routes: only the raw path tells a slash inside a value from one between two.
"""

import json
import re
from dataclasses import replace
from http import HTTPStatus

from starlette.background import BackgroundTask
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.kit.gs1_elements import as_bracketed
from app.kit.gs1_identifiers import identifiers
from app.kit.gs1_links import MalformedLink, NotDigitalLink, elements_meant, key_in
from app.kit.messages import say
from app.provenance.link_faults import why_malformed
from app.provenance.links import CONTEXT, VOCABULARY, Level
from app.provenance.resolved import Unknown
from app.provenance.resolving import LOT, SERIAL, SERVED_KEYS, canonical
from app.web.kept_links import KeptLinks, parsed
from app.web.kept_pages import memory_of
from app.web.link_answer import (
    CROSS_ORIGIN,
    PREFLIGHT,
    AskedLinks,
    Choice,
    LinkAnswer,
    chosen,
    linkset_answer,
    redirect,
    send_answer,
    unchanged,
)
from app.web.link_pages import Refused, links_page, refusal
from app.web.link_serials import proven_serial
from app.web.making_links import links_of
from app.web.making_pages import keep

# Words in the place of numbers were taken out of the standard in 2022; an address with one is
# understood as meant, and refused.
WORDS = (
    *("gtin", "itip", "gmn", "cpid", "gln", "party", "gsrnp", "gsrn", "gcn", "sscc", "gdti"),
    *("ginc", "gsin", "grai", "giai"),
)
_KEYS = [ai for ai, known in identifiers().items() if known.qualifiers is not None]
_FIRST_PARTS = frozenset({*_KEYS, *WORDS, *map(str.upper, WORDS)})


class _KeyConvertor(StringConvertor):
    """The first part of a path that names a GS1 key, in either case of its letters."""

    regex = "|".join(sorted(_FIRST_PARTS, key=len, reverse=True))


class _RestConvertor(StringConvertor):
    """All that follows, line ends among it: whatever was sent must be answered here."""

    regex = r"[\s\S]*"


register_url_convertor("gs1_key", _KeyConvertor())
register_url_convertor("gs1_rest", _RestConvertor())


def resolver_routes() -> list[BaseRoute]:
    """Every key of the standard, and the description of this resolver."""
    methods = ["GET", "HEAD", "OPTIONS"]
    return [
        Route(
            "/.well-known/gs1resolver", description_file, name="description_file", methods=methods
        ),
        Route(
            "/{key:gs1_key}/{rest:gs1_rest}",
            resolve_digital_link,
            name="resolve_digital_link",
            methods=methods,
        ),
    ]


def is_key(segment: str) -> bool:
    """Whether the first part of a path is a GS1 key, or was one once."""
    return segment in _FIRST_PARTS


def description_file(request: Request) -> Response:
    """What this resolver serves (standard §3): only keys it keeps, only the vocabulary it uses."""
    if request.method == "OPTIONS":
        return _preflight()
    said = {
        "name": "Nguồn Gốc",
        "resolverRoot": request.app.state.settings.base_url,
        "supportedPrimaryKeys": list(SERVED_KEYS),
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "jsonLdContextLocation": CONTEXT,
    }
    answer = Response(json.dumps(said, ensure_ascii=False), media_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return _opened(answer)


def resolve_digital_link(request: Request) -> Response:
    """307 to where an identifier leads, 200 with its linkset, 300, or a refusal that says why."""
    if request.method == "OPTIONS":
        return _preflight()
    asked = AskedLinks.of(request.scope)
    try:
        return _resolved(request, asked)
    except Unknown as unknown:
        told = _not_found(request, unknown)
    except MalformedLink as bad:
        told = _put_right(request, Refused(400, "malformed", bad.fault, why_malformed(bad)))
    except NotDigitalLink:
        why = say("Identifiers are numbers now, not words: /01/ instead of /gtin/.")
        told = _put_right(request, Refused(400, "malformed", "word", why))
    return _opened(refusal(request, told))


def _put_right(request: Request, told: Refused) -> Refused:
    """With what was meant in the form, where it can be told: whoever scanned a label cannot mend it."""
    if told.fault not in {"order", "unknown", "word"}:
        return told
    raw = request.scope["raw_path"].decode("latin-1")
    meant = elements_meant(key_in(raw) or raw)
    hint = say("Below it stands as it should: try again.")
    return replace(told, typed=as_bracketed(meant), hint=hint) if meant else told


def _not_found(request: Request, unknown: Unknown) -> Refused:
    said = parsed(request.scope["raw_path"], b"").elements
    return Refused(
        404,
        "not-found",
        unknown.way.value,
        unknown.why,
        unknown.hint,
        typed=as_bracketed(said),
        lot=said.get(LOT, ""),
        serial=said.get(SERIAL, ""),
    )


def _resolved(request: Request, asked: AskedLinks) -> Response:
    state, scope = request.app.state, request.scope
    if not _printable(scope["query_string"]):
        raise MalformedLink("format")
    link = parsed(scope["raw_path"], scope["query_string"])
    known = canonical(link)
    page, made = links_of(state.engine, known, base_url=state.settings.base_url, now=state.clock())
    kept = memory_of(state).put_links(page)
    after = BackgroundTask(keep, state.engine, [page]) if made else None
    if page.status != HTTPStatus.OK:
        why = say("This lot was withdrawn: it was recorded by mistake.")
        told = Refused(410, "gone", "withdrawn-lot", why, lot=known.qualifiers.get(LOT, ""))
        return _opened(refusal(request, told, background=after))
    serial = proven_serial(request, known.qualifiers.get(LOT, ""), link.qualifiers.get(SERIAL))
    return _answered(request, kept, asked, kept.levels.of(serial), after)


def _answered(
    request: Request,
    kept: KeptLinks,
    asked: AskedLinks,
    levels: tuple[Level, ...],
    after: BackgroundTask | None,
) -> Response:
    if asked.for_linkset:
        if asked.by_people:
            return _opened(links_page(request, levels, kept, background=after))
        found = linkset_answer(levels, kept.root, asked)
        return LinkResponse(unchanged(found, asked.if_none_match), kept, after)
    link = chosen(levels, asked)
    if not isinstance(link, Choice):
        return LinkResponse(redirect(link, levels, kept.root, asked.query), kept, after)
    if asked.by_people:
        several = links_page(request, (link.as_level,), kept, status=300, background=after)
        return _opened(several)
    return LinkResponse(linkset_answer((link.as_level,), kept.root, asked, status=300), kept, after)


class LinkResponse(Response):
    """An answer as the memory would send it, with what is to be done afterwards."""

    def __init__(
        self, answer: LinkAnswer, kept: KeptLinks, background: BackgroundTask | None
    ) -> None:
        super().__init__(background=background)
        self.answer, self.kept = answer, kept

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await send_answer(self.answer, self.kept.common, send, head=scope["method"] == "HEAD")
        if self.background is not None:
            await self.background()


def _opened(answer: Response) -> Response:
    """The answer, which pages of anybody may read."""
    for name, value in CROSS_ORIGIN:
        answer.headers[name.decode()] = value.decode()
    return answer


def _preflight() -> Response:
    answer = Response(status_code=204)
    for name, value in PREFLIGHT:
        answer.headers[name.decode()] = value.decode()
    return answer


def _printable(query: bytes) -> bool:
    """Whether a query may go on into a header as it is."""
    return re.search(rb"[\x00-\x20\x7f-\xff]", query) is None
