"""What an endpoint may ask for, one alias a thing: its call, paging, versions, settings.

Those that wait for nothing are `async`: FastAPI hands every other one to a thread.

`authorise` runs before every FastAPI route: it finds the route's line in the policy table and
refuses what the table does not allow. Nothing else decides access.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Annotated

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Depends, Header, Query, Request
from sqlalchemy import Connection, Engine
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from app.accounts.caller import Caller
from app.accounts.looks import Seen, is_kept, keep_looks
from app.accounts.policy import BEFORE_ENROLMENT, Access, Scope, access_to
from app.accounts.reach import Reach
from app.accounts.remembering import Attempt, attempt
from app.bodies import body_of
from app.db import is_sqlite, open_glance, open_read_session, open_session, transaction
from app.errors import EnrolFirst, Forbidden, NotSignedIn, StaleVersion, VersionRequired
from app.identifying import Glance, carries_proof, identify
from app.kit.clock import day_of
from app.kit.i18n import Language, language, negotiate
from app.kit.messages import say
from app.ledger.actors import Actor
from app.once import Once
from app.settings import Settings

DEFAULT_PAGE = 50
LARGEST_PAGE = 200


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


async def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _now(request: Request) -> datetime:
    instant: datetime = request.app.state.clock()
    return instant


async def _steps(request: Request) -> Callable[[], AbstractContextManager[Session]]:
    return partial(transaction, _engine(request))


async def authorise(request: Request) -> None:
    """Let the request pass only where the policy table says so; remembers caller and reach."""
    known = carries_proof(request, request.app.state.settings)
    _admit(request, await run_in_threadpool(_identified, request) if known else None)


def _identified(request: Request, glance: Glance | None = None) -> Caller | None:
    settings: Settings = request.app.state.settings
    return identify(request, _engine(request), settings, _now(request), glance=glance)


def _admit(request: Request, caller: Caller | None) -> None:
    name = getattr(request.scope.get("route"), "name", "") or ""
    access = access_to(name)
    request.state.caller = caller
    if caller is not None and caller.must_enrol and name not in BEFORE_ENROLMENT:
        _require_public(access)
    request.state.reach = _reach(access, caller)


def _require_public(access: Access | None) -> None:
    if access is None or not access.public:
        raise EnrolFirst(say("Your role needs a second step at sign-in. Set it up first."))


def _reach(access: Access | None, caller: Caller | None) -> Reach:
    scope = access.scope(caller.role if caller else None) if access else Scope.NO
    if scope is Scope.ALL:
        return Reach.all()
    if scope is Scope.OWN and caller is not None:
        return Reach.own(caller.organisation_id)
    if caller is None:
        raise NotSignedIn(say("Please sign in first."))
    raise Forbidden(say("Your role may not do this."))


def language_of(request: Request) -> Language:
    """The reader's language: asked for in the address, remembered, the account's, the browser's."""
    caller: Caller | None = getattr(request.state, "caller", None)
    preferred = request.query_params.get("lang") or request.cookies.get("lang")
    if preferred is None and caller is not None and not request.url.path.startswith("/api/"):
        preferred = caller.language
    return language(negotiate(request.headers.get("accept-language", ""), preferred))


@dataclass(frozen=True)
class PageWanted:
    """Which page of a list: `after` is the cursor of the page before (None: the first)."""

    after: str | None
    limit: int


async def _page(
    after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = DEFAULT_PAGE,
) -> PageWanted:
    return PageWanted(after, limit)


async def _expected_version(
    if_match: Annotated[
        str | None, Header(description="The `ETag` the change was made from.", examples=['"1"'])
    ] = None,
) -> int:
    if if_match is None:
        raise VersionRequired(say("Send If-Match with the version you are changing."))
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError as error:
        raise StaleVersion(say("Somebody changed this before you. Read it again.")) from error


async def _attempt(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="A key of your own, new for each fact; the same key never acts twice."),
    ] = None,
) -> Attempt:
    caller: Caller | None = request.state.caller
    return attempt(
        caller=str(caller.membership_id if caller else "public"),
        key=idempotency_key,
        method=request.method,
        path=request.url.path,
        body=await body_of(request),
    )


