"""How many reports may come from one network address: counted under a hash whose salt is thrown away.

The address itself is never stored. A salt is made every day at random and deleted with the
counters after two days; from then on nobody can tell which addresses they stood for.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.throttling import claim_try
from app.db import is_sqlite
from app.errors import TooMany
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.accounts import SignInThrottle
from app.models.reports import DailySalt

SALT_BYTES = 32
SALT_LIFE = timedelta(days=2)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SendingLimits:
    """How many reports an address may send."""

    an_hour: int
    a_day: int


def salted(session: Session, now: datetime, *parts: str) -> str:
    """A hash of today's salt and the parts: the same all day, meaningless from the day after next."""
    whole = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(_salt_of(session, day_of(now)), whole, hashlib.sha256).hexdigest()


def claim_sending(session: Session, place: str, limits: SendingLimits, *, now: datetime) -> None:
    """Count one more report from an address, or raise TooMany."""
    for window, most in ((AN_HOUR, limits.an_hour), (A_DAY, limits.a_day)):
        key = salted(session, now, "report", str(window), place)
        wait = claim_try(session, key, limit=most, now=now, window=window)
        if wait:
            minutes = -(-wait // 60)
            why = say(
                "Too many reports came from your network. Wait {minutes} minutes, or call.",
                minutes=minutes,
            )
            raise TooMany(why, retry_after=wait)


def forget_salts(session: Session, *, now: datetime) -> None:
    """Throw away what is older than two days: salts, and the counters made with them."""
    oldest = day_of(now) - SALT_LIFE
    session.execute(delete(DailySalt).where(col(DailySalt.day) <= oldest))
    session.execute(
        delete(SignInThrottle).where(col(SignInThrottle.window_started_at) <= now - SALT_LIFE)
    )


def _salt_of(session: Session, day: date) -> bytes:
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    wanted = select(col(DailySalt.salt)).where(col(DailySalt.day) == day)
    known = session.execute(wanted).scalar_one_or_none()
    if known is None:
        fresh = insert(DailySalt).values(day=day, salt=secrets.token_bytes(SALT_BYTES))
        session.execute(fresh.on_conflict_do_nothing())
        known = session.execute(wanted).scalar_one()
    return bytes(known)
