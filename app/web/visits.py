"""Which requests are somebody looking up a label, and the counter of this process."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from anyio import to_thread
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.requests import Request
from starlette.types import Scope

from app.errors import TooMany
from app.kit.clock import day_of
from app.kit.messages import say
from app.scans.counting import ScanCounter
from app.scans.limit_queries import limits_on
from app.scans.pacing import Pace
from app.scans.rules import Limits
from app.scans.visitors import is_person

KEPT = timedelta(seconds=10)
_TOP = (None, b"document")
# What a browser says that fetches before anybody asked for it, by its name of today and older ones.
_AHEAD = frozenset({b"sec-purpose", b"purpose", b"x-purpose", b"x-moz"})
_LONGEST = 512  # what is remembered of a header; browsers say what they are within it


def is_visit(scope: Scope, sent: dict[bytes, bytes]) -> bool:
    """Whether a page is asked for by a person who looks up a label.

    Not by HEAD, not ahead of time, not inside another page, not by a machine, not by people at
    work who are signed in or let in as a shop; and not to see the same page in another language
    or after a form, which is what a query on it means.
    """
    cookie = sent.get(b"cookie")
    agent, accept = sent.get(b"user-agent", b""), sent.get(b"accept", b"")
    if len(agent) + len(accept) > _LONGEST:
        agent, accept = agent[:_LONGEST], accept[:_LONGEST]
    return (
        scope["method"] == "GET"
        and not scope["query_string"]
        and sent.get(b"sec-fetch-dest") in _TOP
        and _is_page_for_person(agent, accept)
        and _AHEAD.isdisjoint(sent)
        and (cookie is None or (b"session=" not in cookie and b"shop=" not in cookie))
    )


# Telephones of one make and release send the same.
@lru_cache(maxsize=4_096)
def _is_page_for_person(agent: bytes, accept: bytes) -> bool:
    return b"text/html" in accept and is_person(agent)


def device_of(request: Request, counter: ScanCounter) -> int | None:
    """The telephone that asks, as it is told from others today."""
    agent = request.headers.get("user-agent", "")
    return counter.device(address_of(request.scope), agent.encode("latin-1"))


def device_now(request: Request) -> int | None:
    """The same for a form that is sent; None where nothing is counted."""
    state = request.app.state
    counter, now = counter_of(state), state.clock()
    if counter is None:
        return None
    if not counter.is_open(now.timestamp()):
        counter.open(now)
    return device_of(request, counter)


def address_of(scope: Scope) -> str:
    """Where a request comes from; behind a trusted proxy what that says."""
    client = scope.get("client")
    return client[0] if client else ""


def counter_of(state: Any) -> ScanCounter | None:
    """The counter of an application, a new one where its database was exchanged; None: nothing is counted."""
    if not state.settings.count_scans:
        return None
    counter: ScanCounter | None = getattr(state, "scan_counter", None)
    if counter is None or counter.engine is not state.engine:
        counter = state.scan_counter = ScanCounter(state.engine)
    return counter


def limits_now(request: Request, session: Session) -> Limits:
    """The thresholds of today, asked for again after some seconds: they are looked at at every scan."""
    state, now = request.app.state, request.app.state.clock()
    kept: tuple[Engine, datetime, Limits] | None = getattr(state, "scan_limits", None)
    fresh = kept is not None and kept[0] is state.engine and timedelta(0) <= now - kept[1] < KEPT
    if kept is None or not fresh:
        kept = state.scan_limits = state.engine, now, limits_on(session, day_of(now))
    return kept[2]


def pace_of(state: Any) -> Pace:
    """How often addresses did what is limited, in this process."""
    of_engine: tuple[Engine, Pace] | None = getattr(state, "scan_pace", None)
    if of_engine is None or of_engine[0] is not state.engine:
        of_engine = state.scan_pace = state.engine, Pace()
    return of_engine[1]


def require_pace(request: Request, limits: Limits) -> None:
    """Whoever marks label after label is asked to wait."""
    state = request.app.state
    wait = pace_of(state).claim(
        address_of(request.scope),
        limit=limits.address_per_minute,
        instant=state.clock().timestamp(),
    )
    if wait:
        why = say("Too many at once. Wait {seconds} seconds.", seconds=wait)
        raise TooMany(why, retry_after=wait)


async def note_visit(scope: Scope) -> None:
    """Keep with a request whether it is a visit, for those who answer it after others changed it."""
    state = scope["app"].state
    counter = counter_of(state)
    sent = dict(scope["headers"])
    if counter is None or not is_visit(scope, sent):
        return
    now = state.clock()
    if not counter.is_open(now.timestamp()):
        await to_thread.run_sync(counter.open, now)
    scope.setdefault("state", {})["visit"] = True
