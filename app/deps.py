"""What an endpoint may ask for, one alias a thing: sessions, the time, the caller, reach, paging.

`authorise` runs before every FastAPI route: it finds the route's line in the policy table and
refuses what the table does not allow. Nothing else decides access.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.policy import BEFORE_ENROLMENT, Access, Scope, access_to
from app.accounts.reach import Reach
from app.accounts.remembering import Attempt, attempt, find_answer, remember
from app.bodies import body_of
from app.db import open_read_session, open_session, transaction
from app.errors import EnrolFirst, Forbidden, NotSignedIn, StaleVersion, VersionRequired
from app.identifying import identify
from app.kit.clock import day_of
from app.kit.i18n import Language, language, negotiate
from app.kit.messages import say
from app.ledger.actors import Actor
from app.settings import Settings

DEFAULT_PAGE = 50
LARGEST_PAGE = 200


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _now(request: Request) -> datetime:
    instant: datetime = request.app.state.clock()
    return instant


def _write_session(request: Request) -> Iterator[Session]:
    with open_session(_engine(request)) as session:
        yield session
        session.commit()


def _read_session(request: Request) -> Iterator[Session]:
    with open_read_session(_engine(request)) as session:
        yield session


def _steps(request: Request) -> Callable[[], AbstractContextManager[Session]]:
    return partial(transaction, _engine(request))


def authorise(request: Request) -> None:
    """Let the request pass only where the policy table says so; remembers caller and reach."""
    name = getattr(request.scope.get("route"), "name", "") or ""
    access = access_to(name)
    caller = identify(request, _engine(request), _settings(request), _now(request))
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


def _maybe_caller(request: Request) -> Caller | None:
    caller: Caller | None = request.state.caller
    return caller


def _within(request: Request) -> Reach:
    reach: Reach = request.state.reach
    return reach


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


def _page(
    after: Annotated[str | None, Query(description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = DEFAULT_PAGE,
) -> PageWanted:
    return PageWanted(after, limit)


def _expected_version(
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


class Once:
    """Runs an effect at most once per `Idempotency-Key` and replays the answer it gave."""

    def __init__(self, session: Session, tried: Attempt, now: datetime) -> None:
        self._session = session
        self._tried = tried
        self._now = now

    def __call__(
        self,
        effect: Callable[[], tuple[BaseModel, dict[str, str]]],
        *,
        status: int = 201,
        shown_once: str | None = None,
    ) -> Response:
        """`effect` acts and returns the answer's body and headers.

        `shown_once` names a field that holds a secret: the remembered answer leaves it empty.
        """
        known = find_answer(self._session, self._tried)
        if known is not None:
            headers = dict(pair.split(": ", 1) for pair in known.headers.splitlines())
            replayed = {**headers, "Idempotency-Replayed": "true"}
            return _json(known.body, known.status, replayed)
        answer, headers = effect()
        kept = answer.model_copy(update={shown_once: ""}) if shown_once else answer
        remember(
            self._session,
            self._tried,
            status=status,
            body=kept.model_dump_json(),
            headers="\n".join(f"{name}: {value}" for name, value in headers.items()),
            now=self._now,
        )
        return _json(answer.model_dump_json(), status, headers)


def _json(body: str, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, media_type="application/json")


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


WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
ReadSession = Annotated[Session, Depends(_read_session)]
# For the few things that need several transactions: each is committed before the next begins.
StepsDep = Annotated[Callable[[], AbstractContextManager[Session]], Depends(_steps)]
Now = Annotated[datetime, Depends(_now)]
Config = Annotated[Settings, Depends(_settings)]
MaybeCaller = Annotated[Caller | None, Depends(_maybe_caller)]
Within = Annotated[Reach, Depends(_within)]
Lang = Annotated[Language, Depends(language_of)]
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


def _reading(
    session: ReadSession, known: MaybeCaller, within: Within, now: Now, language: Lang
) -> Call:
    return Call(session, known, within, now, language)


def _writing(
    session: WriteSession, known: MaybeCaller, within: Within, now: Now, language: Lang
) -> Call:
    return Call(session, known, within, now, language)


Reading = Annotated[Call, Depends(_reading)]
Writing = Annotated[Call, Depends(_writing)]


def _once(session: WriteSession, tried: Annotated[Attempt, Depends(_attempt)], now: Now) -> Once:
    return Once(session, tried, now)


OnceDep = Annotated[Once, Depends(_once)]


def require_version(row_version: int, expected: int) -> None:
    """Refuse a change made from another version than the row's (RFC 9110 §13.1.1)."""
    if row_version != expected:
        raise StaleVersion(say("Somebody changed this before you. Read it again."))


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'
