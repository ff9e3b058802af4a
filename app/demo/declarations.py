"""What cooperatives of the demonstration declared of their seasons, and what they still owe."""

from datetime import date, datetime, timedelta
from functools import partial

from app.demo.cast import HOMES
from app.demo.world import World
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.models.registry import PlantingArea
from app.registry.reminder_commands import send_season_reminders
from app.registry.season_commands import SeasonDetails, declare_season, end_season

GRAMS_PER_M2 = 2_400
# How much of what was expected came, by turns.
SHARES = (0.92, 1.05, 0.78, 0.97)
# Days ago on which the seasons before last began, of so many areas of each cooperative.
EARLIER, WITH_EARLIER = 780, 3


def plan_declarations(world: World) -> None:
    """Last season declared and reported by most; this season declared by some; reminders sent."""
    for turn, home in enumerate(HOMES):
        for number, area in enumerate(world.areas[home.key][:4]):
            share = SHARES[(turn + number) % len(SHARES)]
            if number < WITH_EARLIER:  # what gives a forecast something to go by
                earlier = SHARES[(turn + number + 1) % len(SHARES)]
                _plan_season(world, home.key, area, began=EARLIER, share=earlier)
            reported = (turn + number) % 5 != 0
            _plan_season(world, home.key, area, began=420, share=share if reported else None)
            if number < 2:  # noqa: PLR2004  # the others are late, and are reminded
                _plan_season(world, home.key, area, began=115, share=None)
    world.plan(world.at(0, hour=6), lambda now: send_season_reminders(world.session, now=now))


def _plan_season(
    world: World, key: str, area: PlantingArea, *, began: int, share: float | None
) -> None:
    world.plan(
        world.at(began - 3, hour=9),
        partial(_declare, world, key, area, world.at(began).date(), share),
    )


def _declare(
    world: World, key: str, area: PlantingArea, starts_on: date, share: float | None, now: datetime
) -> None:
    expected = Grams(area.area_m2 * GRAMS_PER_M2)
    season = declare_season(
        world.session,
        area=area,
        details=SeasonDetails(
            crop=world.crops[area.pk][0],
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
