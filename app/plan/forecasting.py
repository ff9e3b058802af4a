"""What a year will give: the declared seasons, held against what such declarations came to before.

For each crop, what seasons of the last five years gave in the end over what they had expected, as
permille: the middle, and the tenth from below and from above. What is reported or weighed
already stands; what is still to come is what was expected times that ratio.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.kit.messages import Message, say
from app.models.lots import HarvestLot, LotState
from app.models.seasons import SeasonDeclaration
from app.plan.dimensions import Where
from app.plan.drilling import counted, in_year
from app.plan.figures import total
from app.plan.standing import year_days
from app.plan.summing import Coarse
from app.registry.season_rules import HARVEST_LEEWAY

YEARS_BACK = 5
# Fewer seasons say nothing of a crop: then all crops together speak for it.
FEWEST = 5
WHOLE = 1_000  # permille


@dataclass(frozen=True)
class Ratios:
    """What came of declarations in permille of what they expected: low, middle, high; from how many."""

    low: int
    middle: int
    high: int
    seasons: int


@dataclass(frozen=True)
class Forecast:
    """A year's output in grams, from low to high; None where nothing can be said. `why` tells how.

    `so_far` is what was weighed or reported; `expected` what declared seasons still to come expect.
    """

    low: int | None
    middle: int | None
    high: int | None
    so_far: int
    expected: int
    seasons: int
    why: Message


@dataclass(frozen=True)
class _Coming:
    """A season that was not reported yet: what it expects, and what lots of it weighed already."""

    crop_id: int
    expected: int
    weighed: int

    def rest(self, ratios: Ratios) -> tuple[int, int, int]:
        """What is still to come: low, middle, high; never less than nothing."""
        low, middle, high = (
            max(0, self.expected * ratio // WHOLE - self.weighed)
            for ratio in (ratios.low, ratios.middle, ratios.high)
        )
        return low, middle, high


def forecast(
    session: Session,
    *,
    year: int,
    where: Where | None = None,
    today: date | None = None,
    known: Coarse | None = None,
) -> Forecast:
    """What a year will give, with its range; with no data it says so.

    `today`: seasons whose harvest is long over and was not reported are not waited for.
    `known`: the year's sums, where they were read already.
    """
    asked = where or {}
    so_far = total(session, year=year, where=asked, known=known).output_g.value or 0
    coming = _coming(session, year, asked, today)
    expected = sum(one.expected for one in coming)
    if not coming:
        return _without_open(so_far)
    past = past_ratios(session, year)
    usual = past.get(None)
    if usual is None:
        why = say(
            "{seasons} declared seasons are still to come, and no season of the {years} years before"
            " was reported: how such declarations come out is not known.",
            seasons=len(coming),
            years=YEARS_BACK,
        )
        return Forecast(None, None, None, so_far, expected, 0, why)
    rests = [one.rest(past.get(one.crop_id, usual)) for one in coming]
    low, middle, high = (so_far + sum(rest[at] for rest in rests) for at in range(3))
    why = say(
        "What is weighed or reported, and {seasons} declared seasons still to come, each times what"
        " such seasons gave in the {years} years before ({past} reported): the middle, and the"
        " tenths below and above.",
        seasons=len(coming),
        years=YEARS_BACK,
        past=usual.seasons,
    )
    return Forecast(low, middle, high, so_far, expected, usual.seasons, why)


def past_ratios(session: Session, year: int) -> Mapping[int | None, Ratios]:
    """By crop (None: all together) what seasons of the years before gave of what they expected."""
    since, until = year - YEARS_BACK, year - 1
    wanted = select(
        col(SeasonDeclaration.crop_id),
        col(SeasonDeclaration.actual_output_g),
        col(SeasonDeclaration.expected_output_g),
    ).where(
        col(SeasonDeclaration.harvest_from) >= year_days(since)[0],
        col(SeasonDeclaration.harvest_from) <= year_days(until)[1],
        col(SeasonDeclaration.actual_output_g).is_not(None),
    )
    found: defaultdict[int | None, list[int]] = defaultdict(list)
    for crop, actual, planned in session.execute(wanted):
        ratio = actual * WHOLE // planned
        found[crop].append(ratio)
        found[None].append(ratio)
    return {
        crop: ratios_of(ratios)
        for crop, ratios in found.items()
        if crop is None or len(ratios) >= FEWEST
    }


def ratios_of(ratios: Sequence[int]) -> Ratios:
    """The tenth from below, the middle and the tenth from above of some ratios, each one of them."""
    ordered = sorted(ratios)
    last = len(ordered) - 1
    tenth = last // 10
    return Ratios(ordered[tenth], ordered[last // 2], ordered[last - tenth], len(ordered))


def _without_open(so_far: int) -> Forecast:
    if so_far:
        why = say("No declared season is still to come: what is weighed or reported stands.")
        return Forecast(so_far, so_far, so_far, so_far, 0, 0, why)
    why = say("Nothing was declared, weighed or reported for this year.")
    return Forecast(None, None, None, 0, 0, 0, why)


def _coming(session: Session, year: int, where: Where, today: date | None) -> list[_Coming]:
    """The declared seasons that were not reported, with what lots of them weighed already."""
    season, lot = SeasonDeclaration, HarvestLot
    weighed = (
        select(func.coalesce(func.sum(col(lot.quantity_g)), 0))
        .where(
            col(lot.area_id) == col(season.area_id),
            col(lot.crop_id) == col(season.crop_id),
            col(lot.state) != LotState.WITHDRAWN,
            col(lot.harvested_on) >= col(season.starts_on),
            col(lot.harvested_on) <= col(season.harvest_to),
        )
        .correlate(season)
        .scalar_subquery()
    )
    wanted = select(col(season.crop_id), col(season.expected_output_g), weighed).where(
        *in_year(col(season.harvest_from), year),
        col(season.actual_output_g).is_(None),
        counted(session, season, col(season.harvest_from), where),
    )
    if today is not None:
        wanted = wanted.where(col(season.harvest_to) >= today - HARVEST_LEEWAY)
    return [_Coming(crop, grams, int(some)) for crop, grams, some in session.execute(wanted)]
