"""How a resolver answers (GS1-Conformant Resolver Standard 1.2): a redirect, a linkset, or a choice.

Addresses come from the installation's setting and the links alone, never from a request. The query
goes on to the target byte for byte.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.types import Scope, Send

from app.kit.messages import say
from app.provenance.link_choice import best_links, reads_pages, wants
from app.provenance.links import (
    CONTEXT,
    DEFAULT_LINK,
    JSON_LD_MEDIA,
    LINKSET_MEDIA,
    Level,
    Link,
    kind_in,
    linkset,
    linkset_as_ld,
)
from app.provenance.resolved import Unknown, WrongWay

Headers = list[tuple[bytes, bytes]]

LINKSET = "linkset"
# `all` is what linksets were asked for by before 2024: still understood.
_ASKS_FOR_ALL = frozenset({LINKSET, "all"})
_JSON_MEDIA = "application/json"
_CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"
_LINK_TYPE = re.compile(r"(?:^|[&;])linktype=([^&;]*)", re.IGNORECASE)
METHODS = "GET, HEAD, OPTIONS"
VARY = (b"vary", b"Accept, Accept-Language")
# Anybody's page may ask: nothing here depends on who does, and no cookie is read.
CROSS_ORIGIN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-expose-headers", b"Link, Location, ETag, Retry-After, X-Request-ID"),
]
PREFLIGHT: Headers = [
    *CROSS_ORIGIN,
    (b"access-control-max-age", b"86400"),
    (b"allow", METHODS.encode()),
]


@dataclass(frozen=True)
class AskedLinks:
    """What a request says that decides between the links of an identifier."""

    query: bytes
    accept: str
    accept_language: str
    if_none_match: bytes

    @classmethod
    def of(cls, scope: Scope) -> "AskedLinks":
        sent = dict(scope["headers"])
        return cls(
            query=scope["query_string"],
            accept=sent.get(b"accept", b"").decode("latin-1"),
            accept_language=sent.get(b"accept-language", b"").decode("latin-1"),
            if_none_match=sent.get(b"if-none-match", b""),
        )

    @property
    def link_type(self) -> str:
        """The link type asked for; nothing asks for the default."""
        found = _LINK_TYPE.search(self.query.decode("latin-1")) if self.query else None
        return unquote(found[1]).strip() if found else ""

    @property
    def for_linkset(self) -> bool:
        """Whether all links are asked for, by name or by media type."""
        asked = self.link_type.lower()
        if asked in _ASKS_FOR_ALL:
            return True
        if wants(self.accept, LINKSET_MEDIA):
            return True
        return not asked and wants(self.accept, JSON_LD_MEDIA)

    @property
    def by_people(self) -> bool:
        """Whether the answer is looked at in a browser."""
        return reads_pages(self.accept)


@dataclass(frozen=True)
class LinkAnswer:
    """An answer without the headers that all have."""

    status: int
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True)
class Choice:
    """Links of one level between which a request does not decide."""

    level: Level
    links: Sequence[Link]

    @property
    def as_level(self) -> Level:
        return Level(self.level.path, self.level.about, tuple(self.links))


def chosen(levels: Sequence[Level], asked: AskedLinks) -> Link | Choice:
    """The link a request means: of its type the most particular level that has any. Raises Unknown."""
    wanted = asked.link_type
    kind = kind_in(wanted) if wanted else DEFAULT_LINK
    for level in levels if kind else ():
        links = level.of_kind(str(kind))
        if not links:
            continue
        best = best_links(links, asked.accept, asked.accept_language)
        return best[0] if len(best) == 1 else Choice(level, best)
    raise Unknown(
        WrongWay.LINK_TYPE, say("No link of the type {kind} is known for this.", kind=wanted[:80])
    )


def redirect(link: Link, levels: Sequence[Level], root: str, query: bytes) -> LinkAnswer:
    """307 to a link; its Link header leads to the linkset."""
    location = link.href.encode()
    if query:
        location += (b"&" if b"?" in location else b"?") + query
    headers = [
        (b"location", location),
        (b"link", _to_linkset(levels[0], root)),
        (b"content-length", b"0"),
    ]
    return LinkAnswer(307, headers)


def linkset_answer(
    levels: Sequence[Level], root: str, asked: AskedLinks, *, status: int = 200
) -> LinkAnswer:
    """The linkset in the media type that is wanted: linkset+json unless another is named."""
    media, said = LINKSET_MEDIA, linkset(levels, root)
    if wants(asked.accept, JSON_LD_MEDIA):
        media, said = JSON_LD_MEDIA, linkset_as_ld(levels, root)
    elif wants(asked.accept, _JSON_MEDIA) and not wants(asked.accept, LINKSET_MEDIA):
        media = _JSON_MEDIA
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(media.encode() + body).hexdigest()[:20]}"'.encode()
    headers = [
        (b"content-type", media.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"etag", etag),
        (b"link", f'<{CONTEXT}>; rel="{_CONTEXT_REL}"; type="{JSON_LD_MEDIA}"'.encode()),
    ]
    return LinkAnswer(status, headers, body)


def unchanged(answer: LinkAnswer, if_none_match: bytes) -> LinkAnswer:
    """304 where the reader has it already (RFC 9110 §13.1.2)."""
    etag = dict(answer.headers).get(b"etag")
    sent = {part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")}
    if etag is None or (etag not in sent and b"*" not in sent):
        return answer
    kept = [pair for pair in answer.headers if pair[0] in {b"etag", b"link"}]
    return LinkAnswer(304, kept)


async def send_answer(answer: LinkAnswer, common: Headers, send: Send, *, head: bool) -> None:
    """Send an answer, without its body to HEAD."""
    headers = [*answer.headers, *common]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})


def _to_linkset(level: Level, root: str) -> bytes:
    address = f"{root}{level.path}?linkType={LINKSET}"
    return f'<{address}>; rel="{LINKSET}"; type="{LINKSET_MEDIA}"; title="Links"'.encode()
