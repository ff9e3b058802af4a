"""Signing in, the throttle, and what ends a session, on both engines."""

import time
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.caller_queries import SignIn, find_sign_in
from app.accounts.rules import WRONG_TRIES_PER_PERSON, WRONG_TRIES_PER_PLACE
from app.accounts.signing_in import (
    CodeWanted,
    SignedIn,
    SignInRefused,
    caller_of,
    needs_touch,
    sign_in,
    sign_out,
    touch,
)
from app.db import transaction
from app.kit.clock import day_of
from app.models.accounts import Account, Membership, Role, SignInSession, SignInThrottle
from tests.given import PASSWORD, Given
from tests.threads import at_once

HOME, AWAY = "203.0.113", "198.51.100"
LIFE = timedelta(hours=12)


@pytest.fixture
def account(given: Given) -> Account:
    """A clerk."""
    return given.account(Role.STAFF, login="may.ly")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords compared at once: the work they cost is tested elsewhere."""
    monkeypatch.setattr(
        "app.accounts.signing_in.matches",
        lambda password, stored: bool(stored) and password == PASSWORD,
    )


def tried(
    session: Session,
    now: datetime,
    *,
    login: str = "may.ly",
    password: str = PASSWORD,
    place: str = HOME,
) -> SignedIn | CodeWanted | SignInRefused:
    steps = partial(nullcontext, session)
    return sign_in(steps, login=login, password=password, place=place, life=LIFE, now=now)


def failed(session: Session, now: datetime, times: int, **how: Any) -> None:
    for _ in range(times):
        outcome = tried(session, now, password="sai mật khẩu rồi đấy", **how)
        assert outcome == SignInRefused()


def opened(session: Session, now: datetime, **how: Any) -> str:
    """The token of somebody who just signed in."""
    outcome = tried(session, now, **how)
    assert isinstance(outcome, SignedIn)
    assert found(session, outcome.token, now) is not None
    return outcome.token


def found(session: Session, token: str, now: datetime) -> SignIn | None:
    return find_sign_in(session, token, day_of(now))


def caller_now(session: Session, token: str, now: datetime) -> Caller | None:
    signed_in = found(session, token, now)
    if signed_in is None:
        return None
    return caller_of(signed_in, idle_minutes=720, staff_idle_minutes=15, now=now)


def who(session: Session, token: str, now: datetime) -> str | None:
    """The login the session stands for, if it stands."""
    caller = caller_now(session, token, now)
    return caller.login if caller else None


def test_the_right_password_opens_a_session(
    session: Session, now: datetime, account: Account
) -> None:
    outcome = tried(session, now)
    assert isinstance(outcome, SignedIn)
    assert outcome.account is account
    assert who(session, outcome.token, now) == "may.ly"


@pytest.mark.usefixtures("quick", "account")
def test_the_login_may_be_typed_in_capitals_full_width_or_with_blanks_around(
    session: Session, now: datetime
) -> None:
    for login in ("MAY.LY", "  may.ly ", "\uff4d\uff41\uff59.\uff4c\uff59"):
        assert isinstance(tried(session, now, login=login), SignedIn)


@pytest.mark.usefixtures("account")
def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(
    session: Session, now: datetime
) -> None:
    assert tried(session, now, password="sai mật khẩu") == SignInRefused()
    assert tried(session, now, login="khong.co") == SignInRefused()


@pytest.mark.usefixtures("quick", "account")
@pytest.mark.parametrize("login", ["a\x00b", "\ud800", "", " ", "x" * 5000, "%_'; --"])
def test_a_login_nobody_can_have_is_refused_like_any_other(
    session: Session, now: datetime, login: str
) -> None:
    assert tried(session, now, login=login) == SignInRefused()
    session.commit()


@pytest.mark.usefixtures("account")
def test_only_the_hash_of_the_token_is_stored(session: Session, now: datetime) -> None:
    outcome = tried(session, now)
    assert isinstance(outcome, SignedIn)
    session.commit()
    stored = session.execute(select(col(SignInSession.token_hash))).scalar_one()
    assert len(outcome.token) >= 43
    assert outcome.token.encode() not in stored
    assert len(stored) == 32


@pytest.mark.usefixtures("quick", "account")
def test_after_five_wrong_tries_even_the_right_password_must_wait(
    session: Session, now: datetime
) -> None:
    failed(session, now, WRONG_TRIES_PER_PERSON - 1)
    assert isinstance(tried(session, now, place=AWAY), SignedIn)
    failed(session, now, 1)
    assert tried(session, now) == SignInRefused(retry_after=900)
    later = now + timedelta(minutes=14)
    assert tried(session, later) == SignInRefused(retry_after=60)
    assert isinstance(tried(session, now + timedelta(minutes=15)), SignedIn)


@pytest.mark.usefixtures("quick", "account")
def test_wrong_tries_elsewhere_do_not_lock_the_owner_out(session: Session, now: datetime) -> None:
    failed(session, now, WRONG_TRIES_PER_PERSON, place=AWAY)
    assert isinstance(tried(session, now, place=HOME), SignedIn)


@pytest.mark.usefixtures("quick", "account")
def test_signing_in_forgets_the_wrong_tries_before(session: Session, now: datetime) -> None:
    failed(session, now, WRONG_TRIES_PER_PERSON - 1)
    assert isinstance(tried(session, now), SignedIn)
    failed(session, now, WRONG_TRIES_PER_PERSON - 1)
    assert isinstance(tried(session, now), SignedIn)


@pytest.mark.usefixtures("quick", "account")
def test_a_place_that_tries_many_names_must_wait_and_others_need_not(
    session: Session, now: datetime
) -> None:
    for number in range(WRONG_TRIES_PER_PLACE):
        failed(session, now, 1, login=f"doan.{number}")
    assert tried(session, now) == SignInRefused(retry_after=900)
    assert isinstance(tried(session, now, place=AWAY), SignedIn)


@pytest.mark.usefixtures("quick", "account")
def test_a_new_window_counts_from_one(session: Session, now: datetime) -> None:
    failed(session, now, WRONG_TRIES_PER_PERSON)
    later = now + timedelta(minutes=15)
    failed(session, later, 1)
    assert isinstance(tried(session, later), SignedIn)


@pytest.mark.usefixtures("quick", "account")
def test_a_place_is_never_stored_plain(session: Session, now: datetime) -> None:
    failed(session, now, 1)
    keys = session.execute(select(col(SignInThrottle.key))).scalars().all()
    assert len(keys) == 2
    assert all(len(key) == 64 and HOME not in key for key in keys)


@pytest.mark.usefixtures("quick")
def test_wrong_tries_at_the_same_moment_all_count(engine: Engine, now: datetime) -> None:
    tries = 8

    def guess(number: int) -> None:
        with transaction(engine) as session:
            failed(session, now, 1, login=f"doan.{number}")

    assert at_once([partial(guess, number) for number in range(tries)]) == [None] * tries
    with transaction(engine) as session:
        counted = session.execute(select(col(SignInThrottle.failures))).scalars().all()
    assert sorted(counted) == [1] * tries + [tries]


def test_of_many_wrong_tries_at_the_same_moment_only_five_are_compared(
    engine: Engine,
    session: Session,
    now: datetime,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.commit()
    compared: list[str] = []

    def slow(password: str, _stored: str | None) -> bool:
        compared.append(password)
        time.sleep(0.05)  # as long as argon2id takes: all the others have arrived meanwhile
        return False

    monkeypatch.setattr("app.accounts.signing_in.matches", slow)

    def guess() -> None:
        steps = partial(transaction, engine)
        sign_in(steps, login="may.ly", password="sai", place=HOME, life=LIFE, now=now)

    assert at_once([guess] * 16) == [None] * 16
    assert len(compared) == WRONG_TRIES_PER_PERSON


@pytest.mark.usefixtures("quick", "account")
def test_a_session_ends_after_its_life_however_busy_it_was(session: Session, now: datetime) -> None:
    signed_in = opened(session, now)
    almost = now + LIFE - timedelta(seconds=1)
    touch(session, signed_in_id=found(session, signed_in, now).id, now=almost)
    assert who(session, signed_in, almost) == "may.ly"
    assert who(session, signed_in, now + LIFE) is None


@pytest.mark.usefixtures("quick")
def test_a_session_that_rests_too_long_ends_and_an_officials_sooner(
    given: Given, session: Session, now: datetime
) -> None:
    given.account(Role.STAFF, login="may.ly")
    given.account(Role.INSPECTOR, login="thanh.tra")
    clerk, inspector = opened(session, now), opened(session, now, login="thanh.tra")
    quarter = now + timedelta(minutes=15)
    assert who(session, inspector, quarter) == "thanh.tra"
    assert who(session, inspector, quarter + timedelta(seconds=1)) is None
    assert who(session, clerk, quarter + timedelta(seconds=1)) == "may.ly"


@pytest.mark.usefixtures("quick")
def test_use_keeps_a_session_awake(given: Given, session: Session, now: datetime) -> None:
    given.account(Role.INSPECTOR, login="thanh.tra")
    signed_in = opened(session, now, login="thanh.tra")
    later = now + timedelta(minutes=10)
    assert needs_touch(found(session, signed_in, now), later)
    touch(session, signed_in_id=found(session, signed_in, now).id, now=later)
    assert not needs_touch(found(session, signed_in, now), later + timedelta(seconds=59))
    assert who(session, signed_in, now + timedelta(minutes=24)) == "thanh.tra"


@pytest.mark.usefixtures("quick", "account")
def test_a_clock_that_jumped_back_revives_nothing(session: Session, now: datetime) -> None:
    signed_in = opened(session, now)
    assert who(session, signed_in, now - timedelta(minutes=1)) == "may.ly"
    assert who(session, signed_in, now - timedelta(minutes=2)) is None


@pytest.mark.usefixtures("quick", "account")
def test_signing_out_ends_this_session_and_no_other(session: Session, now: datetime) -> None:
    one, other = opened(session, now), opened(session, now)
    caller = caller_now(session, one, now)
    assert caller is not None
    sign_out(session, caller=caller, now=now)
    assert who(session, one, now) is None
    assert who(session, other, now) == "may.ly"


@pytest.mark.usefixtures("quick")
def test_a_membership_that_ended_ends_its_sessions_and_lets_nobody_in(
    session: Session, now: datetime, account: Account
) -> None:
    signed_in = opened(session, now)
    wanted = select(Membership).where(col(Membership.account_id) == account.pk)
    membership = session.execute(wanted).scalar_one()
    membership.valid_from -= timedelta(days=9)
    membership.valid_to = now.date() - timedelta(days=1)
    session.flush()
    assert who(session, signed_in, now) is None
    assert tried(session, now) == SignInRefused()
    membership.valid_to = now.date()
    session.flush()
    assert who(session, signed_in, now) == "may.ly"
