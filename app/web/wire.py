"""uvicorn's HTTP protocol, which sends what is at hand at once: without a task, in one piece.

A page from the memory costs uvicorn a task, two messages and a look at every byte of every header;
that is more than finding the page. Here the application is asked first, by a plain call, for an
answer whose headers were looked at when it was put together. What is not at hand goes the usual way.
"""

from collections.abc import Callable
from typing import Any

import structlog
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from app.web.page_answer import Answer

log = structlog.get_logger()

# What an application says at once to a request (its scope, and who asks), if it can.
AtHand = Callable[[Any, Callable[[Any], str]], Answer | None]
_CLOSE = b"connection: close\r\n"
_END = b"\r\n"


class Wire(HttpToolsProtocol):
    """One connection. `uvicorn.run(http=…)` takes the name of this class."""

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._address_of, self._at_hand = _asked_by(config.loaded_app)
        self._default: tuple[Any, bytes] = None, b""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        # `app` is another one when there are too many connections. What waited behind a slow answer
        # goes the usual way: a thousand at once would be answered from within one another.
        ask = self._at_hand
        usual = app is not self.app or cycle is not self.cycle or self.access_log
        if ask is None or usual or self.flow.write_paused:
            super()._start_asgi_task(cycle, app)
            return
        try:
            answer = ask(cycle.scope, self._address_of)
        except Exception:  # whatever it is, the usual way answers it
            log.exception("not_at_hand")
            answer = None
        if answer is None:
            super()._start_asgi_task(cycle, app)
        else:
            self._send(cycle, answer)

    def _send(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        """The bytes that uvicorn would send, and what it does afterwards."""
        said, default = self._default
        if said is not self.server_state.default_headers:  # another second: another Date
            said = self.server_state.default_headers
            default = b"".join(b"%b: %b\r\n" % pair for pair in said)
            self._default = said, default
        end = _END if cycle.keep_alive else _CLOSE + _END
        line = STATUS_LINE[answer.status]
        self.transport.write(b"".join((line, default, answer.head, end, answer.body)))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()


def _asked_by(loaded: Any) -> tuple[Callable[[Any], str], AtHand | None]:
    """How to tell who asks, and whom to ask, of an application as uvicorn has wrapped it."""
    behind = isinstance(loaded, ProxyHeadersMiddleware)
    address_of = _behind(loaded) if behind else _address_of
    loaded = loaded.app if behind else loaded
    return address_of, getattr(getattr(loaded, "state", None), "at_hand", None)


def _address_of(scope: Any) -> str:
    client = scope["client"]
    return client[0] if client else ""


def _behind(proxies: ProxyHeadersMiddleware) -> Callable[[Any], str]:
    """Who asks, by what a trusted proxy says: told by uvicorn's own reading of its headers."""

    async def nothing(*_asked: Any) -> None: ...

    reading = ProxyHeadersMiddleware(nothing)
    reading.trusted_hosts = proxies.trusted_hosts

    def address_of(scope: Any) -> str:
        read = dict(scope)
        run = reading(read, nothing, nothing)  # type: ignore[arg-type]  # it calls neither
        try:
            run.send(None)
        except StopIteration:
            return _address_of(read)
        run.close()
        raise RuntimeError("uvicorn waited where it only reads headers")

    return address_of
