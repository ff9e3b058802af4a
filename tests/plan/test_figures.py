"""Actual figures from a small world: each is what the records say, told apart by what it rests on."""

import pytest
from sqlmodel import Session

from app.errors import Refused
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.models.diary import Work
from app.models.plan import SAFE_VEGETABLES_2030
from app.models.plan_prices import PriceSource
from app.models.registry import Organisation, PlantingArea
from app.plan.comparing import Compared, plan_vs_actual
from app.plan.dimensions import Basis, Dimension, Figures
from app.plan.drilling import Behind, LotBehind, SeasonBehind, drill
from app.plan.figures import figures, total
from app.plan.price_commands import PriceDetails, enter_price
from app.plan.rollup import refresh
from app.registry.season_commands import end_season
from tests.contracting.agreeing import signed
from tests.given import Given
from tests.lots.growing import Growing
from tests.movements.moving import Moving

YEAR = 2026
BY = Actor.system()


def brought_up(session: Session, given: Given) -> Figures:
    session.flush()
    assert refresh(session, given.now) == 0
    return total(session, year=YEAR)


def told(session: Session, by: Dimension) -> dict[str, Figures]:
    return {row.key: row.figures for row in figures(session, year=YEAR, by=by)}


def a_year(given: Given, area: PlantingArea) -> None:
    """Two seasons one after the other on the same land."""
    given.season(area, starts=-200, harvest_from=-140, harvest_to=-120)
    given.season(area, starts=-100, harvest_from=-40, harvest_to=-20, crop="SU_SU")


def test_land_counts_once_and_sown_land_every_season(session: Session, given: Given) -> None:
    a_year(given, given.area(area_m2=10_001, crops=("BAP_CAI", "SU_SU")))
    found = brought_up(session, given)
    assert (found.land_m2.value, found.land_m2.basis) == (10_001, Basis.DECLARED)
    assert (found.sown_m2.value, found.sown_m2.basis) == (20_002, Basis.DECLARED)
    groups = [one.land_m2 for one in told(session, Dimension.GROUP).values() if one.land_m2.value]
    assert sorted(one.value or 0 for one in groups) == [5_000, 5_001]
    assert {one.basis for one in groups} == {Basis.ESTIMATED}
    assert total(session, year=2019).land_m2.value is None


def test_what_was_weighed_and_what_was_only_said_are_told_apart(
    session: Session, given: Given
) -> None:
    area = given.area(area_m2=10_000)
    season = given.season(area, starts=-200, harvest_from=-140, harvest_to=-120)
    given.lot(area, kilograms=700, harvested_on=given.day(-135))
    given.lot(area, kilograms=300, harvested_on=given.day(-125))
    end_season(
        session,
        season=season,
        actual=Grams(1_500_000),
        ended_on=given.day(-120),
        by=BY,
        now=given.now,
    )
    output = brought_up(session, given).output_g
    assert (output.value, output.basis) == (1_500_000, Basis.DECLARED)
    assert (output.measured, output.declared) == (1_000_000, 500_000)
    # 1.5 t from one hectare; a share is of what lots weighed.
    assert total(session, year=YEAR).yield_kg_per_ha.value == 1_500
    assert total(session, year=YEAR).of_output.certified == 0


def test_the_two_wholes_are_never_mixed(session: Session, given: Given) -> None:
    """Two seasons, one of them safe: half of the sown land, and all of the land at some time."""
    area = given.area(area_m2=10_000, crops=("BAP_CAI", "SU_SU"))
    a_year(given, area)
    given.code(area, decided_on=given.day(-300))
    given.certificate(area, crops=("BAP_CAI",))
    growing = Growing(session, given)
    growing.write(growing.planting(area, sown=-195), Work.WATERING, -190)
    found = brought_up(session, given)
    assert (found.of_land.safe, found.of_sown.safe) == (1000, 500)
    assert (found.of_land.coded, found.of_sown.coded) == (1000, 1000)
    assert found.of_sown.diary == 500


def test_a_commune_that_moved_counts_in_its_former_district(session: Session, given: Given) -> None:
    """Phường Lào Cai was made of communes of the city and of Bảo Thắng (1 July 2025)."""
    home = given.cooperative()
    for former, size in (("02647", 10_000), ("02911", 20_000), (None, 40_000)):
        given.area(home, area_m2=size, commune="02647", former_commune=former)
    found = brought_up(session, given)
    assert found.land_m2.value == 70_000
    by_district = told(session, Dimension.DISTRICT)
    land = {key: one.land_m2.value for key, one in by_district.items() if one.land_m2.value}
    # Where nobody said in which it lay, it is in neither.
    assert land == {"080": 10_000, "086": 20_000, "": 40_000}
    assert told(session, Dimension.COMMUNE)["02647"].land_m2.value == 70_000
    assert told(session, Dimension.AXIS)["south"].land_m2.value == 70_000


