"""What a lot may claim with a diary behind it, from the database up."""

import pytest
from sqlmodel import Session

from app.kit.quantities import Grams
from app.ledger.queries import history_of
from app.lots.evidence import claims_recorded, findings_of
from app.lots.harvests import Part
from app.lots.waiting_commands import refresh_waiting
from app.models.inputs import Permission
from app.models.lots import HarvestLot
from tests.given import Given
from tests.lots.growing import Growing


@pytest.fixture
def told(session: Session, given: Given):
    def claims(lot: HarvestLot) -> dict[str, bool]:
        session.flush()
        found = findings_of(session, lot, today=given.day(0))
        return {claim.kind: claim.granted for claim in found.claims}

    return claims


def test_a_spray_whose_time_is_over_is_kept(given: Given, growing: Growing, told) -> None:
    area = given.area()
    given.certificate(area)
    planting = growing.planting(area)
    growing.spray(planting, -8, product=growing.product(interval=7))
    found = told(given.lot(area, harvested_on=given.day(-1)))
    assert (found["waiting_time"], found["inputs"], found["vietgap"]) == (True, True, True)


def test_a_day_too_early_is_broken_and_the_lot_waits_until_its_day(
    session: Session, given: Given, growing: Growing, told
) -> None:
    area = given.area()
    given.certificate(area)
    growing.spray(growing.planting(area), -7, product=growing.product(interval=7))
    lot = given.lot(area, harvested_on=given.day(-1))
    found = told(lot)
    assert (found["waiting_time"], found["vietgap"]) == (False, False)
    assert lot.sellable_from == given.day(0)
    assert findings_of(session, lot, today=given.day(0)).sellable_from == given.day(0)


def test_a_spray_on_another_plot_does_not_count(given: Given, growing: Growing, told) -> None:
    area = given.area()
    member = given.grower(growing.home(area))
    one, two = (growing.plot(area, member, name) for name in ("Thửa 1", "Thửa 2"))
    planting = growing.planting(area, one, two)
    growing.spray(planting, -3, product=growing.product(), plots=(one,))
    growing.spray(planting, -20, product=growing.product("Khác 5EC"), plots=(two,))

    def lot(*plots) -> HarvestLot:
        parts = tuple(Part(Grams(50_000), planting.uid, plot.uid) for plot in plots)
        return given.lot(area, kilograms=50 * len(plots), parts=parts)

    assert told(lot(one))["waiting_time"] is False
    assert told(lot(two))["waiting_time"] is True
    assert told(lot(one, two))["waiting_time"] is False


def test_of_a_lot_without_parts_every_planting_of_its_crop_counts(
    given: Given, growing: Growing, told
) -> None:
    area = given.area(crops=("BAP_CAI", "SU_HAO"))
    clean, sprayed = growing.planting(area), growing.planting(area)
    other = growing.planting(area, crop="SU_HAO")
    product = growing.product()
    growing.spray(other, -2, product=product)
    growing.spray(clean, -30, product=product)
    assert told(given.lot(area))["waiting_time"] is True
    growing.spray(sprayed, -2, product=product)
    assert told(given.lot(area))["waiting_time"] is False
    part = (Part(Grams(250_000), clean.uid),)
    assert told(given.lot(area, parts=part))["waiting_time"] is True


def test_without_a_planting_nothing_is_known_and_nothing_is_claimed_of_it(
    given: Given, told
) -> None:
    area = given.area()
    given.certificate(area)
    found = told(given.lot(area))
    assert (found["waiting_time"], found["inputs"], found["vietgap"]) == (False, False, True)


def test_a_spray_nobody_knows_the_interval_of_is_never_kept(
    given: Given, growing: Growing, told
) -> None:
    area = given.area()
    given.certificate(area)
    product = growing.product(interval=None)
    growing.spray(growing.planting(area), -60, product=product)
    found = told(given.lot(area))
    assert (found["waiting_time"], found["inputs"], found["vietgap"]) == (False, True, False)


@pytest.mark.parametrize(
    ("product", "permitted"),
    [
        ({}, True),
        ({"permission": Permission.BANNED}, False),
        ({"permission": Permission.REMOVED}, False),
        ({"words": "lúa", "group": ""}, False),
        (None, False),
    ],
)
def test_only_permitted_inputs_let_it_claim(
    given: Given, growing: Growing, told, product: dict | None, permitted: bool
) -> None:
    area = given.area()
    planting = growing.planting(area)
    used = None if product is None else growing.product(**product)
    growing.spray(planting, -30, product=used, interval=7)
    found = told(given.lot(area))
    assert found["inputs"] is permitted
    assert found["waiting_time"] is True


def test_a_banned_active_under_any_name_is_found(given: Given, growing: Growing, told) -> None:
    area = given.area()
    growing.spray(growing.planting(area), -30, name="Methamidophos 50EC", interval=7)
    assert told(given.lot(area))["inputs"] is False


@pytest.mark.parametrize(("organic", "claimed"), [(True, True), (False, False), (None, False)])
def test_organic_looks_back_over_other_crops_of_the_same_land(
    given: Given, growing: Growing, told, organic: bool | None, claimed: bool
) -> None:
    area = given.area(crops=("BAP_CAI", "SU_HAO"))
    given.certificate(area, standard="ORGANIC_2017", number="HC-9")
    before = growing.planting(area, crop="SU_HAO", sown=-170)
    growing.spray(before, -150, product=growing.product(organic=organic))
    growing.spray(growing.planting(area), -30, product=growing.product("Bio 1", organic=True))
    assert told(given.lot(area))["organic"] is claimed


def test_what_is_written_later_changes_today_and_never_what_was_recorded(
    session: Session, given: Given, growing: Growing, told
) -> None:
    area = given.area()
    planting = growing.planting(area)
    growing.spray(planting, -30, product=growing.product())
    lot = given.lot(area, harvested_on=given.day(-1))
    assert told(lot)["waiting_time"] is True
    growing.spray(planting, -3, product=growing.product("Muộn 1EC"))
    assert told(lot)["waiting_time"] is False
    assert claims_recorded(session, lot)["waiting_time"][0] is True
    assert lot.sellable_from is None
    assert refresh_waiting(session, now=given.now) == 1
    assert lot.sellable_from == given.day(4)
    assert refresh_waiting(session, now=given.now) == 0
    assert [fact.kind for fact in history_of(session, lot.code)] == [
        "lot.recorded",
        "lot.waiting_changed",
    ]
