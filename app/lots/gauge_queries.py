"""How full the declared output of each season is, for clerk and inspector; which lots are over it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Integer, case, func, literal, select, tuple_
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import is_sqlite
from app.kit.messages import Message
from app.kit.quantities import Grams, SquareMetres
from app.lots.balance import (
    WHOLE,
    Season,
    Standing,
    Thresholds,
    find_doubt,
    fits,
    of_season,
    percent_of,
    season_of,
    standing_of,
)
from app.lots.balance_queries import season_from, thresholds_on
from app.lots.queries import LotLine, lines
from app.lots.yield_queries import Yields
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from app.places.queries import units_by_ids
from app.registry.season_rules import HARVEST_LEEWAY

Place = tuple[int, int]  # an area and a crop
SHOWN_AFTER = timedelta(days=45)
LONGEST_BACK = timedelta(days=400)
MOST_GAUGES = 200
MOST_LOTS = 200
PLACES_AT_ONCE = 500
LEEWAY_DAYS = HARVEST_LEEWAY.days


@dataclass(frozen=True)
class Gauge:
    """One season's measure: what was declared, what was harvested, what the land can give."""

    declaration: SeasonDeclaration
    area: PlantingArea
    crop: Crop
    organisation: Organisation
    used: Grams
    limit: Grams
    standing: Standing
    doubt: Message | None

    @property
    def percent(self) -> int:
        return percent_of(self.used, self.limit)


@dataclass(frozen=True)
class OverLot:
    """A lot that no longer fits its season, with the sum it was reached with."""

    line: LotLine
    upto: Grams
    limit: Grams


def gauges(session: Session, *, within: Reach, today: date) -> list[Gauge]:
    """The seasons that are open or ended lately, the fullest first."""
    wanted = _seasons(within).where(col(SeasonDeclaration.harvest_to) >= today - SHOWN_AFTER)
    newest = wanted.order_by(col(SeasonDeclaration.harvest_to).desc()).limit(MOST_GAUGES)
    rows = session.execute(newest).all()
    thresholds = thresholds_on(session, today)
    if not rows or thresholds is None:
        return []
    harvests = _Harvests(session, {(row[0].area_id, row[0].crop_id) for row in rows}, today)
    lies_in = {area.former_commune_id or area.commune_id for _, area, _, _ in rows}
    yields = Yields(session, units_by_ids(session, lies_in))
    found = [_gauge(row, harvests, thresholds, yields) for row in rows]
    return sorted(found, key=lambda gauge: -gauge.percent)


def gauge_of(session: Session, lot: HarvestLot) -> Gauge | None:
    """The measure of the season a harvest belongs to; None when none was declared."""
    if lot.area_id is None:
        return None
    thresholds = thresholds_on(session, lot.harvested_on)
    place = (lot.area_id, lot.crop_id)
    harvests = _Harvests(session, {place}, lot.harvested_on)
    season = season_of(lot.harvested_on, harvests.seasons[place], HARVEST_LEEWAY)
    if season is None or thresholds is None:
        return None
    wanted = _seasons(Reach.all()).where(col(SeasonDeclaration.id) == season.id)
    return _gauge(session.execute(wanted).one(), harvests, thresholds, Yields(session))


def lots_over(session: Session, *, within: Reach, today: date) -> list[OverLot]:
    """The lots with which a season passed what was declared for it, the newest first."""
    thresholds = thresholds_on(session, today)
    places = _crowded(session, within, today, thresholds) if thresholds else set()
    if thresholds is None or not places:
        return []
    harvests = _Harvests(session, places, today)
    over = _over_in(session, harvests, places, thresholds)
    return _as_lines(session, sorted(over, reverse=True)[:MOST_LOTS])


class _Harvests:
    """What was harvested, by place and day, and the seasons declared there."""

    def __init__(self, session: Session, places: set[Place], day: date) -> None:
        self.seasons: defaultdict[Place, list[Season]] = defaultdict(list)
        self.by_day: defaultdict[Place, dict[date, int]] = defaultdict(dict)
        at_places = _at_places(SeasonDeclaration, places)
        for row in session.execute(select(SeasonDeclaration).where(*at_places)).scalars():
            self.seasons[row.area_id, row.crop_id].append(season_from(row))
        since = min(
            (season.harvest_from for found in self.seasons.values() for season in found),
            default=day,
        )
        for area_id, crop_id, on, grams in session.execute(_sums_by_day(places, since)):
            self.by_day[area_id, crop_id][on] = int(grams)

    def of(self, place: Place, season: Season) -> Grams:
        """What belongs to a season."""
        return of_season(season, self.by_day[place], self.seasons[place], HARVEST_LEEWAY)


def _gauge(row: Any, harvests: _Harvests, thresholds: Thresholds, yields: Yields) -> Gauge:
    declaration, area, organisation, crop = row
    season = season_from(declaration)
    used = harvests.of((area.pk, crop.pk), season)
    plausible = yields.find(area, SquareMetres(declaration.area_m2), season.last)
    return Gauge(
        declaration=declaration,
        area=area,
        crop=crop,
        organisation=organisation,
        used=used,
        limit=season.output,
        standing=standing_of(used, season.output, thresholds),
        doubt=find_doubt(used, plausible.output, law=plausible.law) if plausible else None,
    )


