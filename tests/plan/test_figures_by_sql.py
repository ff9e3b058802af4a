"""Figures equal SQL that was written here, on the tables they come from, knowing nothing of the roll-up."""

from itertools import product
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.db import is_sqlite
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.diary import Work
from app.models.registry import PlantingArea
from app.places.queries import find_former_commune, successor_of
from app.plan.dimensions import Dimension, Figures
from app.plan.figures import figures
from app.plan.price_commands import PriceDetails, enter_price
from app.plan.rollup import refresh
from tests.given import Given
from tests.lots.growing import Growing

YEAR = 2026
DRILLS = 3
CROPS = ("BAP_CAI", "SU_SU", "DAU_CO_VE", "CA_CHUA")
# Bắc Hà, Sa Pa, Bát Xát in the west and in the east, Bảo Thắng: by former communes.
FORMER = ("02839", "03002", "02701", "02734", "02905")

PLACES = """
SELECT area.id AS area_id, area.uid AS area, area.area_m2, area.organisation_id,
    former.district_code AS district, present.code AS commune,
    CASE WHEN former.district_code = '088' OR former.code IN ('02692', '02701', '02707', '02713',
        '02719', '02722', '02725', '02728', '02731', '02737', '02740') THEN 'west'
        WHEN former.district_code IN ('083', '084', '085') THEN 'north_east' ELSE 'south' END AS axis
FROM planting_area area
JOIN admin_unit former ON former.id = area.former_commune_id
JOIN admin_unit present ON present.id = area.commune_id
"""
LAND = """
SELECT coalesce(sum(place.area_m2), 0) FROM ({places}) place
JOIN organisation ON organisation.id = place.organisation_id WHERE {where}
"""
SOWN = """
SELECT coalesce(sum(season.area_m2), 0), count(*), coalesce(sum(season.expected_output_g), 0)
FROM season_declaration season JOIN ({places}) place ON place.area_id = season.area_id
JOIN crop ON crop.id = season.crop_id
JOIN organisation ON organisation.id = place.organisation_id
WHERE {where}
"""
LOTS = """
SELECT coalesce(sum(lot.quantity_g), 0), count(*),
    coalesce(sum(CASE WHEN EXISTS (
        SELECT 1 FROM area_code code JOIN area_code_step step ON step.code_id = code.id
        WHERE code.area_id = lot.area_id AND step.effective_on <= lot.harvested_on)
        THEN lot.quantity_g ELSE 0 END), 0),
    coalesce(sum(CASE WHEN EXISTS (
        SELECT 1 FROM certificate held
        JOIN certificate_area listed ON listed.certificate_id = held.id
        JOIN certificate_crop grown ON grown.certificate_id = held.id
        WHERE listed.area_id = lot.area_id AND grown.crop_id = lot.crop_id
        AND lot.harvested_on BETWEEN held.valid_from AND held.valid_to)
        THEN lot.quantity_g ELSE 0 END), 0),
    coalesce(sum(CASE WHEN EXISTS (
        SELECT 1 FROM planting JOIN diary_entry entry ON entry.planting_id = planting.id
        WHERE planting.area_id = lot.area_id AND planting.crop_id = lot.crop_id
        AND planting.sown_on <= lot.harvested_on AND entry.work <> 'harvest')
        THEN lot.quantity_g ELSE 0 END), 0),
    coalesce(sum(lot.quantity_g * (
        SELECT price.dong_per_kg FROM crop_price price WHERE price.crop_id = lot.crop_id
        AND price.from_day <= lot.harvested_on AND (price.organisation_id = lot.organisation_id
            OR price.organisation_id IS NULL)
        ORDER BY price.organisation_id IS NULL, price.from_day DESC LIMIT 1) / 1000), 0)
FROM harvest_lot lot JOIN ({places}) place ON place.area_id = lot.area_id
JOIN crop ON crop.id = lot.crop_id
JOIN organisation ON organisation.id = lot.organisation_id
WHERE {where}
"""
COLUMNS = {
    Dimension.DISTRICT: "place.district",
    Dimension.COMMUNE: "place.commune",
    Dimension.AXIS: "place.axis",
    Dimension.ORGANISATION: "organisation.uid",
    Dimension.AREA: "place.area",
    Dimension.CROP: "crop.slug",
    Dimension.GROUP: "crop.policy_group",
    # Of the day on which a lot was harvested, and on which the harvest of a season begins.
    Dimension.SEASON: "CAST(substr(CAST({day} AS VARCHAR(10)), 6, 2) AS INTEGER)",
    Dimension.YEAR: "CAST(substr(CAST({day} AS VARCHAR(10)), 1, 4) AS INTEGER)",
}
NUMBERS = (Dimension.SEASON, Dimension.YEAR)
IN_2026 = "{day} BETWEEN '2026-01-01' AND '2026-12-31' AND "
UIDS = (Dimension.ORGANISATION, Dimension.AREA)
WITH_DIARY = 0.7
OF_LAND = (
    Dimension.DISTRICT,
    Dimension.COMMUNE,
    Dimension.AXIS,
    Dimension.ORGANISATION,
    Dimension.AREA,
)