# For the few things that need several transactions: each is committed before the next begins.
StepsDep = Annotated[Callable[[], AbstractContextManager[Session]], Depends(_steps)]
Config = Annotated[Settings, Depends(_settings)]
PageArgs = Annotated[PageWanted, Depends(_page)]
ExpectedVersion = Annotated[int, Depends(_expected_version)]


@dataclass(frozen=True)
class Call:
    """One request, as an endpoint works with it: its transaction, who calls, how far they see."""

    session: Session
    known: Caller | None
    within: Reach
    now: datetime
    language: Language
    seen: list[Seen] = field(default_factory=list)

    def saw(self, organisation_id: int, what: str, subject: object = "") -> None:
        """Private data of an organisation is shown: an official's look is written down for it."""
        look = Seen(organisation_id, what, str(subject))
        if self.known is not None and is_kept(self.known, look):
            self.seen.append(look)

    @property
    def caller(self) -> Caller:
        """The caller, who must be known."""
        if self.known is None:
            raise NotSignedIn(say("Please sign in first."))
        return self.known

    @property
    def actor(self) -> Actor:
        """The caller as the ledger remembers it."""
        return self.caller.actor

    @property
    def today(self) -> date:
        """The day it is in Viet Nam."""
        return day_of(self.now)


@dataclass(frozen=True)
class Look:
    """What a file is found with: how far the caller sees, and a connection for one SELECT."""

    within: Reach
    glance: Glance
    settings: Settings


@contextmanager
def looking(request: Request) -> Iterator[Look]:
    """Admit a request for a file, for who is in a thread already: its look.

    The connection on which a key was found is the one the file is found on, and then given back.
    """
    engine, held = _engine(request), list[Connection]()

    def first() -> AbstractContextManager[Connection]:
        held.append(open_glance(engine))
        return nullcontext(held[0])

    def last() -> AbstractContextManager[Connection]:
        return held.pop() if held else open_glance(engine)

    try:
        _admit(request, _identified(request, first))
        yield Look(request.state.reach, last, request.app.state.settings)
    finally:
        for connection in held:
            connection.close()


async def _looking() -> Look:
    raise RuntimeError("only a FileRoute gives a look")


Looking = Annotated[Look, Depends(_looking)]


def _call(request: Request, session: Session) -> Call:
    known: Caller | None = request.state.caller
    within: Reach = request.state.reach
    return Call(session, known, within, _now(request), language_of(request))


async def _reading(request: Request) -> AsyncIterator[Call]:
    session = open_read_session(_engine(request))
    call = _call(request, session)
    try:
        yield call
    finally:
        if is_sqlite(session):
            session.close()  # nothing waits for anything: quicker than to hand it to a thread
        else:
            await _in_a_thread(session.close)
    if call.seen:  # before the answer leaves: what cannot be written down is not shown
        await _in_a_thread(partial(_keep, _engine(request), call))


def _keep(engine: Engine, call: Call) -> None:
    with transaction(engine) as session:
        keep_looks(session, call.seen, caller=call.caller, now=call.now)


async def _writing(request: Request) -> AsyncIterator[Call]:
    session = open_session(_engine(request))
    try:
        yield _call(request, session)
        await _in_a_thread(session.commit)
    finally:
        await _in_a_thread(session.close)


async def _in_a_thread(end: Callable[[], None]) -> None:
    # Also when the reader has hung up, and beside the threads that requests queue for: those may
    # all be waiting for the very connection that is given back here.
    with CancelScope(shield=True):
        await to_thread.run_sync(end, limiter=CapacityLimiter(1))


# Ended before the answer leaves: its connection is free for the next request.
Reading = Annotated[Call, Depends(_reading, scope="function")]
Writing = Annotated[Call, Depends(_writing, scope="function")]


async def _once(call: Writing, tried: Annotated[Attempt, Depends(_attempt)]) -> Once:
    return Once(call.session, tried, call.now)


OnceDep = Annotated[Once, Depends(_once, scope="function")]


def require_version(row_version: int, expected: int) -> None:
    """Refuse a change made from another version than the row's (RFC 9110 §13.1.1)."""
    if row_version != expected:
        raise StaleVersion(say("Somebody changed this before you. Read it again."))


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'
