"""Who guesses codes is slowed down: only answers that found nothing count, and nobody's address is kept.

A network address is remembered for a while, in this process alone, under a hash whose key is made
when the process starts and never leaves it. Over the limit, what finds nothing is answered 429;
good codes still pass, so that a shop behind one address does not pay for a neighbour's tries. Far
over the limit nothing is looked up any more: only pages that are in memory are shown.
"""

import hashlib
import ipaddress
import math
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.messages import say
from app.provenance.link_choice import reads_pages
from app.web.guard import HEADERS, refuse_page, refuse_problem
from app.web.link_answer import CROSS_ORIGIN
from app.web.resolver import is_key

FAR_OVER = 20
# However many processes share a limit, this many slips of a finger are everybody's.
FEWEST = 5
MOST_ADDRESSES = 50_000
MISSES = frozenset({400, 404, 422})
# SSCCs follow each other: whoever counts them up would collect the codes of lots, so finding one
# counts as a guess too. A receiver scans no more pallets in ten minutes than the limit.
_FOLLOWING = "/00/"
# A household's or an office's IPv6 addresses share their first 64 bits.
_NETWORK_BITS = 64
# Here stand proxies: one that nobody named (NGUONGOC_TRUSTED_PROXIES) brings everybody's requests.
_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)
_GUARDED = ("t", "p", "o", "a", "b", "i", "find", "certificates")
_GUARDED_PATHS = ("/api/v1/public/", "/api/v1/log/lots/", "/log/lots/", "/log/verify")


class Guesses:
    """How often each address found nothing lately."""

    def __init__(self, engine: Any, *, limit: int, window_seconds: int) -> None:
        self.engine = engine
        self.limit = limit
        self.window = window_seconds
        self._secret = secrets.token_bytes(32)
        self._counts: OrderedDict[bytes, tuple[float, int]] = OrderedDict()

    def key(self, host: str) -> bytes:
        """The name under which an address is counted."""
        try:
            address: object = ipaddress.ip_address(host)
        except ValueError:
            address = host
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            address = mapped or int(address) >> (address.max_prefixlen - _NETWORK_BITS)
        return hashlib.blake2b(str(address).encode(), key=self._secret, digest_size=16).digest()

    def count(self, key: bytes, now: float) -> int:
        """How often it found nothing in its window."""
        since, count = self._counts.get(key, (now, 0))
        return count if now - since < self.window else 0

    def missed(self, key: bytes, now: float) -> int:
        """One more that found nothing; how many now."""
        since, count = self._counts.pop(key, (now, 0))
        if now - since >= self.window:
            since, count = now, 0
        self._counts[key] = since, count + 1
        while len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)
        return count + 1

    def wait(self, key: bytes, now: float) -> int:
        """After how many seconds it may try again."""
        since, _ = self._counts.get(key, (now, 0))
        return max(1, math.ceil(since + self.window - now))


class SlowGuesses:
    """Pure ASGI around everything that looks a code up for somebody who is not signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_guarded(scope["path"]):
            await self.app(scope, receive, send)
            return
        state = scope["app"].state
        guesses, now = guesses_of(state), state.clock().timestamp()
        host = (scope.get("client") or ("",))[0]
        key = guesses.key(host)
        if guesses.count(key, now) >= guesses.limit * FAR_OVER and not is_inside(host):
            await _refuse(scope, send, guesses.wait(key, now))
            return
        answering = _Counted(scope, send, guesses, key, now)
        await self.app(scope, receive, answering.send)
        if answering.refused:
            await _refuse(scope, send, guesses.wait(key, now))


class _Counted:
    """Lets an answer through, unless it found nothing once too often."""

    def __init__(self, scope: Scope, send: Send, guesses: Guesses, key: bytes, now: float) -> None:
        self.scope, self.onward, self.guesses, self.key, self.now = scope, send, guesses, key, now
        self.refused = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._counts(message["status"]):
            self.refused = self.guesses.missed(self.key, self.now) > self.guesses.limit
        if not self.refused:
            await self.onward(message)

    def _counts(self, status: int) -> bool:
        return status in MISSES or self.scope["path"].startswith(_FOLLOWING)


def is_guarded(path: str) -> bool:
    """Whether an address looks up a code, a number or a place for anybody."""
    first = path[1:].partition("/")[0]
    return first.lower() in _GUARDED or is_key(first) or path.startswith(_GUARDED_PATHS)


def is_inside(host: str) -> bool:
    """Whether an address may be a proxy's, behind which everybody stands: good codes always pass."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _INSIDE)


def share_of(limit: int, workers: int) -> int:
    """What one of so many processes allows, so that all of them together keep the limit."""
    return max(math.ceil(limit / workers), min(limit, FEWEST))


def guesses_of(state: Any) -> Guesses:
    """The counts of an application; new ones where its database was exchanged."""
    found: Guesses | None = getattr(state, "guesses", None)
    if found is None or found.engine is not state.engine:
        settings = state.settings
        found = state.guesses = Guesses(
            state.engine,
            limit=share_of(settings.guess_limit, settings.workers),
            window_seconds=settings.guess_window_seconds,
        )
    return found


async def _refuse(scope: Scope, send: Send, wait: int) -> None:
    """429 in the reader's language, with how long to wait."""
    headers = Headers(scope=scope)
    why = say("Too many codes that do not exist came from your network. Try again later.")
    people = reads_pages(headers.get("accept", "")) and not scope["path"].startswith("/api/")
    answer = refuse_page if people else refuse_problem
    more = list(_more(wait))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    number = str(scope.get("state", {}).get("request_id", ""))
    await answer(sending, 429, "too-many", why, headers, number)


def _more(wait: int) -> Iterator[tuple[bytes, bytes]]:
    yield b"retry-after", str(wait).encode()
    yield from CROSS_ORIGIN
    for name, value in HEADERS.items():
        yield name.lower().encode(), value.encode()