def a_province(session: Session, given: Given, chance: Random) -> None:
    """Five areas of two cooperatives with seasons, lots, codes, certificates, diaries and prices."""
    homes = [given.cooperative() for _ in range(2)]
    for number, code in enumerate(FORMER):
        former = find_former_commune(session, code)
        present = successor_of(session, former) if former else None
        assert former
        assert present
        crops = CROPS[:2] if number % 2 else CROPS
        area = given.area(
            homes[number % 2],
            commune=present.code,
            former_commune=former.code,
            crops=crops,
            area_m2=chance.randint(20_000, 90_000),
        )
        if number != 1:
            given.code(area, decided_on=given.day(-150 + number))
        if number < 3:
            since = given.day(-200)
            given.certificate(area, crops=CROPS[:2], valid_from=since, issued_on=since)
        for crop in crops:
            a_season(given, Growing(session, given), area, crop, chance)
        # And something of the year before.
        given.season(
            area,
            crop=crops[0],
            sown=SquareMetres(chance.randint(1_000, 5_000)),
            starts=-395,
            harvest_from=-335,
            harvest_to=-325,
        )
        kilograms = chance.randint(50, 999)
        given.lot(area, crop=crops[0], kilograms=kilograms, harvested_on=given.day(-330))
    for owner, crop, since in product((None, homes[0]), CROPS[:3], (-320, -120)):
        price = PriceDetails(crop, chance.randint(3, 30) * 1_000, given.day(since))
        enter_price(session, organisation=owner, details=price, by=Actor.system(), now=given.now)


def a_season(given: Given, growing: Growing, area: PlantingArea, crop: str, chance: Random) -> None:
    """A declared season of a crop, mostly with a diary, and three harvests."""
    starts = chance.randint(-300, -200)
    given.season(
        area,
        crop=crop,
        sown=SquareMetres(chance.randint(1_000, 5_000)),
        starts=starts,
        harvest_from=starts + 60,
        harvest_to=starts + 190,
    )
    if chance.random() < WITH_DIARY:
        planting = growing.planting(area, crop=crop, sown=starts)
        growing.write(planting, Work.WATERING, starts + 3)
    for _ in range(3):
        day = given.day(starts + chance.randint(60, 190))
        given.lot(area, crop=crop, kilograms=chance.randint(50, 999), harvested_on=day)


def told_by_sql(session: Session, by: Dimension, key: str) -> dict[str, Any]:
    # SQLite keeps a public id as its digits alone.
    bare = by in UIDS and is_sqlite(session)
    told: Any = int(key) if by in NUMBERS else key
    given = {"key": key.replace("-", "") if bare else UUID(key) if by in UIDS else told}
    period = "" if by is Dimension.YEAR else IN_2026

    def ask(statement: str, day: str) -> list[int]:
        where = f"{period}{COLUMNS[by]} = :key".format(day=day)
        asked = statement.format(places=PLACES, where=where)
        return [int(value) for value in session.execute(text(asked), given).one()]

    sown, seasons, expected = ask(SOWN, "season.harvest_from")
    output, lots, coded, certified, diary, value = ask(LOTS, "lot.harvested_on")
    found = {
        "sown": sown,
        "seasons": seasons,
        "expected": expected,
        "output": output,
        "lots": lots,
        "coded": coded * 1000 // output if output else None,
        "certified": certified * 1000 // output if output else None,
        "diary": diary * 1000 // output if output else None,
        "value": value,
    }
    return found | ({"land": ask(LAND, "'2026-01-01'")[0]} if by in OF_LAND else {})


def told_by_us(by: Dimension, found: Figures) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sown": found.sown_m2.value or 0,
        "seasons": found.seasons,
        "expected": found.expected_g,
        "output": found.output_g.value or 0,
        "lots": found.lots,
        "coded": found.of_output.coded,
        "certified": found.of_output.certified,
        "diary": found.of_output.diary,
        "value": found.value_dong.value or 0,
    }
    return told | ({"land": found.land_m2.value or 0} if by in OF_LAND else {})


def test_figures_equal_independent_sql(session: Session, given: Given) -> None:
    chance = Random(8)
    a_province(session, given, chance)
    session.flush()
    assert refresh(session, given.now) == 0
    for by in COLUMNS:
        year = None if by is Dimension.YEAR else YEAR
        rows = [row for row in figures(session, year=year, by=by) if row.figures.lots]
        assert len(rows) > 1, by
        for row in chance.sample(rows, min(DRILLS, len(rows))):
            ours, theirs = told_by_us(by, row.figures), told_by_sql(session, by, row.key)
            assert ours == theirs, (by, row.key)
            assert theirs["output"], (by, row.key)
