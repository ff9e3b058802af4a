"""A public page as HTTP: what a request asks for, and the page in each encoding, ready to be sent."""

import gzip
import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from starlette.types import Scope, Send

from app.kit.i18n import LANGUAGES, language, negotiate
from app.provenance.page_store import MadePage
from app.provenance.surrogate_keys import surrogate_keys
from app.web.guard import HEADERS, HSTS

# A recall must be seen within a minute, so no cache may keep the page longer.
PUBLIC_CACHE = "public, max-age=0, s-maxage=30, must-revalidate"
VARY = "Accept-Language, Cookie, Accept-Encoding"
OVERHEAD_BYTES = 3_000
_TAGS = {b"lang=" + tag.encode(): tag for tag in LANGUAGES}
_HTML_TAGS = {tag: language(tag).html_tag.encode() for tag in LANGUAGES}
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_LANG_COOKIE = re.compile(r"(?:^|;\s*)lang=(\w\w)")
_ENCODINGS = ("br", "gzip", "identity")
_END = b"\r\n"
# The last headers of a page in each.
_LAST = {
    one: b"content-type: text/html; charset=utf-8\r\n"
    + (b"" if one == "identity" else b"content-encoding: %b\r\n" % one.encode())
    for one in _ENCODINGS
}
Headers = list[tuple[bytes, bytes]]
Encodings = tuple[str, ...]


class Kept:
    """A page ready to be sent; what an encoding needs is put together when it is first asked for."""

    def __init__(self, page: MadePage, common: bytes) -> None:
        self.page = page
        self.size = len(page.gzip) + len(page.brotli) + OVERHEAD_BYTES
        self.fresh_from = _timestamp(page.fresh_from)
        self.fresh_until = _timestamp(page.fresh_until)
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
            self.size += len(found.whole.body) if encoding == "identity" else 0
        return found


class Answer(NamedTuple):
    """A status, headers as they stand on the wire, a line each, and the bytes after them."""

    status: int
    head: bytes
    body: bytes

    @property
    def headers(self) -> Headers:
        """The headers one by one."""
        pairs = (line.partition(b": ") for line in self.head.split(_END)[:-1])
        return [(name, value) for name, _, value in pairs]


class Variant(NamedTuple):
    """The page in one encoding, what is said to a reader who has it, and how that is told."""

    whole: Answer
    unchanged: Answer
    etag: bytes


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
        told, packed = sent.get(b"accept-language", b""), sent.get(b"accept-encoding", b"")
        cookie = sent.get(b"cookie", b"")
        if query:
            tag = _TAGS[query]
        elif b"lang=" in cookie:
            tag = _tag_of(told, _cookie_tag(cookie))
        else:
            tag = _tag_of(told, None)
        return cls(tag, _encodings_sent(packed), sent.get(b"if-none-match", b""), sent)


async def send_kept(kept: Kept, asked: Asked, send: Send, *, head: bool = False) -> None:
    """The page, or 304 when the reader has it already (RFC 9110 §13.1.2)."""
    answer = answer_of(kept, asked, head=head)
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})


def answer_of(kept: Kept, asked: Asked, *, head: bool = False) -> Answer:
    """What a page answers: itself, its headers alone, or that the reader has it already."""
    found = kept.variant(asked.encodings)
    same = _same(kept, asked, found) if asked.if_none_match else None
    if same is not None:
        return same.unchanged
    return found.whole._replace(body=b"") if head else found.whole


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


def joined(headers: Headers) -> bytes:
    """Headers as they stand on the wire; raises ValueError where one would not end with its line."""
    if any(_CONTROL.search(name + value) for name, value in headers):
        raise ValueError("a header with a control character")
    return b"".join(b"%b: %b\r\n" % pair for pair in headers)


def _variant(page: MadePage, encoding: str, common: bytes) -> Variant:
    body = page.brotli if encoding == "br" else page.gzip
    if encoding == "identity":
        body = gzip.decompress(page.gzip)
    etag = b'"%b-%b"' % (page.etag.encode(), encoding[0].encode())
    # Nothing in these comes from outside: an ETag and the keys are digests and trace codes.
    same = b"etag: %b\r\ncontent-language: %b\r\nsurrogate-key: %b\r\n%b" % (
        etag,
        _HTML_TAGS[page.language],
        surrogate_keys(page.subjects).encode(),
        common,
    )
    head = b"content-length: %d\r\n%b%b" % (len(body), same, _LAST[encoding])
    return Variant(Answer(page.status, head, body), Answer(304, same, b""), etag)


@lru_cache(maxsize=256)
def _timestamp(instant: datetime) -> float:
    return instant.timestamp()


def _cookie_tag(cookie: bytes) -> str | None:
    found = _LANG_COOKIE.search(cookie.decode("latin-1"))
    return found[1] if found else None


@lru_cache(maxsize=1024)
def _tag_of(accepted: bytes, preferred: str | None) -> str:
    return negotiate(accepted.decode("latin-1"), preferred)


@lru_cache(maxsize=256)
def _encodings_sent(accepted: bytes) -> Encodings:
    return encodings_of(accepted.decode("latin-1"))


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
