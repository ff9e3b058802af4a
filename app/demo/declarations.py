"""What cooperatives of the demonstration declared of their seasons, and what they still owe."""

from datetime import date, datetime, timedelta
from functools import partial

from app.demo.cast import HOMES
from app.demo.seasons import harvested
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.lots.harvests import Harvest
from app.models.registry import PlantingArea
from app.registry.reminder_commands import send_season_reminders
from app.registry.season_commands import SeasonDetails, declare_season, end_season

GRAMS_PER_M2 = 2_400
# How much of what was expected came, by turns.
SHARES = (0.92, 1.05, 0.78, 0.97)
# Days ago on which this season began, the last one a year before it, and the one before the last; how many
# areas of each cooperative had which.
THIS, LAST, EARLIER = 115, 480, 845
WITH_THIS, WITH_EARLIER = 2, 3
# What a season brought left in loads, each so much of it, so many days after it began.
LOADS, LOADED_PERCENT = (95, 120), 40
# Cabbage was dear last winter: whoever can grows it now, and more is coming than was ever sold.
SOWN_MORE = "BAP_CAI"


def plan_declarations(world: World) -> None:
    """Last season declared and reported by most; this season declared by some; reminders sent."""
    for turn, home in enumerate(HOMES):
        for number, area in enumerate(world.areas[home.key][:4]):
            share = SHARES[(turn + number) % len(SHARES)]
            if number < WITH_EARLIER:  # what gives a forecast something to go by
                earlier = SHARES[(turn + number + 1) % len(SHARES)]
                _plan_season(world, home.key, area, began=EARLIER, share=earlier)
            more = SOWN_MORE in world.crops[area.pk]
            reported = (turn + number) % 5 != 0
            _plan_season(world, home.key, area, began=LAST, share=share if reported else None)
            if number < WITH_THIS:
                _plan_loads(world, home.key, area, began=EARLIER, share=share)
                _plan_loads(world, home.key, area, began=LAST, share=share)
            if number < WITH_THIS or more:  # the others are late, and are reminded
                _plan_season(world, home.key, area, began=THIS, share=None)
                _plan_loads(world, home.key, area, began=THIS, share=share)
    world.plan(world.at(0, hour=6), lambda now: send_season_reminders(world.session, now=now))


def _plan_season(
    world: World, key: str, area: PlantingArea, *, began: int, share: float | None
) -> None:
    world.plan(
        world.at(began - 3, hour=9),
        partial(_declare, world, key, area, world.at(began).date(), share),
    )


def _plan_loads(world: World, key: str, area: PlantingArea, *, began: int, share: float) -> None:
    """What the season brought, as far as it has come by today, a load at a time."""
    kilograms = int(area.area_m2 * GRAMS_PER_M2 * min(share, 1)) // 1000
    load = kilograms * LOADED_PERCENT // 100 // 10 * 10
    for after in LOADS:
        if after < began:
            when = world.at(began - after, hour=5)
            crop = _crop(world, area, began)
            world.plan(when, partial(_load, world, key, area, crop, load))


def _crop(world: World, area: PlantingArea, began: int) -> str:
    """What is sown on an area in the season that began so many days ago."""
    crops = world.crops[area.pk]
    return SOWN_MORE if began == THIS and SOWN_MORE in crops else crops[0]


def _load(
    world: World, key: str, area: PlantingArea, crop: str, kilograms: int, now: datetime
) -> None:
    harvest = Harvest(
        area=area.uid,
        crop=crop,
        harvested_on=day_of(now),
        quantity=Grams(kilograms * 1000),
    )
    harvested(world, key, harvest, now, labelled=False)


def _declare(
    world: World, key: str, area: PlantingArea, starts_on: date, share: float | None, now: datetime
) -> None:
    expected = Grams(area.area_m2 * GRAMS_PER_M2)
    season = declare_season(
        world.session,
        area=area,
        details=SeasonDetails(
            crop=_crop(world, area, (world.today - starts_on).days),
            starts_on=starts_on,
            harvest_from=starts_on + timedelta(days=60),
            harvest_to=starts_on + timedelta(days=140),
            sown=SquareMetres(area.area_m2 * 9 // 10),
            expected_output=expected,
            market="VNM",
        ),
        by=world.clerk(key),
        now=now,
    )
    if share is None:
        return

    def report(later: datetime) -> None:
        end_season(
            world.session,
            season=season,
            actual=Grams(int(expected.value * share)),
            ended_on=day_of(later),
            by=world.clerk(key),
            now=later,
        )

    world.plan(now + timedelta(days=140), report)
