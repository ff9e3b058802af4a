"""The pre-harvest interval (thời gian cách ly): was it kept, broken, or is it not known. Pure.

Luật Bảo vệ và kiểm dịch thực vật 41/2013/QH13 art. 3(22): the least time from the last use of a
pesticide to the harvest. A harvest on the day the time is over keeps it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from app.kit.messages import Message, say
from app.lots.facts import DiaryFacts, Use

# No label asks for a longer wait: what was used earlier, and how long to wait for it, is past.
LONGEST_WAIT = timedelta(days=365)


class Waiting(StrEnum):
    """What the diary proves. `UNKNOWN` is never "kept"."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


def over_on(use: Use) -> date | None:
    """The first day on which may be harvested after a use; None when nobody knows."""
    return None if use.interval_days is None else use.on + timedelta(days=use.interval_days)


def that_count(uses: Iterable[Use], harvested_on: date) -> list[Use]:
    """The uses a harvest had to wait for: before it, of pesticides and of what names an interval."""
    return [
        use
        for use in uses
        if harvested_on - LONGEST_WAIT <= use.on <= harvested_on
        and (use.pesticide or use.interval_days is not None)
    ]


def sellable_from(uses: Iterable[Use], harvested_on: date) -> date | None:
    """The day from which a lot that was harvested too early may be sold; None when it need not wait."""
    ends = [over for use in that_count(uses, harvested_on) if (over := over_on(use)) is not None]
    latest = max(ends, default=harvested_on)
    return latest if latest > harvested_on else None


def find_broken(uses: Iterable[Use], harvested_on: date) -> Use | None:
    """The use whose interval ends last, where it ends after the harvest day."""
    broken = [
        (over, use)
        for use in that_count(uses, harvested_on)
        if (over := over_on(use)) is not None and over > harvested_on
    ]
    return max(broken, key=lambda pair: pair[0])[1] if broken else None


def find_unknown(uses: Iterable[Use], harvested_on: date) -> Use | None:
    """The latest use of which nobody knows how long to wait."""
    unknown = [use for use in that_count(uses, harvested_on) if use.interval_days is None]
    return max(unknown, key=lambda use: use.on, default=None)


def waiting_of(diary: DiaryFacts | None, harvested_on: date) -> Waiting:
    """What is proven of a lot: a broken interval weighs more than one that is not known."""
    if diary is None or not diary.entries:
        return Waiting.UNKNOWN
    if find_broken(diary.uses, harvested_on) is not None:
        return Waiting.BROKEN
    return Waiting.UNKNOWN if find_unknown(diary.uses, harvested_on) else Waiting.KEPT


def reason_broken(use: Use, harvested_on: date) -> Message:
    """Why the interval was not kept."""
    return say(
        "Harvested on {day}: {product} was used on {used}, and its waiting time of {days} days"
        " ends on {over}.",
        day=harvested_on,
        product=use.product,
        used=use.on,
        days=use.interval_days,
        over=over_on(use) or harvested_on,
    )


def reason_unknown(use: Use) -> Message:
    """Why nobody can say whether it was kept."""
    return say(
        "{product} was used on {used}; how long to wait after it is not known.",
        product=use.product,
        used=use.on,
    )
