"""What ends sessions, keys and accounts, and who may end them, on both engines."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.caller_queries import find_caller_of_key, find_sign_in
from app.accounts.commands import (
    create_api_key,
    disable_account,
    end_sessions,
    new_link,
    renew_link,
    use_link,
)
from app.accounts.queries import (
    find_link,
)
from app.accounts.signing_in import SignedIn, SignInRefused, caller_of, sign_in
from app.errors import Forbidden
from app.kit.clock import day_of
from app.ledger.actors import Actor
from app.models.accounts import Account, Membership, Role
from app.models.ledger import LedgerEntry
from tests.given import PASSWORD, Given
from tests.refusals import refused

NEW_PASSWORD = "mây trắng trên đỉnh Fansipan"


def signed_in(given: Given, login: str) -> str:
    outcome = sign_in(
        partial(nullcontext, given.session),
        login=login,
        password=PASSWORD,
        place="203.0.113",
        life=timedelta(hours=12),
        now=given.now,
    )
    assert isinstance(outcome, SignedIn)
    assert find_sign_in(given.session, outcome.token, day_of(given.now)) is not None
    return outcome.token


def standing(given: Given, token: str) -> Caller | None:
    opened = find_sign_in(given.session, token, day_of(given.now))
    if opened is None:
        return None
    return caller_of(opened, idle_minutes=720, staff_idle_minutes=15, now=given.now)


def test_setting_a_password_ends_every_session_of_the_account(given: Given) -> None:
    account = given.account(Role.STAFF, login="may.ly")
    other = given.account(Role.STAFF, login="din.giang")
    mine, theirs = signed_in(given, "may.ly"), signed_in(given, "din.giang")
    token = new_link(given.session, account=account, now=given.now)
    use_link(given.session, token=token, password=NEW_PASSWORD, now=given.now)
    assert standing(given, mine) is None
    found = standing(given, theirs)
    assert found is not None
    assert found.account_id == other.pk


def test_ending_sessions_leaves_other_accounts_alone(given: Given) -> None:
    account = given.account(Role.STAFF, login="may.ly")
    given.account(Role.STAFF, login="din.giang")
    mine, theirs = signed_in(given, "may.ly"), signed_in(given, "din.giang")
    end_sessions(given.session, account_id=account.pk, now=given.now)
    assert standing(given, mine) is None
    assert standing(given, theirs) is not None


def test_a_disabled_account_is_shut_at_every_door(given: Given) -> None:
    home = given.cooperative()
    account = given.account(Role.STAFF, home, login="may.ly")
    opened = signed_in(given, "may.ly")
    caller = standing(given, opened)
    assert caller is not None
    _, key = create_api_key(
        given.session, name="Kho", caller=caller, expires_at=None, now=given.now
    )
    token = new_link(given.session, account=account, now=given.now)
    given.session.flush()
    assert find_caller_of_key(given.session, key, given.now) is not None
    disable_account(given.session, account=account, by=Actor.system(), now=given.now)
    given.session.flush()
    assert standing(given, opened) is None
    assert find_caller_of_key(given.session, key, given.now) is None
    assert find_link(given.session, token, given.now) is None
    again = sign_in(
        partial(nullcontext, given.session),
        login="may.ly",
        password=PASSWORD,
        place="203.0.113",
        life=timedelta(hours=12),
        now=given.now,
    )
    assert again == SignInRefused()


def test_nobody_disables_themselves(given: Given) -> None:
    caller = given.caller(Role.PROVINCE_ADMIN)
    account = given.session.get_one(Account, caller.account_id)
    told = refused(
        lambda: disable_account(given.session, account=account, by=caller.actor, now=given.now)
    )
    assert told == ["account"]
    assert account.disabled_at is None


def test_disabling_twice_changes_nothing(given: Given, session: Session) -> None:
    account = given.account(Role.STAFF)
    for minutes in (0, 5):
        then = given.now + timedelta(minutes=minutes)
        disable_account(session, account=account, by=Actor.system(), now=then)
    assert account.disabled_at == given.now
    wanted = select(LedgerEntry).where(
        col(LedgerEntry.subject) == str(account.uid), col(LedgerEntry.kind) == "account.disabled"
    )
    assert len(session.execute(wanted).all()) == 1


def manage(given: Given, by: Actor, account: Account) -> list[Callable[[], object]]:
    """The two ways to get at an account."""
    return [
        lambda: renew_link(given.session, account=account, by=by, now=given.now),
        lambda: disable_account(given.session, account=account, by=by, now=given.now),
    ]


def test_an_administrator_manages_the_accounts_of_the_own_cooperative(given: Given) -> None:
    home = given.cooperative()
    chief = given.caller(Role.COOP_ADMIN, home)
    for act in manage(given, chief.actor, given.account(Role.STAFF, home)):
        act()


def test_nobody_takes_over_an_account_whose_role_they_could_not_give(given: Given) -> None:
    """A new link is a new password: it would make a clerk an inspector."""
    home = given.cooperative()
    chief = given.caller(Role.COOP_ADMIN, home)
    for act in manage(given, chief.actor, given.account(Role.INSPECTOR, home)):
        refused(act, Forbidden)


def test_nobody_takes_over_an_account_that_moved_to_another_organisation(
    given: Given, session: Session
) -> None:
    old, new = given.cooperative(), given.cooperative()
    account = given.account(Role.STAFF, old)
    wanted = select(Membership).where(col(Membership.account_id) == account.pk)
    session.execute(wanted).scalar_one().valid_to = given.day(0)
    session.add(
        Membership(
            account_id=account.pk,
            organisation_id=new.pk,
            role=Role.STAFF,
            valid_from=given.day(0),
        )
    )
    session.flush()
    for act in manage(given, given.caller(Role.COOP_ADMIN, old).actor, account):
        refused(act, Forbidden)
    for act in manage(given, given.caller(Role.PROVINCE_ADMIN).actor, account):
        act()
