"""The only place that knows the time: UTC instants, and days as Viet Nam counts them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

HOME = ZoneInfo("Asia/Ho_Chi_Minh")


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The calendar day in Viet Nam on which an instant falls."""
    return instant.astimezone(HOME).date()


def local(instant: datetime) -> datetime:
    """The instant as a clock on a Vietnamese wall shows it."""
    return instant.astimezone(HOME)


def start_of(day: date) -> datetime:
    """The instant, in UTC, at which a day begins in Viet Nam."""
    return datetime(day.year, day.month, day.day, tzinfo=HOME).astimezone(UTC)
