"""Which requests are somebody looking up a label, and the counter of this process."""

from typing import Any

from anyio import to_thread
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.types import Scope

from app.scans.counting import ScanCounter
from app.scans.pacing import Pace
from app.scans.visitors import is_person

_TOP = (None, b"document")
# What a browser fetches before anybody asked for it (Fetch §2.2.6; older names beside it).
_AHEAD = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")


def is_visit(scope: Scope, sent: dict[bytes, bytes]) -> bool:
    """Whether a page is asked for by a person who looks up a label.

    Not by HEAD, not ahead of time, not inside another page, not by a machine; and not to see
    the same page in another language or after a form, which is what a query on it means.
    """
    return (
        scope["method"] == "GET"
        and not scope["query_string"]
        and sent.get(b"sec-fetch-dest") in _TOP
        and b"text/html" in sent.get(b"accept", b"")
        and is_person(sent.get(b"user-agent", b""))
        and not any(name in sent for name in _AHEAD)
    )


def device_of(request: Request, counter: ScanCounter) -> int | None:
    """The telephone that asks, as it is told from others today."""
    agent = request.headers.get("user-agent", "")
    return counter.device(address_of(request.scope), agent.encode("latin-1"))


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


def pace_of(state: Any) -> Pace:
    """How often addresses did what is limited, in this process."""
    of_engine: tuple[Engine, Pace] | None = getattr(state, "scan_pace", None)
    if of_engine is None or of_engine[0] is not state.engine:
        of_engine = state.scan_pace = state.engine, Pace()
    return of_engine[1]


async def count_lot(scope: Scope, sent: dict[bytes, bytes], code: str) -> None:
    """Count a lot's page that was answered, if somebody looked it up."""
    state = scope["app"].state
    counter = counter_of(state)
    if counter is None or not is_visit(scope, sent):
        return
    now = state.clock()
    if not counter.is_open(now.timestamp()):
        await to_thread.run_sync(counter.open, now)
    counter.count_lot(code, counter.device(address_of(scope), sent.get(b"user-agent", b"")))


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
