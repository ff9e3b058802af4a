"""A public page as HTTP: what a request asks for, and the page in each encoding, ready to be sent."""

import gzip
import re
from functools import lru_cache
from typing import NamedTuple

from starlette.types import Scope, Send

from app.kit.i18n import LANGUAGES, language, negotiate
from app.provenance.page_store import MadePage
from app.provenance.surrogate_keys import surrogate_keys
from app.web.guard import HEADERS, HSTS

# A recall must be seen within a minute, so no cache may keep the page longer.
PUBLIC_CACHE = "public, max-age=0, s-maxage=30, must-revalidate"
CONTENT_TYPE = (b"content-type", b"text/html; charset=utf-8")
VARY = "Accept-Language, Cookie, Accept-Encoding"
OVERHEAD_BYTES = 3_000
_TAGS = {b"lang=" + tag.encode(): tag for tag in LANGUAGES}
_HTML_TAGS = {tag: language(tag).html_tag.encode() for tag in LANGUAGES}
_LANG_COOKIE = re.compile(r"(?:^|;\s*)lang=(\w\w)")
_ENCODINGS = ("br", "gzip", "identity")
Headers = list[tuple[bytes, bytes]]
Encodings = tuple[str, ...]


class Kept:
    """A page ready to be sent; what an encoding needs is put together when it is first asked for."""

    def __init__(self, page: MadePage, common: Headers) -> None:
        self.page = page
        self.size = len(page.gzip) + len(page.brotli) + OVERHEAD_BYTES
        self.fresh_from = page.fresh_from.timestamp()
        self.fresh_until = page.fresh_until.timestamp()
        self._common = common
        self._variants: dict[str, Variant] = {}

    def is_fresh(self, now: float) -> bool:
        """Whether its time (seconds since 1970) is not over."""
        return self.fresh_from <= now < self.fresh_until

    def variant(self, encodings: Encodings) -> "Variant":
        """The page in the first of these encodings that it stands in."""
        encoding = encodings[0]
        if encoding == "br" and not self.page.brotli:  # not pressed yet
            encoding = encodings[1]
        found = self._variants.get(encoding)
        if found is None:
            found = self._variants[encoding] = _variant(self.page, encoding, self._common)
            self.size += len(found.body) if encoding == "identity" else 0
        return found


class Variant(NamedTuple):
    """Headers of the page and of a 304, the ETag and the bytes."""

    headers: Headers
    unchanged: Headers
    etag: bytes
    body: bytes


class Asked(NamedTuple):
    """What a request says that decides between the variants of a page, with all its headers."""

    tag: str
    encodings: Encodings
    if_none_match: bytes
    sent: dict[bytes, bytes]

    @classmethod
    def of(cls, scope: Scope) -> "Asked | None":
        """None when the address asks for more than a language."""
        query = scope["query_string"]
        if query and query not in _TAGS:
            return None
        sent = dict(scope["headers"])
        tag = _TAGS.get(query) or _tag_of(
            sent.get(b"accept-language", b"").decode("latin-1"), _cookie_tag(sent)
        )
        encodings = encodings_of(sent.get(b"accept-encoding", b"").decode("latin-1"))
        return cls(tag, encodings, sent.get(b"if-none-match", b""), sent)


async def send_kept(kept: Kept, asked: Asked, send: Send, *, head: bool = False) -> None:
    """The page, or 304 when the reader has it already (RFC 9110 §13.1.2)."""
    found = kept.variant(asked.encodings)
    same = _same(kept, asked, found) if asked.if_none_match else None
    if same is not None:
        await send({"type": "http.response.start", "status": 304, "headers": same.unchanged})
        await send({"type": "http.response.body", "body": b""})
        return
    status = kept.page.status
    await send({"type": "http.response.start", "status": status, "headers": found.headers})
    await send({"type": "http.response.body", "body": b"" if head else found.body})


def _same(kept: Kept, asked: Asked, now: Variant) -> Variant | None:
    """What the reader has of the page: as it is sent now, or as it was before brotli was ready."""
    if _has(asked.if_none_match, now.etag):
        return now
    others = (kept.variant((encoding,)) for encoding in asked.encodings[1:])
    return next((one for one in others if _has(asked.if_none_match, one.etag)), None)


def common_headers(*, secure: bool) -> Headers:
    """What every page carries, whatever it says."""
    headers = {**HEADERS, "Cache-Control": PUBLIC_CACHE, "Vary": VARY}
    if secure:
        headers["Strict-Transport-Security"] = HSTS
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _variant(page: MadePage, encoding: str, common: Headers) -> Variant:
    body = page.brotli if encoding == "br" else page.gzip
    if encoding == "identity":
        body = gzip.decompress(page.gzip)
    etag = f'"{page.etag}-{encoding[0]}"'.encode()
    unchanged = [
        (b"etag", etag),
        (b"content-language", _HTML_TAGS[page.language]),
        (b"surrogate-key", surrogate_keys(page.subjects).encode()),
        *common,
    ]
    headers = [(b"content-length", str(len(body)).encode()), *unchanged, CONTENT_TYPE]
    if encoding != "identity":
        headers.append((b"content-encoding", encoding.encode()))
    return Variant(headers, unchanged, etag, body)


def _cookie_tag(sent: dict[bytes, bytes]) -> str | None:
    cookie = sent.get(b"cookie", b"")
    if b"lang=" not in cookie:
        return None
    found = _LANG_COOKIE.search(cookie.decode("latin-1"))
    return found[1] if found else None


@lru_cache(maxsize=1024)
def _tag_of(accepted: str, preferred: str | None) -> str:
    return negotiate(accepted, preferred)


def encoding_of(accepted: str) -> str:
    """The first of `br`, `gzip` and `identity` that an Accept-Encoding header takes."""
    return encodings_of(accepted)[0]


@lru_cache(maxsize=256)
def encodings_of(accepted: str) -> Encodings:
    """All of them that it takes, the smallest first; `identity` is always the last."""
    wanted = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        wanted[name.strip()] = parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00"}
    every = wanted.get("*", False)
    return (*(one for one in _ENCODINGS[:-1] if wanted.get(one, every)), _ENCODINGS[-1])


def _has(if_none_match: bytes, etag: bytes) -> bool:
    sent = {part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")}
    return etag in sent or b"*" in sent
