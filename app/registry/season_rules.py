"""What a seasonal declaration may say about its days, its land and its output, and its stage. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.errors import FieldError
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.models.seasons import SeasonDeclaration

LONGEST_AGO = timedelta(days=400)
FARTHEST_AHEAD = timedelta(days=200)
LONGEST_SEASON = timedelta(days=3 * 365 + 1)
# Crops that share land are counted twice on it, but not without end.
MOST_TIMES_THE_AREA = 3
# Harvests begin and end a little before and after what was expected.
HARVEST_LEEWAY = timedelta(days=30)
# Guards against a slip of the unit, not agronomy: no crop gives 1,000 tonnes a hectare.
MOST_GRAMS_PER_M2 = 100_000
# A guard against a slip of the unit: more than the whole plan counts on.
LARGEST_OUTPUT = Grams(100_000_000_000)
GRAMS_PER_KILOGRAM = 1_000


class Stage(StrEnum):
    """Where a declared season stands on a day; an overdue one waits for its report."""

    PLANNED = "planned"
    GROWING = "growing"
    HARVESTING = "harvesting"
    OVERDUE = "overdue"
    ENDED = "ended"


@dataclass(frozen=True)
class Growing:
    """Land that something grows on, from one day to another (both inclusive)."""

    since: date
    until: date
    sown: SquareMetres


def growing_of(season: SeasonDeclaration) -> Growing:
    """The days on which a season takes up its land: until it ended, or should end."""
    until = season.ended_on or season.harvest_to
    return Growing(season.starts_on, until, SquareMetres(season.area_m2))


def stage_of(season: SeasonDeclaration, today: date) -> Stage:
    """Where a season stands on a day."""
    if season.ended_on is not None:
        return Stage.ENDED
    if today > season.harvest_to:
        return Stage.OVERDUE
    if today >= season.harvest_from:
        return Stage.HARVESTING
    return Stage.GROWING if today >= season.starts_on else Stage.PLANNED


def most_at_once(new: Growing, others: Sequence[Growing]) -> SquareMetres:
    """The largest area that is sown on any one day of `new`, its own included."""
    # The sum only grows on days on which something starts.
    starts = {other.since for other in others if new.since <= other.since <= new.until}
    return SquareMetres(max(_sown_on(day, (new, *others)) for day in {new.since, *starts}))


def faults_of_start(starts_on: date, *, today: date) -> list[FieldError]:
    """What is wrong with the day a season starts: more than 400 days ago, or 200 ahead."""
    if starts_on < today - LONGEST_AGO:
        why = say("More than {days} days ago. Check the year.", days=LONGEST_AGO.days)
        return [FieldError("starts_on", why)]
    if starts_on > today + FARTHEST_AHEAD:
        why = say("More than {days} days from now. Check the year.", days=FARTHEST_AHEAD.days)
        return [FieldError("starts_on", why)]
    return []


def faults_of_harvest(starts_on: date, harvest_from: date, harvest_to: date) -> list[FieldError]:
    """What is wrong with the days a harvest is expected on."""
    faults = []
    if harvest_from < starts_on:
        why = say("The harvest cannot begin before the season starts.")
        faults.append(FieldError("harvest_from", why))
    if harvest_to < harvest_from:
        faults.append(FieldError("harvest_to", say("The harvest cannot end before it begins.")))
    elif harvest_to - starts_on > LONGEST_SEASON:
        why = say("More than three years after the season starts. Check the year.")
        faults.append(FieldError("harvest_to", why))
    return faults


def faults_of_land(
    sown: SquareMetres, at_once: SquareMetres, area: SquareMetres, *, shared: bool
) -> list[FieldError]:
    """What is wrong with the area sown.

    `at_once`: the most that is sown at one time, this included; more than the planting area only
    where the land is `shared` (perennial or intercropped), and never more than three times it.
    """
    why = None
    if sown.value <= 0:
        why = say("An area is larger than nothing.")
    elif sown > area:
        why = say("The planting area has only {area}.", area=area)
    elif at_once.value > area.value * MOST_TIMES_THE_AREA:
        why = say(
            "{total} would grow at one time on {area}: too much even for crops that share the land.",
            total=at_once,
            area=area,
        )
    elif at_once > area and not shared:
        why = say(
            "{total} would grow at one time on {area}. If crops share the land, say that they are"
            " intercropped.",
            total=at_once,
            area=area,
        )
    return [] if why is None else [FieldError("area_m2", why)]


def faults_of_expected(output: Grams, sown: SquareMetres) -> list[FieldError]:
    """What is wrong with the output expected of an area."""
    field = "expected_output_g"
    if output.value <= 0:
        return [FieldError(field, say("Expect more than nothing."))]
    return _faults_of_mass(field, output, sown)


def faults_of_actual(output: Grams, sown: SquareMetres) -> list[FieldError]:
    """What is wrong with the output of an area; a harvest that was lost is 0."""
    field = "actual_output_g"
    if output.value < 0:
        return [
            FieldError(field, say("An output is not less than nothing. Write 0 if it was lost."))
        ]
    return _faults_of_mass(field, output, sown)


def faults_of_end(
    season: SeasonDeclaration, actual: Grams, ended_on: date, *, today: date
) -> list[FieldError]:
    """What is wrong with the day a season ended; only a lost harvest ends before it begins."""
    if ended_on > today:
        return [FieldError("ended_on", say("The day {day} is in the future.", day=ended_on))]
    if actual.value > 0 and ended_on < season.harvest_from:
        why = say(
            "The harvest was expected from {day} on. Correct the expected days first.",
            day=season.harvest_from,
        )
        return [FieldError("ended_on", why)]
    if ended_on < season.starts_on:
        why = say("The season started on {day}; it cannot end earlier.", day=season.starts_on)
        return [FieldError("ended_on", why)]
    return []


def find_warning_of_land(at_once: SquareMetres, area: SquareMetres) -> Message | None:
    """A second look at land on which more grows at one time than there is of it."""
    if at_once <= area:
        return None
    return say(
        "{total} grow at one time on {area}: crops share the land.", total=at_once, area=area
    )


def exceeds(output: Grams, sown: SquareMetres, most_kg_per_m2: int) -> bool:
    """Whether an output is more than so many kilograms a square metre."""
    return output.value > sown.value * most_kg_per_m2 * GRAMS_PER_KILOGRAM


def _sown_on(day: date, growing: Sequence[Growing]) -> int:
    return sum(one.sown.value for one in growing if one.since <= day <= one.until)


def _faults_of_mass(field: str, output: Grams, sown: SquareMetres) -> list[FieldError]:
    # Land of nothing has a fault of its own.
    if 0 < sown.value * MOST_GRAMS_PER_M2 < output.value:
        why = say("{quantity} cannot come from {area}. Check the unit.", quantity=output, area=sown)
        return [FieldError(field, why)]
    if output > LARGEST_OUTPUT:
        why = say("At most {largest}. Check the unit.", largest=LARGEST_OUTPUT)
        return [FieldError(field, why)]
    return []
