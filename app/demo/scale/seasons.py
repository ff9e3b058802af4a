"""What is grown when: seasons with their sown land and harvest, their declarations and diaries."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlmodel import Session

from app.demo.scale.chance import Numbers, uids
from app.demo.scale.ground import PLAN_YEARS, Basis, Days, Ground, Size
from app.demo.scale.land import Areas, Plots
from app.demo.scale.people import FIRST_HOLDER
from app.demo.scale.writing import write
from app.models.diary import DiaryEntry, Planting, PlantingPlot, Work
from app.models.seasons import SeasonDeclaration

SEASONS_A_YEAR = 3
STARTS = (10, 130, 250)
DECLARED, REPORTED = 0.85, 0.9
DIARY = 0.65
WORKS = (Work.SOIL, Work.SOWING, Work.FERTILISING, Work.PEST_CHECK)
M2_A_HECTARE = 10_000
GRAMS = 1_000
MARKET = "VNM"


@dataclass(frozen=True)
class Seasons:
    """One crop on one area, once: its days, land, and what it gives in grams.

    `declared` and `plantings` hold keys from 1, or 0 where there is no declaration or diary.
    """

    uids: list[UUID]
    areas: Numbers
    crops: Numbers
    starts: Numbers
    opens: Numbers
    closes: Numbers
    sown: Numbers
    gives: Numbers
    declared: Numbers
    plantings: Numbers

    def __len__(self) -> int:
        return len(self.areas)


def make_seasons(session: Session, basis: Basis, areas: Areas) -> Seasons:
    """Three seasons a year on most areas, from the year they were established."""
    size, ground, days, chance = basis.size, basis.ground, basis.days, basis.chance
    drawn = chance.of("seasons")
    area, starts = _when(size, areas, days, drawn)
    count = len(area)
    crops = _rotated(areas, area, drawn)
    opens = starts + drawn.integers(45, 75, count)
    closes = opens + drawn.integers(12, 55, count)
    sown = np.maximum(1, (areas.sizes[area] * (0.6 + 0.4 * drawn.random(count))).astype(np.int64))
    gives = _gives(areas, area, sown, days.year_of(opens), ground, drawn)
    is_declared = drawn.random(count) < DECLARED
    # Who keeps a diary keeps it every season.
    keeps = chance.of("diarists").random(len(areas)) < DIARY
    seasons = Seasons(
        uids(drawn, days.milliseconds(starts)),
        area,
        crops,
        starts,
        opens,
        closes,
        sown,
        gives,
        np.where(is_declared, np.cumsum(is_declared), 0),
        np.where(keeps[area], np.cumsum(keeps[area]), 0),
    )
    _write_declarations(session, seasons, ground, days, drawn)
    return seasons


def make_diaries(
    session: Session, basis: Basis, seasons: Seasons, areas: Areas, plots: Plots
) -> None:
    """A planting for every season of whoever keeps a diary, with the plainest entries."""
    ground, days = basis.ground, basis.days
    drawn = basis.chance.of("diaries")
    kept = np.flatnonzero(seasons.plantings)
    holders = (areas.holders[seasons.areas[kept]] + FIRST_HOLDER).tolist()
    starts, closes = seasons.starts[kept], seasons.closes[kept]
    write(
        session,
        Planting,
        {
            "id": range(1, len(kept) + 1),
            "uid": uids(drawn, days.milliseconds(starts)),
            "organisation_id": holders,
            "area_id": (seasons.areas[kept] + 1).tolist(),
            "crop_id": [ground.crops[at].pk for at in seasons.crops[kept].tolist()],
            "sown_on": days.days(starts),
            "harvest_from": days.days(seasons.opens[kept]),
            "harvest_to": days.days(closes),
            "ended_on": [days.day(at) if at <= days.last else None for at in closes.tolist()],
            "area_m2": seasons.sown[kept].tolist(),
            "season_id": [key or None for key in seasons.declared[kept].tolist()],
            "created_at": days.instants(starts),
        },
    )
    pairs = [
        (key + 1, plot + 1)
        for key, area in enumerate(seasons.areas[kept].tolist())
        for plot in plots.by_area[area][:2]
    ]
    write(
        session,
        PlantingPlot,
        {"planting_id": [one[0] for one in pairs], "plot_id": [one[1] for one in pairs]},
    )
    _write_entries(session, holders, starts, days, drawn)


def _when(
    size: Size, areas: Areas, days: Days, drawn: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Which area is sown on which day."""
    years = [days.day(0).year + at for at in range(size.years)]
    begins = np.array([days.number(days.day(0).replace(year=year)) for year in years])
    grid = (begins[:, None] + np.array(STARTS)).ravel()
    area = np.repeat(np.arange(len(areas)), len(grid))
    starts = np.tile(grid, len(areas)) + drawn.integers(0, 25, len(area))
    ends = np.where(areas.closed[area] < 0, days.last, areas.closed[area] - 130)
    taken = drawn.random(len(area)) < 0.88
    fits = taken & (starts >= areas.since[area]) & (starts <= ends)
    return area[fits], starts[fits]


