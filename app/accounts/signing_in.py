"""Signing in and out: throttled, constant in time, answered, not raised, so that tries are kept.

Each step has a transaction of its own: the try is counted before the password is compared, and
nothing is locked while comparing takes its time.
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts import rules
from app.accounts.caller import Caller
from app.accounts.caller_queries import SignIn
from app.accounts.commands import TOKEN_BYTES, login_key
from app.accounts.passwords import matches
from app.accounts.queries import (
    current_membership,
    find_account,
    token_digest,
)
from app.accounts.second_factor_commands import take_code
from app.accounts.second_factor_queries import confirmed_factor, find_half, must_have_factor
from app.accounts.throttling import claim_try, forget_tries, give_back, throttle_key
from app.kit.clock import day_of
from app.ledger.commands import record
from app.models.accounts import Account, Membership, SignInSession
from app.models.second_factor import HalfSignIn

# A session's last-seen time is written at most this often: reading pages is not a write.
SEEN_STEP = timedelta(minutes=1)

Steps = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class SignedIn:
    """The new session's secret, for the cookie, and whom it stands for."""

    token: str
    account: Account


@dataclass(frozen=True)
class CodeWanted:
    """The password was right and the account has a second step: `token` leads on to it."""

    token: str


@dataclass(frozen=True)
class SignInRefused:
    """Not signed in. `retry_after` seconds when there were too many tries."""

    retry_after: int = 0


def sign_in(
    steps: Steps,
    *,
    login: str,
    password: str,
    place: str,
    life: timedelta,
    now: datetime,
) -> SignedIn | CodeWanted | SignInRefused:
    """Try to sign in from a place (a coarse client address, hashed, never stored plain)."""
    tried = try_password(steps, login=login, password=password, place=place, now=now)
    if isinstance(tried, SignInRefused):
        return tried
    with steps() as session:
        membership = _membership(session, tried, day_of(now))
        if membership is None:
            return SignInRefused()
        if confirmed_factor(session, tried.pk) is not None:
            return CodeWanted(_open_half(session, tried, now))
        return SignedIn(_open(session, membership, life=life, now=now), tried)


def try_password(
    steps: Steps, *, login: str, password: str, place: str, now: datetime
) -> Account | SignInRefused:
    """The account whose password this is; the try is counted first and given back when right."""
    key = login_key(login)
    person, here = throttle_key("person", key, place), throttle_key("place", place)
    with steps() as session:
        wait = claim_try(session, here, limit=rules.WRONG_TRIES_PER_PLACE, now=now)
        if wait:
            return SignInRefused(retry_after=wait)
        wait = claim_try(session, person, limit=rules.WRONG_TRIES_PER_PERSON, now=now)
        if wait:
            give_back(session, here)
            return SignInRefused(retry_after=wait)
        account = find_account(session, key)
    fits = matches(password, account.password_hash if account else None)
    if account is None or not fits or account.disabled_at is not None:
        return SignInRefused()
    with steps() as session:
        forget_tries(session, person)
        give_back(session, here)
    return account


def finish_sign_in(
    steps: Steps, *, token: str, typed: str, life: timedelta, now: datetime
) -> SignedIn | SignInRefused | None:
    """The second step; None when there is nothing to go on with (run out, or done already)."""
    with steps() as session:
        half = find_half(session, token, now)
        if half is None:
            return None
        tries = throttle_key("code", str(half.account_id))
        wait = claim_try(session, tries, limit=rules.WRONG_TRIES_PER_PERSON, now=now)
        if wait:
            return SignInRefused(retry_after=wait)
    with steps() as session:
        account = session.get_one(Account, half.account_id)
        membership = _membership(session, account, day_of(now))
        if membership is None or not _use_half(session, half, now):
            return None
        if not take_code(session, account=account, typed=typed, now=now):
            _free_half(session, half)
            return SignInRefused()
        forget_tries(session, tries)
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
    signed_in: SignIn, *, idle_minutes: int, staff_idle_minutes: int, now: datetime
) -> Caller | None:
    """Who a sign-in stands for now; None once it ended, rested too long, or time went backwards."""
    if signed_in.revoked_at is not None or now >= signed_in.expires_at:
        return None
    caller = signed_in.caller
    limit = rules.idle_limit(
        caller.role, idle_minutes=idle_minutes, staff_idle_minutes=staff_idle_minutes
    )
    rested = now - signed_in.last_seen_at
    # A clock that jumped back must not revive what had expired.
    return caller if -SEEN_STEP <= rested <= limit else None


def needs_touch(signed_in: SignIn, now: datetime) -> bool:
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


def _open_half(session: Session, account: Account, now: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        HalfSignIn(
            token_hash=token_digest(token),
            account_id=account.pk,
            expires_at=now + rules.HALF_SIGN_IN_LIFE,
        )
    )
    return token


def _use_half(session: Session, half: HalfSignIn, now: datetime) -> bool:
    used = session.execute(
        update(HalfSignIn)
        .where(col(HalfSignIn.id) == half.pk, col(HalfSignIn.used_at).is_(None))
        .values(used_at=now)
    )
    return getattr(used, "rowcount", 0) == 1


def _free_half(session: Session, half: HalfSignIn) -> None:
    session.execute(update(HalfSignIn).where(col(HalfSignIn.id) == half.pk).values(used_at=None))


def _open(session: Session, membership: Membership, *, life: timedelta, now: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    protected = confirmed_factor(session, membership.account_id) is not None
    demanded = must_have_factor(session, membership.role, day_of(now))
    session.add(
        SignInSession(
            token_hash=token_digest(token),
            account_id=membership.account_id,
            membership_id=membership.id or 0,
            created_at=now,
            last_seen_at=now,
            expires_at=now + life,
            must_enrol=demanded and not protected,
        )
    )
    return token
