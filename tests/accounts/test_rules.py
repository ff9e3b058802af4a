"""Who may give which role, how long tries wait, how long a session may rest. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.rules import TRIES_WINDOW, idle_limit, may_grant, seconds_to_wait
from app.models.accounts import Role

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
COOPERATIVE = {Role.GROWER, Role.STAFF, Role.COOP_ADMIN}


@pytest.mark.parametrize(
    ("giver", "given"),
    [
        (Role.GROWER, set()),
        (Role.STAFF, set()),
        (Role.COOP_ADMIN, COOPERATIVE),
        (Role.CERTIFIER, set()),
        (Role.INSPECTOR, set()),
        (Role.PROVINCE_ADMIN, set(Role)),
    ],
)
def test_nobody_gives_a_role_above_what_their_own_allows(giver: Role, given: set[Role]) -> None:
    assert {role for role in Role if may_grant(giver, role)} == given


def test_below_the_limit_nobody_waits() -> None:
    assert seconds_to_wait(4, NOW, limit=5, now=NOW) == 0


def test_at_the_limit_one_waits_until_the_window_ends() -> None:
    assert seconds_to_wait(5, NOW, limit=5, now=NOW) == TRIES_WINDOW.total_seconds()
    almost = NOW + TRIES_WINDOW - timedelta(milliseconds=1)
    assert seconds_to_wait(5, NOW, limit=5, now=almost) == 1
    assert seconds_to_wait(5, NOW, limit=5, now=NOW + TRIES_WINDOW) == 0


def test_officials_sessions_rest_shorter() -> None:
    def limit(role: Role) -> timedelta:
        return idle_limit(role, idle_minutes=720, staff_idle_minutes=15)

    official = {Role.CERTIFIER, Role.INSPECTOR, Role.PROVINCE_ADMIN}
    assert {role for role in Role if limit(role) == timedelta(minutes=15)} == official
    assert {role for role in Role if limit(role) == timedelta(hours=12)} == COOPERATIVE
