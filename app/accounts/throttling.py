"""How many tries somebody has: each is counted before anything is compared, so that none slips past.

Counting first makes the limit hold for tries that arrive at the same moment, on both databases.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts import rules
from app.db import is_sqlite
from app.models.accounts import SignInThrottle


def throttle_key(*parts: str) -> str:
    """A counter's name; what it counts is not stored plain."""
    whole = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()


def claim_try(
    session: Session,
    key: str,
    *,
    limit: int,
    now: datetime,
    window: timedelta = rules.TRIES_WINDOW,
) -> int:
    """Count one more try; 0 when it may go ahead, else the seconds to wait (and nothing counted)."""
    # One statement: two first tries at once must both count, and the last one free goes to one.
    dialect = sqlite if is_sqlite(session) else postgresql
    over = col(SignInThrottle.window_started_at) <= now - window
    first = dialect.insert(SignInThrottle).values(key=key, failures=1, window_started_at=now)
    counted = session.execute(
        first.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "failures": case((over, 1), else_=col(SignInThrottle.failures) + 1),
                "window_started_at": case((over, now), else_=col(SignInThrottle.window_started_at)),
            },
            where=or_(over, col(SignInThrottle.failures) < limit),
        ).returning(col(SignInThrottle.failures))
    ).first()
    return 0 if counted is not None else _wait(session, key, limit=limit, now=now, window=window)


def give_back(session: Session, key: str) -> None:
    """A try that was no wrong one after all."""
    session.execute(
        update(SignInThrottle)
        .where(col(SignInThrottle.key) == key, col(SignInThrottle.failures) > 0)
        .values(failures=col(SignInThrottle.failures) - 1)
    )


def forget_tries(session: Session, key: str) -> None:
    """Start from nothing: the right one came."""
    session.execute(delete(SignInThrottle).where(col(SignInThrottle.key) == key))


def _wait(session: Session, key: str, *, limit: int, now: datetime, window: timedelta) -> int:
    wanted = select(col(SignInThrottle.failures), col(SignInThrottle.window_started_at)).where(
        col(SignInThrottle.key) == key
    )
    failures, since = session.execute(wanted).one()
    return max(1, rules.seconds_to_wait(failures, since, limit=limit, now=now, window=window))
