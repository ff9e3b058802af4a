"""Public pages in memory, answered ahead of everything else, and dropped when a fact touches them.

Every process asks the ledger whether it grew: SQLite at each request, which costs a microsecond,
PostgreSQL by the clock. What the new facts are about leaves the memory; so a recall
shows at once on SQLite and within `page_bound_seconds` on PostgreSQL, in every process.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from anyio import to_thread
from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from app.db import open_read_session
from app.models.pages import PageKind
from app.provenance.page_store import (
    MadePage,
    PageKey,
    is_touched,
    ledger_end,
    touched_since,
)
from app.scans.counting import ScanCounter
from app.web.kept_links import LINKS, NO_LANGUAGE, KeptLinks
from app.web.making_pages import build_of
from app.web.page_answer import Answer, Asked, Kept, answer_of, common_headers, joined, send_kept
from app.web.page_file import PageFile
from app.web.page_paths import LABELS, page_at
from app.web.visits import address_of, counter_of, is_visit, note_visit

MOST_BYTES = 64 * 1024 * 1024
MOST_READ_ONCE = 8_192
MOST_STALE = 8_192
MAKERS = 12
_LOT = PageKind.LOT
_READING = frozenset({"GET", "HEAD"})


class Memory:
    """The pages of one process for one database."""

    # What counts the scans of its pages, if any are counted.
    counter: ScanCounter | None = None

    def __init__(self, engine: Engine, *, base_url: str, secure: bool, bound: float) -> None:
        self._root = base_url
        self._bound = bound
        self.engine = engine
        self._common = common_headers(secure=secure)
        self._joined = joined(self._common)
        self._pages: OrderedDict[tuple[PageKey, str], Kept | KeptLinks] = OrderedDict()
        self._bytes = 0
        self._read_once: set[tuple[PageKey, str]] = set()
        self._gone_stale: set[tuple[PageKey, str]] = set()
        self._soonest_end = math.inf
        self._lock = Lock()
        self._makers = [Lock() for _ in range(MAKERS)]
        self._end = -1
        self._asked_at = 0.0
        self._file = PageFile.of(engine, build_of(base_url))
        self._data_version: int | None = None

    def get(self, key: PageKey, tag: str, now: float) -> Kept | None:
        """The page, unless its time is over."""
        found = self._get(key, tag)
        return found if isinstance(found, Kept) and found.is_fresh(now) else None

    def links(self, path: str, now: float) -> KeptLinks | None:
        """The links of a GS1 identifier, unless their time is over."""
        found = self._get(PageKey(LINKS, path), NO_LANGUAGE)
        return found if isinstance(found, KeptLinks) and found.is_fresh(now) else None

    def read(self, key: PageKey, tag: str, now: float) -> Kept | None:
        """A page that is not in memory, for who has not asked yet whether the ledger `grew`."""
        if self._file is None or (key, tag) in self._pages:
            return None
        found = self._read(self._file, key, tag)
        return found if isinstance(found, Kept) and found.is_fresh(now) else None

    def _get(self, key: PageKey, tag: str) -> Kept | KeptLinks | None:
        """What is kept under a name; from the file where the database is one."""
        found = self._pages.get((key, tag))
        if found is None and self._file is not None:
            found = self._read(self._file, key, tag)
        return found

    def turn(self, key: PageKey, tag: str) -> Lock:
        """To be held while a page is made: who comes second waits, and finds it."""
        return self._makers[hash((key, tag)) % len(self._makers)]

    def put(self, page: MadePage) -> Kept:
        """Take a page into the memory, unless a fact has touched it meanwhile; ready to be sent."""
        kept = Kept(page, self._joined)
        self._take(kept)
        return kept

    def put_links(self, page: MadePage) -> KeptLinks:
        """The same for the links of an identifier."""
        kept = KeptLinks(page, self._root, self._common)
        self._take(kept)
        return kept

    @property
    def grew(self) -> bool:
        """Whether it is time to ask what was recorded: for sure on SQLite, by the clock elsewhere."""
        if self._file is None:
            return time.monotonic() - self._asked_at >= self._bound
        return self._file.version() != self._data_version

    def gone_stale(self, now: float) -> set[tuple[PageKey, str]]:
        """The pages that were dropped since the last time this was asked, or whose time is over."""
        with self._lock:
            stale, self._gone_stale = self._gone_stale, set()
            if now >= self._soonest_end:
                ends = {name: page.fresh_until for name, page in self._pages.items()}
                stale |= {name for name, end in ends.items() if end <= now}
                self._soonest_end = min(
                    (end for end in ends.values() if end > now), default=math.inf
                )
        return {(key, tag) for key, tag in stale if key.kind != LINKS}

    def refresh(self) -> None:
        """Drop what facts recorded since the last time are about."""
        with self._lock:
            if not self.grew:  # another request has just asked
                return
            # Read before the facts: what comes between the two is asked for once more.
            asked_at = time.monotonic()
            version = self._file.version() if self._file else None
            with open_read_session(self.engine) as session:
                end = ledger_end(session)
                # At the first look nothing is in memory yet that facts could be about.
                first = self._end < 0 and not self._pages
                touched = {} if first or end == self._end else touched_since(session, self._end)
            if end < self._end:  # another database, or one that was restored
                self._forget()
            self._end = end
            self._drop_all(touched)
            # Said only now: until the pages are dropped, nobody else may answer from them.
            self._asked_at, self._data_version = asked_at, version

    def _forget(self) -> None:
        self._pages.clear()
        self._gone_stale.clear()
        self._bytes = 0
        if self._file is not None:
            self._file.forget()

    def _drop_all(self, touched: dict[str, int]) -> None:
        if self._file is not None:
            self._file.note(touched)
        for key, page in list(self._pages.items()) if touched else ():
            if not touched.keys().isdisjoint(page.page.subjects):
                self._drop(key)
                if len(self._gone_stale) < MOST_STALE:
                    self._gone_stale.add(key)

    def _take(self, kept: Kept | KeptLinks) -> None:
        with self._lock:
            if kept.page.position >= self._end or not self._is_touched(kept.page):
                self._keep(kept)

    def _read(self, file: PageFile, key: PageKey, tag: str) -> Kept | KeptLinks | None:
        """A stored page by one statement on the event loop: some microseconds, no thread."""
        # Read and kept in one go: no fact may be dropped for between the two. Whoever would have to
        # wait for another's look at the ledger finds the page in the slower way.
        if not self._lock.acquire(blocking=False):
            return None
        try:
            page = file.find(key, tag, self._end)
            if page is None:
                return None
            links = key.kind == LINKS
            kept = KeptLinks(page, self._root, self._common) if links else Kept(page, self._joined)
            if self._is_asked_for_again(key, tag):
                self._keep(kept)
            return kept
        finally:
            self._lock.release()

    def _is_asked_for_again(self, key: PageKey, tag: str) -> bool:
        """Whether it was read before: what one scans once may not push out what many scan."""
        if (key, tag) in self._read_once:
            return True
        if len(self._read_once) >= MOST_READ_ONCE:
            self._read_once.clear()
        self._read_once.add((key, tag))
        return False

    def _keep(self, kept: Kept | KeptLinks) -> None:
        key = kept.page.key, kept.page.language
        self._drop(key)
        self._pages[key] = kept
        self._soonest_end = min(self._soonest_end, kept.fresh_until)
        self._bytes += kept.size
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._pages)))

    def _is_touched(self, page: MadePage) -> bool:
        with open_read_session(self.engine) as session:
            return is_touched(session, page.subjects, page.position)

    def _drop(self, key: tuple[PageKey, str]) -> None:
        gone = self._pages.pop(key, None)
        self._bytes -= gone.size if gone else 0


class KeptPages:
    """Pure ASGI, outermost: answers what is in memory, lets all else pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _READING:
            key = page_at(scope["path"])
            if key is not None and await self._answered(scope, key, send):
                return
            if scope["path"].startswith(LABELS):
                await note_visit(scope)
        await self.app(scope, receive, send)

    async def _answered(self, scope: Scope, key: PageKey, send: Send) -> bool:
        state = scope["app"].state
        memory, asked = memory_of(state), Asked.of(scope)
        if asked is None:
            return False
        instant = state.clock().timestamp()
        kept = memory.read(key, asked.tag, instant)
        if kept is None:
            if memory.grew:
                await to_thread.run_sync(memory.refresh)
            kept = memory.get(key, asked.tag, instant)
        if kept is None:
            return False
        await send_kept(kept, asked, send, head=scope["method"] == "HEAD")
        counter = memory.counter
        if counter is not None and key.kind is _LOT and is_visit(scope, asked.sent):
            if not counter.is_open(instant):
                await to_thread.run_sync(counter.open, state.clock())
            counter.count_visit(key.code, address_of(scope), asked.sent[b"user-agent"])
        return True


