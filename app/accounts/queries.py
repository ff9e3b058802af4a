"""Finding and listing accounts, memberships, keys and one-time links."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.accounts import (
    Account,
    ApiKey,
    Membership,
    OneTimeLink,
    Role,
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
