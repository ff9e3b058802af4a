"""Finding the caller behind a cookie or a key: one statement, written once, for every request."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.queries import token_digest
from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.accounts import Account, ApiKey, Membership, SignInSession
from app.models.registry import Organisation


@dataclass(frozen=True)
class SignIn:
    """A sign-in, whatever its state, and whom it stands for on a day."""

    id: int
    revoked_at: datetime | None
    expires_at: datetime
    last_seen_at: datetime
    caller: Caller


# The fields of a Caller, in their order.
_FIELDS = (
    col(Account.id),
    col(Account.uid),
    col(Account.display_name),
    col(Account.login),
    col(Account.language),
    col(Membership.id),
    col(Membership.role),
    col(Organisation.id),
    col(Organisation.uid),
    col(Organisation.name),
    col(Organisation.demonstration),
)
_NAMES = tuple(field.name for field in fields(Caller))[: len(_FIELDS)]


def _callers(*more: Any) -> Any:
    """Callers, with `more` columns behind them, of accounts that belong somewhere on `:day`."""
    day: Any = bindparam("day")
    return (
        select(*_FIELDS, *more)
        .select_from(Membership)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            col(Account.disabled_at).is_(None),
            col(Membership.valid_from) <= day,
            or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) >= day),
        )
    )


_OF_KEY = (
    _callers(col(ApiKey.id))
    .join(ApiKey, col(ApiKey.membership_id) == col(Membership.id))
    .where(
        col(ApiKey.key_hash) == bindparam("digest"),
        col(ApiKey.revoked_at).is_(None),
        or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > bindparam("now")),
    )
)
_OF_SIGN_IN = (
    _callers(
        col(SignInSession.id),
        col(SignInSession.must_enrol),
        col(SignInSession.revoked_at),
        col(SignInSession.expires_at),
        col(SignInSession.last_seen_at),
    )
    .join(SignInSession, col(SignInSession.membership_id) == col(Membership.id))
    .where(
        col(SignInSession.token_hash) == bindparam("digest"),
        col(SignInSession.account_id) == col(Account.id),
    )
)
_OF_ACCOUNT = (
    _callers()
    .where(col(Account.id) == bindparam("account"))
    .order_by(col(Membership.id).desc())
    .limit(1)
)


def find_caller_of_key(reading: Session | Connection, key: str, now: datetime) -> Caller | None:
    """Who an API key stands for; None when it is unknown, revoked or expired."""
    given = {"digest": token_digest(key), "now": now, "day": day_of(now)}
    row = reading.execute(_OF_KEY, given).one_or_none()
    return None if row is None else _caller(row, api_key_id=row[-1])


def find_sign_in(reading: Session | Connection, token: str, day: date) -> SignIn | None:
    """The sign-in behind a cookie; None when its account or membership does not hold on the day."""
    given = {"digest": token_digest(token), "day": day}
    row = reading.execute(_OF_SIGN_IN, given).one_or_none()
    if row is None:
        return None
    number, must_enrol, revoked_at, expires_at, last_seen_at = row[len(_FIELDS) :]
    caller = _caller(row, session_id=number, must_enrol=must_enrol)
    return SignIn(number, revoked_at, expires_at, last_seen_at, caller)


def caller_as(session: Session, account: Account, day: date) -> Caller:
    """The caller an account is on a day; NotFound when it has no membership then."""
    row = session.execute(_OF_ACCOUNT, {"account": account.pk, "day": day}).one_or_none()
    if row is None:
        raise NotFound(say("There is no such account."))
    return _caller(row)


def _caller(row: Any, **more: Any) -> Caller:
    return Caller(**dict(zip(_NAMES, row, strict=False)), **more)
