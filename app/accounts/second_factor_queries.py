"""Who has a second step at sign-in, and who must have one."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.passwords import SHORTEST, SHORTEST_WITH_SECOND_FACTOR
from app.accounts.queries import token_digest
from app.catalogue.queries import rule_on, value_of
from app.catalogue.rules import Severity, severity
from app.models.accounts import Role
from app.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor

REQUIRED_ROLES = "accounts.second_factor.roles"


def find_factor(session: Session, account_id: int) -> SecondFactor | None:
    """The second factor of an account, confirmed or not."""
    wanted = select(SecondFactor).where(col(SecondFactor.account_id) == account_id)
    return session.execute(wanted).scalar_one_or_none()


def confirmed_factor(session: Session, account_id: int) -> SecondFactor | None:
    """The second factor that is asked for at sign-in."""
    factor = find_factor(session, account_id)
    return factor if factor is not None and factor.confirmed_at is not None else None


def protected_accounts(session: Session, account_ids: Sequence[int]) -> set[int]:
    """Which of these accounts have a second step."""
    wanted = select(col(SecondFactor.account_id)).where(
        col(SecondFactor.account_id).in_(account_ids),
        col(SecondFactor.confirmed_at).is_not(None),
    )
    return set(session.execute(wanted).scalars())


def unused_recovery_codes(session: Session, account_id: int) -> int:
    """How many recovery codes an account has left."""
    wanted = select(func.count(col(RecoveryCode.id))).where(
        col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None)
    )
    return int(session.execute(wanted).scalar_one())


def find_half(session: Session, token: str, now: datetime) -> HalfSignIn | None:
    """A sign-in that still waits for its code."""
    wanted = select(HalfSignIn).where(
        col(HalfSignIn.token_hash) == token_digest(token),
        col(HalfSignIn.used_at).is_(None),
        col(HalfSignIn.expires_at) > now,
    )
    return session.execute(wanted).scalar_one_or_none()


def must_have_factor(session: Session, role: Role, day: date) -> bool:
    """Whether the province's rule of that day asks somebody of this role for a second step."""
    rule = rule_on(session, REQUIRED_ROLES, day)
    if rule is None or severity(rule.confidence, rule.enforced) is not Severity.REFUSE:
        return False
    return role.value in value_of(rule)


def shortest_password(session: Session, account_id: int) -> int:
    """How long a password must be: shorter where a code is asked for too (TCVN 14423:2026)."""
    protected = confirmed_factor(session, account_id) is not None
    return SHORTEST_WITH_SECOND_FACTOR if protected else SHORTEST
