"""What should not be left so: each list holds what it should, and not what lies just beside it."""

import csv
import io
from datetime import date, timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.catalogue.queries import crop_by_slug
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.lots.commands import record_lot
from app.lots.harvests import Harvest
from app.models.accounts import Role
from app.models.contracts import Contract, ContractState
from app.models.places import AdminUnit
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from app.plan.advice_queries import (
    areas_without_codes,
    certificates_without_visits,
    codes_without_lots,
)
from app.plan.grounds import Narrowed, districts_by_commune
from app.plan.rollup import rebuild
from app.plan.rotation_queries import rotation_conflicts
from app.plan.supply_queries import coming, spread, supply
from tests.diary.growing import Growing
from tests.given import Given
from tests.inspection.visiting import visited

ALL = Reach.all()
EN = {"accept-language": "en", "cookie": "lang=en"}


def test_one_family_after_itself_on_common_land_is_told(session: Session, given: Given) -> None:
    growing, today = Growing(given), day_of(given.now)
    area = given.area(crop="BAP_CAI")
    here, there = growing.plot(area).uid, growing.plot(area).uid
    growing.planting(area, sown=-300, plots=(here,)).ended_on = given.day(-200)
    beside = growing.planting(area, sown=-90, plots=(there,))
    again = growing.planting(area, sown=-90, plots=(here,))
    told = rotation_conflicts(session, within=ALL, day=today)
    assert [one.planting for one in told] == [again.uid]
    assert beside.uid not in {one.planting for one in told}
    assert (told[0].before.slug, told[0].ended_on) == ("BAP_CAI", given.day(-200))
    assert not rotation_conflicts(session, within=Reach.own(0), day=today)
    # A year and more after the first had ended nothing speaks against it.
    assert not rotation_conflicts(session, within=ALL, day=given.day(500))


def test_declarations_prove_a_repetition_only_where_land_must_have_borne_both(
    session: Session, given: Given
) -> None:
    today = day_of(given.now)
    area = given.area(area_m2=20_000)
    days = {"harvest_from": -120, "harvest_to": -100}
    given.season(area, starts=-200, sown=SquareMetres(12_000), **days)
    given.season(area, starts=-60, sown=SquareMetres(8_000))
    assert not rotation_conflicts(session, within=ALL, day=today)
    given.season(area, starts=-50, sown=SquareMetres(12_000))
    # 8,000 of the second and 12,000 of the third need no common land with the first two at once:
    # only what follows what is compared, so that the third stands in 8,000 m² beside the second.
    other = given.area(area_m2=20_000)
    given.season(other, starts=-200, sown=SquareMetres(12_000), **days)
    season = given.season(other, starts=-60, sown=SquareMetres(9_000))
    (told,) = rotation_conflicts(session, within=ALL, day=today)
    assert (told.season, told.land_m2) == (season.uid, 1_000)


def test_areas_without_a_code_in_force(session: Session, given: Given) -> None:
    today = day_of(given.now)
    bare, coded, waiting, closed = (given.area() for _ in range(4))
    given.code(coded)
    request = given.application(waiting)
    closed.closed_on = given.day(-1)
    session.flush()
    told = {one.ground.uid: one for one in areas_without_codes(session, within=ALL, day=today)}
    assert set(told) == {bare.uid, waiting.uid}
    assert (told[bare.uid].application, told[waiting.uid].application) == (None, request.uid)
    # Before its decision the code was none.
    before = areas_without_codes(session, within=ALL, day=given.day(-61))
    assert coded.uid in {one.ground.uid for one in before}
    district = Narrowed(district="085")
    assert len(areas_without_codes(session, within=ALL, day=today, narrowed=district)) == 2
    elsewhere = Narrowed(district="088")
    assert not areas_without_codes(session, within=ALL, day=today, narrowed=elsewhere)


def test_codes_without_lots_and_certificates_without_visits(session: Session, given: Given) -> None:
    today = day_of(given.now)
    idle, used, young = (given.area(established_on=given.day(-900)) for _ in range(3))
    code = given.code(idle, decided_on=given.day(-60))
    given.code(used, decided_on=given.day(-60))
    given.code(young, decided_on=given.day(-10))
    given.lot(used)
    assert not codes_without_lots(session, within=ALL, day=today)
    (told,) = codes_without_lots(session, within=ALL, day=given.day(320))
    assert (told.code, told.last_harvest) == (code.code, None)

    days = {"issued_on": given.day(-500), "valid_from": given.day(-500)}
    old = given.certificate(idle, **days)
    seen = given.certificate(used, **days)
    given.certificate(young, issued_on=given.day(-20), valid_from=given.day(-20))
    visited(session, given, session.get_one(Organisation, used.organisation_id))
    found = certificates_without_visits(session, within=ALL, day=today)
    assert [one.uid for one in found] == [old.uid]
    assert seen.uid not in {one.uid for one in found}


