"""What a diary may say: which entries cannot be, which deserve a second look, what is late. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.errors import FieldError
from app.kit.clock import day_of, local
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.models.diary import DiaryEntry, Planting, Work

# Land is made ready before anything is sown on it.
PREPARING = frozenset({Work.SOIL, Work.FERTILISING, Work.WEEDING, Work.DISPOSAL, Work.OTHER})
LONGEST_PREPARING = timedelta(days=90)
# What is still to be done when a planting has ended.
TIDYING = frozenset({Work.DISPOSAL, Work.OTHER})
# Guards against a slip of the unit, not agronomy.
MOST_GRAMS_PER_M2 = 20_000
MOST_INPUTS = 12


@dataclass(frozen=True)
class Terms:
    """The dated terms of a diary as they stood on a day; see `legal_rules.csv`, `diary.…`."""

    back_dated: timedelta = timedelta(days=3)
    arrival: timedelta = timedelta(days=30)
    clock_skew: timedelta = timedelta(hours=2)
    dose_times_usual: int = 5
    night_from: int = 22
    night_to: int = 4


@dataclass(frozen=True)
class Times:
    """The three times of an entry: when it happened, was written down, and arrived.

    `sent_at` is what the device's clock showed when it sent; None where it did not say.
    """

    done_on: date
    written_at: datetime
    arrived_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Saying:
    """What an entry says of its planting."""

    work: Work
    done_on: date
    area: SquareMetres | None = None
    quantity: Grams | None = None
    inputs: int = 0


@dataclass(frozen=True)
class Waiting:
    """A spray and how many days to wait after it; None where no interval is known."""

    done_on: date
    interval_days: int | None
    name: str


def is_standing(entry: DiaryEntry) -> bool:
    """Whether an entry counts: neither corrected by a later one nor a note that it never happened."""
    return not entry.corrected and not entry.void


def faults_of_entry(
    saying: Saying, planting: Planting, *, times: Times, terms: Terms
) -> list[FieldError]:
    """What cannot be: every fault at once, each at its field."""
    return [
        *faults_of_day(saying.work, planting, times=times, terms=terms),
        *_faults_of_area(saying.area, planting),
        *_faults_of_quantity(saying, planting),
        *_faults_of_inputs(saying),
    ]


def faults_of_day(
    work: Work, planting: Planting, *, times: Times, terms: Terms
) -> list[FieldError]:
    """What cannot be about the day something was done on."""
    why = (
        _future(times, terms)
        or _before_sowing(work, times.done_on, planting.sown_on)
        or _after_end(work, times.done_on, planting.ended_on)
    )
    return [] if why is None else [FieldError("done_on", why)]


def is_clock_doubted(times: Times, terms: Terms) -> bool:
    """Whether the device's clock cannot be believed.

    It writes in the future, writes before a thing was done, or sends at another time than ours.
    """
    if times.written_at > times.arrived_at + terms.clock_skew:
        return True
    if day_of(times.written_at + terms.clock_skew) < times.done_on <= day_of(times.arrived_at):
        return True
    return times.sent_at is not None and abs(times.sent_at - times.arrived_at) > terms.clock_skew


def is_back_dated(times: Times, terms: Terms) -> bool:
    """Whether something was written down, or sent in, later than the rule of its day allows.

    A clock that is not believed does not count: then the day it arrived is the day it was written.
    """
    arrived = day_of(times.arrived_at)
    written = arrived if is_clock_doubted(times, terms) else day_of(times.written_at)
    late = written - times.done_on > terms.back_dated
    return late or arrived - times.done_on > terms.arrival


def is_at_night(written_at: datetime, terms: Terms) -> bool:
    """Whether an entry was written down in the night, when nobody works in a field."""
    hour = local(written_at).hour
    if terms.night_from <= terms.night_to:
        return terms.night_from <= hour < terms.night_to
    return hour >= terms.night_from or hour < terms.night_to


def free_from(waits: Iterable[Waiting]) -> date | None:
    """The first day on which may be harvested after these sprays; None: nothing to wait for.

    A spray of which no interval is known does not move the day: that it is unknown is said apart.
    """
    ends = [
        wait.done_on + timedelta(days=wait.interval_days)
        for wait in waits
        if wait.interval_days is not None
    ]
    return max(ends, default=None)


def warnings_of_harvest(harvested_on: date, waits: Sequence[Waiting]) -> list[Message]:
    """What speaks against a harvest on a day: an interval that still runs, or one nobody knows."""
    before = [wait for wait in waits if wait.done_on <= harvested_on]
    return [warning for wait in before if (warning := _too_early(harvested_on, wait))]


def warnings_of_spray(done_on: date, days: int | None, harvests: Iterable[date]) -> list[Message]:
    """What a spray means for harvests that are in the diary already, since its interval ran on their day."""
    ends = done_on + timedelta(days=days or 0)
    return [
        say(
            "Harvested on {day} already: the waiting time after this ends on {free}.",
            day=day,
            free=ends,
        )
        for day in sorted(set(harvests))
        if done_on <= day < ends
    ]


def find_dose_warning(
    amount_per_m2: float | None, usual_per_m2: float | None, terms: Terms
) -> Message | None:
    """A second look at a dose that is many times the registered or usual one, or a tiny part of it."""
    if not amount_per_m2 or not usual_per_m2:
        return None
    times = amount_per_m2 / usual_per_m2
    if times >= terms.dose_times_usual:
        return say(
            "The dose is {times} times the usual one. Check the number and the unit.",
            times=round(times),
        )
    if times * terms.dose_times_usual <= 1:
        return say("The dose is far less than usual. Check the number and the unit.")
    return None


def find_season_warning(work: Work, done_on: date, planting: Planting) -> Message | None:
    """A second look at a harvest well before it was expected, or work well after it should have ended."""
    expected, last = planting.harvest_from, planting.harvest_to
    if work is Work.HARVEST and expected is not None and done_on < expected - _EARLY:
        return say("The harvest was expected from {day} on.", day=expected)
    if planting.ended_on is None and last is not None and done_on > last + _EARLY:
        return say("The harvest should have ended by {day}. If it has, end the planting.", day=last)
    return None


_EARLY = timedelta(days=14)


def _future(times: Times, terms: Terms) -> Message | None:
    if times.done_on <= day_of(times.arrived_at + terms.clock_skew):
        return None
    if is_clock_doubted(times, terms):
        return say(
            "The day {day} is in the future: the telephone's clock is wrong. Set it and check the day.",
            day=times.done_on,
        )
    return say("The day {day} is in the future.", day=times.done_on)


def _before_sowing(work: Work, done_on: date, sown_on: date) -> Message | None:
    if done_on >= sown_on:
        return None
    if work is Work.HARVEST:
        return say("Nothing is harvested before it is sown, on {day}.", day=sown_on)
    if work not in PREPARING:
        return say("It was sown on {day}; this cannot have been done before.", day=sown_on)
    if done_on < sown_on - LONGEST_PREPARING:
        return say(
            "More than {days} days before sowing: it belongs to the planting before this one.",
            days=LONGEST_PREPARING.days,
        )
    return None


def _after_end(work: Work, done_on: date, ended_on: date | None) -> Message | None:
    if ended_on is None or done_on <= ended_on or work in TIDYING:
        return None
    if work is Work.SPRAYING:
        return say("The harvest ended on {day}; nothing is sprayed after it.", day=ended_on)
    return say("The planting ended on {day}.", day=ended_on)


def _faults_of_area(area: SquareMetres | None, planting: Planting) -> list[FieldError]:
    if area is None:
        return []
    if area.value <= 0:
        return [FieldError("area_m2", say("An area is larger than nothing."))]
    whole = SquareMetres(planting.area_m2)
    if area > whole:
        why = say("The planting has only {area}.", area=whole)
        return [FieldError("area_m2", why)]
    return []


def _faults_of_quantity(saying: Saying, planting: Planting) -> list[FieldError]:
    quantity = saying.quantity
    if quantity is None:
        return []
    if saying.work is not Work.HARVEST:
        return [FieldError("quantity_g", say("Only a harvest has a weight."))]
    if quantity.value <= 0:
        return [FieldError("quantity_g", say("A harvest weighs more than nothing."))]
    land = saying.area or SquareMetres(planting.area_m2)
    if quantity.value > land.value * MOST_GRAMS_PER_M2:
        why = say(
            "{quantity} cannot come from {area}. Check the unit.", quantity=quantity, area=land
        )
        return [FieldError("quantity_g", why)]
    return []


def _faults_of_inputs(saying: Saying) -> list[FieldError]:
    if saying.work is Work.SPRAYING and saying.inputs == 0:
        return [FieldError("inputs", say("Name what was sprayed."))]
    if saying.inputs > MOST_INPUTS:
        why = say("At most {most} inputs in one entry.", most=MOST_INPUTS)
        return [FieldError("inputs", why)]
    return []


def _too_early(harvested_on: date, wait: Waiting) -> Message | None:
    if wait.interval_days is None:
        return say(
            "How long to wait after {product} ({day}) is not known.",
            product=wait.name,
            day=wait.done_on,
        )
    free = wait.done_on + timedelta(days=wait.interval_days)
    if harvested_on >= free:
        return None
    return say(
        "{product} was sprayed on {day}: no harvest before {free}.",
        product=wait.name,
        day=wait.done_on,
        free=free,
    )