def at_hand(state: Any, scope: Scope, address_of: Callable[[Scope], str]) -> Answer | None:
    """The same by a plain call; None where somebody would have to wait, or another answers."""
    key = page_at(scope["path"]) if scope["method"] in _READING else None
    asked = Asked.of(scope) if key is not None else None
    if key is None or asked is None:
        return None
    memory, instant = memory_of(state), state.clock().timestamp()
    kept = memory.read(key, asked.tag, instant)
    if kept is None:
        kept = None if memory.grew else memory.get(key, asked.tag, instant)
    if kept is None:
        return None
    counter = memory.counter
    if counter is not None and key.kind is _LOT and is_visit(scope, asked.sent):
        if not counter.is_open(instant):
            return None
        counter.count_visit(key.code, address_of(scope), asked.sent[b"user-agent"])
    return answer_of(kept, asked, head=scope["method"] == "HEAD")


def memory_of(state: Any) -> Memory:
    """The memory of an application; a new one where its database was exchanged."""
    memory: Memory | None = getattr(state, "kept_pages", None)
    if memory is None or memory.engine is not state.engine:
        settings = state.settings
        memory = Memory(
            state.engine,
            base_url=settings.base_url,
            secure=settings.secure_cookies,
            bound=settings.page_bound_seconds,
        )
        memory.counter = counter_of(state)
        state.kept_pages = memory
    return memory
