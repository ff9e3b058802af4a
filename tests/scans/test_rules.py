"""What is unusual about a label, at the edges of every threshold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.labels.serial_queries import SerialState
from app.scans.rules import Level, Limits, Pattern, Sign, level_of, may_alert, signs_of

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LIMITS = Limits()
PLAIN = Pattern(SerialState.APPLIED)
QUIET = timedelta(days=30)


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        (PLAIN, ()),
        (replace(PLAIN, scans=500, devices=20, provinces=2), ()),
        (replace(PLAIN, devices=21), (Sign.DEVICES,)),
        (replace(PLAIN, provinces=3), (Sign.PROVINCES,)),
        (replace(PLAIN, sold_at=hours_ago(168)), ()),
        (replace(PLAIN, sold_at=hours_ago(168.01)), (Sign.SOLD,)),
        (replace(PLAIN, opened_at=hours_ago(24)), ()),
        (replace(PLAIN, opened_at=hours_ago(24.01)), (Sign.OPENED,)),
        (Pattern(SerialState.PRINTED), ()),
        (Pattern(SerialState.PRINTED, tracked=True), (Sign.NOT_APPLIED,)),
        (Pattern(SerialState.WAITING), (Sign.NOT_READY,)),
        (Pattern(SerialState.VOIDED), (Sign.VOID,)),
        (Pattern(SerialState.NEVER_PRINTED), (Sign.NEVER_PRINTED,)),
        # A number typed wrongly is no sign by itself: many telephones with such numbers are.
        (Pattern(SerialState.INVENTED), ()),
        (
            Pattern(SerialState.VOIDED, devices=30, provinces=9),
            (Sign.VOID, Sign.DEVICES, Sign.PROVINCES),
        ),
    ],
)
def test_what_is_unusual(pattern: Pattern, signs: tuple[Sign, ...]) -> None:
    assert signs_of(pattern, LIMITS, NOW) == signs


def test_the_province_sets_the_thresholds() -> None:
    strict = replace(LIMITS, unusual_devices=2, opened_grace_hours=0)
    seen = replace(PLAIN, devices=3, opened_at=hours_ago(0.1))
    assert signs_of(seen, LIMITS, NOW) == ()
    assert signs_of(seen, strict, NOW) == (Sign.DEVICES, Sign.OPENED)


@pytest.mark.parametrize(
    ("scans", "signs", "level"),
    [(1, (), Level.FIRST), (2, (), Level.SEEN), (1, (Sign.VOID,), Level.UNUSUAL)],
)
def test_how_the_page_speaks(scans: int, signs: tuple[Sign, ...], level: Level) -> None:
    assert level_of(replace(PLAIN, scans=scans), signs, LIMITS) is level


def test_what_was_explained_is_quiet_for_a_while_unless_something_new_comes() -> None:
    closed = (Sign.DEVICES,)
    assert not may_alert((Sign.DEVICES,), closed, NOW - timedelta(days=29), QUIET, NOW)
    assert may_alert((Sign.DEVICES,), closed, NOW - timedelta(days=30), QUIET, NOW)
    assert may_alert((Sign.DEVICES, Sign.OPENED), closed, NOW - timedelta(days=1), QUIET, NOW)
