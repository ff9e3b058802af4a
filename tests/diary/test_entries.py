"""Writing entries: what is kept of them, what is said beside them, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session

from app.accounts.reach import Reach
from app.diary.entry_commands import Pen, void_entry, write_entry
from app.diary.entry_queries import (
    EntryFilter,
    details_of,
    entries,
    entry_line,
    standing_of,
    versions_of,
    writing_of,
)
from app.diary.queries import applications_of, inputs_of_entries, standing_entries
from app.diary.second_looks import Tone, second_looks
from app.diary.writing import Using, as_json, content_of, from_json
from app.errors import Conflict, NotFound
from app.kit.quantities import SquareMetres
from app.ledger.queries import history_of
from app.models.base import new_uid
from app.models.diary import DiaryEntry, Planting, PlantingPlot, Work
from app.models.registry import Organisation, OrganisationKind
from app.notices.queries import message_of, notices_of
from tests.diary.growing import BY, Growing
from tests.refusals import refused_fields as refused


def said(growing: Growing, planting: Planting, *written: DiaryEntry) -> list[str]:
    found = second_looks(
        growing.session, growing.line(planting), written, today=growing.given.day(0)
    )
    return [str(look.why) for entry in written for look in found[entry.pk]]


def test_an_entry_keeps_its_three_times(growing: Growing) -> None:
    written = growing.now - timedelta(days=5)
    entry = growing.entry(growing.planting(), day=-6, written_at=written)
    assert entry.done_on == growing.given.day(-6)
    assert (entry.written_at, entry.arrived_at) == (written, growing.now)
    assert not entry.back_dated


def test_an_entry_written_too_late_is_marked(growing: Growing) -> None:
    planting = growing.planting()
    late = growing.entry(planting, day=-4)
    assert late.back_dated
    assert "later than it should be" in said(growing, planting, late)[0]
    assert not growing.entry(planting, day=-3).back_dated


def test_a_clock_a_year_off_is_doubted_and_said(growing: Growing) -> None:
    planting = growing.planting()
    slow = growing.now - timedelta(days=365)
    entry = growing.entry(planting, written_at=slow, sent_at=slow)
    assert entry.clock_doubted
    assert "clock was wrong" in " ".join(said(growing, planting, entry))
    assert refused(
        lambda: growing.entry(planting, day=365, written_at=growing.now + timedelta(days=365))
    ) == {"done_on"}


def test_an_id_is_given_to_one_entry_only(growing: Growing) -> None:
    planting = growing.planting()
    first = growing.entry(planting)
    with pytest.raises(Conflict, match="written already"):
        growing.entry(planting, uid=first.uid)


def test_a_spray_written_after_the_harvest_says_that_its_waiting_time_ran(growing: Growing) -> None:
    planting = growing.planting()
    growing.entry(planting, Work.HARVEST, day=-1, kilograms=5)
    product = growing.product("Thuốc B 10EC", interval=7)
    late = growing.entry(planting, Work.SPRAYING, day=-3, uses=Using(product=product.uid))
    assert "waiting time after this ends" in " ".join(said(growing, planting, late))


def test_the_catalogue_s_name_and_interval_are_kept_and_a_longer_wait_stays(
    growing: Growing, session: Session
) -> None:
    made = growing.product("Thuốc A 10EC", interval=7)
    planting = growing.planting()
    kept = []
    for days in (None, 3, 10):
        entry = growing.entry(
            planting, Work.SPRAYING, uses=Using("thuoc a 10ec", interval_days=days)
        )
        [used] = inputs_of_entries(session, [entry.pk])[entry.pk]
        assert (used.product_id, used.name, used.actives) == (made.pk, "Thuốc A 10EC", "abamectin")
        kept.append(used.interval_days)
    assert kept == [7, 7, 10]


def test_a_product_not_listed_yet_is_named(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    entry = growing.entry(planting, Work.SPRAYING, uses="Thuốc chợ Lùng Phình")
    [used] = inputs_of_entries(session, [entry.pk])[entry.pk]
    assert used.product_id is None
    assert "not in the catalogue" in said(growing, planting, entry)[0]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"planting": new_uid()}, "planting"),
        ({"plots": (new_uid(),)}, "plots"),
        ({"grower": new_uid()}, "grower"),
        ({"uses": Using(product=new_uid())}, "inputs"),
        ({"uses": Using("")}, "inputs"),
        ({"uses": Using("A", amount=0)}, "inputs"),
        ({"uses": Using("A", amount=10**13)}, "inputs"),
        ({"uses": Using("A", water_ml=-1)}, "inputs"),
        ({"uses": Using("A" * 161)}, "inputs"),
        ({"uses": Using("A", interval_days=366)}, "interval_days"),
        ({"uses": tuple("ABCDEFGHIJKLM")}, "inputs"),
        ({"note": "x" * 1001}, "note"),
        ({"operator": "x" * 121}, "operator"),
        ({"weather": "nắng\x07"}, "weather"),
        ({"void": True}, "corrects"),
        ({"day": -61, "work": Work.HARVEST}, "done_on"),
        ({"area": SquareMetres(30_000)}, "area_m2"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    growing: Growing, more: dict[str, Any], field: str
) -> None:
    planting = growing.planting()
    own = {name: value for name, value in more.items() if name != "planting"}
    writing = growing.writing(planting, own.pop("work", Work.OTHER), **own)
    if "planting" in more:
        writing = type(writing)(**{**vars(writing), "planting": more["planting"]})
    home = growing.session.get_one(Organisation, planting.organisation_id)
    assert refused(
        lambda: write_entry(growing.session, organisation=home, writing=writing, pen=growing.pen)
    ) == {field}


def test_an_id_is_made_of_time(growing: Growing) -> None:
    planting = growing.planting()
    assert refused(lambda: growing.entry(planting, uid=planting.uid.__class__(int=5))) == {"uid"}
    year_one = growing.now.replace(year=1)
    assert refused(lambda: growing.entry(planting, written_at=year_one)) == {"written_at"}
    assert refused(lambda: growing.entry(planting, sent_at=growing.now.replace(year=9999))) == {
        "sent_at"
    }


def test_a_member_is_one_on_the_day_of_the_entry(growing: Growing) -> None:
    planting = growing.planting()
    home = growing.session.get_one(Organisation, planting.organisation_id)
    grower = growing.given.grower(home, since=growing.given.day(-5))
    assert growing.entry(planting, day=-5, grower=grower.uid).grower_id == grower.pk
    assert refused(lambda: growing.entry(planting, day=-6, grower=grower.uid)) == {"grower"}


def test_a_correction_keeps_the_original(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    entry = growing.entry(planting, Work.HARVEST, kilograms=100)
    better = growing.correction(planting, entry, kilograms=120)
    assert entry.corrected and entry.quantity_g == 100_000
    assert standing_entries(session, [planting.pk]) == [better]
    assert standing_of(session, entry) is better
    assert versions_of(session, better) == versions_of(session, entry) == [entry, better]
    kinds = [fact.kind for fact in history_of(session, str(planting.uid))]
    assert kinds == ["planting.started", "entry.written", "entry.corrected"]


def test_a_corrected_entry_is_not_corrected_again(growing: Growing) -> None:
    planting = growing.planting()
    entry = growing.entry(planting)
    growing.correction(planting, entry, note="một")
    with pytest.raises(Conflict):
        growing.correction(planting, entry, note="hai")


def test_a_mistake_is_crossed_out_with_its_reason(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    entry = growing.entry(planting, Work.SPRAYING, uses="Thuốc A", day=-2)
    note = void_entry(session, entry=entry, reason="Ghi nhầm thửa", pen=growing.pen)
    assert (note.void, note.work, note.done_on) == (True, Work.SPRAYING, entry.done_on)
    assert standing_entries(session, [planting.pk]) == []
    assert applications_of(session, [planting.pk]) == []
    assert said(growing, planting, note) == []
    assert refused(lambda: void_entry(session, entry=note, reason="x", pen=growing.pen)) == {
        "reason"
    }


def test_a_mistake_can_be_crossed_out_after_its_grower_left(
    growing: Growing, session: Session
) -> None:
    area = growing.given.area()
    plot = growing.plot(area)
    planting = growing.planting(area, plots=(plot.uid,))
    entry = growing.entry(planting, plots=(plot.uid,), day=-3)
    session.execute(delete(PlantingPlot))
    note = void_entry(session, entry=entry, reason="Ghi nhầm", pen=growing.pen)
    assert details_of(session, [note.pk])[note.pk].plots == ()


def test_what_was_applied_is_told_with_its_plots(growing: Growing, session: Session) -> None:
    area = growing.given.area()
    plots = [growing.plot(area), growing.plot(area)]
    planting = growing.planting(area, plots=tuple(plot.uid for plot in plots))
    growing.entry(
        planting, Work.SPRAYING, uses=("Thuốc A", "Thuốc B"), plots=(plots[0].uid,), day=-9
    )
    growing.entry(planting, Work.FERTILISING, uses="NPK", day=-5)
    told = applications_of(session, [planting.pk], until=growing.given.day(-5))
    assert [(one.used.name, one.plots) for one in told] == [
        ("Thuốc A", frozenset({plots[0].pk})),
        ("Thuốc B", frozenset({plots[0].pk})),
        ("NPK", frozenset()),
    ]
    assert len(applications_of(session, [planting.pk], works={Work.SPRAYING})) == 2


def test_a_harvest_within_the_interval_is_written_and_said(growing: Growing) -> None:
    growing.product("Thuốc A 10EC", interval=7)
    planting = growing.planting()
    growing.entry(planting, Work.SPRAYING, day=-3, uses="Thuốc A 10EC")
    soon = growing.entry(planting, Work.HARVEST, day=0, kilograms=50)
    assert "no harvest before" in said(growing, planting, soon)[0]


def test_an_interval_longer_than_seven_days_is_kept_and_said(
    growing: Growing, session: Session
) -> None:
    planting = growing.planting()
    growing.product("Thuốc dài 5EC", interval=None)
    entry = growing.entry(planting, Work.SPRAYING, uses=Using("Thuốc dài 5EC", interval_days=14))
    assert "14 days is longer than the 7 days" in " ".join(said(growing, planting, entry))
    [used] = inputs_of_entries(session, [entry.pk])[entry.pk]
    assert used.interval_days == 14


def test_a_dose_a_hundred_times_the_registered_one_is_said(growing: Growing) -> None:
    growing.product("Thuốc A 10EC", dose="0,3 - 0,5 lít/ha")
    planting = growing.planting()  # two hectares
    usual = growing.entry(
        planting, Work.SPRAYING, uses=Using("Thuốc A 10EC", amount=1_000, unit="l")
    )
    hundred = growing.entry(
        planting, Work.SPRAYING, uses=Using("Thuốc A 10EC", amount=100_000, unit="l")
    )
    assert "dose" not in " ".join(said(growing, planting, usual))
    assert "The dose is 100 times" in " ".join(said(growing, planting, hundred))


def test_without_a_registered_dose_the_usual_one_counts(growing: Growing) -> None:
    planting = growing.planting()
    land = SquareMetres(1_000)
    for day in (-9, -8, -7):
        growing.entry(
            planting,
            Work.FERTILISING,
            day=day,
            area=land,
            uses=Using("NPK", amount=20_000, unit="kg"),
        )
    odd = growing.entry(
        planting,
        Work.FERTILISING,
        day=-2,
        area=land,
        uses=Using("NPK", amount=2_000_000, unit="kg"),
    )
    assert "The dose is 100 times" in " ".join(said(growing, planting, odd))


def test_what_is_written_twice_is_said(growing: Growing) -> None:
    planting = growing.planting()
    first, second = growing.entry(planting, day=-2), growing.entry(planting, day=-2)
    third = growing.entry(planting, day=-1)
    assert said(growing, planting, first, third) == []
    assert said(growing, planting, second) == ["The same was written down twice for this day."]


def test_a_banned_input_is_written_and_everybody_is_told(
    growing: Growing, session: Session
) -> None:
    authority = growing.given.organisation(OrganisationKind.AUTHORITY)
    planting = growing.planting()
    entry = growing.entry(planting, Work.SPRAYING, uses="FURADAN 3 G")
    looks = second_looks(session, growing.line(planting), [entry], today=growing.given.day(0))[
        entry.pk
    ]
    assert looks[0].tone is Tone.BAD
    assert "Carbofuran is banned" in str(looks[0].why)
    for organisation_id in (planting.organisation_id, authority.pk):
        [notice] = notices_of(session, organisation_id).items
        assert "Carbofuran is banned" in str(message_of(notice))
    own, desk = (
        notices_of(session, key).items[0].address
        for key in (planting.organisation_id, authority.pk)
    )
    assert (own, desk) == (
        f"/work/diary/plantings/{planting.uid}",
        f"/desk/diary/plantings/{planting.uid}",
    )


def test_crossing_out_a_banned_input_tells_nobody_again(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    entry = growing.entry(planting, Work.SPRAYING, uses="Captan 50WP")
    void_entry(session, entry=entry, reason="Nhầm tên", pen=growing.pen)
    assert len(notices_of(session, planting.organisation_id).items) == 1


def test_entries_are_filtered_and_paged(growing: Growing, session: Session) -> None:
    planting = growing.planting()
    made = [
        growing.entry(planting, work, day=day)
        for work, day in ((Work.WATERING, -3), (Work.WEEDING, -9), (Work.WATERING, -2))
    ]

    def found(**wanted: Any) -> list[DiaryEntry]:
        page = entries(session, within=Reach.all(), wanted=EntryFilter(**wanted), limit=2)
        rest = (
            entries(
                session, within=Reach.all(), wanted=EntryFilter(**wanted), limit=2, after=page.next
            )
            if page.next
            else None
        )
        return [line.entry for line in (*page.items, *(rest.items if rest else ()))]

    assert found() == [made[2], made[0], made[1]]
    assert found(work=Work.WEEDING) == [made[1]]
    assert found(since=growing.given.day(-3)) == [made[2], made[0]]
    assert found(until=growing.given.day(-3)) == [made[0], made[1]]
    assert found(back_dated=True) == [made[1]]
    assert found(organisation_id=planting.organisation_id + 1) == []
    growing.correction(planting, made[0], note="lại", day=-3)
    assert made[0] not in found(planting=planting)
    assert made[0] in found(planting=planting, whole=True)


def test_another_s_entry_is_not_found(growing: Growing, session: Session) -> None:
    entry, other = growing.entry(growing.planting()), growing.given.cooperative()
    with pytest.raises(NotFound):
        entry_line(session, entry.uid, within=Reach.own(other.pk))


def test_an_entry_read_back_says_what_was_written(growing: Growing, session: Session) -> None:
    area = growing.given.area()
    plot = growing.plot(area)
    planting = growing.planting(area, plots=(plot.uid,))
    writing = growing.writing(
        planting,
        Work.SPRAYING,
        plots=(plot.uid,),
        area=SquareMetres(500),
        operator="Anh Sử",
        pest="sâu tơ",
        reason="mật độ cao",
        weather="nắng",
        note="hai\ndòng",
        uses=Using("Thuốc A", amount=30_000, unit="ml", water_ml=40_000, batch_number="L1"),
    )
    entry = write_entry(
        session, organisation=growing.home(area), writing=writing, pen=Pen(BY, growing.now)
    )
    assert content_of(writing_of(session, entry)) == content_of(writing)
    assert from_json(as_json(writing)) == writing
