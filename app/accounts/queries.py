"""Finding the caller behind a token or key, and listing accounts."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.accounts import (
    Account,
    ApiKey,
    Membership,
    OneTimeLink,
    Role,
    SignInSession,
)
from app.models.registry import Organisation

API_KEY_PREFIX = "ngk_"


@dataclass(frozen=True)
class Member:
    """An account with one of its memberships, as a list shows it."""

    account: Account
    membership: Membership
    organisation: Organisation


def token_digest(token: str) -> bytes:
    """What is stored of a secret token."""
    return hashlib.sha256(token.encode()).digest()


def find_session(session: Session, token: str) -> SignInSession | None:
    """The sign-in behind a cookie, whatever its state."""
    wanted = select(SignInSession).where(col(SignInSession.token_hash) == token_digest(token))
    return session.execute(wanted).scalar_one_or_none()


def find_caller_of_session(session: Session, signed_in: SignInSession, day: date) -> Caller | None:
    """Who a sign-in stands for today; None when the account or membership ended."""
    row = session.execute(
        _callers(day).where(
            col(Membership.id) == signed_in.membership_id,
            col(Account.id) == signed_in.account_id,
        )
    ).one_or_none()
    if row is None:
        return None
    return _caller(row, session_id=signed_in.id, must_enrol=signed_in.must_enrol)


def find_caller_of_key(session: Session, key: str, now: datetime) -> Caller | None:
    """Who an API key stands for; None when it is unknown, revoked or expired."""
    found = session.execute(
        select(ApiKey).where(
            col(ApiKey.key_hash) == token_digest(key),
            col(ApiKey.revoked_at).is_(None),
            or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now),
        )
    ).scalar_one_or_none()
    if found is None:
        return None
    row = session.execute(
        _callers(day_of(now)).where(col(Membership.id) == found.membership_id)
    ).one_or_none()
    return None if row is None else _caller(row, api_key_id=found.id)


def caller_as(session: Session, account: Account, day: date) -> Caller:
    """The caller an account is on a day; NotFound when it has no membership then."""
    row = session.execute(
        _callers(day).where(col(Account.id) == account.pk).order_by(col(Membership.id).desc())
    ).first()
    if row is None:
        raise NotFound(say("There is no such account."))
    return _caller(row)


def find_account(session: Session, login_key: str) -> Account | None:
    """The account with this login."""
    wanted = select(Account).where(col(Account.login_key) == login_key)
    return session.execute(wanted).scalar_one_or_none()


def account_by_uid(session: Session, uid: UUID, *, within: Reach) -> Account:
    """An account that has, or had, a membership within reach."""
    wanted = (
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(col(Account.uid) == uid, within.limits(col(Membership.organisation_id)))
        .limit(1)
    )
    account: Account | None = session.execute(wanted).scalars().first()
    if account is None:
        raise NotFound(say("There is no such account."))
    return account


def current_membership(session: Session, account_id: int, day: date) -> Membership | None:
    """The membership somebody acts under today: the newest that holds."""
    wanted = (
        select(Membership)
        .where(col(Membership.account_id) == account_id, _holds_on(day))
        .order_by(col(Membership.id).desc())
        .limit(1)
    )
    return session.execute(wanted).scalars().first()


def present_roles(session: Session, account_id: int, day: date) -> list[tuple[Role, UUID]]:
    """Every role somebody has on a day, with the organisation's public id."""
    wanted = (
        select(col(Membership.role), col(Organisation.uid))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.account_id) == account_id, _holds_on(day))
    )
    return [(role, uid) for role, uid in session.execute(wanted)]


def members(
    session: Session, *, within: Reach, after: str | None = None, limit: int = 50
) -> Page[Member]:
    """Accounts with their memberships, newest first."""
    wanted = (
        select(Account, Membership, Organisation)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(within.limits(col(Membership.organisation_id)))
        .order_by(col(Membership.id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        wanted = wanted.where(col(Membership.id) < decode(after, int)[0])
    rows = [Member(*row) for row in session.execute(wanted).all()]
    return page_of(rows, limit=limit, key=lambda member: (member.membership.id or 0,))


def api_keys(
    session: Session, *, within: Reach, after: str | None = None, limit: int = 50
) -> Page[ApiKey]:
    """Keys of the organisations within reach, newest first, revoked ones included."""
    wanted = (
        select(ApiKey)
        .join(Membership, col(Membership.id) == col(ApiKey.membership_id))
        .where(within.limits(col(Membership.organisation_id)))
        .order_by(col(ApiKey.id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        wanted = wanted.where(col(ApiKey.id) < decode(after, int)[0])
    rows = list(session.execute(wanted).scalars())
    return page_of(rows, limit=limit, key=lambda key: (key.id or 0,))


def api_key_by_uid(session: Session, uid: UUID, *, within: Reach) -> ApiKey:
    """A key of an organisation within reach."""
    wanted = (
        select(ApiKey)
        .join(Membership, col(Membership.id) == col(ApiKey.membership_id))
        .where(col(ApiKey.uid) == uid, within.limits(col(Membership.organisation_id)))
    )
    key: ApiKey | None = session.execute(wanted).scalar_one_or_none()
    if key is None:
        raise NotFound(say("There is no such API key."))
    return key


def find_link(session: Session, token: str, now: datetime) -> OneTimeLink | None:
    """A one-time link that may still be used."""
    wanted = select(OneTimeLink).where(
        col(OneTimeLink.token_hash) == token_digest(token),
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > now,
    )
    return session.execute(wanted).scalar_one_or_none()


def has_administrator(session: Session) -> bool:
    """Whether anybody can already administer this installation (has a password, that is)."""
    wanted = (
        select(col(Membership.id))
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(col(Membership.role) == Role.PROVINCE_ADMIN, col(Account.password_hash).is_not(None))
        .limit(1)
    )
    return session.execute(wanted).first() is not None


def _holds_on(day: date) -> Any:
    started = col(Membership.valid_from) <= day
    return started & or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) >= day)


def _callers(day: date) -> Select[Account, Membership, Organisation]:
    return (
        select(Account, Membership, Organisation)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Account.disabled_at).is_(None), _holds_on(day))
    )


def _caller(
    row: Any,
    *,
    session_id: int | None = None,
    api_key_id: int | None = None,
    must_enrol: bool = False,
) -> Caller:
    account, membership, organisation = row
    return Caller(
        account_id=account.id,
        account_uid=account.uid,
        name=account.display_name,
        login=account.login,
        language=account.language,
        membership_id=membership.id,
        role=membership.role,
        organisation_id=organisation.id,
        organisation_uid=organisation.uid,
        organisation_name=organisation.name,
        demonstration=organisation.demonstration,
        session_id=session_id,
        api_key_id=api_key_id,
        must_enrol=must_enrol,
    )