def _rotated(areas: Areas, area: Numbers, drawn: np.random.Generator) -> Numbers:
    """One of the crops of each area, most often another than before."""
    many = np.array([len(one) for one in areas.crops])[area]
    turn = (np.arange(len(area)) + (drawn.random(len(area)) < 0.2)) % many
    return np.array([areas.crops[a][t] for a, t in zip(area.tolist(), turn.tolist(), strict=True)])


def _gives(
    areas: Areas,
    area: Numbers,
    sown: Numbers,
    years: Numbers,
    ground: Ground,
    drawn: np.random.Generator,
) -> Numbers:
    """Grams, by the plan's yield of the former district and year, a third of it a season."""
    by_place = np.array([ground.yields[place.district] for place in ground.places])
    mine = by_place[areas.places[area]]
    part = np.clip((years - PLAN_YEARS[0]) / (PLAN_YEARS[1] - PLAN_YEARS[0]), 0.0, 2.0)
    low = np.where(part <= 1, mine[:, 0], mine[:, 1])
    high = np.where(part <= 1, mine[:, 1], mine[:, 2])
    a_hectare = low + (high - low) * np.where(part <= 1, part, part - 1)
    grams = sown * a_hectare * GRAMS / M2_A_HECTARE / SEASONS_A_YEAR
    given: Numbers = np.maximum(1_000, (grams * drawn.lognormal(0.0, 0.15, len(area))).astype(int))
    return given


def _write_declarations(
    session: Session, seasons: Seasons, ground: Ground, days: Days, drawn: np.random.Generator
) -> None:
    told = np.flatnonzero(seasons.declared)
    expected = seasons.gives[told] * (0.95 + 0.25 * drawn.random(len(told)))
    done = (seasons.closes[told] + 5 <= days.last) & (drawn.random(len(told)) < REPORTED)
    closes = np.where(done, seasons.closes[told] + 3, -1).tolist()
    write(
        session,
        SeasonDeclaration,
        {
            "id": range(1, len(told) + 1),
            "uid": [seasons.uids[at] for at in told.tolist()],
            "area_id": (seasons.areas[told] + 1).tolist(),
            "crop_id": [ground.crops[at].pk for at in seasons.crops[told].tolist()],
            "starts_on": days.days(seasons.starts[told]),
            "harvest_from": days.days(seasons.opens[told]),
            "harvest_to": days.days(seasons.closes[told]),
            "area_m2": seasons.sown[told].tolist(),
            "market": [MARKET] * len(told),
            "expected_output_g": expected.astype(np.int64).tolist(),
            "declared_at": days.instants(seasons.starts[told]),
            "actual_output_g": [
                given if ended >= 0 else None
                for given, ended in zip(seasons.gives[told].tolist(), closes, strict=True)
            ],
            "ended_on": [days.day(ended) if ended >= 0 else None for ended in closes],
            "reported_at": [days.instant(ended) if ended >= 0 else None for ended in closes],
        },
    )


def _write_entries(
    session: Session,
    holders: list[int],
    starts: Numbers,
    days: Days,
    drawn: np.random.Generator,
) -> None:
    """The works of the field at a few days' distance, as far as they are over."""
    keys = np.arange(1, len(holders) + 1)
    for turn, work in enumerate(WORKS):
        done = starts + turn * 9 - 3
        past = np.flatnonzero(done <= days.last)
        first = turn * len(holders)
        write(
            session,
            DiaryEntry,
            {
                "id": (first + keys[past]).tolist(),
                "uid": uids(drawn, days.milliseconds(done[past])),
                "organisation_id": [holders[at] for at in past.tolist()],
                "planting_id": keys[past].tolist(),
                "work": [work] * len(past),
                "done_on": days.days(done[past]),
                "written_at": days.instants(done[past]),
                "arrived_at": days.instants(done[past]),
            },
        )
