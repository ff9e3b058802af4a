"""A lot of several plots and members: no gram lost, none counted twice, nobody else's land."""

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from app.diary.entry_commands import Pen, correct_entry
from app.diary.writing import Writing
from app.errors import NotFound, Refused
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.lots.commands import amend_lot, withdraw_lot
from app.lots.harvests import Correction, Part
from app.lots.part_queries import parts_of
from app.models.diary import Work
from app.models.lots import HarvestLot
from app.registry.grower_commands import end_membership
from app.registry.grower_queries import memberships_of
from tests.given import Given
from tests.lots.growing import Growing

BY = Actor.system()


@pytest.fixture
def area(given: Given):
    return given.area(crops=("BAP_CAI", "SU_HAO"))


def why(effect) -> str:
    with pytest.raises(Refused) as refusal:
        effect()
    assert {fault.field for fault in refusal.value.fields} == {"parts"}
    return str(refusal.value.fields[0].why)


def grams(kilograms: float) -> Grams:
    return Grams(round(kilograms * 1000))


def test_what_each_member_brought_is_kept_and_told(
    session: Session, given: Given, growing: Growing, area
) -> None:
    one, two = (given.grower(growing.home(area)) for _ in range(2))
    plots = [growing.plot(area, who, f"Thửa {at}") for at, who in enumerate((one, two))]
    planting = growing.planting(area, *plots)
    parts = tuple(
        Part(grams(weight), planting.uid, plot.uid)
        for weight, plot in zip((80.5, 19.5), plots, strict=True)
    )
    lot = given.lot(area, kilograms=100, parts=parts)
    found = parts_of(session, lot)
    assert [part.source.quantity_g for part in found] == [80_500, 19_500]
    assert [part.grower for part in found] == [one, two]
    assert [part.planting for part in found] == [planting, planting]
    [fact] = history_of(session, lot.code)
    assert [part["quantity_g"] for part in fact.facts["parts"]] == [80_500, 19_500]


def test_parts_that_do_not_add_up_are_refused_and_nothing_is_kept(
    session: Session, given: Given, growing: Growing, area
) -> None:
    planting = growing.planting(area)
    parts = (Part(grams(60), planting.uid), Part(grams(39.999)))
    assert why(lambda: given.lot(area, kilograms=100, parts=parts)).startswith("The parts weigh")
    assert session.execute(select(func.count()).select_from(HarvestLot)).scalar_one() == 0


def test_a_planting_of_another_area_or_crop_is_refused(
    given: Given, growing: Growing, area
) -> None:
    elsewhere = given.area(growing.home(area))
    there, other = growing.planting(elsewhere), growing.planting(area, crop="SU_HAO")
    for planting, says in ((there, "stands in another area"), (other, "is of another crop")):
        parts = (Part(grams(250), planting.uid),)
        assert says in why(lambda parts=parts: given.lot(area, parts=parts))


def test_a_plot_of_another_area_is_refused_unless_the_planting_says_it_was_there(
    session: Session, given: Given, growing: Growing, area
) -> None:
    member = given.grower(growing.home(area))
    moved = growing.plot(area, member, "Thửa chuyển")
    planting = growing.planting(area, moved)
    moved.area_id = given.area(growing.home(area)).pk
    session.flush()
    assert "does not belong" in why(
        lambda: given.lot(area, parts=(Part(grams(250), None, moved.uid),))
    )
    assert given.lot(area, parts=(Part(grams(250), planting.uid, moved.uid),))
    never = growing.plot(area, member, "Thửa khác")
    never_there = (Part(grams(250), planting.uid, never.uid),)
    assert "does not belong" in why(lambda: given.lot(area, parts=never_there))


@pytest.mark.parametrize("what", ["planting", "plot", "grower", "entry"])
def test_what_belongs_to_another_cooperative_is_not_there(
    given: Given, growing: Growing, area, what: str
) -> None:
    other = given.area()
    member = given.grower(growing.home(other))
    plot = growing.plot(other, member, "Thửa người khác")
    planting = growing.planting(other, plot)
    entry = growing.harvest(planting, -1, 250)
    foreign = {"planting": planting.uid, "plot": plot.uid, "grower": member.uid, "entry": entry.uid}
    with pytest.raises(NotFound):
        given.lot(area, parts=(Part(grams(250), **{what: foreign[what]}),))


def test_a_harvest_before_it_was_sown_is_refused(given: Given, growing: Growing, area) -> None:
    planting = growing.planting(area, sown=-5)
    parts = (Part(grams(250), planting.uid),)
    assert "before it is sown" in why(
        lambda: given.lot(area, harvested_on=given.day(-6), parts=parts)
    )
    assert given.lot(area, harvested_on=given.day(-5), parts=parts)


