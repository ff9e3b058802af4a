"""What stands on the areas of the demonstration, and what its diaries say: mostly well, thrice not."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlmodel import col

from app.catalogue.input_commands import ProductDetails, UseDetails, add_product, set_use
from app.catalogue.input_law_commands import PermissionDetails, set_permission
from app.demo.cast import HOMES
from app.demo.seasons import harvested
from app.demo.world import World
from app.diary.book import Book
from app.diary.entry_commands import Pen, write_into
from app.diary.planting_commands import PlantingDetails, end_planting, start_planting
from app.diary.writing import Using, Writing
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.lots.harvests import Harvest
from app.models.base import new_uid
from app.models.catalogue import Confidence, Crop
from app.models.diary import Planting, Work
from app.models.inputs import InputKind, Permission
from app.models.registry import PlantingArea

# Fictional products, so that nothing is said of a real label: name, active, crops, days to wait.
MANURE = "Phân chuồng hoai mục"
# Nothing goes on this land that organic production does not permit; the first product does.
ORGANIC_HOME = "sa-pa"
PRODUCTS = (
    ("Sinh học Tả Van 3EC (minh hoạ)", "azadirachtin", "rau", 3),
    ("Trừ sâu Mường Hum 5WG (minh hoạ)", "emamectin benzoate", "rau cải", 7),
    ("Trừ nấm Nậm Cang 50SC (minh hoạ)", "azoxystrobin", "rau", 5),
)
LAW = "Danh mục minh hoạ"
SOWN_AGO = 170
FORMER_SOWN_AGO = 470
FORMER_ENDED_AGO = 276
PERENNIAL_SOWN_AGO = 820
# Done so many days after sowing: the work, the place in PRODUCTS or the name of what was used.
ROUTINE: tuple[tuple[int, Work, int | str | None], ...] = (
    (-2, Work.SOIL, MANURE),
    (0, Work.SOWING, None),
    (6, Work.WATERING, None),
    (16, Work.FERTILISING, "NPK 16-16-8"),
    (24, Work.PEST_CHECK, None),
    (25, Work.SPRAYING, 0),
    (40, Work.SPRAYING, 2),
    (45, Work.DISPOSAL, None),
    (55, Work.WEEDING, None),
)


def plan_diaries(world: World) -> None:
    """Plantings and diaries for the areas that harvest, and the cases worth seeing."""
    world.plan(world.at(880, hour=7), partial(_list_products, world))
    books: dict[str, Book] = {}
    for home in HOMES:
        for number, area in enumerate(world.areas[home.key]):
            for crop in world.crops[area.pk]:
                _plan_planting(world, books, home.key, area, crop, former=number == 0)
    _plan_short_wait(world, books)
    _plan_late(world, books)
    _plan_banned(world, books)


def _list_products(world: World, now: datetime) -> None:
    officer = world.callers["province_admin"].actor
    compost = ProductDetails(InputKind.FERTILISER, MANURE, organic_permitted=True)
    add_product(world.session, details=compost, by=officer, now=now)
    for number, (name, active, crops, days) in enumerate(PRODUCTS):
        details = ProductDetails(
            InputKind.PESTICIDE,
            name,
            (active,),
            "Công ty minh hoạ",
            organic_permitted=number == 0,
        )
        product = add_product(world.session, details=details, by=officer, now=now)
        use = UseDetails(crop_words=crops, interval_days=days)
        set_use(world.session, product=product, details=use, by=officer, now=now)
        listed = PermissionDetails(Permission.PERMITTED, day_of(now), LAW, Confidence.UNVERIFIED)
        set_permission(world.session, product=product, details=listed, by=officer, now=now)


def _plan_planting(
    world: World,
    books: dict[str, Book],
    key: str,
    area: PlantingArea,
    crop: str,
    *,
    former: bool,
) -> None:
    if _is_perennial(world, crop):
        _plan_stand(world, books, key, area, crop, sown_ago=PERENNIAL_SOWN_AGO, ended_ago=None)
        return
    if former:
        _plan_stand(
            world, books, key, area, crop, sown_ago=FORMER_SOWN_AGO, ended_ago=FORMER_ENDED_AGO
        )
    _plan_stand(world, books, key, area, crop, sown_ago=SOWN_AGO, ended_ago=None)


def _plan_stand(
    world: World,
    books: dict[str, Book],
    key: str,
    area: PlantingArea,
    crop: str,
    *,
    sown_ago: int,
    ended_ago: int | None,
) -> None:
    def begin(now: datetime) -> None:
        planting = _start(world, key, area, crop, sown_on=day_of(now))
        for after, work, used in ROUTINE:
            if key == ORGANIC_HOME and used not in {None, MANURE, 0}:
                continue
            when = now + timedelta(days=max(after, 0), hours=7)
            writing = _writing(planting, work, day_of(now) + timedelta(days=after), used)
            world.plan(min(when, world.now), partial(_write, world, books, key, writing))
        if ended_ago is not None:
            world.plan(world.at(ended_ago, hour=15), partial(_end, world, key, planting))

    world.plan(world.at(sown_ago, hour=8), begin)


def _start(world: World, key: str, area: PlantingArea, crop: str, *, sown_on: date) -> Planting:
    shared = len(world.crops[area.pk])
    details = PlantingDetails(
        planting_area=area.uid,
        crop=crop,
        sown_on=sown_on,
        harvest_from=sown_on + timedelta(days=58),
        area=SquareMetres(area.area_m2 * 9 // (10 * shared)),
    )
    return start_planting(
        world.session,
        organisation=world.organisations[key],
        details=details,
        by=world.clerk(key),
        now=world.at((world.today - sown_on).days, hour=8),
    )


def _end(world: World, key: str, planting: Planting, now: datetime) -> None:
    end_planting(
        world.session, planting=planting, ended_on=day_of(now), by=world.clerk(key), now=now
    )


def _writing(planting: Planting, work: Work, done_on: date, used: int | str | None) -> Writing:
    name = PRODUCTS[used][0] if isinstance(used, int) else used
    sprayed = isinstance(used, int)
    # Half a litre a hectare of what is sprayed, half a tonne of what is spread.
    amount = planting.area_m2 * (50 if sprayed else 50_000) if name else None
    using = Using(
        name=name or "",
        amount=amount,
        unit="ml" if sprayed else "g",
        water_ml=planting.area_m2 * 50 if sprayed else None,
        batch_number=f"LO-{done_on:%y%m}" if sprayed else "",
    )
    return Writing(
        planting=planting.uid,
        work=work,
        done_on=done_on,
        pest="sâu ăn lá" if sprayed else "",
        inputs=(using,) if name else (),
    )


def _write(world: World, books: dict[str, Book], key: str, writing: Writing, now: datetime) -> None:
    book = books.setdefault(key, Book(world.session, world.organisations[key]))
    pen = Pen(world.clerk(key), now)
    write_into(book, replace(writing, uid=new_uid(), written_at=now), pen=pen)


def _plan_short_wait(world: World, books: dict[str, Book]) -> None:
    """Sprayed, and harvested before the days to wait were over: the lot cannot claim."""
    area = world.areas["bac-ha"][1]

    def spray(now: datetime) -> None:
        planting = _standing(world, area, "CAI_MEO")
        _write(world, books, "bac-ha", _writing(planting, Work.SPRAYING, day_of(now), 1), now)

    def harvest(now: datetime) -> None:
        planting = _standing(world, area, "CAI_MEO")
        picked = Writing(planting.uid, Work.HARVEST, day_of(now), quantity=Grams(80_000))
        _write(world, books, "bac-ha", picked, now)
        lot = Harvest(area.uid, "CAI_MEO", day_of(now), Grams(80_000))
        harvested(world, "bac-ha", lot, now, labelled=False)

    world.plan(world.at(6, hour=8), spray)
    world.plan(world.at(2, hour=9), harvest)


def _plan_late(world: World, books: dict[str, Book]) -> None:
    """Written down three weeks after it was done."""
    area = world.areas["bac-ha"][0]

    def note(now: datetime) -> None:
        planting = _standing(world, area, "BAP_CAI")
        done_on = day_of(now) - timedelta(days=21)
        _write(world, books, "bac-ha", _writing(planting, Work.SPRAYING, done_on, 0), now)

    world.plan(world.at(1, hour=20), note)


def _plan_banned(world: World, books: dict[str, Book]) -> None:
    """A banned product, written down as it happened: the cooperative and the province are told."""
    area = world.areas["si-ma-cai"][0]

    def note(now: datetime) -> None:
        planting = _standing(world, area, "BAP_CAI")
        used = Using("Furadan 3G", amount=2_000_000, unit="g")
        written = Writing(planting.uid, Work.SPRAYING, day_of(now), pest="sùng đất", inputs=(used,))
        _write(world, books, "si-ma-cai", written, now)

    world.plan(world.at(9, hour=16), note)


def _standing(world: World, area: PlantingArea, crop: str) -> Planting:
    wanted = (
        select(Planting)
        .join(Crop, col(Crop.id) == col(Planting.crop_id))
        .where(
            col(Planting.area_id) == area.pk,
            col(Crop.slug) == crop,
            col(Planting.ended_on).is_(None),
        )
    )
    planting: Planting = world.session.execute(wanted).scalars().one()
    return planting


def _is_perennial(world: World, crop: str) -> bool:
    wanted = select(col(Crop.perennial)).where(col(Crop.slug) == crop)
    return bool(world.session.execute(wanted).scalar_one())
