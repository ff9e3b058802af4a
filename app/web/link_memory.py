"""Answers for GS1 identifiers whose links are in memory, ahead of all routing."""

from http import HTTPStatus
from typing import Any

from anyio import to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.gs1_links import MalformedLink, NotDigitalLink
from app.provenance.resolved import Unknown
from app.provenance.resolving import SERVED_KEYS
from app.provenance.units import UNIT
from app.web.kept_links import KeptLinks, keys_of, wanted
from app.web.kept_pages import Memory, memory_of
from app.web.link_answer import AskedLinks, LinkAnswer, send_answer

# Those of cartons and pallets go the long way, on which it is counted who asks for one after the other.
_STARTS = tuple(f"/{key}/".encode() for key in SERVED_KEYS if key != UNIT)


class LinkMemory:
    """Pure ASGI, outermost: answers for identifiers whose links are in memory, lets all else pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and scope["raw_path"].startswith(_STARTS)
            and await self._answered(scope, send)
        ):
            return
        await self.app(scope, receive, send)

    async def _answered(self, scope: Scope, send: Send) -> bool:
        state = scope["app"].state
        memory = memory_of(state)
        if memory.grew:
            await to_thread.run_sync(memory.refresh)
        found = self._found(scope, memory, state)
        if found is None:
            return False
        kept, answer = found
        await send_answer(answer, kept.common, send, head=scope["method"] == "HEAD")
        return True

    def _found(
        self, scope: Scope, memory: Memory, state: Any
    ) -> tuple[KeptLinks, LinkAnswer] | None:
        try:
            path, lot, serial = wanted(scope["raw_path"], scope["query_string"])
            kept = memory.links(path, state.clock().timestamp())
            if kept is None or kept.page.status != HTTPStatus.OK:
                return None
            if serial is not None:
                serial = keys_of(state).proven(lot, serial)
                if serial is None:
                    return None
            answer = kept.answer(AskedLinks.of(scope), serial)
        except (MalformedLink, NotDigitalLink, Unknown):
            return None  # told by the route behind
        return None if answer is None else (kept, answer)
