"""What the demonstration's province entered for its plan: prices at the field, and the model groups."""

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import select

from app.catalogue.queries import list_crops
from app.certificates.queries import certificates_of
from app.demo.world import World
from app.kit.clock import day_of
from app.models.certificates import Certificate
from app.plan.model_commands import ModelDetails, name_model
from app.plan.price_commands import PriceDetails, enter_price
from app.plan.standing import ACTIVE, SAFETY_KINDS

# Dong a kilogram: what usual vegetables, peas and beans, and wild or rare ones bring at the field.
USUAL, LEGUME, RARE = 9_000, 18_000, 35_000
FIRST_DAYS_AGO, LATER_DAYS_AGO = 700, 200
MODELS = 3


def plan_figures(world: World) -> None:
    """Prices two years ago and again this year; three models, by certificates that stand."""
    world.plan(world.at(FIRST_DAYS_AGO, hour=9), partial(_prices, world, 100))
    world.plan(world.at(LATER_DAYS_AGO, hour=9), partial(_prices, world, 110))
    world.plan(world.at(2, hour=9), partial(_models, world))


def _prices(world: World, percent: int, now: datetime) -> None:
    for crop in list_crops(world.session):
        dong = RARE if crop.native else LEGUME if crop.family == "Fabaceae" else USUAL
        enter_price(
            world.session,
            organisation=None,
            details=PriceDetails(crop.slug, dong * percent // 100, day_of(now)),
            by=world.callers["province_admin"].actor,
            now=now,
        )


def _models(world: World, now: datetime) -> None:
    named, day = 0, day_of(now) - timedelta(days=1)
    for home in world.organisations.values():
        held = certificates_of(world.session, home.pk)
        stands = [
            one for one in held if one.kind in SAFETY_KINDS and one.standing_on(day) == ACTIVE
        ]
        if not stands or named == MODELS:
            continue
        wanted = select(Certificate).where(Certificate.id == stands[0].id)
        name_model(
            world.session,
            organisation=home,
            certificate=world.session.exec(wanted).one(),
            details=ModelDetails(since=day),
            by=world.callers["province_admin"].actor,
            now=now,
        )
        named += 1
