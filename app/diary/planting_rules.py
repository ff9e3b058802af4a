"""What may be said of a planting: its days, its land, its end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.diary.rules import PREPARING, TIDYING
from app.errors import FieldError
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.models.diary import DiaryEntry

LONGEST_AGO = timedelta(days=400)
# What stands for years may have been planted years ago.
LONGEST_AGO_PERENNIAL = timedelta(days=30 * 366)
FARTHEST_AHEAD = timedelta(days=60)
LONGEST_GROWING = timedelta(days=400)


@dataclass(frozen=True)
class PlantingDays:
    """Sown, and when the harvest is expected."""

    sown_on: date
    harvest_from: date | None = None
    harvest_to: date | None = None


def faults_of_days(days: PlantingDays, *, today: date, perennial: bool) -> list[FieldError]:
    """What is wrong with the days of a planting: every fault, each at its field."""
    return [
        *_faults_of_sowing(days.sown_on, today=today, perennial=perennial),
        *_faults_of_harvest(days, perennial=perennial),
    ]


def faults_of_land(sown: SquareMetres, land: SquareMetres) -> list[FieldError]:
    """What is wrong with the area sown on some land."""
    if sown.value <= 0:
        return [FieldError("area_m2", say("An area is larger than nothing."))]
    if sown > land:
        why = say("The chosen land has only {area}.", area=land)
        return [FieldError("area_m2", why)]
    return []


def faults_of_end(
    ended_on: date, *, sown_on: date, entries: Sequence[DiaryEntry], today: date
) -> list[FieldError]:
    """What is wrong with the last day of a planting: its diary may not go on after it."""
    if ended_on > today:
        return [FieldError("ended_on", say("The day {day} is in the future.", day=ended_on))]
    if ended_on < sown_on:
        why = say("It was sown on {day} and cannot end before.", day=sown_on)
        return [FieldError("ended_on", why)]
    later = [one for one in entries if one.done_on > ended_on and one.work not in TIDYING]
    if later:
        why = say(
            "The diary goes on until {day}. End the planting then, or correct the diary.",
            day=max(one.done_on for one in later),
        )
        return [FieldError("ended_on", why)]
    return []


def faults_of_moved_sowing(sown_on: date, entries: Sequence[DiaryEntry]) -> list[FieldError]:
    """What is wrong with another sowing day: what is done to plants was not done before it."""
    earlier = [one for one in entries if one.done_on < sown_on and one.work not in PREPARING]
    if not earlier:
        return []
    why = say(
        "The diary says what was done to it on {day} already.",
        day=min(one.done_on for one in earlier),
    )
    return [FieldError("sown_on", why)]


def plot_moved(plot: str, former: str, present: str) -> Message:
    """What is to be said of a plot that belongs to another area now than when it was sown."""
    return say(
        "{plot} now belongs to {present}. This planting stays with {former}, where it was sown.",
        plot=plot,
        present=present,
        former=former,
    )


def plot_left(plot: str, former: str) -> Message:
    """The same for a plot that belongs to no area any more."""
    return say(
        "{plot} belongs to no planting area now. This planting stays with {former}, where it was sown.",
        plot=plot,
        former=former,
    )


def _faults_of_sowing(sown_on: date, *, today: date, perennial: bool) -> list[FieldError]:
    ago = LONGEST_AGO_PERENNIAL if perennial else LONGEST_AGO
    if sown_on < today - ago:
        return [
            FieldError("sown_on", say("More than {days} days ago. Check the year.", days=ago.days))
        ]
    if sown_on > today + FARTHEST_AHEAD:
        why = say("More than {days} days from now. Check the year.", days=FARTHEST_AHEAD.days)
        return [FieldError("sown_on", why)]
    return []


def _faults_of_harvest(days: PlantingDays, *, perennial: bool) -> list[FieldError]:
    first, last = days.harvest_from, days.harvest_to
    faults = []
    if first is not None and first < days.sown_on:
        why = say("Nothing is harvested before it is sown, on {day}.", day=days.sown_on)
        faults.append(FieldError("harvest_from", why))
    elif first is not None and not perennial and first - days.sown_on > LONGEST_GROWING:
        why = say("More than {days} days after sowing. Check the year.", days=LONGEST_GROWING.days)
        faults.append(FieldError("harvest_from", why))
    if last is not None and last < (first or days.sown_on):
        faults.append(FieldError("harvest_to", say("The harvest cannot end before it begins.")))
    return faults
