"""Who may give which role to whom, and how long a session lives. Pure."""

from datetime import datetime, timedelta

from app.models.accounts import Role

GRANTS: dict[Role, frozenset[Role]] = {
    Role.GROWER: frozenset(),
    Role.STAFF: frozenset(),
    Role.COOP_ADMIN: frozenset({Role.GROWER, Role.STAFF, Role.COOP_ADMIN}),
    Role.CERTIFIER: frozenset(),
    Role.INSPECTOR: frozenset(),
    Role.PROVINCE_ADMIN: frozenset(Role),
}

OFFICIAL_ROLES = frozenset({Role.CERTIFIER, Role.INSPECTOR, Role.PROVINCE_ADMIN})

WRONG_TRIES_PER_PERSON = 5
WRONG_TRIES_PER_PLACE = 30
TRIES_WINDOW = timedelta(minutes=15)
LINK_LIFE = timedelta(hours=24)
HALF_SIGN_IN_LIFE = timedelta(minutes=10)


def may_grant(giver: Role, role: Role) -> bool:
    """Whether somebody in one role may give another."""
    return role in GRANTS[giver]


def seconds_to_wait(
    failures: int,
    window_started_at: datetime,
    *,
    limit: int,
    now: datetime,
    window: timedelta = TRIES_WINDOW,
) -> int:
    """Seconds until the next try is allowed; 0 when it is allowed now."""
    if failures < limit or now >= window_started_at + window:
        return 0
    return max(1, int((window_started_at + window - now).total_seconds()))


def idle_limit(role: Role, *, idle_minutes: int, staff_idle_minutes: int) -> timedelta:
    """How long a session may rest: officials' is shorter (TCVN 14423:2026, level 2)."""
    minutes = staff_idle_minutes if role in OFFICIAL_ROLES else idle_minutes
    return timedelta(minutes=minutes)
