"""Products of three cooperatives with their GTINs, a carton, and the location numbers of two.

All begin with 952: GS1 keeps these numbers for demonstrations, so that none can be anybody's goods.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.catalogue.gs1_key_commands import number_location, register_prefix
from app.catalogue.product_commands import ProductDetails, register_product
from app.catalogue.product_queries import proposed_gtin
from app.demo.world import World
from app.kit.gs1_checks import check_digit
from app.labels.run_content import STORAGE, WARNINGS
from app.models.products import CompanyPrefix, Product

REGISTERED_DAYS_AGO = 45
PREFIXES = {"bac-ha": "9521101", "sa-pa": "9521102", "bat-xat": "9521103"}


@dataclass(frozen=True)
class Good:
    """One pack: crop, its names in three languages, grams, and the days it keeps."""

    crop: str
    names: tuple[str, str, str]
    pack_g: int
    days: int
    storage: int = 0
    in_cartons_of: int = 0


GOODS: dict[str, tuple[str, tuple[Good, ...]]] = {
    "bac-ha": (
        "Sương Bản Phố",
        (
            Good("BAP_CAI", ("Bắp cải Bản Phố", "Ban Pho cabbage", "版铺卷心菜"), 800, 10, 0, 12),
            Good("SU_HAO", ("Su hào Bản Phố", "Ban Pho kohlrabi", "版铺苤蓝"), 500, 12),
            Good("CAI_MEO", ("Cải mèo Bản Phố", "Ban Pho mustard greens", "版铺猫芥菜"), 300, 4, 1),
        ),
    ),
    "sa-pa": (
        "Nắng Tả Phìn",
        (
            Good("SU_SU", ("Su su Can Ngài", "Can Ngai chayote", "干艾佛手瓜"), 1000, 14, 0, 10),
            Good("CA_CHUA", ("Cà chua Suối Thầu", "Suoi Thau tomatoes", "水头番茄"), 500, 7),
        ),
    ),
    "bat-xat": (
        "Mây Y Tý",
        (Good("BAP_CAI", ("Bắp cải Y Tý", "Y Ty cabbage", "伊底卷心菜"), 1000, 10),),
    ),
}


def plan_products(world: World) -> None:
    """Registered a few weeks ago, before the first of them were printed."""
    when = world.at(REGISTERED_DAYS_AGO, 8)
    for key in GOODS:
        world.plan(when, partial(_register, world, key))


def _register(world: World, key: str, now: datetime) -> None:
    home = world.organisations[key]
    prefix = register_prefix(
        world.session, organisation=home, prefix=PREFIXES[key], by=world.clerk(key), now=now
    )
    number_location(
        world.session,
        organisation=home,
        area=None,
        gln=_gln(prefix.prefix, 90_000),
        by=world.clerk(key),
        now=now,
    )
    number_location(
        world.session,
        organisation=home,
        area=world.areas[key][0],
        gln=_gln(prefix.prefix, 90_001),
        by=world.clerk(key),
        now=now,
    )
    brand, goods = GOODS[key]
    for good in goods:
        pack = _registered(world, key, _details(world, prefix, brand, good), now)
        if good.in_cartons_of:
            _registered(world, key, _details(world, prefix, brand, good, pack), now)


def _registered(world: World, key: str, details: ProductDetails, now: datetime) -> Product:
    return register_product(
        world.session,
        organisation=world.organisations[key],
        details=details,
        by=world.clerk(key),
        now=now,
    )


def _details(
    world: World, prefix: CompanyPrefix, brand: str, good: Good, held: Product | None = None
) -> ProductDetails:
    name, english, chinese = good.names
    carton = held is not None
    return ProductDetails(
        crop=good.crop,
        name_vi=f"Thùng {name[0].lower()}{name[1:]}" if carton else name,
        name_en=f"{english}, carton" if carton else english,
        name_zh=f"{chinese}（箱装）" if carton else chinese,
        brand=brand,
        gtin=proposed_gtin(world.session, prefix, held=held) or "",
        pack_g=None if carton else good.pack_g,
        holds=held.uid if held else None,
        holds_count=good.in_cartons_of if carton else None,
        best_before_days=good.days,
        storage=STORAGE[good.storage]["vi"],
        warning=WARNINGS[0]["vi"],
        marks_sold=not carton,
        marks_opened=not carton,
    )


def _gln(prefix: str, number: int) -> str:
    body = f"{prefix}{number:0{12 - len(prefix)}}"
    return body + check_digit(body)
