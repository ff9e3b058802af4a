"""Answers with a ready-made page: from the store, or made now and kept once the answer has left."""

from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.background import BackgroundTask
from starlette.types import Receive, Scope, Send

from app.deps import Call, language_of
from app.provenance.page_store import MadePage, PageKey
from app.web.kept_pages import Memory, memory_of
from app.web.making_pages import Drafter, keep, page_of, pressed, rendered
from app.web.page_answer import PUBLIC_CACHE, Asked, Kept, send_kept


def kept_answer(request: Request, key: PageKey, draft: Drafter) -> "KeptAnswer":
    """The page in the reader's language; what `draft` raises where there is no such thing."""
    state, tag = request.app.state, language_of(request).tag
    memory, now = memory_of(state), state.clock()
    ready = _ready(memory, key, tag, now)
    if ready is not None:
        return KeptAnswer(ready, None)
    with memory.turn(key, tag):
        ready = _ready(memory, key, tag, now)  # who came first has made it
        if ready is not None:
            return KeptAnswer(ready, None)
        base_url = state.settings.base_url
        page, made = page_of(state.engine, key, tag, draft=draft, base_url=base_url, now=now)
        kept = memory.put(page)
    return KeptAnswer(kept, BackgroundTask(_keep, memory, page) if made else None)


def _ready(memory: Memory, key: PageKey, tag: str, now: datetime) -> Kept | None:
    if memory.grew:
        memory.refresh()
    return memory.get(key, tag, now.timestamp())


def _keep(memory: Memory, page: MadePage) -> None:
    """Press a new page, for those who come next, and keep it for all processes."""
    small = pressed(page)
    memory.put(small)
    keep(memory.engine, [small])


def fresh_answer(request: Request, call: Call, key: PageKey, draft: Drafter) -> HTMLResponse:
    """The same made for this reader alone, of a day that somebody asked for; nothing is kept."""
    state = request.app.state
    drafted = draft(call.session, key.code, state.settings.base_url, state.clock())
    headers = {
        "Content-Language": call.language.html_tag,
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": PUBLIC_CACHE,
    }
    return HTMLResponse(rendered(drafted, call.language.tag), drafted.status, headers)


class KeptAnswer(Response):
    """A page as the memory would send it, with what is to be done afterwards."""

    def __init__(self, kept: Kept, background: BackgroundTask | None) -> None:
        super().__init__(background=background)
        self.kept = kept

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        bare = {**scope, "query_string": b""}  # the language is chosen already
        asked = Asked.of(bare)
        if asked is not None:
            await send_kept(self.kept, asked, send, head=scope["method"] == "HEAD")
        if self.background is not None:
            await self.background()
