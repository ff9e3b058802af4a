"""What the demonstration has of the reports on the plan: one begun, and the parts of two cooperatives."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from app.demo.cast import HOMES
from app.demo.world import World
from app.kit.clock import day_of
from app.plan.report_commands import start_report
from app.plan.report_periods import Period
from app.plan.rollup import refresh
from app.plan.submission_commands import Entered, submit_part
from app.plan.submission_queries import Unit, our_part
from app.plan.submission_rules import PartFigures

BEGUN_DAYS_AGO, SENT_DAYS_AGO, CORRECTED_DAYS_AGO = 3, 6, 4


def plan_reporting(world: World) -> None:
    """The report on last year begun; two parts of this year sent, one of them corrected since."""
    first, second = HOMES[0].key, HOMES[1].key
    world.plan(world.at(SENT_DAYS_AGO, hour=9), partial(_part, world, first, ""))
    world.plan(world.at(SENT_DAYS_AGO, hour=10), partial(_part, world, second, ""))
    note = "Cộng thêm ruộng mới khai hoang, chưa kịp đo."
    world.plan(world.at(CORRECTED_DAYS_AGO, hour=9), partial(_part, world, first, note))
    world.plan(world.at(BEGUN_DAYS_AGO, hour=9), partial(_begin, world))


def _part(world: World, key: str, note: str, now: datetime) -> None:
    refresh(world.session, now, most=None)
    home, period = world.organisations[key], Period(day_of(now).year)
    unit = Unit(organisation=home)
    said = our_part(world.session, unit, period)
    submit_part(
        world.session,
        unit=unit,
        period=period,
        part=_a_little_more(said) if note else said,
        note=note,
        entered=Entered(home),
        by=world.clerk(key),
        now=now,
    )


def _a_little_more(part: PartFigures) -> PartFigures:
    return replace(part, land_m2=None if part.land_m2 is None else part.land_m2 + 2_000)


def _begin(world: World, now: datetime) -> None:
    start_report(
        world.session,
        period=Period(day_of(now).year - 1),
        office=world.organisations["authority"],
        by=world.callers["province_admin"].actor,
        now=now,
    )
