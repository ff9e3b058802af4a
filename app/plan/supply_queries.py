"""What is expected to be harvested, crop by crop and month by month, against what months brought before.

The plan (IV.1) has growers told to sow by what is asked for, so that nothing is left over.
"""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, and_, case, column, func, select, values
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.db import days_between
from app.kit.quantities import Grams
from app.models.catalogue import Crop
from app.models.contracts import Contract, ContractState
from app.models.plan_figures import PlanCell
from app.models.registry import PlantingArea
from app.models.seasons import SeasonDeclaration
from app.plan.advice_law import (
    OVERSUPPLY_LEAST_KG,
    OVERSUPPLY_PERCENT,
    OVERSUPPLY_YEARS,
    term,
)
from app.plan.grounds import EVERYTHING, STATEMENTS, Ground, Land, besides, ground_of
from app.plan.listings import Found, Listing

MONTHS_AHEAD = 12
GRAMS_A_KG = 1000
Month = tuple[int, int]


@dataclass(frozen=True)
class Supply:
    """A crop in a month: what declared seasons let expect, what it brought in an average year, what is sold.

    `years`: over how many former years the average is taken; none means that it never was there.
    `agreed_g`: what signed contracts take in that month. `warned`: more is expected than the dated
    share of what is asked for.
    """

    crop: Crop
    year: int
    month: int
    expected_g: int
    usual_g: int
    years: int
    agreed_g: int
    warned: bool

    @property
    def expected(self) -> Grams:
        """The expected to the kilogram: it is no weighing."""
        return in_kilograms(self.expected_g)

    @property
    def usual(self) -> Grams:
        """The usual to the kilogram."""
        return in_kilograms(self.usual_g)

    @property
    def agreed(self) -> Grams:
        """What contracts take, to the kilogram."""
        return in_kilograms(self.agreed_g)

    @property
    def asked_g(self) -> int:
        """What is asked for: the usual, or more where contracts take more; 0: nobody knows."""
        return max(self.usual_g, self.agreed_g)

    @property
    def percent(self) -> int | None:
        """The expected in percent of what is asked for."""
        return round(self.expected_g * 100 / self.asked_g) if self.asked_g else None


@dataclass(frozen=True)
class Coming:
    """A season whose harvest falls into a month, with its part in that month."""

    ground: Ground
    season: UUID
    harvest_from: date
    harvest_to: date
    part_g: int

    @property
    def part(self) -> Grams:
        """Its part to the kilogram."""
        return in_kilograms(self.part_g)


@dataclass(frozen=True)
class SupplyTerms:
    """The dated rows of the warning."""

    percent: int
    least_kg: int
    years: int


def supply_terms(session: Session, day: date) -> SupplyTerms | None:
    """What holds on a day; None without all rows, and then nobody is warned."""
    keys = (OVERSUPPLY_PERCENT, OVERSUPPLY_LEAST_KG, OVERSUPPLY_YEARS)
    found = [term(session, key, day) for key in keys]
    return None if None in found else SupplyTerms(*[one or 0 for one in found])


def supply(session: Session, *, within: Reach, day: date) -> list[Supply]:
    """The twelve months from a day's month on, by crop; only where something is expected."""
    terms = supply_terms(session, day)
    months = months_from(day)
    expected = _expected(session, within, months)
    usual = _usual(session, within, day, terms.years if terms else 0)
    agreed = _agreed(session, within, months)
    found = []
    for crop in list_crops(session):
        for year, month in months:
            grams = expected.get((crop.pk, year, month), 0)
            if not grams:
                continue
            average, years = usual.get((crop.pk, month), (0, 0))
            taken = agreed.get((crop.pk, year, month), 0)
            warned = terms is not None and _too_much(grams, max(average, taken), terms)
            found.append(Supply(crop, year, month, grams, average, years, taken, warned))
    return found


def coming(session: Session, crop: Crop, at: Month, *, within: Reach, day: date) -> Listing[Coming]:
    """The seasons behind a crop's expected harvest of a month, the largest part first."""
    found = _coming(crop.pk, at, within, day)
    return Listing(session, found, lambda row: Coming(ground_of(row), *besides(row, 4)))


@lru_cache(maxsize=STATEMENTS)
def _coming(crop_id: int, at: Month, within: Reach, day: date) -> Found:
    land = Land(within, day, EVERYTHING)
    part = _parts((at,)).where(col(SeasonDeclaration.crop_id) == crop_id).subquery("part")
    told = [part.c[name] for name in ("uid", "harvest_from", "harvest_to", "grams")]
    return Found(
        select(*land.columns, *told)
        .join(part, part.c.area_id == land.key)
        .where(part.c.grams > 0)
        .order_by(part.c.grams.desc(), part.c.id)
    )


def in_kilograms(grams: int) -> Grams:
    """An estimated mass, rounded to whole kilograms."""
    return Grams(round(grams / GRAMS_A_KG) * GRAMS_A_KG)


