"""Pages of lots in memory, answered ahead of everything else, and dropped when a fact touches them.

Every process asks the ledger whether it grew: SQLite at each request, which costs a microsecond,
PostgreSQL by the clock. What the new facts are about leaves the memory; so a recall
shows at once on SQLite and within `page_bound_seconds` on PostgreSQL, in every process.
"""

import gzip
import re
import sqlite3
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from anyio import to_thread
from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from app.db import open_read_session
from app.kit.i18n import LANGUAGES, language, negotiate
from app.provenance.page_store import MadePage, is_touched, ledger_end, touched_since
from app.web.guard import HEADERS, HSTS

MOST_BYTES = 64 * 1024 * 1024
# A recall must be seen within a minute, so no cache may keep the page longer.
PUBLIC_CACHE = "public, max-age=0, s-maxage=30, must-revalidate"
VARY = "Accept-Language, Cookie, Accept-Encoding"
_PATH = re.compile(r"/[tT]/(LC[0-9A-HJKMNP-TV-Z]{13})")
_TAGS = {b"lang=" + tag.encode(): tag for tag in LANGUAGES}
_LANG_COOKIE = re.compile(r"(?:^|;\s*)lang=(\w\w)")
_ENCODINGS = ("br", "gzip", "identity")
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Kept:
    """A page ready to be sent: for each encoding its headers, its ETag and its bytes."""

    subjects: frozenset[str]
    fresh_from: float
    fresh_until: float
    status: int
    size: int
    variants: dict[str, tuple[Headers, bytes, bytes]]


class Memory:
    """The pages of one process for one database."""

    def __init__(self, engine: Engine, *, secure: bool, bound: float) -> None:
        self._bound = bound
        self.engine = engine
        self._common = _common_headers(secure=secure)
        self._pages: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._end = -1
        self._asked_at = 0.0
        self._watch = _watch(engine)
        self._data_version: int | None = None

    def get(self, code: str, tag: str, now: float) -> Kept | None:
        """The page, unless its time is over."""
        found = self._pages.get((code, tag))
        return found if found and found.fresh_from <= now < found.fresh_until else None

    def put(self, page: MadePage) -> Kept:
        """Take a page into the memory, unless a fact has touched it meanwhile; ready to be sent."""
        kept = _ready(page, self._common)
        with self._lock:
            if page.position < self._end and self._is_touched(page):
                return kept
            self._drop((page.code, page.language))
            self._pages[page.code, page.language] = kept
            self._bytes += kept.size
            while self._bytes > MOST_BYTES:
                self._drop(next(iter(self._pages)))
        return kept

    @property
    def grew(self) -> bool:
        """Whether it is time to ask what was recorded: for sure on SQLite, by the clock elsewhere."""
        if self._watch is None:
            return time.monotonic() - self._asked_at >= self._bound
        return self._version() != self._data_version

    def refresh(self) -> None:
        """Drop what facts recorded since the last time are about."""
        with self._lock:
            self._asked_at = time.monotonic()
            if self._watch is not None:
                # Read before the facts: what comes between the two is asked for once more.
                self._data_version = self._version()
            with open_read_session(self.engine) as session:
                end = ledger_end(session)
                touched = set(touched_since(session, self._end)) if end != self._end else set()
            if end < self._end:  # another database, or one that was restored
                self._pages.clear()
                self._bytes = 0
            self._end = end
            for key, page in list(self._pages.items()) if touched else ():
                if not touched.isdisjoint(page.subjects):
                    self._drop(key)

    def _is_touched(self, page: MadePage) -> bool:
        with open_read_session(self.engine) as session:
            return is_touched(session, page.subjects, page.position)

    def _drop(self, key: tuple[str, str]) -> None:
        gone = self._pages.pop(key, None)
        self._bytes -= gone.size if gone else 0

    def _version(self) -> int:
        assert self._watch is not None
        version: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        return version


