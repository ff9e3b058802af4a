"""Answers remembered under an Idempotency-Key, on both engines."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.remembering import (
    KEPT_FOR,
    LONGEST_KEY,
    Attempt,
    attempt,
    find_answer,
    forget_old_answers,
    remember,
)
from app.db import transaction
from app.errors import Malformed, Refused
from tests.threads import at_once


def an_attempt(
    key: str | None = "k-1", body: bytes = b"{}", caller: str = "7", path: str = "/lots"
) -> Attempt:
    return attempt(caller=caller, key=key, method="POST", path=path, body=body)


def keep(session: Session, tried: Attempt, now: datetime) -> None:
    remember(session, tried, status=201, body='{"code":"LC"}', headers="ETag: 1", now=now)
    session.flush()


@pytest.mark.parametrize("key", [None, "", "x" * (LONGEST_KEY + 1)])
def test_a_missing_empty_or_endless_key_is_refused(key: str | None) -> None:
    with pytest.raises(Malformed):
        an_attempt(key)


def test_the_first_try_finds_nothing_and_the_second_its_answer(
    session: Session, now: datetime
) -> None:
    assert find_answer(session, an_attempt()) is None
    keep(session, an_attempt(), now)
    found = find_answer(session, an_attempt())
    assert found is not None
    assert (found.status, found.body, found.headers) == (201, '{"code":"LC"}', "ETag: 1")


@pytest.mark.parametrize(
    "other", [an_attempt(body=b'{"a":1}'), an_attempt(path="/certificates")], ids=["body", "path"]
)
def test_one_key_for_two_different_requests_is_refused(
    session: Session, now: datetime, other: Attempt
) -> None:
    keep(session, an_attempt(), now)
    with pytest.raises(Refused):
        find_answer(session, other)


def test_two_callers_may_use_the_same_key(session: Session, now: datetime) -> None:
    keep(session, an_attempt(), now)
    assert find_answer(session, an_attempt(caller="8")) is None


def test_old_answers_are_forgotten_after_a_month(session: Session, now: datetime) -> None:
    keep(session, an_attempt(), now)
    assert forget_old_answers(session, now=now + KEPT_FOR) == 0
    assert forget_old_answers(session, now=now + KEPT_FOR + timedelta(seconds=1)) == 1
    assert find_answer(session, an_attempt()) is None


def test_the_same_key_twice_at_once_acts_once(engine: Engine, now: datetime) -> None:
    tries = 6
    acted: list[bool] = []

    def act() -> None:
        with transaction(engine) as session:
            if find_answer(session, an_attempt()) is None:
                acted.append(True)
                keep(session, an_attempt(), now)

    assert at_once([act] * tries) == [None] * tries
    assert acted == [True]
