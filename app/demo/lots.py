"""Lots worth seeing: of several plots, over what was declared, held, closed."""

from datetime import datetime, timedelta
from functools import partial

from app.demo.seasons import harvested
from app.demo.world import World
from app.diary.queries import plantings_on
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.lots.commands import seal_lot
from app.lots.harvests import Harvest, Part
from app.lots.hold_commands import close_lot, hold_lot
from app.models.catalogue import Crop
from app.models.registry import Plot
from app.registry.area_queries import crops_of
from app.registry.plot_commands import PlotDetails, register_plot

HOME = "bac-ha"
# Kilograms that two growers brought of one cabbage field.
BROUGHT = (145, 95)
# More than the tomatoes of a small garden were declared with.
OVER = ("tp-lao-cai", 1, (20_000, 15_000))


def plan_lots(world: World) -> None:
    """All of them."""
    world.plan(world.at(3, hour=11), partial(_of_two_plots, world))
    for at, kilograms in enumerate(OVER[2]):
        world.plan(world.at(6 - at, hour=14), partial(_over, world, kilograms))
    world.plan(world.at(4, hour=9), partial(_held, world))
    world.plan(world.at(8, hour=9), partial(_closed, world))


def _of_two_plots(world: World, now: datetime) -> None:
    area = world.areas[HOME][0]
    plots = [_plot(world, number, now) for number in range(len(BROUGHT))]
    crop = _crop(world, HOME, 0)
    [planting, *_] = plantings_on(world.session, area.pk, crop.pk, day_of(now))
    parts = tuple(
        Part(Grams(kilograms * 1000), planting.uid, plot.uid)
        for kilograms, plot in zip(BROUGHT, plots, strict=True)
    )
    whole = Grams(sum(BROUGHT) * 1000)
    harvest = _harvest(world, HOME, 0, whole, now, parts=parts, grade="Loại 1")
    harvested(world, HOME, harvest, now, labelled=True)


def _over(world: World, kilograms: int, now: datetime) -> None:
    key, number, _ = OVER
    harvest = _harvest(world, key, number, Grams(kilograms * 1000), now)
    harvested(world, key, harvest, now, labelled=False)


def _held(world: World, now: datetime) -> None:
    lot = harvested(world, HOME, _harvest(world, HOME, 0, Grams(120_000), now), now, labelled=True)
    hold_lot(
        world.session,
        lot=lot,
        reason="Đã lấy mẫu, chờ kết quả kiểm nghiệm dư lượng thuốc.",
        by=world.callers["inspector"].actor,
        now=min(now + timedelta(days=1), world.now),
    )


def _closed(world: World, now: datetime) -> None:
    lot = harvested(world, HOME, _harvest(world, HOME, 0, Grams(60_000), now), now, labelled=False)
    seal_lot(world.session, lot=lot, by=world.clerk(HOME), now=now)
    close_lot(world.session, lot=lot, by=world.clerk(HOME), now=now)


def _harvest(
    world: World,
    key: str,
    number: int,
    quantity: Grams,
    now: datetime,
    *,
    parts: tuple[Part, ...] = (),
    grade: str = "",
) -> Harvest:
    day = day_of(now)
    return Harvest(
        area=world.areas[key][number].uid,
        crop=_crop(world, key, number).slug,
        harvested_on=day,
        quantity=quantity,
        packed_on=day,
        best_before=day + timedelta(days=7),
        grade=grade,
        parts=parts,
    )


def _crop(world: World, key: str, number: int) -> Crop:
    area = world.areas[key][number]
    first = world.crops[area.pk][0]
    return next(crop for crop in crops_of(world.session, area) if crop.slug == first)


def _plot(world: World, number: int, now: datetime) -> Plot:
    area = world.areas[HOME][0]
    return register_plot(
        world.session,
        organisation=world.organisations[HOME],
        details=PlotDetails(
            name=f"Thửa dưới {number + 1}",
            grower=world.growers[HOME][number + 2].uid,
            commune="02866",
            former_commune="02866",
            area=SquareMetres(1_500),
            planting_area=area.uid,
        ),
        by=world.clerk(HOME),
        now=now,
    )
