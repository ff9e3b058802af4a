"""Inviting people, and links that work once, on both engines."""

import json
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.accounts.commands import (
    Invitation,
    invite_account,
    renew_link,
    use_link,
)
from app.accounts.first import open_first_door
from app.accounts.passwords import matches
from app.accounts.queries import (
    find_account,
    find_link,
    has_administrator,
)
from app.db import transaction
from app.errors import Conflict, Forbidden, Gone
from app.ledger.actors import Actor
from app.models.accounts import Account, OneTimeLink, Role
from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.registry import Organisation
from tests.given import PASSWORD, Given
from tests.refusals import refused
from tests.threads import at_once

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


def test_of_two_who_open_a_link_at_once_one_sets_the_password(
    given: Given, session: Session, engine: Engine
) -> None:
    account, token = invited(given, given.cooperative())
    session.commit()

    def use(password: str) -> None:
        with transaction(engine) as opened:
            use_link(opened, token=token, password=password, now=given.now)

    chosen = (PASSWORD, NEW_PASSWORD)
    outcomes = at_once([partial(use, password) for password in chosen])
    session.refresh(account)
    fitting = [matches(password, account.password_hash) for password in chosen]
    assert [outcome is None for outcome in outcomes] == fitting
    assert sorted(fitting) == [False, True]


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
