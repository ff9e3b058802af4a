"""Lists that the database makes: equal to a plain recount in a world of chance, and to their number."""

import random
from collections import Counter
from datetime import date, timedelta
from functools import partial
from itertools import pairwise, product
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.kit.clock import day_of
from app.models.catalogue import Crop
from app.models.diary import Planting, PlantingPlot
from app.models.registry import PlantingArea
from app.models.seasons import SeasonDeclaration
from app.plan.advice_law import ROTATION_DAYS, term
from app.plan.advice_queries import areas_without_codes, codes_without_lots
from app.plan.advice_queries import certificates_without_visits as unvisited
from app.plan.grounds import Narrowed
from app.plan.rotation_queries import rotation_conflicts
from app.plan.supply_queries import coming, months_from, spread, supply
from tests.diary.growing import Growing
from tests.given import Given

ALL = Reach.all()
A_YEAR = timedelta(days=365)


class World:
    """Some areas on which plantings and seasons follow each other by chance."""

    def __init__(self, given: Given, seed: int) -> None:
        self.given, self.session, self.chance = given, given.session, random.Random(seed)
        self.crops = [crop for crop in list_crops(self.session) if crop.family][:9]
        self.areas = [given.area(established_on=given.day(-900)) for _ in range(6)]
        growing = Growing(given)
        self.plots = {area.pk: [growing.plot(area).pk for _ in range(2)] for area in self.areas}
        for area in self.areas:
            for _ in range(7 if area in self.areas[:3] else 0):
                self.planting(area)
            for _ in range(8):
                self.season(area)
        for area in self.areas[:4]:
            given.code(area)
            given.certificate(area, issued_on=given.day(-500), valid_from=given.day(-500))
        given.lot(self.areas[0])
        given.application(self.areas[4])
        self.session.flush()

    def planting(self, area: PlantingArea) -> None:
        sown, chance = self.given.day(-self.chance.randint(-5, 500)), self.chance
        stood = timedelta(days=chance.randint(20, 90))
        one = Planting(
            organisation_id=area.organisation_id,
            area_id=area.pk,
            crop_id=chance.choice(self.crops).pk,
            sown_on=sown,
            ended_on=sown + stood if chance.random() < 0.8 else None,
            area_m2=chance.randint(500, 9_000),
            created_at=self.given.now,
        )
        self.session.add(one)
        self.session.flush()
        for plot in chance.sample(self.plots[area.pk], chance.randint(0, 2)):
            self.session.add(PlantingPlot(planting_id=one.pk, plot_id=plot))

    def season(self, area: PlantingArea) -> None:
        chance = self.chance
        starts = self.given.day(-chance.randint(-60, 500))
        ripe = starts + timedelta(days=chance.randint(20, 60))
        self.session.add(
            SeasonDeclaration(
                area_id=area.pk,
                crop_id=chance.choice(self.crops).pk,
                starts_on=starts,
                harvest_from=ripe,
                harvest_to=ripe + timedelta(days=chance.randint(0, 70)),
                area_m2=chance.randint(area.area_m2 // 4, area.area_m2),
                expected_output_g=chance.randint(1, 10**8),
                market="VNM",
                declared_at=self.given.now,
            )
        )


def test_lists_are_what_a_plain_recount_finds_and_their_number_is_that_of_their_rows(
    session: Session, given: Given
) -> None:
    world, today = World(given, seed=33), day_of(given.now)
    _conflicts_are_those_of_a_plain_recount(world, today)
    for found in (rotation_conflicts, areas_without_codes, codes_without_lots, unvisited):
        sizes = {
            _agreeing(session, found, day, narrowed)
            for day in (today, given.day(320))  # nothing was harvested for long by then
            for narrowed in (
                Narrowed(),
                Narrowed(district="085", q="rau"),
                Narrowed(district="088"),
            )
        }
        assert len(sizes) > 1
        assert not found(session, within=Reach.own(0), day=today)
    assert not rotation_conflicts(session, within=ALL, day=date(1999, 1, 1))  # no rule yet
    _the_expected_is_spread_as_in_plain_numbers(session, today)


def _conflicts_are_those_of_a_plain_recount(world: World, today: date) -> None:
    told = [
        (
            *(one.planting, one.season, one.before.pk, one.after.pk),
            one.ended_on,
            one.sown_on,
            one.land_m2,
        )
        for one in rotation_conflicts(world.session, within=ALL, day=today)
    ]
    assert min(sum(one[0] is None for one in told), sum(one[1] is None for one in told)) > 2
    assert sorted(map(repr, told)) == sorted(map(repr, _recounted(world, today)))
    assert [one[5] for one in told] == sorted((one[5] for one in told), reverse=True)


def _agreeing(session: Session, found: Any, day: date, narrowed: Narrowed) -> int:
    """How many a list holds: read whole, in pages, and counted."""
    listed = partial(found, session, within=ALL, day=day, narrowed=narrowed)
    every, page = list(listed()), listed()
    size = len(every) // 2 + 1
    assert [*page[:size], *page[size : 2 * size]] == every
    assert len(page) == len(listed()) == len(every)
    assert listed()[size * 3 : size * 4] == []
    assert not every or (page[0], page[-1]) == (every[0], every[-1])
    return len(every)


def _the_expected_is_spread_as_in_plain_numbers(session: Session, today: date) -> None:
    plain: Counter[Any] = Counter()
    for season in session.execute(select(SeasonDeclaration)).scalars():
        for at, grams in spread(season.expected_output_g, season.harvest_from, season.harvest_to):
            plain[season.crop_id, at] += grams
    lines = supply(session, within=ALL, day=today)
    assert len(lines) > 5
    coming_months = {key: grams for key, grams in plain.items() if key[1] in months_from(today)}
    told = {(one.crop.pk, (one.year, one.month)): one.expected_g for one in lines}
    assert told == coming_months
    for line in lines[:2]:
        parts = coming(session, line.crop, (line.year, line.month), within=ALL, day=today)
        assert sum(one.part_g for one in parts) == line.expected_g


def _recounted(world: World, today: date) -> list[Any]:
    look_back = timedelta(days=term(world.session, ROTATION_DAYS, today) or 0)
    crops = {crop.pk: crop for crop in world.crops}
    shown, told = [], set()
    plantings = world.session.execute(select(Planting)).scalars().all()
    for later in plantings:
        before = [
            one
            for one in plantings
            if one.area_id == later.area_id
            and one.sown_on < later.sown_on
            and _of_one_family(crops[one.crop_id], crops[later.crop_id])
            and (one.ended_on is None or one.ended_on >= later.sown_on - look_back)
            and _on_common_land(world, one, later)
        ]
        if before and today - A_YEAR < later.sown_on <= today:
            one = max(before, key=lambda one: (one.ended_on or date.max, -one.pk))
            told.add((later.area_id, crops[later.crop_id].family))
            land = min(one.area_m2, later.area_m2)
            kinds = (one.crop_id, later.crop_id)
            shown.append((later.uid, None, *kinds, one.ended_on, later.sown_on, land))
    return shown + [one for key, one in _declared(world, today, look_back) if key not in told]


def _declared(world: World, today: date, look_back: timedelta) -> list[Any]:
    crops = {crop.pk: crop for crop in world.crops}
    found = []
    families = {crop.family for crop in world.crops}
    order = (col(SeasonDeclaration.starts_on), col(SeasonDeclaration.id))
    seasons = world.session.execute(select(SeasonDeclaration).order_by(*order)).scalars().all()
    for area, family in product(world.areas, families):
        here = [
            one
            for one in seasons
            if one.area_id == area.pk
            and crops[one.crop_id].family == family
            and not crops[one.crop_id].perennial
            and one.harvest_to > today - A_YEAR - look_back
        ]
        for before, after in pairwise(here):
            both = before.area_m2 + after.area_m2 - area.area_m2
            apart = (after.starts_on - before.harvest_to).days
            if both > 0 and 0 < apart <= look_back.days and after.starts_on > today - A_YEAR:
                days = (before.harvest_to, after.starts_on)
                kinds = (before.crop_id, after.crop_id)
                found.append(((area.pk, family), (None, after.uid, *kinds, *days, both)))
    return found


def _of_one_family(before: Crop, after: Crop) -> bool:
    return before.family == after.family and not after.perennial


def _on_common_land(world: World, one: Planting, other: Planting) -> bool:
    first, second = (
        {row.plot_id for row in _held(world.session, planting)} for planting in (one, other)
    )
    return not first or not second or bool(first & second)


def _held(session: Session, planting: Planting) -> list[PlantingPlot]:
    wanted = select(PlantingPlot).where(col(PlantingPlot.planting_id) == planting.pk)
    return list(session.execute(wanted).scalars())
