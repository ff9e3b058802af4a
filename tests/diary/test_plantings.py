"""Starting, correcting and ending plantings; plots that do not fit, plots that moved."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.diary.planting_commands import (
    PlantingDetails,
    amend_planting,
    end_planting,
    start_planting,
)
from app.diary.planting_queries import moved_plots
from app.diary.queries import planting_by_uid, plantings, plantings_on, plots_of_planting
from app.errors import NotFound, Refused
from app.kit.quantities import SquareMetres
from app.ledger.queries import history_of
from app.models.base import new_uid
from app.models.diary import Planting, Work
from app.registry.grower_commands import end_membership
from app.registry.grower_queries import memberships_of
from tests.diary.growing import BY, Growing
from tests.refusals import refused_fields as refused


def amend(growing: Growing, planting: Planting, **more: Any) -> Planting:
    line = growing.line(planting)
    values: dict[str, Any] = {
        "planting_area": line.area.uid,
        "crop": line.crop.slug,
        "sown_on": planting.sown_on,
        "plots": tuple(plot.uid for plot in plots_of_planting(growing.session, planting)),
        **more,
    }
    return amend_planting(
        growing.session,
        planting=planting,
        details=PlantingDetails(**values),
        by=BY,
        now=growing.now,
    )


def test_a_planting_takes_the_land_of_its_plots_or_of_the_whole_area(growing: Growing) -> None:
    area = growing.given.area(area_m2=9_000)
    plots = [growing.plot(area, area_m2=size) for size in (800, 1_200)]
    assert growing.planting(area).area_m2 == 9_000
    assert growing.planting(area, plots=tuple(one.uid for one in plots)).area_m2 == 2_000
    assert growing.planting(area, plots=(plots[0].uid,), area=SquareMetres(500)).area_m2 == 500


def test_what_was_started_is_in_the_ledger(growing: Growing, session: Session) -> None:
    planting = growing.planting(variety="KK Cross")
    [fact] = history_of(session, str(planting.uid))
    assert (fact.kind, fact.facts["crop"]) == ("planting.started", "BAP_CAI")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"sown": 61}, "sown_on"),
        ({"sown": -401}, "sown_on"),
        ({"crop": "SU_SU"}, "crop"),
        ({"crop": "KHONG_CO"}, "crop"),
        ({"area": SquareMetres(20_001)}, "area_m2"),
        ({"area": SquareMetres(0)}, "area_m2"),
        ({"plots": (new_uid(),)}, "plots"),
        ({"season": new_uid()}, "season"),
        ({"variety": "x" * 121}, "variety"),
    ],
)
def test_what_cannot_be_is_refused(growing: Growing, more: dict[str, Any], field: str) -> None:
    area = growing.given.area()
    assert refused(lambda: growing.planting(area, **more)) == {field}


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        (-61, None, {"harvest_from"}),
        (-60, None, set()),
        (-10, -11, {"harvest_to"}),
        (-10, -10, set()),
        (341, None, {"harvest_from"}),
        (340, 341, set()),
        (None, -61, {"harvest_to"}),
    ],
)
def test_harvest_days_fit_the_sowing(
    growing: Growing, first: int | None, last: int | None, fields: set[str]
) -> None:
    day = growing.given.day
    more = {
        "harvest_from": None if first is None else day(first),
        "harvest_to": None if last is None else day(last),
    }
    if fields:
        assert refused(lambda: growing.planting(**more)) == fields
    else:
        assert growing.planting(**more)


def test_a_perennial_may_have_been_planted_years_ago(growing: Growing) -> None:
    area = growing.given.area(crop="SU_SU", established_on=growing.given.day(-3000))
    assert growing.planting(area, crop="SU_SU", sown=-2000)


def test_another_s_area_is_no_area(growing: Growing) -> None:
    area, other = growing.given.area(), growing.given.cooperative()
    details = PlantingDetails(area.uid, "BAP_CAI", growing.given.day(-1))
    with pytest.raises(Refused) as refusal:
        start_planting(growing.session, organisation=other, details=details, by=BY, now=growing.now)
    assert refusal.value.fields[0].field == "planting_area"


def test_a_plot_of_another_area_does_not_fit(growing: Growing) -> None:
    home = growing.given.cooperative()
    here, there = growing.given.area(home), growing.given.area(home)
    plot = growing.plot(there)
    assert refused(lambda: growing.planting(here, plots=(plot.uid,))) == {"plots"}


def test_a_plot_whose_grower_was_no_member_yet_does_not_fit(growing: Growing) -> None:
    area = growing.given.area()
    grower = growing.given.grower(growing.home(area), since=growing.given.day(-10))
    plot = growing.plot(area, grower)
    assert refused(lambda: growing.planting(area, sown=-11, plots=(plot.uid,))) == {"plots"}
    assert growing.planting(area, sown=-10, plots=(plot.uid,))


def test_a_membership_that_ended_yesterday_ends_there(growing: Growing, session: Session) -> None:
    area = growing.given.area()
    grower = growing.given.grower(growing.home(area))
    plot = growing.plot(area, grower)
    [membership] = memberships_of(session, grower)
    end_membership(
        session,
        membership=membership,
        last_day=growing.given.day(-1),
        by=BY,
        now=growing.now,
    )
    assert refused(lambda: growing.planting(area, sown=0, plots=(plot.uid,))) == {"plots"}
    assert growing.planting(area, sown=-1, plots=(plot.uid,))


def test_a_plot_that_moves_in_mid_season_stays_and_is_explained(
    growing: Growing, session: Session
) -> None:
    home = growing.given.cooperative()
    here, there = growing.given.area(home), growing.given.area(home, name="Vùng mới")
    plot = growing.plot(here, name="Thửa chạy")
    planting = growing.planting(here, plots=(plot.uid,))
    assert moved_plots(session, growing.line(planting)) == []
    plot.area_id = there.pk
    session.flush()
    [said] = moved_plots(session, growing.line(planting))
    assert "Thửa chạy now belongs to Vùng mới" in str(said)
    assert growing.entry(planting, plots=(plot.uid,))
    assert amend(growing, planting, variety="mới").variety == "mới"
    assert refused(lambda: growing.planting(here, plots=(plot.uid,))) == {"plots"}
    plot.area_id = None
    session.flush()
    [said] = moved_plots(session, growing.line(planting))
    assert "belongs to no planting area" in str(said)


def test_a_season_s_declaration_is_of_the_same_area_and_crop(growing: Growing) -> None:
    area = growing.given.area()
    season = growing.given.season(area)
    assert growing.planting(area, season=season.uid).season_id == season.pk
    other = growing.given.area(growing.home(area))
    assert refused(lambda: growing.planting(other, season=season.uid)) == {"season"}


def test_a_begun_diary_holds_its_crop_and_its_sowing(growing: Growing) -> None:
    area = growing.given.area(crops=("BAP_CAI", "SU_HAO"))
    planting = growing.planting(area)
    assert amend(growing, planting, crop="SU_HAO")
    growing.entry(planting, Work.SOIL, day=-62)
    growing.entry(planting, Work.WATERING, day=-50)
    assert refused(lambda: amend(growing, planting, crop="BAP_CAI")) == {"crop"}
    assert refused(lambda: amend(growing, planting, sown_on=growing.given.day(-49))) == {"sown_on"}
    assert amend(growing, planting, sown_on=growing.given.day(-50))


@pytest.mark.parametrize(
    ("day", "field"), [(1, "ended_on"), (-61, "ended_on"), (-6, "ended_on"), (-5, None), (0, None)]
)
def test_a_planting_ends_after_its_diary(growing: Growing, day: int, field: str | None) -> None:
    planting = growing.planting()
    growing.entry(planting, Work.HARVEST, day=-5, kilograms=50)
    growing.entry(planting, Work.DISPOSAL, day=-3)

    def end() -> Planting:
        return end_planting(
            growing.session,
            planting=planting,
            ended_on=growing.given.day(day),
            by=BY,
            now=growing.now,
        )

    if field:
        assert refused(end) == {field}
    else:
        assert end().ended_on == growing.given.day(day)
        assert refused(end) == set()
        assert refused(lambda: amend(growing, planting)) == set()


def test_plantings_of_a_day_are_those_that_stood(growing: Growing, session: Session) -> None:
    area = growing.given.area()
    planting = growing.planting(area)
    end_planting(session, planting=planting, ended_on=growing.given.day(-5), by=BY, now=growing.now)

    def standing(day: int) -> int:
        return len(plantings_on(session, area.pk, planting.crop_id, growing.given.day(day)))

    assert [standing(day) for day in (-61, -60, -5, -4)] == [0, 1, 1, 0]
    found = plantings(session, within=Reach.all(), standing_on=growing.given.day(-4), area=area)
    assert found.items == ()
    assert len(plantings(session, within=Reach.all(), crop_id=planting.crop_id).items) == 1


def test_another_s_planting_is_not_found(growing: Growing, session: Session) -> None:
    planting, other = growing.planting(), growing.given.cooperative()
    with pytest.raises(NotFound):
        planting_by_uid(session, planting.uid, within=Reach.own(other.pk))


def test_pages_of_plantings_follow_each_other(growing: Growing, session: Session) -> None:
    area = growing.given.area()
    made = [growing.planting(area, sown=-60 - at) for at in range(3)]
    first = plantings(session, within=Reach.all(), limit=2)
    rest = plantings(session, within=Reach.all(), limit=2, after=first.next)
    assert [line.planting for line in (*first.items, *rest.items)] == made[::-1]
    assert timedelta(days=1) == made[0].sown_on - made[1].sown_on
