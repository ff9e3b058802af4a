"""API keys, on both engines."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import Session

from app.accounts.caller_queries import find_caller_of_key
from app.accounts.commands import (
    create_api_key,
    revoke_api_key,
)
from app.accounts.queries import (
    account_by_uid,
    api_key_by_uid,
    api_keys,
    members,
)
from app.accounts.reach import Reach
from app.errors import NotFound
from app.ledger.actors import Actor
from app.models.accounts import ApiKey, Membership, Role
from tests.given import Given
from tests.refusals import refused


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
