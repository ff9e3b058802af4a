"""Signing in and out: throttled, constant in time, answered, not raised, so that tries are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts import rules
from app.accounts.caller import Caller
from app.accounts.commands import TOKEN_BYTES, login_key
from app.accounts.passwords import matches
from app.accounts.queries import (
    current_membership,
    find_account,
    find_caller_of_session,
    token_digest,
)
from app.db import is_sqlite
from app.kit.clock import day_of
from app.ledger.commands import record
from app.models.accounts import Account, Membership, SignInSession, SignInThrottle

# A session's last-seen time is written at most this often: reading pages is not a write.
SEEN_STEP = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """The new session's secret, for the cookie, and whom it stands for."""

    token: str
    account: Account


@dataclass(frozen=True)
class SignInRefused:
    """Not signed in. `retry_after` seconds when there were too many tries."""

    retry_after: int = 0


def sign_in(
    session: Session,
    *,
    login: str,
    password: str,
    place: str,
    life: timedelta,
    now: datetime,
) -> SignedIn | SignInRefused:
    """Try to sign in from a place (a coarse client address, hashed, never stored plain)."""
    key = login_key(login)
    person, here = _throttle_key("person", key, place), _throttle_key("place", place)
    wait = max(
        _wait(session, person, limit=rules.WRONG_TRIES_PER_PERSON, now=now),
        _wait(session, here, limit=rules.WRONG_TRIES_PER_PLACE, now=now),
    )
    if wait:
        return SignInRefused(retry_after=wait)
    account = find_account(session, key)
    fits = matches(password, account.password_hash if account else None)
    membership = _membership(session, account, day_of(now)) if account and fits else None
    if account is None or membership is None:
        for throttle in (person, here):
            _count_failure(session, throttle, now)
        return SignInRefused()
    _forget_failures(session, person)
    return SignedIn(_open(session, membership, life=life, now=now), account)


def sign_out(session: Session, *, caller: Caller, now: datetime) -> None:
    """End the caller's session."""
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id) == caller.session_id)
        .values(revoked_at=now)
    )
    record(
        session,
        kind="account.signed_out",
        subject=str(caller.account_uid),
        by=caller.actor,
        now=now,
        facts={},
    )


def caller_of(
    session: Session,
    signed_in: SignInSession,
    *,
    idle_minutes: int,
    staff_idle_minutes: int,
    now: datetime,
) -> Caller | None:
    """Who a sign-in stands for now; None once it ended, rested too long, or time went backwards."""
    if signed_in.revoked_at is not None or now >= signed_in.expires_at:
        return None
    caller = find_caller_of_session(session, signed_in, day_of(now))
    if caller is None:
        return None
    limit = rules.idle_limit(
        caller.role, idle_minutes=idle_minutes, staff_idle_minutes=staff_idle_minutes
    )
    rested = now - signed_in.last_seen_at
    # A clock that jumped back must not revive what had expired.
    return caller if -SEEN_STEP <= rested <= limit else None


def needs_touch(signed_in: SignInSession, now: datetime) -> bool:
    """Whether the session's last-seen time is due to be written."""
    return now - signed_in.last_seen_at >= SEEN_STEP


def touch(session: Session, *, signed_in_id: int, now: datetime) -> None:
    """Write down that the session is still in use."""
    session.execute(
        update(SignInSession).where(col(SignInSession.id) == signed_in_id).values(last_seen_at=now)
    )


def _membership(session: Session, account: Account, day: date) -> Membership | None:
    if account.disabled_at is not None or account.id is None:
        return None
    return current_membership(session, account.id, day)


def _open(session: Session, membership: Membership, *, life: timedelta, now: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SignInSession(
            token_hash=token_digest(token),
            account_id=membership.account_id,
            membership_id=membership.id or 0,
            created_at=now,
            last_seen_at=now,
            expires_at=now + life,
        )
    )
    return token


def _throttle_key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _wait(session: Session, key: str, *, limit: int, now: datetime) -> int:
    counted = session.execute(
        select(col(SignInThrottle.failures), col(SignInThrottle.window_started_at)).where(
            col(SignInThrottle.key) == key
        )
    ).one_or_none()
    if counted is None:
        return 0
    failures, since = counted
    return rules.seconds_to_wait(failures, since, limit=limit, now=now)


def _count_failure(session: Session, key: str, now: datetime) -> None:
    # One statement: two first failures at once must both count, and neither may fail.
    dialect = sqlite if is_sqlite(session) else postgresql
    over = col(SignInThrottle.window_started_at) <= now - rules.TRIES_WINDOW
    first = dialect.insert(SignInThrottle).values(key=key, failures=1, window_started_at=now)
    session.execute(
        first.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "failures": case((over, 1), else_=col(SignInThrottle.failures) + 1),
                "window_started_at": case((over, now), else_=col(SignInThrottle.window_started_at)),
            },
        )
    )


def _forget_failures(session: Session, key: str) -> None:
    session.execute(delete(SignInThrottle).where(col(SignInThrottle.key) == key))
