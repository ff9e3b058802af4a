"""Answers remembered under an `Idempotency-Key`, in the same transaction as their effect.

Because the two are one transaction there is no "in progress" state to repair after a crash;
a second request with the same key queues behind the first and then replays its answer
(draft-ietf-httpapi-idempotency-key-header-07).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text
from sqlmodel import Session, col

from app.db import is_sqlite
from app.errors import Malformed, Refused
from app.kit.messages import say
from app.models.accounts import RememberedAnswer

# Phones in the field may send again after weeks without a network.
KEPT_FOR = timedelta(days=30)
LONGEST_KEY = 255


@dataclass(frozen=True)
class Attempt:
    """One try at an effect: who, under which key, with which request."""

    caller: str
    key: str
    fingerprint: str


def attempt(*, caller: str, key: str | None, method: str, path: str, body: bytes) -> Attempt:
    """The attempt a request makes; refuses a missing, empty or overlong key."""
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Malformed(
            say(
                "This request needs an Idempotency-Key header of 1 to {longest} characters.",
                longest=LONGEST_KEY,
            )
        )
    digest = hashlib.sha256(f"{method} {path}\n".encode() + body).hexdigest()
    return Attempt(caller, key, digest)


def find_answer(session: Session, tried: Attempt) -> RememberedAnswer | None:
    """The remembered answer, or None on the first try; refuses a key reused for something else."""
    _queue(session, tried)
    wanted = select(RememberedAnswer).where(
        col(RememberedAnswer.caller) == tried.caller, col(RememberedAnswer.key) == tried.key
    )
    found = session.execute(wanted).scalar_one_or_none()
    if found is not None and found.fingerprint != tried.fingerprint:
        raise Refused(say("This Idempotency-Key was already used for a different request."))
    return found


def remember(
    session: Session, tried: Attempt, *, status: int, body: str, headers: str, now: datetime
) -> None:
    """Keep an answer with its effect."""
    session.add(
        RememberedAnswer(
            caller=tried.caller,
            key=tried.key,
            fingerprint=tried.fingerprint,
            status=status,
            body=body,
            headers=headers,
            at=now,
        )
    )


def forget_old_answers(session: Session, *, now: datetime) -> int:
    """Delete answers older than the time they are kept; returns how many."""
    result = session.execute(
        delete(RememberedAnswer).where(col(RememberedAnswer.at) < now - KEPT_FOR)
    )
    return int(getattr(result, "rowcount", 0))


def _queue(session: Session, tried: Attempt) -> None:
    # SQLite queues every writer already (BEGIN IMMEDIATE); PostgreSQL queues the same key only.
    if not is_sqlite(session):
        digest = hashlib.sha256(f"{tried.caller}\n{tried.key}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})