def _crowded(session: Session, within: Reach, today: date, thresholds: Thresholds) -> set[Place]:
    """The places where more was harvested around a late season than it bears: few of all.

    Counted with the leeway on both sides, so that none is missed; what belongs to which season is
    judged afterwards.
    """
    season, lot = SeasonDeclaration, HarvestLot
    ended = func.coalesce(col(season.ended_on), col(season.harvest_to))
    last = case((ended > col(season.harvest_to), ended), else_=col(season.harvest_to))
    output = func.coalesce(col(season.actual_output_g), col(season.expected_output_g))
    borne = output * (WHOLE + thresholds.tolerance_percent)
    wanted = (
        select(col(season.area_id), col(season.crop_id))
        .join(PlantingArea, col(PlantingArea.id) == col(season.area_id))
        .join(
            lot,
            (col(lot.area_id) == col(season.area_id))
            & (col(lot.crop_id) == col(season.crop_id))
            & (col(lot.harvested_on) >= _days_on(session, col(season.harvest_from), -LEEWAY_DAYS))
            & (col(lot.harvested_on) <= _days_on(session, last, LEEWAY_DAYS)),
        )
        .where(
            within.limits(col(PlantingArea.organisation_id)),
            col(season.harvest_to) >= today - LONGEST_BACK,
            col(lot.state) != LotState.WITHDRAWN,
        )
        .group_by(col(season.id), col(season.area_id), col(season.crop_id))
        .having(func.sum(col(lot.quantity_g)) * WHOLE > func.max(borne))
    )
    return {(area_id, crop_id) for area_id, crop_id in session.execute(wanted)}


def _days_on(session: Session, day: Any, days: int) -> Any:
    """A day so many days later, or earlier where that is negative."""
    return func.date(day, f"{days:+d} days") if is_sqlite(session) else day + literal(days, Integer)


def _over_in(
    session: Session, harvests: _Harvests, places: set[Place], thresholds: Thresholds
) -> list[tuple[int, int, Grams]]:
    """Of these places: the key of each lot over its season, the sum it made, and the limit."""
    by_season: defaultdict[Season, list[tuple[int, int]]] = defaultdict(list)
    for key, area_id, crop_id, day, grams in _lots_in(session, places):
        season = season_of(day, harvests.seasons[area_id, crop_id], HARVEST_LEEWAY)
        if season is not None:
            by_season[season].append((key, grams))
    return [
        (key, total, season.output)
        for season, lots in by_season.items()
        for (key, _), total in zip(lots, accumulate(grams for _, grams in lots), strict=True)
        if not fits(Grams(total), season.output, thresholds)
    ]


def _lots_in(session: Session, places: set[Place]) -> Iterator[Any]:
    """The harvests of some places in the order in which they were recorded."""
    lot, all_of_them = HarvestLot, sorted(places)
    for at in range(0, len(all_of_them), PLACES_AT_ONCE):
        wanted = (
            select(
                col(lot.id),
                col(lot.area_id),
                col(lot.crop_id),
                col(lot.harvested_on),
                col(lot.quantity_g),
            )
            .where(
                *_at_places(lot, all_of_them[at : at + PLACES_AT_ONCE]),
                col(lot.state) != LotState.WITHDRAWN,
            )
            .order_by(col(lot.id))
        )
        yield from session.execute(wanted)


def _as_lines(session: Session, over: Sequence[tuple[int, int, Grams]]) -> list[OverLot]:
    wanted = lines().where(col(HarvestLot.id).in_([key for key, _, _ in over]))
    found = {row[0].pk: LotLine(*row) for row in session.execute(wanted)}
    return [OverLot(found[key], Grams(total), limit) for key, total, limit in over]


def _sums_by_day(places: set[Place], since: date) -> Any:
    area, crop, day = (
        col(HarvestLot.area_id),
        col(HarvestLot.crop_id),
        col(HarvestLot.harvested_on),
    )
    return (
        select(area, crop, day, func.sum(col(HarvestLot.quantity_g)))
        .where(
            *_at_places(HarvestLot, places),
            col(HarvestLot.state) != LotState.WITHDRAWN,
            day >= since - HARVEST_LEEWAY,
        )
        .group_by(area, crop, day)
    )


def _at_places(
    table: type[SeasonDeclaration | HarvestLot], places: Iterable[Place]
) -> tuple[Any, Any]:
    """Of some areas and crops; the areas once more, for which alone SQLite uses an index."""
    chosen = list(places)
    area, crop = col(table.area_id), col(table.crop_id)
    return area.in_({one[0] for one in chosen}), tuple_(area, crop).in_(chosen)


def _seasons(within: Reach) -> Any:
    return (
        select(SeasonDeclaration, PlantingArea, Organisation, Crop)
        .join(PlantingArea, col(PlantingArea.id) == col(SeasonDeclaration.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(Crop, col(Crop.id) == col(SeasonDeclaration.crop_id))
        .where(within.limits(col(PlantingArea.organisation_id)))
    )
