"""Recording harvests and what may become of a lot."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.errors import NotFound, Refused
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.lots.commands import amend_lot, recall_lot, seal_lot, withdraw_lot
from app.lots.harvests import Correction
from app.lots.queries import lot_by_code, lots_like
from app.models.lots import LotState
from tests.given import Given

BY = Actor.system()


def refused(effect) -> set[str]:
    with pytest.raises(Refused) as refusal:
        effect()
    return {fault.field for fault in refusal.value.fields}


def test_a_recorded_lot_has_a_code_and_a_fact(session: Session, given: Given) -> None:
    lot = given.lot(kilograms=250)
    session.flush()
    facts = history_of(session, lot.code)
    assert [fact.kind for fact in facts] == ["lot.recorded"]
    assert facts[0].facts["quantity_g"] == 250_000
    assert facts[0].position == lot.ledger_position


@pytest.mark.parametrize("kilograms", [0, -5, 200_000])
def test_an_absurd_quantity_is_refused(given: Given, kilograms: int) -> None:
    assert refused(lambda: given.lot(kilograms=kilograms)) == {"quantity_g"}


def test_more_than_the_land_can_bear_is_refused(given: Given) -> None:
    area = given.area(area_m2=1000)
    assert refused(lambda: given.lot(area, kilograms=20_001)) == {"quantity_g"}
    assert given.lot(area, kilograms=20_000).quantity_g == 20_000_000


def test_a_harvest_in_the_future_is_refused(given: Given) -> None:
    assert refused(lambda: given.lot(harvested_on=given.day(1))) == {"harvested_on"}


def test_a_harvest_before_the_area_existed_is_refused(given: Given) -> None:
    area = given.area(established_on=given.day(-30))
    assert refused(lambda: given.lot(area, harvested_on=given.day(-31))) == {"harvested_on"}
    assert given.lot(area, harvested_on=given.day(-30))


def test_a_crop_that_is_not_grown_there_is_refused(given: Given) -> None:
    area = given.area(crop="BAP_CAI")
    assert refused(lambda: given.lot(area, crop="SU_SU")) == {"crop"}
    assert refused(lambda: given.lot(area, crop="KHONG_CO")) == {"crop"}


def test_everything_that_is_wrong_is_said_at_once(given: Given) -> None:
    area = given.area(crop="BAP_CAI")
    wrong = refused(
        lambda: given.lot(
            area,
            crop="SU_SU",
            kilograms=0,
            harvested_on=given.day(2),
            packed_on=given.day(-1),
            best_before=given.day(-2),
        )
    )
    assert wrong == {"crop", "quantity_g", "harvested_on", "packed_on", "best_before"}


def test_a_grower_must_have_been_a_member_on_the_day(session: Session, given: Given) -> None:
    area = given.area()
    holder = session.get_one(type(given.cooperative()), area.organisation_id)
    late = given.grower(holder, since=given.day(-2))
    assert refused(lambda: given.lot(area, harvested_on=given.day(-3), grower=late.uid)) == {
        "grower"
    }
    assert given.lot(area, harvested_on=given.day(-2), grower=late.uid)


def test_another_organisations_area_is_not_there(session: Session, given: Given) -> None:
    lot = given.lot()
    stranger = given.cooperative()
    session.flush()
    with pytest.raises(NotFound):
        lot_by_code(session, lot.code, within=Reach.own(stranger.pk))
    assert lot_by_code(session, lot.code, within=Reach.all()) is lot


def correction(kilograms: int) -> Correction:
    return Correction(Grams(kilograms * 1000), None, None, "")


def test_an_open_lot_can_be_corrected_and_the_ledger_keeps_both(
    session: Session, given: Given
) -> None:
    lot = given.lot(kilograms=100)
    amend_lot(session, lot=lot, correction=correction(90), by=BY, now=given.now)
    before, after = history_of(session, lot.code)[-1].facts.values()
    assert {json.dumps(one)[:20] for one in (before, after)}
    quantities = {one["quantity_g"] for one in (before, after)}
    assert quantities == {100_000, 90_000}


def test_a_sealed_lot_cannot_be_corrected(session: Session, given: Given) -> None:
    lot = given.lot()
    seal_lot(session, lot=lot, by=BY, now=given.now)
    with pytest.raises(Refused):
        amend_lot(session, lot=lot, correction=correction(1), by=BY, now=given.now)


def test_a_recalled_lot_stays_recalled(session: Session, given: Given) -> None:
    lot = given.lot()
    recall_lot(session, lot=lot, reason="dư lượng vượt mức", by=BY, now=given.now)
    for change in (seal_lot, None):
        with pytest.raises(Refused):
            if change:
                change(session, lot=lot, by=BY, now=given.now)
            else:
                withdraw_lot(session, lot=lot, reason="ghi nhầm rồi", by=BY, now=given.now)
    assert lot.state is LotState.RECALLED


def test_a_recall_needs_a_reason(session: Session, given: Given) -> None:
    lot = given.lot()
    assert refused(lambda: recall_lot(session, lot=lot, reason="  ", by=BY, now=given.now)) == {
        "reason"
    }


def test_a_lot_is_found_by_letters_without_diacritics(session: Session, given: Given) -> None:
    area = given.area(given.cooperative("Hợp tác xã Đồng Tuyển"), name="Bãi Soi")
    lot, other = given.lot(area), given.lot()
    session.flush()
    for words in ("dong tuyen", "BẮP CẢI bai soi", lot.code[2:8].lower()):
        found = {line.lot.code for line in lots_like(session, words, within=Reach.all()).items}
        assert lot.code in found
    assert other.code not in {
        line.lot.code for line in lots_like(session, "dong tuyen", within=Reach.all()).items
    }


def test_pages_of_lots_meet_without_gap_or_overlap(session: Session, given: Given) -> None:
    area = given.area()
    made = [given.lot(area, harvested_on=given.day(-1) - timedelta(days=i)).code for i in range(7)]
    session.flush()
    seen: list[str] = []
    after = None
    while True:
        page = lots_like(session, "", within=Reach.all(), after=after, limit=3)
        seen += [line.lot.code for line in page.items]
        after = page.next
        if after is None:
            break
    assert seen == made[::-1]