def months_from(day: date) -> list[Month]:
    """The month of a day and those after it."""
    start = day.year * 12 + day.month - 1
    return [((start + at) // 12, (start + at) % 12 + 1) for at in range(MONTHS_AHEAD)]


def month_days(at: Month) -> tuple[date, date]:
    """The first and the last day of a month."""
    year, month = at
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def spread(grams: int, first: date, last: date) -> Iterator[tuple[Month, int]]:
    """A mass by month, evenly over the days from first to last; nothing is lost."""
    days = (last - first).days + 1
    passed, given = 0, 0
    while first <= last:
        end = min(month_days((first.year, first.month))[1], last)
        passed += (end - first).days + 1
        until = grams * passed // days
        yield (first.year, first.month), until - given
        given, first = until, end + timedelta(days=1)


def _too_much(expected_g: int, asked_g: int, terms: SupplyTerms) -> bool:
    if not asked_g or expected_g < terms.least_kg * GRAMS_A_KG:
        return False
    return expected_g * 100 > asked_g * terms.percent


def _parts(months: tuple[Month, ...]) -> Any:
    """Of every season that stands its part in each of some months, as `spread` shares it out."""
    season, (asked, begins, ends) = SeasonDeclaration, _asked(months)
    first, last = col(season.harvest_from), col(season.harvest_to)
    days = days_between(last, first) + 1
    passed = case((ends < last, days_between(ends, first) + 1), else_=days)
    before = case((begins > first, days_between(begins, first)), else_=0)
    grams = col(season.expected_output_g)
    return (
        select(
            *(col(season.id), col(season.uid), col(season.area_id), col(season.crop_id)),
            *(first, last, asked.c.year, asked.c.month),
            (grams * passed // days - grams * before // days).label("grams"),
        )
        .join(asked, and_(first <= ends, last >= begins))
        .where(
            col(season.ended_on).is_(None),
            last >= month_days(months[0])[0],  # what an index knows
        )
    )


def _asked(months: tuple[Month, ...]) -> tuple[Any, Any, Any]:
    """Some months as a table, with the columns of their first and last days."""
    at = (column("year", Integer()), column("month", Integer()))
    between = (column("begins", Date()), column("ends", Date()))
    rows = [(*one, *month_days(one)) for one in months]
    asked = values(*at, *between, name="asked").data(rows).cte("asked")
    return asked, asked.c.begins, asked.c.ends


def _expected(session: Session, within: Reach, months: list[Month]) -> dict[tuple[int, ...], int]:
    found = session.execute(_by_crop_and_month(within, tuple(months)))
    return {tuple(at): int(grams) for *at, grams in found}


@lru_cache(maxsize=STATEMENTS)
def _by_crop_and_month(within: Reach, months: tuple[Month, ...]) -> Any:
    part = _parts(months).subquery("part")
    by = (part.c.crop_id, part.c.year, part.c.month)
    return (
        select(*by, func.sum(part.c.grams))
        .join(PlantingArea, col(PlantingArea.id) == part.c.area_id)
        .where(within.limits(col(PlantingArea.organisation_id)))
        .group_by(*by)
    )


def _agreed(session: Session, within: Reach, months: list[Month]) -> dict[tuple[int, ...], int]:
    """What signed contracts take, by crop and month, evenly over their days."""
    first, last = month_days(months[0])[0], month_days(months[-1])[1]
    wanted = select(Contract).where(
        within.limits(col(Contract.organisation_id)),
        col(Contract.state) == ContractState.SIGNED,
        col(Contract.starts_on) <= last,
        col(Contract.ends_on) >= first,
    )
    found: defaultdict[tuple[int, ...], int] = defaultdict(int)
    for one in session.execute(wanted).scalars():
        for (year, month), grams in spread(one.quantity_g, one.starts_on, one.ends_on):
            found[one.crop_id, year, month] += grams
    return found


def _usual(
    session: Session, within: Reach, day: date, years: int
) -> dict[tuple[int, int], tuple[int, int]]:
    """By crop and month: the average harvest of the years before in which anything was recorded.

    From the roll-up: it is as new as `rollup.freshen` made it.
    """
    if not years:
        return {}
    cell = PlanCell
    at = col(cell.year) * 12 + col(cell.month)
    this = day.year * 12 + day.month
    grams = func.sum(col(cell.harvested_g))
    wanted = (
        select(col(cell.crop_id), col(cell.year), col(cell.month), grams)
        .where(
            within.limits(col(cell.organisation_id)),
            col(cell.year) >= day.year - years,  # an index knows years alone
            at >= this - years * 12,
            at < this,
        )
        .group_by(col(cell.crop_id), col(cell.year), col(cell.month))
        .having(grams > 0)
    )
    by_month: defaultdict[tuple[int, int], int] = defaultdict(int)
    seen: defaultdict[int, set[int]] = defaultdict(set)
    for crop_id, in_year, in_month, grams in session.execute(wanted):
        by_month[crop_id, int(in_month)] += int(grams)
        # The twelve months before today's month are one year, the twelve before them another.
        ago = (day.year * 12 + day.month - int(in_year) * 12 - int(in_month) - 1) // 12
        seen[crop_id].add(ago)
    return {
        (crop_id, in_month): (grams // len(seen[crop_id]), len(seen[crop_id]))
        for (crop_id, in_month), grams in by_month.items()
    }
