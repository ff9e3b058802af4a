"""Inviting people, setting passwords, issuing and revoking API keys, disabling accounts."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.accounts import rules
from app.accounts.caller import Caller
from app.accounts.passwords import hash_password, require_good_password
from app.accounts.queries import (
    API_KEY_PREFIX,
    find_account,
    find_link,
    present_roles,
    token_digest,
)
from app.accounts.second_factor_queries import shortest_password
from app.errors import Conflict, Forbidden, Gone, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.accounts import (
    Account,
    ApiKey,
    Membership,
    OneTimeLink,
    Role,
    SignInSession,
)
from app.models.registry import Organisation
from app.models.second_factor import HalfSignIn

TOKEN_BYTES = 32


def login_key(login: str) -> str:
    """The form in which logins are unique: NFKC, casefolded, without spaces at the ends.

    Empty for what can be nobody's login: characters that no database keeps.
    """
    key = unicodedata.normalize("NFKC", login).strip().casefold()
    return key if key.isprintable() else ""


@dataclass(frozen=True)
class Invitation:
    """Whom to invite, and as what."""

    login: str
    name: str
    role: Role


def invite_account(
    session: Session,
    *,
    who: Invitation,
    organisation: Organisation,
    giver: Role,
    by: Actor,
    now: datetime,
) -> tuple[Account, str]:
    """Create an account that has no password yet; returns it with the token of its one-time link.

    `giver` is the role of the one who invites: it bounds which roles may be given.
    """
    if not rules.may_grant(giver, who.role):
        raise Forbidden(say("You may not give this role."))
    login = clean(who.login, longest=64)
    key = _require_free_login(session, login)
    account = Account(
        login=login, login_key=key, display_name=clean(who.name, longest=120), created_at=now
    )
    session.add(account)
    session.flush()  # the account's id, for its membership
    session.add(
        Membership(
            account_id=account.pk,
            organisation_id=organisation.pk,
            role=who.role,
            valid_from=day_of(now),
        )
    )
    record(
        session,
        kind="account.invited",
        subject=str(account.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"role": who.role},
        personal={"login": account.login, "display_name": account.display_name},
    )
    return account, new_link(session, account=account, now=now)


def _require_free_login(session: Session, login: str) -> str:
    key = login_key(login)
    if not key or any(character.isspace() for character in key):
        raise refuse("login", say("A sign-in name has no spaces."))
    if find_account(session, key) is not None:
        raise Conflict(say("The sign-in name {login} is taken.", login=login))
    return key


def new_link(session: Session, *, account: Account, now: datetime) -> str:
    """A fresh one-time link for setting a password; earlier ones of the account stop working."""
    end_links(session, account_id=account.pk, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        OneTimeLink(
            token_hash=token_digest(token),
            account_id=account.pk,
            created_at=now,
            expires_at=now + rules.LINK_LIFE,
        )
    )
    return token


def renew_link(session: Session, *, account: Account, by: Actor, now: datetime) -> str:
    """A new link for somebody who lost theirs or forgot the password.

    Whoever opens it becomes that person, so it takes the right to give all their present roles.
    """
    require_manageable(session, account, by, now)
    token = new_link(session, account=account, now=now)
    record(session, kind="account.link_renewed", subject=str(account.uid), by=by, now=now, facts={})
    return token


def use_link(session: Session, *, token: str, password: str, now: datetime) -> Account:
    """Set a password through a one-time link. Every session of the account ends."""
    link = find_link(session, token, now)
    if link is None:
        raise Gone(say("This link was used already or has run out. Ask for a new one."))
    account = session.get_one(Account, link.account_id)
    set_password(session, account=account, password=password, now=now)
    link.used_at = now
    return account


def set_password(session: Session, *, account: Account, password: str, now: datetime) -> Account:
    """Keep a new password. Every session of the account ends; its second step stays."""
    shortest = shortest_password(session, account.pk)
    require_good_password(password, login=account.login, shortest=shortest)
    account.password_hash = hash_password(password)
    end_sessions(session, account_id=account.pk, now=now)
    record(
        session,
        kind="account.password_set",
        subject=str(account.uid),
        by=Actor(account.uid, "self", None),
        now=now,
        facts={},
    )
    return account


def end_sessions(session: Session, *, account_id: int, now: datetime) -> None:
    """Sign an account out everywhere, where only the code is still asked for too."""
    session.execute(delete(HalfSignIn).where(col(HalfSignIn.account_id) == account_id))
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.account_id) == account_id, col(SignInSession.revoked_at).is_(None))
        .values(revoked_at=now)
    )


def end_links(session: Session, *, account_id: int, now: datetime) -> None:
    """Let the one-time links of an account stop working."""
    session.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.account_id) == account_id, col(OneTimeLink.used_at).is_(None))
        .values(used_at=now)
    )


def disable_account(session: Session, *, account: Account, by: Actor, now: datetime) -> Account:
    """Shut an account: its sessions end, its keys and links stop, its history stays."""
    if by.account == account.uid:
        raise refuse("account", say("You cannot disable your own account."))
    require_manageable(session, account, by, now)
    if account.disabled_at is not None:
        return account
    account.disabled_at = now
    end_sessions(session, account_id=account.pk, now=now)
    end_links(session, account_id=account.pk, now=now)
    record(session, kind="account.disabled", subject=str(account.uid), by=by, now=now, facts={})
    return account


def create_api_key(
    session: Session, *, name: str, caller: Caller, expires_at: datetime | None, now: datetime
) -> tuple[ApiKey, str]:
    """A key that acts as the caller's membership; the secret is returned once and never stored."""
    if expires_at is not None and expires_at <= now:
        raise refuse("expires_at", say("The key would have run out already."))
    secret = API_KEY_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    key = ApiKey(
        key_hash=token_digest(secret),
        prefix=secret[:10],
        name=clean(name, longest=80),
        membership_id=caller.membership_id,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(key)
    record(
        session,
        kind="api_key.created",
        subject=str(key.uid),
        by=caller.actor,
        now=now,
        facts={"name": key.name, "prefix": key.prefix, "expires_at": expires_at},
    )
    return key, secret


def revoke_api_key(session: Session, *, key: ApiKey, by: Actor, now: datetime) -> ApiKey:
    """Stop a key at once."""
    if key.revoked_at is None:
        key.revoked_at = now
        record(session, kind="api_key.revoked", subject=str(key.uid), by=by, now=now, facts={})
    return key


def require_manageable(session: Session, account: Account, by: Actor, now: datetime) -> None:
    """Refuse: an account that once was ours may be somebody else's, or an official's, today."""
    if by.account is None:  # the installation itself
        return
    giver = Role(by.role)
    for role, organisation in present_roles(session, account.pk, day_of(now)):
        elsewhere = giver is not Role.PROVINCE_ADMIN and organisation != by.organisation
        if elsewhere or not rules.may_grant(giver, role):
            raise Forbidden(say("You may not manage this account."))
