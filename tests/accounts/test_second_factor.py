"""The second step at sign-in: set up, asked for, used once, taken away."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial

import pyotp
import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.caller_queries import find_sign_in
from app.accounts.commands import new_link, use_link
from app.accounts.one_time_codes import address_of, new_secret, plain_recovery_code, step_of
from app.accounts.passwords import SHORTEST, SHORTEST_WITH_SECOND_FACTOR
from app.accounts.rules import HALF_SIGN_IN_LIFE, WRONG_TRIES_PER_PERSON
from app.accounts.second_factor_commands import (
    confirm_factor,
    remove_factor,
    renew_recovery_codes,
    reset_factor,
    start_factor,
    take_code,
)
from app.accounts.second_factor_queries import (
    REQUIRED_ROLES,
    find_factor,
    unused_recovery_codes,
)
from app.accounts.signing_in import (
    CodeWanted,
    SignedIn,
    SignInRefused,
    caller_of,
    finish_sign_in,
    sign_in,
)
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.db import transaction
from app.errors import Conflict, Forbidden, Refused
from app.kit.clock import day_of
from app.ledger.actors import Actor
from app.models.accounts import Account, Role, SignInSession
from app.models.catalogue import Confidence
from app.models.ledger import LedgerEntry
from app.models.second_factor import HalfSignIn, RecoveryCode
from tests.given import PASSWORD, Given
from tests.threads import at_once

LIFE = timedelta(hours=12)
LOGIN = "may.ly"


class Person:
    """Somebody with an authenticator app, who signs in as people do."""

    def __init__(self, session: Session, now: datetime, account: Account) -> None:
        self.session, self.now, self.account = session, now, account
        self.steps = partial(nullcontext, session)
        self.recovery: list[str] = []

    def password(self, password: str = PASSWORD) -> SignedIn | CodeWanted | SignInRefused:
        return sign_in(
            self.steps,
            login=self.account.login,
            password=password,
            place="203.0.113",
            life=LIFE,
            now=self.now,
        )

    def half(self) -> str:
        outcome = self.password()
        assert isinstance(outcome, CodeWanted)
        return outcome.token

    def code(self, token: str, typed: str) -> SignedIn | SignInRefused | None:
        return finish_sign_in(self.steps, token=token, typed=typed, life=LIFE, now=self.now)

    def caller(self) -> Caller:
        """The caller of a fresh session."""
        outcome = self.password()
        if isinstance(outcome, CodeWanted):
            outcome = self.code(outcome.token, self.shown())
        assert isinstance(outcome, SignedIn)
        return self.caller_with(outcome.token)

    def caller_with(self, token: str) -> Caller:
        found = find_sign_in(self.session, token, day_of(self.now))
        assert found is not None
        caller = caller_of(found, idle_minutes=720, staff_idle_minutes=15, now=self.now)
        assert caller is not None
        return caller

    def shown(self, at: datetime | None = None) -> str:
        """What the app shows now."""
        factor = find_factor(self.session, self.account.pk)
        assert factor is not None
        return pyotp.TOTP(factor.secret).at(at or self.now)

    def enrol(self) -> Caller:
        """Set the second step up; a minute later, so that its first code is spent."""
        caller = self.caller()
        start_factor(self.session, account=self.account, now=self.now)
        self.recovery = confirm_factor(
            self.session, caller=caller, typed=self.shown(), now=self.now
        )
        self.now += timedelta(minutes=1)
        return caller


@pytest.fixture
def person(session: Session, given: Given, now: datetime) -> Person:
    return Person(session, now, given.account(Role.STAFF, login=LOGIN))


def kinds(session: Session, account: Account) -> list[str]:
    wanted = select(col(LedgerEntry.kind)).where(col(LedgerEntry.subject) == str(account.uid))
    return list(session.execute(wanted.order_by(col(LedgerEntry.position))).scalars())


def test_without_it_the_password_suffices_and_a_secret_not_confirmed_asks_for_nothing(
    person: Person,
) -> None:
    assert isinstance(person.password(), SignedIn)
    start_factor(person.session, account=person.account, now=person.now)
    assert isinstance(person.password(), SignedIn)


def test_with_it_the_password_opens_nothing_and_the_code_of_the_app_does(person: Person) -> None:
    person.enrol()
    token = person.half()
    assert find_sign_in(person.session, token, day_of(person.now)) is None
    assert isinstance(person.code(token, person.shown()), SignedIn)


def test_a_code_is_taken_once_and_so_is_the_step_before(person: Person) -> None:
    person.enrol()
    shown = person.shown()
    assert isinstance(person.code(person.half(), shown), SignedIn)
    assert person.code(person.half(), shown) == SignInRefused()
    earlier = person.shown(person.now - timedelta(seconds=30))
    assert person.code(person.half(), earlier) == SignInRefused()


def test_of_two_who_send_one_code_at_the_same_moment_one_comes_in(
    engine: Engine, session: Session, person: Person
) -> None:
    person.enrol()
    tokens, shown = [person.half(), person.half()], person.shown()
    session.commit()
    outcomes: list[object] = []

    def enter(token: str) -> None:
        steps = partial(transaction, engine)
        outcomes.append(finish_sign_in(steps, token=token, typed=shown, life=LIFE, now=person.now))

    assert at_once([partial(enter, token) for token in tokens]) == [None, None]
    assert sorted(type(one).__name__ for one in outcomes) == ["SignInRefused", "SignedIn"]


def test_a_clock_half_a_minute_off_is_no_obstacle_and_two_minutes_are(person: Person) -> None:
    person.enrol()
    slow = person.shown(person.now - timedelta(minutes=2))
    assert person.code(person.half(), slow) == SignInRefused()
    fast = person.shown(person.now + timedelta(seconds=30))
    assert isinstance(person.code(person.half(), fast), SignedIn)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "\x00"]
)
def test_what_is_no_code_is_a_wrong_one(person: Person, typed: str) -> None:
    person.enrol()
    assert person.code(person.half(), typed) == SignInRefused()


def test_a_recovery_code_lets_in_once_however_it_is_written(person: Person) -> None:
    person.enrol()
    first = person.recovery[0]
    assert isinstance(person.code(person.half(), f" {first.lower().replace('-', ' ')} "), SignedIn)
    assert person.code(person.half(), first) == SignInRefused()
    assert unused_recovery_codes(person.session, person.account.pk) == 9
    assert kinds(person.session, person.account)[-1] == "account.recovery_code_used"


def test_recovery_codes_are_hard_to_guess_and_stored_as_hashes(person: Person) -> None:
    person.enrol()
    assert len(set(person.recovery)) == 10
    assert all(plain_recovery_code(code) for code in person.recovery)
    person.session.flush()
    stored = person.session.execute(select(col(RecoveryCode.code_hash))).scalars().all()
    assert {len(one) for one in stored} == {32}


def test_new_recovery_codes_replace_the_former(person: Person) -> None:
    caller = person.enrol()
    former = person.recovery[0]
    fresh = renew_recovery_codes(person.session, caller=caller, now=person.now)
    assert not take_code(person.session, account=person.account, typed=former, now=person.now)
    assert take_code(person.session, account=person.account, typed=fresh[0], now=person.now)


def test_somebody_elses_recovery_code_opens_nothing(person: Person, given: Given) -> None:
    person.enrol()
    other = Person(person.session, person.now, given.account(Role.STAFF, login="din.giang"))
    other.enrol()
    assert person.code(person.half(), other.recovery[0]) == SignInRefused()


def test_after_five_wrong_codes_the_right_one_must_wait(person: Person) -> None:
    person.enrol()
    token = person.half()
    for _ in range(WRONG_TRIES_PER_PERSON):
        assert person.code(token, "000000") == SignInRefused()
    assert person.code(token, person.shown()) == SignInRefused(retry_after=900)
    assert person.code(person.half(), person.recovery[0]) == SignInRefused(retry_after=900)
    person.now += timedelta(minutes=15)
    assert isinstance(person.code(person.half(), person.shown()), SignedIn)


def test_a_half_sign_in_runs_out_and_is_used_once(person: Person) -> None:
    person.enrol()
    token = person.half()
    assert isinstance(person.code(token, person.shown()), SignedIn)
    person.now += timedelta(minutes=1)
    assert person.code(token, person.shown()) is None
    late = person.half()
    person.now += HALF_SIGN_IN_LIFE
    assert person.code(late, person.shown()) is None
    assert person.code("invented", person.shown()) is None


def test_confirming_takes_the_code_of_the_app_and_ends_every_other_session(
    person: Person,
) -> None:
    elsewhere = person.caller()
    caller = person.caller()
    start_factor(person.session, account=person.account, now=person.now)
    with pytest.raises(Refused):
        confirm_factor(person.session, caller=caller, typed="000000", now=person.now)
    confirm_factor(person.session, caller=caller, typed=person.shown(), now=person.now)
    person.session.expire_all()
    standing = {
        one.id: one.revoked_at is None
        for one in person.session.execute(select(SignInSession)).scalars()
    }
    assert standing == {elsewhere.session_id: False, caller.session_id: True}
    with pytest.raises(Conflict):
        start_factor(person.session, account=person.account, now=person.now)


def test_a_new_password_keeps_the_second_step_and_ends_a_sign_in_half_done(
    person: Person,
) -> None:
    person.enrol()
    token = person.half()
    link = new_link(person.session, account=person.account, now=person.now)
    use_link(person.session, token=link, password="mây trắng Fansipan ơi", now=person.now)
    assert person.code(token, person.shown()) is None
    assert isinstance(person.password("mây trắng Fansipan ơi"), CodeWanted)


def test_a_password_may_be_shorter_with_it_and_must_be_long_to_turn_it_off(
    person: Person,
) -> None:
    short = "rêu-đá-7"
    assert SHORTEST_WITH_SECOND_FACTOR <= len(short) < SHORTEST
    link = new_link(person.session, account=person.account, now=person.now)
    with pytest.raises(Refused):
        use_link(person.session, token=link, password=short, now=person.now)
    caller = person.enrol()
    use_link(person.session, token=link, password=short, now=person.now)
    with pytest.raises(Refused, match="Without the second step"):
        remove_factor(person.session, caller=caller, password=short, now=person.now)
    remove_factor(person.session, caller=caller, password=PASSWORD, now=person.now)
    assert find_factor(person.session, person.account.pk) is None


def test_who_may_manage_an_account_may_take_the_second_step_away(
    person: Person, given: Given
) -> None:
    person.enrol()
    person.half()
    stranger = given.caller(Role.COOP_ADMIN)
    with pytest.raises(Forbidden):
        reset_factor(person.session, account=person.account, by=stranger.actor, now=person.now)
    with pytest.raises(Refused):
        own = Actor(person.account.uid, "staff", None)
        reset_factor(person.session, account=person.account, by=own, now=person.now)
    province = given.caller(Role.PROVINCE_ADMIN)
    for _ in range(2):
        reset_factor(person.session, account=person.account, by=province.actor, now=person.now)
    assert kinds(person.session, person.account).count("account.second_factor_reset") == 1
    assert person.session.execute(select(HalfSignIn)).scalars().all() == []
    assert isinstance(person.password(), SignedIn)


def switch_on(session: Session, given: Given, *, enforced: bool) -> None:
    set_legal_rule(
        session,
        key=REQUIRED_ROLES,
        amendment=RuleAmendment(
            given.day(0), ["staff"], "TCVN 14423:2026", Confidence.SECONDARY, enforced=enforced
        ),
        by=Actor.system(),
        now=given.now,
    )


def test_the_rule_of_the_province_asks_for_it_only_when_enforced(
    person: Person, given: Given
) -> None:
    assert not person.caller().must_enrol
    switch_on(person.session, given, enforced=False)
    assert not person.caller().must_enrol


def test_somebody_whose_role_must_have_it_sets_it_up_first_and_keeps_it(
    person: Person, given: Given
) -> None:
    switch_on(person.session, given, enforced=True)
    assert person.caller().must_enrol
    caller = person.enrol()
    person.session.expire_all()
    assert not person.caller().must_enrol
    with pytest.raises(Refused, match="must keep"):
        remove_factor(person.session, caller=caller, password=PASSWORD, now=person.now)


def test_the_code_is_that_of_rfc_6238(now: datetime) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # appendix B: "12345678901234567890"
    at_59 = datetime.fromtimestamp(59, now.tzinfo)
    assert step_of(secret, "287082", at_59) == 1
    assert step_of(secret, "287 082", at_59) == 1
    assert step_of(secret, "287083", at_59) is None


def test_the_address_for_the_app_names_the_service_and_the_person() -> None:
    secret = new_secret()
    read = pyotp.parse_uri(address_of(secret, "may.ly"))
    assert (read.secret, read.name, read.issuer) == (secret, "may.ly", "Nguồn Gốc")