class KeptPages:
    """Pure ASGI, outermost: answers what is in memory, lets all else pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            found = _PATH.fullmatch(scope["path"])
            if found is not None and await self._answered(scope, found[1], send):
                return
        await self.app(scope, receive, send)

    async def _answered(self, scope: Scope, code: str, send: Send) -> bool:
        state = scope["app"].state
        memory = memory_of(state)
        if memory.grew:
            await to_thread.run_sync(memory.refresh)
        asked = Asked.of(scope)
        kept = None
        if asked is not None:
            kept = memory.get(code, asked.tag, state.clock().timestamp())
        if asked is None or kept is None:
            return False
        await send_kept(kept, asked, send, head=scope["method"] == "HEAD")
        return True


@dataclass(frozen=True)
class Asked:
    """What a request says that decides between the variants of a page."""

    tag: str
    encoding: str
    if_none_match: bytes

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
        encoding = _encoding_of(sent.get(b"accept-encoding", b"").decode("latin-1"))
        return cls(tag, encoding, sent.get(b"if-none-match", b""))


async def send_kept(kept: Kept, asked: Asked, send: Send, *, head: bool = False) -> None:
    """The page, or 304 when the reader has it already (RFC 9110 §13.1.2)."""
    headers, etag, body = kept.variants[asked.encoding]
    if asked.if_none_match and _has(asked.if_none_match, etag):
        await send({"type": "http.response.start", "status": 304, "headers": headers[1:]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": kept.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


def memory_of(state: Any) -> Memory:
    """The memory of an application; a new one where its database was exchanged."""
    memory: Memory | None = getattr(state, "kept_pages", None)
    if memory is None or memory.engine is not state.engine:
        settings = state.settings
        memory = Memory(
            state.engine, secure=settings.secure_cookies, bound=settings.page_bound_seconds
        )
        state.kept_pages = memory
    return memory


def _ready(page: MadePage, common: Headers) -> Kept:
    bodies = {"br": page.brotli, "gzip": page.gzip, "identity": gzip.decompress(page.gzip)}
    html_tag = language(page.language).html_tag.encode()
    variants = {}
    for encoding, body in bodies.items():
        etag = f'"{page.etag}-{encoding[0]}"'.encode()
        headers = [
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag),
            (b"content-language", html_tag),
            (b"surrogate-key", page.code.encode()),
            *common,
        ]
        if encoding != "identity":
            headers.append((b"content-encoding", encoding.encode()))
        variants[encoding] = (headers, etag, body)
    size = sum(map(len, bodies.values())) + 2_000
    times = page.fresh_from.timestamp(), page.fresh_until.timestamp()
    return Kept(page.subjects, *times, page.status, size, variants)


def _common_headers(*, secure: bool) -> Headers:
    headers = {**HEADERS, "Cache-Control": PUBLIC_CACHE, "Vary": VARY}
    headers["Content-Type"] = "text/html; charset=utf-8"
    if secure:
        headers["Strict-Transport-Security"] = HSTS
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _watch(engine: Engine) -> sqlite3.Connection | None:
    """A connection of its own that is only asked whether another one wrote; None on PostgreSQL."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return sqlite3.connect(engine.url.database, check_same_thread=False, isolation_level=None)


def _cookie_tag(sent: dict[bytes, bytes]) -> str | None:
    cookie = sent.get(b"cookie", b"")
    if b"lang=" not in cookie:
        return None
    found = _LANG_COOKIE.search(cookie.decode("latin-1"))
    return found[1] if found else None


@lru_cache(maxsize=1024)
def _tag_of(accepted: str, preferred: str | None) -> str:
    return negotiate(accepted, preferred)


@lru_cache(maxsize=256)
def _encoding_of(accepted: str) -> str:
    wanted = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        wanted[name.strip()] = parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00"}
    every = wanted.get("*", False)
    for encoding in _ENCODINGS[:-1]:
        if wanted.get(encoding, every):
            return encoding
    return "identity"


def _has(if_none_match: bytes, etag: bytes) -> bool:
    sent = {part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")}
    return etag in sent or b"*" in sent