def test_value_rests_on_the_strongest_price_of_the_day(session: Session, given: Given) -> None:
    area = given.area()
    home = session.get_one(Organisation, area.organisation_id)
    given.lot(area, kilograms=100, harvested_on=given.day(-90))
    given.lot(area, kilograms=100, harvested_on=given.day(-50))
    given.lot(area, kilograms=100, harvested_on=given.day(-10))

    def price(dong: int, since: int, source: PriceSource, owner: Organisation | None) -> None:
        details = PriceDetails("BAP_CAI", dong, given.day(since), source)
        enter_price(session, organisation=owner, details=details, by=BY, now=given.now)

    assert brought_up(session, given).value_dong.value is None
    price(5_000, -60, PriceSource.ENTERED, None)
    price(7_000, -20, PriceSource.CONTRACT, home)
    price(9_000, -20, PriceSource.ENTERED, home)
    value = brought_up(session, given).value_dong
    assert (value.value, value.basis) == (500_000 + 700_000, Basis.ESTIMATED)
    assert (value.measured, value.declared, value.estimated) == (700_000, 0, 500_000)
    assert total(session, year=YEAR).priced_g == 200_000
    for dong in (0, -1, 10**9):
        with pytest.raises(Refused):
            price(dong, -5, PriceSource.ENTERED, home)


def test_a_contract_prices_what_was_sold_in_its_time(session: Session, given: Given) -> None:
    moving = Moving(given)
    area = given.area(moving.home)
    given.lot(area, kilograms=100, harvested_on=given.day(-40))
    given.lot(area, kilograms=100, harvested_on=given.day(-4))
    assert brought_up(session, given).value_dong.value is None
    contract = signed(moving, given.cooperative())
    value = brought_up(session, given).value_dong
    assert (value.value, value.measured) == (100 * (contract.price_dong or 0), value.value)


def test_a_number_leads_to_its_rows(session: Session, given: Given) -> None:
    area = given.area(crops=("BAP_CAI", "SU_SU"))
    a_year(given, area)
    lots = [given.lot(area, harvested_on=given.day(-120 - at)) for at in range(3)]
    given.lot(area, crop="SU_SU", harvested_on=given.day(-25))
    brought_up(session, given)
    where = {Dimension.CROP: "BAP_CAI", Dimension.DISTRICT: "085"}
    first = drill(session, year=YEAR, where=where, behind=Behind.LOTS, limit=2)
    rest = drill(session, year=YEAR, where=where, behind=Behind.LOTS, after=first.next, limit=2)
    found = [one.lot for one in (*first.items, *rest.items) if isinstance(one, LotBehind)]
    assert (found, rest.next) == (lots, None)
    seasons = drill(session, year=YEAR, where=where, behind=Behind.SEASONS).items
    assert [one.crop.slug for one in seasons if isinstance(one, SeasonBehind)] == ["BAP_CAI"]
    (behind,) = drill(session, year=YEAR, where=where).items
    assert behind.area.uid == area.uid
    assert not drill(session, year=2020, where=where).items


def test_every_target_is_held_against_what_is(session: Session, given: Given) -> None:
    area = given.area(area_m2=35_000, commune="02839")
    given.season(area, sown=SquareMetres(30_000), starts=-200, harvest_from=-140, harvest_to=-120)
    given.lot(area, kilograms=60_000, harvested_on=given.day(-130))
    brought_up(session, given)
    compared = plan_vs_actual(session, SAFE_VEGETABLES_2030, YEAR)
    assert {one.target.year for one in compared} == {2030}
    found: dict[tuple[str, str], Compared] = {
        (one.target.measure, one.target.scope_name): one for one in compared
    }
    land = found["area", "085"]
    assert (land.actual.value if land.actual else None, land.reached) == (35_000, 8)
    output = found["output_at_least", "10"].actual
    assert (output.value, output.basis) == (60_000, Basis.MEASURED) if output else False
    harvest = found["yield", "085"].actual
    assert harvest is not None
    assert harvest.value == 20_000
    assert all(one.actual is not None for one in compared)
    assert plan_vs_actual(session, "ANOTHER", YEAR) == []
