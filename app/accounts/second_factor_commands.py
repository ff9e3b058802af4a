"""Setting up, renewing and taking away the second step at sign-in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.commands import require_manageable
from app.accounts.one_time_codes import (
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    step_of,
)
from app.accounts.passwords import SHORTEST, length_of
from app.accounts.queries import token_digest
from app.accounts.second_factor_queries import confirmed_factor, find_factor, must_have_factor
from app.errors import Conflict, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.accounts import Account, SignInSession
from app.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor


def start_factor(session: Session, *, account: Account, now: datetime) -> SecondFactor:
    """A new secret for an authenticator app; nothing is asked for before its code was seen once."""
    factor = find_factor(session, account.pk)
    if factor is not None and factor.confirmed_at is not None:
        raise Conflict(say("The second step is set up already."))
    if factor is not None:
        session.delete(factor)
        session.flush()  # an account has one secret at a time
    factor = SecondFactor(account_id=account.pk, secret=new_secret(), created_at=now)
    session.add(factor)
    return factor


def confirm_factor(session: Session, *, caller: Caller, typed: str, now: datetime) -> list[str]:
    """Ask for the code at every sign-in from now on; returns the recovery codes, shown this once.

    Every other session of the account ends: whoever came in without the code is out.
    """
    factor = find_factor(session, caller.account_id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict(say("There is nothing to confirm. Start again."))
    step = step_of(factor.secret, typed, now)
    if step is None:
        raise refuse("code", say("This code does not fit. Type the one the app shows now."))
    factor.confirmed_at, factor.last_step = now, step
    _end_other_sessions(session, caller, now)
    _record(session, "account.second_factor_set", caller.account_uid, by=caller.actor, now=now)
    return _renewed(session, caller.account_id, now)


def renew_recovery_codes(session: Session, *, caller: Caller, now: datetime) -> list[str]:
    """Ten new recovery codes; the former ones stop working."""
    if confirmed_factor(session, caller.account_id) is None:
        raise Conflict(say("The second step is not set up."))
    _record(session, "account.recovery_codes_made", caller.account_uid, by=caller.actor, now=now)
    return _renewed(session, caller.account_id, now)


def remove_factor(session: Session, *, caller: Caller, password: str, now: datetime) -> None:
    """Let the password alone suffice again, where the rules allow it and it is long enough."""
    if must_have_factor(session, caller.role, day_of(now)):
        raise refuse("second_factor", say("Your role must keep the second step."))
    if length_of(password) < SHORTEST:
        raise refuse(
            "password",
            say(
                "Without the second step a password needs {shortest} characters. Change it first.",
                shortest=SHORTEST,
            ),
        )
    _forget(session, caller.account_id)
    _record(session, "account.second_factor_removed", caller.account_uid, by=caller.actor, now=now)


def reset_factor(session: Session, *, account: Account, by: Actor, now: datetime) -> None:
    """For somebody who lost the phone and the recovery codes; doing it twice changes nothing.

    Who resets must be allowed to manage the account, and never resets their own.
    """
    if by.account == account.uid:
        raise refuse("account", say("Your own second step is changed on your account's page."))
    require_manageable(session, account, by, now)
    if find_factor(session, account.pk) is None:
        return
    _forget(session, account.pk)
    _record(session, "account.second_factor_reset", account.uid, by=by, now=now)


def take_code(session: Session, *, account: Account, typed: str, now: datetime) -> bool:
    """Whether a code of the app or a recovery code lets somebody in; it never does so twice."""
    factor = confirmed_factor(session, account.pk)
    if factor is None:
        return False
    step = step_of(factor.secret, typed, now)
    if step is not None:
        return _take_step(session, factor, step)
    plain = plain_recovery_code(typed)
    return plain is not None and _take_recovery_code(session, account, plain, now)


def _take_step(session: Session, factor: SecondFactor, step: int) -> bool:
    # One statement: of two who send the same code at once, one is too late.
    taken = session.execute(
        update(SecondFactor)
        .where(col(SecondFactor.id) == factor.pk, col(SecondFactor.last_step) < step)
        .values(last_step=step)
    )
    return getattr(taken, "rowcount", 0) == 1


def _take_recovery_code(session: Session, account: Account, plain: str, now: datetime) -> bool:
    taken = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account.pk,
            col(RecoveryCode.code_hash) == _recovery_hash(account.pk, plain),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
    )
    if getattr(taken, "rowcount", 0) != 1:
        return False
    by = Actor(account.uid, "self", None)
    _record(session, "account.recovery_code_used", account.uid, by=by, now=now)
    return True


def _renewed(session: Session, account_id: int, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = new_recovery_codes()
    for code in codes:
        plain = code.replace("-", "")
        session.add(
            RecoveryCode(
                account_id=account_id, code_hash=_recovery_hash(account_id, plain), created_at=now
            )
        )
    return codes


def _forget(session: Session, account_id: int) -> None:
    for table in (SecondFactor, RecoveryCode, HalfSignIn):
        session.execute(delete(table).where(col(table.account_id) == account_id))


def _end_other_sessions(session: Session, caller: Caller, now: datetime) -> None:
    others = (
        col(SignInSession.account_id) == caller.account_id,
        col(SignInSession.revoked_at).is_(None),
    )
    session.execute(
        update(SignInSession)
        .where(*others, col(SignInSession.id) != caller.session_id)
        .values(revoked_at=now)
    )
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id) == caller.session_id)
        .values(must_enrol=False)
    )


def _recovery_hash(account_id: int, plain: str) -> bytes:
    return token_digest(f"{account_id} {plain}")


def _record(session: Session, kind: str, account: UUID, *, by: Actor, now: datetime) -> None:
    record(session, kind=kind, subject=str(account), by=by, now=now, facts={})