def test_a_membership_that_ended_yesterday_brings_no_part_today(
    session: Session, given: Given, growing: Growing, area
) -> None:
    member = given.grower(growing.home(area))
    plot = growing.plot(area, member, "Thửa 1")
    session.flush()
    [membership] = memberships_of(session, member)
    end_membership(session, membership=membership, last_day=given.day(-1), by=BY, now=given.now)
    parts = (Part(grams(250), None, plot.uid),)
    assert "not a member" in why(lambda: given.lot(area, harvested_on=given.day(0), parts=parts))
    assert given.lot(area, harvested_on=given.day(-1), parts=parts)


def test_a_harvest_of_the_diary_becomes_a_lot_once(
    session: Session, given: Given, growing: Growing, area
) -> None:
    planting = growing.planting(area)
    entry = growing.harvest(planting, -1, 250)
    lot = given.lot(area, parts=(Part(grams(250), entry=entry.uid),))
    [part] = parts_of(session, lot)
    assert (part.planting, part.source.entry_id) == (planting, entry.pk)
    again = why(lambda: given.lot(area, parts=(Part(grams(250), entry=entry.uid),)))
    assert lot.code in again


def test_a_corrected_harvest_is_the_same_harvest(
    session: Session, given: Given, growing: Growing, area
) -> None:
    planting = growing.planting(area)
    entry = growing.harvest(planting, -1, 200)
    session.flush()
    later = correct_entry(
        session,
        entry=entry,
        writing=Writing(planting.uid, Work.HARVEST, given.day(-1), quantity=grams(250)),
        pen=Pen(BY, given.now),
    )
    assert "corrected since" in why(
        lambda: given.lot(area, parts=(Part(grams(250), entry=entry.uid),))
    )
    lot = given.lot(area, parts=(Part(grams(250), entry=later.uid),))
    session.flush()
    last = correct_entry(
        session,
        entry=later,
        writing=Writing(planting.uid, Work.HARVEST, given.day(-1), quantity=grams(260)),
        pen=Pen(BY, given.now),
    )
    wanted = (Part(grams(260), entry=last.uid),)
    assert lot.code in why(lambda: given.lot(area, kilograms=260, parts=wanted))


def test_a_lot_recorded_by_mistake_lets_its_entry_go(
    session: Session, given: Given, growing: Growing, area
) -> None:
    entry = growing.harvest(growing.planting(area), -1, 250)
    wanted = (Part(grams(250), entry=entry.uid),)
    lot = given.lot(area, parts=wanted)
    withdraw_lot(session, lot=lot, reason="ghi nhầm vùng", by=BY, now=given.now)
    session.flush()
    assert given.lot(area, parts=wanted).code != lot.code


def test_the_diary_says_how_much_and_when(given: Given, growing: Growing, area) -> None:
    entry = growing.harvest(growing.planting(area), -1, 250)
    light = (Part(grams(249), entry=entry.uid),)
    assert "The diary says 250 kg" in why(lambda: given.lot(area, kilograms=249, parts=light))
    full = (Part(grams(250), entry=entry.uid),)
    assert "harvested on" in why(lambda: given.lot(area, harvested_on=given.day(-2), parts=full))
    spray = growing.write(growing.planting(area), Work.WEEDING, -1)
    assert "no harvest" in why(lambda: given.lot(area, parts=(Part(grams(250), entry=spray.uid),)))


def test_one_entry_named_twice_is_refused(given: Given, growing: Growing, area) -> None:
    entry = growing.harvest(growing.planting(area), -1, 250)
    twice = (Part(grams(250), entry=entry.uid),) * 2
    assert "named twice" in why(lambda: given.lot(area, kilograms=500, parts=twice))


def test_the_weight_of_a_lot_in_parts_is_not_corrected_alone(
    session: Session, given: Given, growing: Growing, area
) -> None:
    lot = given.lot(area, kilograms=250, parts=(Part(grams(250), growing.planting(area).uid),))
    with pytest.raises(Refused):
        amend_lot(
            session,
            lot=lot,
            correction=Correction(grams(240), None, None, ""),
            by=BY,
            now=given.now,
        )
    kept = Correction(grams(250), None, None, "cân lại", "Loại 1")
    amend_lot(session, lot=lot, correction=kept, by=BY, now=given.now)
    assert (lot.note, lot.grade) == ("cân lại", "Loại 1")
