"""Who a request comes from: the API key or the cookie it carries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from fastapi import Request
from sqlalchemy import Connection, Engine

from app.accounts.caller import Caller
from app.accounts.caller_queries import find_caller_of_key, find_sign_in
from app.accounts.queries import API_KEY_PREFIX
from app.accounts.signing_in import caller_of, needs_touch, touch
from app.db import open_glance, transaction
from app.errors import NotSignedIn
from app.kit.clock import day_of
from app.kit.messages import say
from app.settings import Settings

Glance = Callable[[], AbstractContextManager[Connection]]


def session_cookie(secure: bool) -> str:
    """The cookie's name; `__Host-` binds it to this very host over https."""
    return "__Host-session" if secure else "session"


def carries_proof(request: Request, settings: Settings) -> bool:
    """Whether a request says who it comes from at all: only then is the database asked."""
    if request.headers.get("authorization"):
        return True
    return bool(request.cookies.get(session_cookie(settings.secure_cookies)))


def identify(
    request: Request,
    engine: Engine,
    settings: Settings,
    now: datetime,
    *,
    glance: Glance | None = None,
) -> Caller | None:
    """The caller; None for the anonymous public. A key that is not good is refused.

    `glance`: how keys are looked up, for who has a connection at hand.
    """
    authorization = request.headers.get("authorization", "")
    if authorization:
        return _by_key(glance or partial(open_glance, engine), authorization, now)
    token = request.cookies.get(session_cookie(settings.secure_cookies))
    return _by_cookie(engine, token, settings, now) if token else None


def _by_key(glance: Glance, authorization: str, now: datetime) -> Caller:
    kind, _, key = authorization.partition(" ")
    if kind.lower() == "bearer" and key.startswith(API_KEY_PREFIX):
        with glance() as reading:
            caller = find_caller_of_key(reading, key.strip(), now)
        if caller is not None:
            return caller
    raise NotSignedIn(say("This API key is unknown, revoked or has run out."))


def _by_cookie(engine: Engine, token: str, settings: Settings, now: datetime) -> Caller | None:
    with open_glance(engine) as reading:
        signed_in = find_sign_in(reading, token, day_of(now))
    if signed_in is None:
        return None
    caller = caller_of(
        signed_in,
        idle_minutes=settings.session_idle_minutes,
        staff_idle_minutes=settings.staff_idle_minutes,
        now=now,
    )
    if caller is not None and needs_touch(signed_in, now):
        with transaction(engine) as writing:
            touch(writing, signed_in_id=signed_in.id, now=now)
    return caller


def network_of(request: Request) -> str:
    """The network address a request comes from: one of IPv4, /64 of IPv6. Never stored plain."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host
