"""Mass balance: no more kilograms than were declared, certified, or than the land can give. Pure.

Every limit is a dated rule; nothing here is a number of law.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres

WHOLE = 100
SQUARE_METRES_PER_HECTARE = 10_000
GRAMS_PER_KILOGRAM = 1_000


class Standing(StrEnum):
    """How full a measure is. `UNDECLARED`: there is nothing to hold the harvests against."""

    UNDECLARED = "undeclared"
    WITHIN = "within"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True)
class Thresholds:
    """From how many percent of a limit one warns, how many above it still pass, and by what rule."""

    warn_percent: int
    tolerance_percent: int
    law: str


@dataclass(frozen=True)
class Season:
    """The harvest of a declared season; `last` is the later of the expected end and the real one."""

    id: int
    starts_on: date
    harvest_from: date
    last: date
    output: Grams
    sown: SquareMetres


@dataclass(frozen=True)
class Weighed:
    """What was harvested against a limit: all of it, and what was recorded up to one lot.

    `since`: the day that the season, or the certificate's year, began.
    """

    limit: Grams
    upto: Grams
    total: Grams
    since: date
    thresholds: Thresholds

    @property
    def passes(self) -> bool:
        """Whether the lot still fits: earlier lots are not blamed for what came after them."""
        return fits(self.upto, self.limit, self.thresholds)

    @property
    def standing(self) -> Standing:
        """How full the limit is with everything recorded by now."""
        return standing_of(self.total, self.limit, self.thresholds)

    @property
    def percent(self) -> int:
        """How much of the limit is used, in whole percent, cut off."""
        return percent_of(self.total, self.limit)


def fits(used: Grams, limit: Grams, thresholds: Thresholds) -> bool:
    """Whether an amount stays within a limit and its tolerance; exactly as much still does."""
    return used.value * WHOLE <= limit.value * (WHOLE + thresholds.tolerance_percent)


def standing_of(used: Grams, limit: Grams | None, thresholds: Thresholds) -> Standing:
    """How full a limit is: near it from the warning on, over it beyond the tolerance."""
    if limit is None:
        return Standing.UNDECLARED
    if not fits(used, limit, thresholds):
        return Standing.OVER
    if used.value * WHOLE >= limit.value * thresholds.warn_percent:
        return Standing.NEAR
    return Standing.WITHIN


def percent_of(used: Grams, limit: Grams) -> int:
    """A share in whole percent, cut off; of nothing everything is too much."""
    if limit.value == 0:
        return WHOLE if used.value else 0
    return used.value * WHOLE // limit.value


def season_of(day: date, seasons: Iterable[Season], leeway: timedelta) -> Season | None:
    """The one season that a harvest of a day belongs to; None when none was declared around it.

    Its harvest holds the day, or comes nearest within the leeway; of two, the later one.
    """
    near = [season for season in seasons if _days_apart(day, season) <= leeway.days]
    return min(
        near,
        key=lambda season: (_days_apart(day, season), -season.starts_on.toordinal(), season.id),
        default=None,
    )


def of_season(
    season: Season, by_day: Mapping[date, int], seasons: Sequence[Season], leeway: timedelta
) -> Grams:
    """What belongs to one season of everything that was harvested, by day, in grams."""
    return Grams(
        sum(
            grams
            for day, grams in by_day.items()
            if _days_apart(day, season) <= leeway.days  # else it is none of its days for sure
            and season_of(day, seasons, leeway) == season
        )
    )


def year_of(day: date, first: date) -> date:
    """The first day of the year, counted from a certificate's first day, that holds a day."""
    year = day.year if (day.month, day.day) >= (first.month, first.day) else day.year - 1
    # A certificate of 29 February begins its other years on 1 March.
    leap_day = (first.month, first.day) == (2, 29)
    return (
        date(year, 3, 1) if leap_day and not _is_leap(year) else date(year, first.month, first.day)
    )


def plausible_output(
    sown: SquareMetres, *, kg_per_ha: int, percent: int, harvests: int = 1
) -> Grams:
    """The most that some land can be believed to give: the plan's yield, and so many percent of it."""
    kilograms = sown.value * kg_per_ha * percent * harvests
    return Grams(kilograms * GRAMS_PER_KILOGRAM // (SQUARE_METRES_PER_HECTARE * WHOLE))


def find_doubt(used: Grams, plausible: Grams | None, *, law: str) -> Message | None:
    """A second look at more than the land gives by the plan's yields; it only ever warns."""
    if plausible is None or used <= plausible:
        return None
    return say(
        "{used} is more than the {plausible} that this land gives by the yields of the plan ({law}).",
        used=used,
        plausible=plausible,
        law=law,
    )


def reason_over(weighed: Weighed) -> Message:
    """Why a lot cannot claim: with it, more was recorded than was declared."""
    return say(
        "With this lot {used} is recorded for the season that began on {since}; {limit} was declared.",
        used=weighed.upto,
        since=weighed.since,
        limit=weighed.limit,
    )


def reason_over_certified(weighed: Weighed, number: str) -> Message:
    """The same for a certificate that covers so much a year."""
    return say(
        "With this lot {used} is recorded in the year from {since}; certificate {number} covers {limit}.",
        used=weighed.upto,
        since=weighed.since,
        number=number,
        limit=weighed.limit,
    )


def _days_apart(day: date, season: Season) -> int:
    if day < season.harvest_from:
        return (season.harvest_from - day).days
    return max((day - season.last).days, 0)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