def test_a_month_with_more_than_the_usual_warns(session: Session, given: Given) -> None:
    today = day_of(given.now)
    area = given.area(area_m2=50_000)
    _harvest(session, given, area, today - timedelta(days=360), 10_000)
    given.season(area, starts=-20, harvest_from=1, harvest_to=9, expected_output=Grams(13_000_000))
    session.flush()
    rebuild(session, given.now)
    (line,) = supply(session, within=ALL, day=today)
    assert (line.expected_g, line.usual_g, line.percent) == (13_000_000, 10_000_000, 130)
    assert not line.warned  # 130 % is not more than 130 %
    given.season(
        given.area(), starts=-20, harvest_from=1, harvest_to=9, expected_output=Grams(100_000)
    )
    (line,) = supply(session, within=ALL, day=today)
    assert line.warned
    # Contracts that take it make it wanted.
    session.add(_contract(given, area, Grams(20_000_000)))
    session.flush()
    (line,) = supply(session, within=ALL, day=today)
    assert (line.agreed_g, line.warned) == (20_000_000, False)
    crop = crop_by_slug(session, "BAP_CAI")
    parts = coming(session, crop, (line.year, line.month), within=ALL, day=today)
    assert sum(one.part_g for one in parts) == line.expected_g
    assert parts[0].ground.area_id == area.pk


def test_a_harvest_over_several_months_is_spread_without_loss(given: Given) -> None:
    parts = dict(spread(1_001, given.day(0), given.day(70)))
    assert sum(parts.values()) == 1_001
    assert set(parts) == {(2026, 11), (2026, 12), (2027, 1)}
    assert parts[2026, 12] == max(parts.values())


def test_a_former_district_is_known_of_communes_old_and_new(facts: Session, given: Given) -> None:
    districts = dict(map(tuple, facts.execute(districts_by_commune())))
    area = given.area()
    unit = facts.get_one(AdminUnit, districts[area.commune_id])
    assert unit.code == "085"


@pytest.mark.parametrize("slug", ["rotation", "uncoded", "idle-codes", "unvisited", "borders"])
def test_a_list_is_a_page_and_two_files(
    client: TestClient, session: Session, given: Given, slug: str
) -> None:
    given.area(name="=Vùng lạ")
    who = given.headers(Role.INSPECTOR) | EN
    session.commit()
    answer = client.get(f"/desk/plan/lists/{slug}", headers=who)
    assert answer.status_code == 200
    if slug != "uncoded":
        assert "=Vùng lạ" not in answer.text
        return
    assert "1 entry" in answer.text
    file = client.get(f"/desk/plan/lists/{slug}/table.csv", headers=who)
    (row,) = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))[1:]
    assert row[0] == "'=Vùng lạ"  # no formula
    assert row[4] == "2"
    assert client.get(f"/desk/plan/lists/{slug}/table.xlsx", headers=who).content[:2] == b"PK"
    assert client.get(f"/desk/plan/lists/{slug}/table.exe", headers=who).status_code == 404
    wrong = client.get(f"/desk/plan/lists/{slug}", params={"district": "x"}, headers=who)
    assert wrong.status_code == 422


def _harvest(session: Session, given: Given, area: PlantingArea, day: date, kilograms: int) -> None:
    record_lot(
        session,
        organisation=session.get_one(Organisation, area.organisation_id),
        harvest=Harvest(
            area=area.uid, crop="BAP_CAI", harvested_on=day, quantity=Grams(kilograms * 1000)
        ),
        by=Actor.system(),
        now=given.now,
    )


def _contract(given: Given, area: PlantingArea, quantity: Grams) -> Contract:
    """Signed, for this month."""
    return Contract(
        organisation_id=area.organisation_id,
        buyer_id=given.organisation(OrganisationKind.ENTERPRISE).pk,
        number="HĐ-1",
        number_key="hd 1",
        crop_id=crop_by_slug(given.session, "BAP_CAI").pk,
        quantity_g=quantity.value,
        starts_on=given.day(0),
        ends_on=given.day(10),
        state=ContractState.SIGNED,
        signed_on=given.day(-3),
        recorded_at=given.now,
    )
