"""What is unusual about a label that is looked up. Pure: thresholds come in as dated rows say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.labels.serial_queries import SerialState


class Sign(StrEnum):
    """Something that a label on goods as they should be does not show."""

    DEVICES = "devices"
    PROVINCES = "provinces"
    SOLD = "sold"
    OPENED = "opened"
    NOT_APPLIED = "not_applied"
    NOT_READY = "not_ready"
    VOID = "void"
    NEVER_PRINTED = "never_printed"
    NOT_MADE_HERE = "not_made_here"


class Level(StrEnum):
    """How a page speaks of the scans of a label."""

    FIRST = "first"
    SEEN = "seen"
    UNUSUAL = "unusual"


@dataclass(frozen=True)
class Limits:
    """The thresholds of a day; `docs/decisions/` says why devices are counted by the day."""

    unusual_devices: int = 20
    unusual_provinces: int = 2
    place_hours: int = 24
    seen_before: int = 2
    sold_grace_hours: int = 168
    opened_grace_hours: int = 24
    unknown_devices: int = 5
    quiet_days: int = 30
    serial_kept_days: int = 400
    smallest_cell: int = 5
    address_per_minute: int = 60
    marks_per_device: int = 20


@dataclass(frozen=True)
class Pattern:
    """What is known of a label at the moment it is looked up.

    `tracked`: of its print run some labels are recorded as stuck on goods, so that one that is not
    means something. `devices`: so many in the day on which most looked it up (or today);
    `provinces`: so many named within the hours of the rule. `scans` counts this one too.
    """

    state: SerialState
    tracked: bool = False
    scans: int = 1
    devices: int = 1
    provinces: int = 0
    sold_at: datetime | None = None
    opened_at: datetime | None = None


_BY_STATE = {
    SerialState.VOIDED: Sign.VOID,
    SerialState.WAITING: Sign.NOT_READY,
    SerialState.NEVER_PRINTED: Sign.NEVER_PRINTED,
}
# What stays true of a label whatever was found out about one look at it.
LASTING = frozenset(_BY_STATE.values())
# What the state of a label says by itself.
OF_STATE = LASTING | {Sign.NOT_APPLIED, Sign.NOT_MADE_HERE}


def signs_of(pattern: Pattern, limits: Limits, now: datetime) -> tuple[Sign, ...]:
    """What is unusual about the label; nothing for one as it should be."""
    found = [_BY_STATE[pattern.state]] if pattern.state in _BY_STATE else []
    if pattern.state is SerialState.PRINTED and pattern.tracked:
        found.append(Sign.NOT_APPLIED)
    if pattern.devices > limits.unusual_devices:
        found.append(Sign.DEVICES)
    if pattern.provinces > limits.unusual_provinces:
        found.append(Sign.PROVINCES)
    if _later(pattern.sold_at, limits.sold_grace_hours, now):
        found.append(Sign.SOLD)
    if _later(pattern.opened_at, limits.opened_grace_hours, now):
        found.append(Sign.OPENED)
    return tuple(found)


def level_of(pattern: Pattern, signs: Sequence[Sign], limits: Limits) -> Level:
    """How the page speaks of it."""
    if signs:
        return Level.UNUSUAL
    return Level.SEEN if pattern.scans >= limits.seen_before else Level.FIRST


def may_alert(
    signs: Sequence[Sign],
    closed: Sequence[Sign],
    closed_at: datetime,
    quiet: timedelta,
    now: datetime,
) -> bool:
    """Whether a label whose last alert was closed raises another: for something new, or after a while."""
    return bool(set(signs) - set(closed)) or now >= closed_at + quiet


def _later(marked_at: datetime | None, grace_hours: int, now: datetime) -> bool:
    return marked_at is not None and now > marked_at + timedelta(hours=grace_hours)
