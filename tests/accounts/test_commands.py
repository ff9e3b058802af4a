"""Inviting, links that work once, API keys, disabling, on both engines."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.commands import (
    Invitation,
    create_api_key,
    disable_account,
    end_sessions,
    invite_account,
    new_link,
    renew_link,
    revoke_api_key,
    use_link,
)
from app.accounts.first import open_first_door
from app.accounts.passwords import matches
from app.accounts.queries import (
    account_by_uid,
    api_key_by_uid,
    api_keys,
    find_account,
    find_caller_of_key,
    find_link,
    find_session,
    has_administrator,
    members,
)
from app.accounts.reach import Reach
from app.accounts.signing_in import SignedIn, SignInRefused, caller_of, sign_in
from app.errors import Conflict, DomainError, Forbidden, Gone, NotFound, Refused
from app.ledger.actors import Actor
from app.models.accounts import Account, ApiKey, Membership, OneTimeLink, Role, SignInSession
from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.registry import Organisation
from tests.given import PASSWORD, Given

NEW_PASSWORD = "mây trắng trên đỉnh Fansipan"


def invited(
    given: Given,
    organisation: Organisation,
    *,
    login: str = "din.giang",
    role: Role = Role.STAFF,
    giver: Role = Role.COOP_ADMIN,
) -> tuple[Account, str]:
    return invite_account(
        given.session,
        who=Invitation(login, "Giàng A Dìn", role),
        organisation=organisation,
        giver=giver,
        by=Actor.system(),
        now=given.now,
    )


def refused(act: Callable[[], object], kind: type[DomainError] = Refused) -> list[str]:
    """The fields a refusal names."""
    with pytest.raises(kind) as refusal:
        act()
    return [fault.field for fault in refusal.value.fields]


def signed_in(given: Given, login: str) -> SignInSession:
    outcome = sign_in(
        given.session,
        login=login,
        password=PASSWORD,
        place="203.0.113",
        life=timedelta(hours=12),
        now=given.now,
    )
    assert isinstance(outcome, SignedIn)
    found = find_session(given.session, outcome.token)
    assert found is not None
    return found


def standing(given: Given, opened: SignInSession) -> Caller | None:
    given.session.expire_all()
    return caller_of(given.session, opened, idle_minutes=720, staff_idle_minutes=15, now=given.now)


def test_somebody_invited_has_no_password_until_they_set_one(given: Given) -> None:
    account, token = invited(given, given.cooperative())
    assert account.password_hash is None
    use_link(given.session, token=token, password=NEW_PASSWORD, now=given.now)
    assert matches(NEW_PASSWORD, account.password_hash)


def test_an_invitation_keeps_name_and_login_out_of_the_ledger_itself(
    given: Given, session: Session
) -> None:
    account, _ = invited(given, given.cooperative())
    wanted = select(LedgerEntry).where(col(LedgerEntry.subject) == str(account.uid))
    entry = session.execute(wanted).scalar_one()
    assert "din.giang" not in entry.body
    assert "Dìn" not in entry.body
    part = session.get_one(LedgerPersonal, entry.position)
    assert json.loads(part.body) == {"display_name": "Giàng A Dìn", "login": "din.giang"}


@pytest.mark.parametrize("role", [Role.CERTIFIER, Role.INSPECTOR, Role.PROVINCE_ADMIN])
def test_a_cooperative_administrator_gives_no_official_role(given: Given, role: Role) -> None:
    home = given.cooperative()
    refused(lambda: invited(given, home, role=role), Forbidden)
    assert find_account(given.session, "din.giang") is None
    invited(given, home, role=role, giver=Role.PROVINCE_ADMIN)


@pytest.mark.parametrize("login", ["DIN.GIANG", "\uff44\uff49\uff4e.giang", " din.giang "])
def test_a_login_is_taken_however_it_is_written(given: Given, login: str) -> None:
    home = given.cooperative()
    invited(given, home)
    refused(lambda: invited(given, home, login=login), Conflict)


@pytest.mark.parametrize("login", ["din giang", "", "  "])
def test_a_login_has_letters_and_no_spaces(given: Given, login: str) -> None:
    home = given.cooperative()
    assert refused(lambda: invited(given, home, login=login)) == ["login"]


def test_a_link_works_once_only(given: Given) -> None:
    _, token = invited(given, given.cooperative())
    use_link(given.session, token=token, password=NEW_PASSWORD, now=given.now)
    refused(lambda: use_link(given.session, token=token, password=PASSWORD, now=given.now), Gone)


def test_a_link_runs_out_after_a_day(given: Given) -> None:
    _, token = invited(given, given.cooperative())
    almost = given.now + timedelta(hours=24) - timedelta(seconds=1)
    assert find_link(given.session, token, almost) is not None
    assert find_link(given.session, token, given.now + timedelta(hours=24)) is None
    refused(
        lambda: use_link(
            given.session, token=token, password=PASSWORD, now=given.now + timedelta(hours=24)
        ),
        Gone,
    )


def test_a_link_nobody_made_is_gone(given: Given) -> None:
    refused(lambda: use_link(given.session, token="x", password=PASSWORD, now=given.now), Gone)


def test_a_new_link_stops_the_earlier_one(given: Given) -> None:
    account, first = invited(given, given.cooperative())
    second = renew_link(given.session, account=account, by=Actor.system(), now=given.now)
    assert find_link(given.session, first, given.now) is None
    assert find_link(given.session, second, given.now) is not None


def test_a_weak_password_does_not_use_the_link_up(given: Given) -> None:
    account, token = invited(given, given.cooperative())
    told = refused(lambda: use_link(given.session, token=token, password="ngắn", now=given.now))
    assert told == ["password"]
    assert account.password_hash is None
    assert find_link(given.session, token, given.now) is not None


def test_only_the_hash_of_a_link_is_stored(given: Given, session: Session) -> None:
    _, token = invited(given, given.cooperative())
    stored = session.execute(select(col(OneTimeLink.token_hash))).scalars().all()
    assert all(len(digest) == 32 and token.encode() not in digest for digest in stored)


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
        given.session,
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


def test_a_key_acts_as_its_makers_membership(given: Given) -> None:
    caller, secret = given.key(Role.STAFF)
    found = find_caller_of_key(given.session, secret, given.now)
    assert found is not None
    assert (found.membership_id, found.role) == (caller.membership_id, Role.STAFF)
    assert found.api_key_id is not None


def test_of_a_key_only_hash_and_beginning_are_stored(given: Given, session: Session) -> None:
    _, secret = given.key(Role.STAFF)
    key = session.execute(select(ApiKey)).scalar_one()
    assert secret.startswith("ngk_")
    assert len(secret) >= 43
    assert len(key.key_hash) == 32
    assert key.prefix == secret[:10]


def key_of(given: Given, **more: datetime | None) -> tuple[ApiKey, str]:
    chosen = {"expires_at": None, **more}
    made = create_api_key(
        given.session, name="Kho", caller=given.caller(Role.STAFF), now=given.now, **chosen
    )
    given.session.flush()
    return made


def test_a_revoked_key_stops_at_once(given: Given) -> None:
    key, secret = key_of(given)
    revoke_api_key(given.session, key=key, by=Actor.system(), now=given.now)
    given.session.flush()
    assert find_caller_of_key(given.session, secret, given.now) is None


def test_a_key_runs_out_on_time(given: Given) -> None:
    ends = given.now + timedelta(days=1)
    _, secret = key_of(given, expires_at=ends)
    assert find_caller_of_key(given.session, secret, ends - timedelta(seconds=1)) is not None
    assert find_caller_of_key(given.session, secret, ends) is None


def test_a_key_that_has_run_out_already_is_not_made(given: Given) -> None:
    assert refused(lambda: key_of(given, expires_at=given.now)) == ["expires_at"]


def test_an_unknown_key_is_nobody(given: Given) -> None:
    assert find_caller_of_key(given.session, "ngk_khong-co", given.now) is None


def test_a_key_ends_with_the_membership_it_acts_as(given: Given, session: Session) -> None:
    caller, secret = given.key(Role.STAFF)
    membership = session.get_one(Membership, caller.membership_id)
    membership.valid_to = given.day(0)
    session.flush()
    assert find_caller_of_key(session, secret, given.now) is not None
    assert find_caller_of_key(session, secret, given.now + timedelta(days=1)) is None


def test_keys_and_accounts_of_others_are_out_of_reach(given: Given, session: Session) -> None:
    key, _ = key_of(given)
    home = given.cooperative()
    own = Reach.own(home.pk)
    account = given.account(Role.STAFF, home)
    stranger = given.account(Role.STAFF)
    assert account_by_uid(session, account.uid, within=own) is account
    assert [member.account for member in members(session, within=own).items] == [account]
    assert api_keys(session, within=own).items == ()
    for look in (
        lambda: account_by_uid(session, stranger.uid, within=own),
        lambda: account_by_uid(session, uuid4(), within=Reach.all()),
        lambda: api_key_by_uid(session, key.uid, within=own),
    ):
        refused(look, NotFound)


def test_the_first_door_opens_for_one_administrator_and_only_by_its_newest_link(
    given: Given, session: Session
) -> None:
    assert not has_administrator(session)
    first = open_first_door(session, now=given.now)
    second = open_first_door(session, now=given.now)
    assert not has_administrator(session)
    refused(lambda: use_link(session, token=first, password=NEW_PASSWORD, now=given.now), Gone)
    account = use_link(session, token=second, password=NEW_PASSWORD, now=given.now)
    assert account.login == "quan-tri"
    session.flush()
    assert has_administrator(session)
